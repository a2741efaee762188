import type { SourceSpan } from '../../../../contract/pack';
/** Evals of form, sources, confidence and what was left open. */
import { citationsGrounded } from '../../../../packs/farm/evals/citations-grounded';
import { confidenceInRange } from '../../../../packs/farm/evals/confidence-in-range';
import { doseHasSource } from '../../../../packs/farm/evals/dose-has-source';
import { missingFields } from '../../../../packs/farm/evals/missing-fields';
import { payloadConforms } from '../../../../packs/farm/evals/payload-conforms';
import { recordTypeKnown } from '../../../../packs/farm/evals/record-type-known';
import { sourcesExist } from '../../../../packs/farm/evals/sources-exist';
import { BLOCKED, FLAGGED, PASSED, verdictOf } from './context';

describe('payload', () => {
  test('passes a right one, and one with open fields', () => {
    expect(verdictOf(payloadConforms)).toMatchObject(PASSED);
    expect(verdictOf(payloadConforms, { payload: { item: undefined, total_minor: null } })).toMatchObject(
      PASSED,
    );
  });

  test.each([
    ['a field that the type has not', { cause: 'heat' }],
    ['money as a number', { total_minor: 4_500_000 }],
    ['money with a point', { total_minor: '45000.00' }],
    ['money below zero', { total_minor: '-4500000' }],
    ['no money at all for a sum', { total_minor: '0' }],
    ['a quantity as a number', { quantity: 30 }],
    ['a quantity of nothing', { quantity: '0.0' }],
    ['a currency in words', { currency: 'naira' }],
    ['a day that is none', { occurred_on: '2025-02-30' }],
    ['a time for a day', { occurred_on: '2025-11-19T00:00:00Z' }],
    ['an empty name', { item: '  ' }],
  ])('blocks %s', (_title, payload) => {
    expect(verdictOf(payloadConforms, { payload })).toMatchObject(BLOCKED);
  });
});

describe('record type', () => {
  test('passes one that the purpose has', () => {
    expect(verdictOf(recordTypeKnown)).toMatchObject(PASSED);
  });

  test.each(['privilege_grant', 'constructor', ''])('blocks %j', (recordType) => {
    expect(verdictOf(recordTypeKnown, { proposal: { record_type: recordType } })).toMatchObject(BLOCKED);
  });
});

describe('confidence', () => {
  test.each([0, 667, 1000])('passes %d of a thousand with an origin', (confidence) => {
    expect(verdictOf(confidenceInRange, { confidence })).toMatchObject(PASSED);
  });

  test.each([-1, 1001, 0.9, 5000, Number.NaN, Number.POSITIVE_INFINITY])('blocks %d', (confidence) => {
    expect(verdictOf(confidenceInRange, { confidence })).toMatchObject(BLOCKED);
    const proposal = { confidence_permille: confidence };
    expect(verdictOf(confidenceInRange, { proposal })).toMatchObject(BLOCKED);
  });

  test('blocks one without an origin', () => {
    expect(verdictOf(confidenceInRange, { origin: ' ' })).toMatchObject(BLOCKED);
  });
});

describe('open fields', () => {
  test('nothing is said when nothing is open', () => {
    expect(verdictOf(missingFields)).toMatchObject(PASSED);
  });

  test('a field that was left open is shown, whether it was named or not', () => {
    const payload = { total_minor: undefined };
    expect(verdictOf(missingFields, { payload, proposal: { missing: ['total_minor'] } })).toMatchObject(
      FLAGGED,
    );
    expect(verdictOf(missingFields, { proposal: { missing: ['buyer'] } })).toMatchObject(FLAGGED);
    const silent = verdictOf(missingFields, { proposal: { payload: { item: 'eggs' } } });
    expect(silent).toMatchObject({
      ...FLAGGED,
      reason: 'A required field is open and was not named as missing.',
    });
  });
});

const PASSAGE = {
  id: 'p1',
  source_type: 'document',
  text: 'Amprolium: 1.2 g per litre of water for 5 days, then no eggs are sold for 7 days.',
} as const;
const question = { question: 'Layers have bloody droppings. What now?' };

describe('sources of advice', () => {
  const advice = { record_type: 'recommendation', payload: { title: 'x', advice: 'y' } };

  test('pass when they are a given passage or a field of the input', () => {
    for (const source of [{ passage_id: 'p1' }, { field: 'question' }]) {
      const changes = { input: question, passages: [PASSAGE], proposal: { ...advice, sources: [source] } };
      expect(verdictOf(sourcesExist, changes)).toMatchObject(PASSED);
    }
  });

  test.each([
    ['none', []],
    ['an invented passage', [{ passage_id: 'p2' }]],
    ['one invented beside one given', [{ passage_id: 'p1' }, { passage_id: 'p2' }]],
    ['a field that the input has not', [{ field: 'note' }]],
    ['a field of every object', [{ field: 'constructor' }]],
    ['neither passage nor field', [{ quote: 'Amprolium' }]],
  ])('block: %s', (_title, sources) => {
    const changes = { input: question, passages: [PASSAGE], proposal: { ...advice, sources } };
    expect(verdictOf(sourcesExist, changes)).toMatchObject(BLOCKED);
  });
});

describe('citations', () => {
  const advice = { record_type: 'recommendation', payload: { title: 'x', advice: 'y' } };
  const given = { id: 'p1', source_type: 'document' as const, text: 'Give “Amprolium” at\n1.2 g per litre.' };
  const cited = (sources: readonly SourceSpan[], shown: unknown = sources) =>
    verdictOf(citationsGrounded, {
      input: question,
      passages: [given],
      proposal: { ...advice, payload: { ...advice.payload, sources: shown }, sources },
    });

  test.each<[string, readonly SourceSpan[]]>([
    ['word for word', [{ passage_id: 'p1', quote: '1.2 g per litre' }]],
    ['in other white space and quotation marks', [{ passage_id: 'p1', quote: '"Amprolium" at 1.2 g' }]],
    ['without a quote', [{ passage_id: 'p1' }]],
    ['of the question', [{ field: 'question', quote: question.question.slice(0, 11) }]],
  ])('pass: %s', (_title, sources) => {
    expect(cited(sources)).toMatchObject(PASSED);
  });

  test.each<[string, readonly SourceSpan[], unknown?]>([
    ['another figure', [{ passage_id: 'p1', quote: '2 g per litre.' }]],
    ['a figure cut short', [{ passage_id: 'p1', quote: 'at 1' }]],
    ['words that nobody wrote', [{ passage_id: 'p1', quote: 'Amprolium is safe for eggs' }]],
    ['a passage that was not given', [{ passage_id: 'p2', quote: 'Amprolium' }]],
    ['shown to the person alone', [{ passage_id: 'p1' }], [{ passage_id: 'p2', quote: 'Amprolium' }]],
    ['shown as no source at all', [{ passage_id: 'p1' }], ['p1']],
  ])('block: %s', (_title, sources, ...shown) => {
    expect(cited(sources, ...shown)).toMatchObject(BLOCKED);
  });
});

describe('doses', () => {
  const dose = (advice: string) =>
    verdictOf(doseHasSource, { input: question, passages: [PASSAGE], proposal: { payload: { advice } } });

  test.each([
    'Give 1.2 g per litre for 5 days and sell no eggs for 7 days.',
    'Call a veterinarian.',
    'Check 12 birds.',
    'Give it for five days.',
  ])('pass when a passage states them: %s', (advice) => {
    expect(dose(advice)).toMatchObject(PASSED);
  });

  test.each([
    'Give 2 g per litre.',
    'Give 1.2 g per litre for 10 days.',
    'Give 12 ml per bird.',
    'Use a 10% solution.',
    'Give 3 tablets.',
    'Wait 2 weeks.',
    'Wait two weeks.',
    'Give half a tablet.',
    'Give ten ml in 1,000 litres.',
  ])('block when none states them: %s', (advice) => {
    expect(dose(advice)).toMatchObject(BLOCKED);
  });

  test('a long advice is read in time', () => {
    const started = performance.now();
    for (const seed of ['1', '1,', '1 ', '1.']) dose(seed.repeat(2000));
    expect(performance.now() - started).toBeLessThan(3000);
  });

  it('reads none in a token, whose letters and digits are drawn by chance', () => {
    for (const drawn of ['5mxchjfbcm7g', 'h7n2g', 'a12days', 'one90l'])
      expect(dose(`Ask <email_token_${drawn}> first.`)).toMatchObject(PASSED);
    expect(dose('Ask <email_token_a3f9> and give 12 ml.')).toMatchObject(BLOCKED);
  });
});
