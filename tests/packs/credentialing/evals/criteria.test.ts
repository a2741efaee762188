/** The evals of a criteria check, against an honest answer and every way of spoiling it. */
import { checkCriteria } from '../../../../activities/gateway/providers/local/credentialing/criteria-check';
import type { Eval, EvalResult, ModelOutput, ModelProposal, SourceSpan } from '../../../../contract/pack';
import { criteriaGrounded } from '../../../../packs/credentialing/evals/citations-grounded';
import { confidenceAsDefined } from '../../../../packs/credentialing/evals/confidence-as-defined';
import { criteriaAnsweredOnce } from '../../../../packs/credentialing/evals/criteria-answered-once';
import { unknownShare } from '../../../../packs/credentialing/evals/unknown-share';
import type { CriterionAnswer } from '../../../../packs/credentialing/record-types/privilege-grant';
import { example, payloadOf } from '../../../activities/gateway/local-credentialing/packets';

const input = example('expiring');
const honest = checkCriteria({ input });
const answers = payloadOf(honest).criteria;

function judge(one: Eval, output: ModelOutput, seen: Readonly<Record<string, unknown>> = input): EvalResult {
  const [proposal] = output.proposals;
  if (proposal === undefined) throw new Error('no proposal');
  const tenant = { id: 'h', kind: 'hospital', currency: 'USD', time_zone: 'UTC', places: [] } as const;
  return one.evaluate({ tenant, input: seen, passages: [], output, proposal, recordType: undefined });
}

function changed(change: Partial<ModelProposal>, confidence = honest.confidence_permille): ModelOutput {
  return {
    ...honest,
    confidence_permille: confidence,
    proposals: honest.proposals.map((one) => ({ ...one, ...change })),
  };
}

function withPayload(change: Readonly<Record<string, unknown>>): ModelOutput {
  return changed({ payload: { ...honest.proposals[0]?.payload, ...change } });
}

function withAnswer(code: string, change: Partial<CriterionAnswer>): ModelOutput {
  return withPayload({ criteria: answers.map((one) => (one.code === code ? { ...one, ...change } : one)) });
}

const quoteOf = (code: string): SourceSpan => {
  const source = answers.find((one) => one.code === code)?.sources[0];
  if (source === undefined) throw new Error('no source');
  return source;
};

test('an honest answer passes them all', () => {
  for (const one of [criteriaAnsweredOnce, criteriaGrounded, confidenceAsDefined, unknownShare])
    expect(judge(one, honest).verdict).toBe('pass');
});

describe('every criterion exactly once', () => {
  test.each([
    ['one left out', withPayload({ criteria: answers.slice(1), met: 4 })],
    ['one twice', withPayload({ criteria: [...answers, answers[0]], met: 6 })],
    ['one twice in place of another', withPayload({ criteria: [...answers.slice(1), answers[1]] })],
    ['one invented', withAnswer('LIC', { code: 'LIC-2' })],
    ['counts that differ', withPayload({ met: 4, unknown: 1 })],
    ['another person', withPayload({ subject_id: 'someone-else' })],
    ['another privilege', withPayload({ privilege_code: 'GS-999' })],
    ['two checks', { ...honest, proposals: [...honest.proposals, ...honest.proposals] }],
    ['another shape', withPayload({ disposition: 'grant' })],
  ])('blocks %s', (_title, output) => {
    expect(judge(criteriaAnsweredOnce, output)).toMatchObject({ verdict: 'fail', severity: 'block' });
  });
});

describe('citations', () => {
  const passage = quoteOf('REF');
  const { quote = '', start = 0, end = 0 } = passage;
  const receipt = quoteOf('LIC');
  const forged: readonly (readonly [string, SourceSpan])[] = [
    ['words that are not there', { ...passage, quote: quote.replace('yes', 'not') }],
    ['offsets moved by one', { ...passage, start: start + 1, end: end + 1 }],
    ['an end beyond the page', { ...passage, end: end + 10_000 }],
    ['a negative start', { ...passage, start: start - 10_000 }],
    ['no words', { ...passage, quote: '', end: start }],
    ['offsets without words', { ...passage, quote: undefined }],
    ['another page', { ...passage, page: 2 }],
    ['a document that is not there', { ...passage, field: 'documents[7].pages[0].text' }],
    ['a path into the language', { ...passage, field: 'documents.constructor.name' }],
    ['a path that is no path', { ...passage, field: 'documents[0].pages[0].text || true' }],
    ['a receipt that is not the fact’s', { ...receipt, receipt_id: '019aa1f0-4ece-7000-8000-ffffffffffff' }],
    ['the receipt of another fact', { ...receipt, field: 'facts[1].value' }],
    ['a fact that is not there', { ...receipt, field: 'facts[99].value' }],
    ['a receipt and words at once', { ...passage, receipt_id: receipt.receipt_id }],
    ['a passage that was not retrieved', { passage_id: 'p1', start: 0, end: 1, quote: 'x' }],
    ['nothing at all', {}],
  ];

  test.each(forged)('%s are blocked, in a criterion and in the proposal', (_title, source) => {
    const blocked = { verdict: 'fail', severity: 'block' };
    expect(judge(criteriaGrounded, withAnswer('REF', { sources: [source] }))).toMatchObject(blocked);
    expect(judge(criteriaGrounded, withAnswer('REF', { sources: [passage, source] }))).toMatchObject(blocked);
    expect(judge(criteriaGrounded, changed({ sources: [source] }))).toMatchObject(blocked);
  });

  test.each(['met', 'not_met'] as const)('%s without a source is blocked', (status) => {
    expect(judge(criteriaGrounded, withAnswer('REF', { status, sources: [] }))).toMatchObject({
      verdict: 'fail',
    });
  });

  test('unknown needs none', () => {
    expect(judge(criteriaGrounded, withAnswer('REF', { status: 'unknown', sources: [] })).verdict).toBe(
      'pass',
    );
  });
});

describe('confidence', () => {
  test.each([
    ['higher than its definition', changed({ confidence_permille: 1000 }, 1000)],
    ['lower than its definition', changed({ confidence_permille: 600 }, 600)],
    ['of the answer unlike the proposal’s', changed({}, 1000)],
    ['that counts words as a verified fact', withAnswer('LIC', { sources: [quoteOf('REF')] })],
    [
      'that counts words beside a verified fact',
      withAnswer('LIC', { sources: [quoteOf('LIC'), quoteOf('REF')] }),
    ],
    ['that counts an unknown', withAnswer('LIC', { status: 'unknown' })],
    [
      'with a trust record that settles nothing',
      withPayload({ trust_record_ids: ['019aa1f0-fac7-7000-8000-ffffffffffff'] }),
    ],
    ['without its trust records', withPayload({ trust_record_ids: [] })],
  ])('%s is blocked', (_title, output) => {
    expect(judge(confidenceAsDefined, output)).toMatchObject({ verdict: 'fail', severity: 'block' });
  });

  test.each([
    ['run out', { verified_until: '2026-11-20' }],
    ['of tier 3', { tier: 3 }],
    ['without an end', { verified_until: undefined }],
  ])('a verification that is %s does not count', (_title, change) => {
    const facts = Array.isArray(input['facts']) ? input['facts'] : [];
    const seen = {
      ...input,
      facts: facts.map((one: unknown, index) => (index === 0 ? Object.assign({}, one, change) : one)),
    };
    expect(judge(confidenceAsDefined, honest, seen).verdict).toBe('fail');
  });
});

test('more than half unknown is flagged, half is not', () => {
  const unknown = (count: number) =>
    withPayload({
      criteria: answers
        .slice(0, 4)
        .map((one, index) => (index < count ? { ...one, status: 'unknown' } : one)),
    });
  expect(judge(unknownShare, unknown(2))).toMatchObject({ verdict: 'pass' });
  expect(judge(unknownShare, unknown(3))).toMatchObject({ verdict: 'fail', severity: 'flag' });
});
