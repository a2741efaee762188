/** The evals of a committee response and of facts that were read. */
import type { EvalContext, EvalResult, ModelProposal, SourceSpan } from '../../../../contract/pack';
import { citationsGrounded } from '../../../../packs/credentialing/evals/citations-grounded';
import { noAdjudication } from '../../../../packs/credentialing/evals/no-adjudication';
import { readAsWritten } from '../../../../packs/credentialing/evals/read-as-written';

const LETTER = 'I recommend that the committee approve the renewal of all privileges.';
const LINE = 'State of Oregon licence no. FICTION-12, active';
const input = {
  subject: { id: 'subject-1' },
  documents: [{ id: 'd', title: 'Letter', pages: [{ page: 1, text: LETTER }] }],
  document: { id: 'd', title: 'CV', pages: [{ page: 1, text: LINE }] },
};
const cite = (field: string, quote: string): SourceSpan => ({
  field,
  page: 1,
  start: 0,
  end: quote.length,
  quote,
});
const letter = cite('documents[0].pages[0].text', LETTER);

function context(payload: Readonly<Record<string, unknown>>, sources: readonly SourceSpan[]): EvalContext {
  const proposal: ModelProposal = {
    record_type: 'x',
    payload,
    sources,
    confidence_permille: 1000,
    missing: [],
  };
  return {
    tenant: { id: 'h', kind: 'hospital', currency: 'USD', time_zone: 'UTC', places: [] },
    input,
    passages: [{ id: 'p1', source_type: 'document', text: 'Bylaws, section 4' }],
    output: { proposals: [proposal], confidence_permille: 1000, confidence_origin: 'test' },
    proposal,
    recordType: undefined,
  };
}

function adjudicates(body: string, sources: readonly SourceSpan[] = [letter]): EvalResult {
  return noAdjudication.evaluate(
    context({ subject_id: 's', committee: 'c', body, open_points: [] }, sources),
  );
}

describe('language that decides', () => {
  test.each([
    'The privilege should be granted.',
    'The committee should approve the renewal.',
    'The application must not be denied.',
    'We recommend approval.',
    'We recommend that the committee grant the privilege.',
    'The file supports granting the privilege.',
    'Denial is warranted.',
    'The renewal is hereby approved.',
    'The committee approves the renewal.',
    'The applicant is qualified for the procedure.',
    'The applicant is clearly fit to operate.',
    'There is no reason to deny the request.',
    'In our opinion the file is complete.',
    'We  recommend\napproval.',
    'We recom\u200bmend appro\u00adval.',
    'Ｗｅ recommend approval.',
    'The applicant is "fit" to operate and should be "granted" the privilege.',
  ])('%s', (body) => {
    expect(adjudicates(body)).toMatchObject({ verdict: 'fail', severity: 'block' });
  });

  test('is found among the open points too', () => {
    const payload = { body: 'The file has two letters.', open_points: ['The request should be denied.'] };
    expect(noAdjudication.evaluate(context(payload, [letter])).verdict).toBe('fail');
  });
});

describe('language that shows', () => {
  test.each([
    'The file holds two sanction searches, of 2026-11-10 and 2026-11-16, both clear.',
    'The licence of Oregon is active until 2027-12-31 according to the receipt.',
    'The log shows 31 cases between 2024-11-21 and 2026-11-15; the criterion asks for 25.',
    'The Oregon Medical Board suspended the licence in 2019 and renewed it in 2021.',
    'The committee approved the last renewal on 2023-05-02.',
    'The letter does not say when the referee last saw the applicant operate.',
    `The letter says: "${LETTER}"`,
    `The letter says: “${LETTER}”`,
  ])('%s', (body) => {
    expect(adjudicates(body).verdict).toBe('pass');
  });

  test('a quotation that the file does not have is the draft’s own word', () => {
    expect(adjudicates(`The letter says: "${LETTER}"`, []).verdict).toBe('fail');
    expect(adjudicates('The letter says: "We recommend approval of the request."').verdict).toBe('fail');
  });
});

describe('citations', () => {
  const verdict = (sources: readonly SourceSpan[]) =>
    citationsGrounded.evaluate(context({}, sources)).verdict;
  test('at least one, and each in its place', () => {
    expect(verdict([letter])).toBe('pass');
    expect(verdict([{ passage_id: 'p1', start: 8, end: 17, quote: 'section 4' }])).toBe('pass');
    expect(verdict([])).toBe('fail');
    expect(verdict([letter, { ...letter, quote: LETTER.replace('approve', 'refuse ') }])).toBe('fail');
    expect(verdict([{ passage_id: 'p2', start: 8, end: 17, quote: 'section 4' }])).toBe('fail');
  });
});

describe('facts that were read', () => {
  const verdict = (value: Readonly<Record<string, unknown>>, subjectId = 'subject-1') =>
    readAsWritten.evaluate(
      context({ subject_id: subjectId, kind: 'licence', tier: 3, value }, [
        cite('document.pages[0].text', LINE),
      ]),
    ).verdict;

  test('a number stands in the words that are cited', () => {
    expect(verdict({ state: 'OR', number: 'FICTION-12' })).toBe('pass');
    expect(verdict({ state: 'OR', number: 'FICTION-13' })).toBe('fail');
    expect(verdict({ state: 'OR', number: null })).toBe('pass');
  });

  test('a fact is about the subject of the run', () => {
    expect(verdict({ number: 'FICTION-12' }, 'subject-2')).toBe('fail');
  });

  test('a tier beyond 3 is not a fact that was read', () => {
    const payload = { subject_id: 'subject-1', kind: 'licence', tier: 4, value: {} };
    expect(readAsWritten.evaluate(context(payload, [])).verdict).toBe('fail');
  });
});
