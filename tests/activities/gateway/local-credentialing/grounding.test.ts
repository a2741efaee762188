/** Whatever the check answers, its citations are where it says, as the pack's own evals see it. */
import fc from 'fast-check';
import {
  checkCriteria,
  checkCriteriaAgain,
} from '../../../../activities/gateway/providers/local/credentialing/criteria-check';
import { readFacts } from '../../../../activities/gateway/providers/local/credentialing/fact-reader';
import { randomToken } from '../../../../activities/scrubber/token';
import { leakScan } from '../../../../activities/scrubber/leak-scan';
import { scrubInput } from '../../../../activities/scrubber/scrub';
import type { EvalResult, ModelOutput, Purpose, TenantFacts } from '../../../../contract/pack';
import { extraction } from '../../../../packs/credentialing/purposes/extraction';
import { privileging } from '../../../../packs/credentialing/purposes/privileging';
import { AS_OF, example, NAME, packet, payloadOf, PRIVILEGING_EXAMPLES } from './packets';

const TENANT: TenantFacts = {
  id: 'harbor',
  kind: 'hospital',
  currency: 'USD',
  time_zone: 'America/Los_Angeles',
  places: [],
};

function verdicts(
  purpose: Purpose,
  input: Readonly<Record<string, unknown>>,
  output: ModelOutput,
): EvalResult[] {
  return output.proposals.flatMap((proposal) =>
    purpose.evals.map((one) =>
      one.evaluate({ tenant: TENANT, input, passages: [], output, proposal, recordType: undefined }),
    ),
  );
}

const blocked = (results: readonly EvalResult[]) =>
  results.filter((one) => one.severity === 'block' && one.verdict === 'fail').map((one) => one.reason);

const LINES = [
  'Licence: state OR; status active; expires 2027-12-31',
  'Licence: state OR; status suspended',
  'Board certification: board Sample Board; status certified; valid until 2028-06-30',
  'Case total: code GS-214; from 2024-11-21; to 2026-11-20; cases 12',
  '| Case no | Date | Procedure code |',
  '| 1 | 2025-04-01 | GS-214 |',
  '| 2 | 04/05/2025 | GS-214 |',
  '   2025-06-01 GS-214 something  ',
  'Complete case log: from 2024-11-21; to 2026-11-20; rows 2',
  'Reference: referee Ada Quill; received 2026-09-01; recommends yes',
  `Dear committee, 😀 I recommend Dr. ${NAME}.`,
  'Sincerely,',
  'Benno Draft',
  'Sanction search: list Sample List; searched 2026-11-10; result open',
  '\u00a0\t',
  'Straße — “quoted” text. I do not recommend it!',
];
const page = fc
  .array(fc.oneof(fc.constantFrom(...LINES), fc.string({ unit: 'binary', maxLength: 30 })), { maxLength: 20 })
  .map((lines) => lines.join('\n'));
const fact = fc.record({
  kind: fc.constant('case_volume'),
  value: fc.record({
    procedure_code: fc.constant('GS-214'),
    from: fc.constantFrom('2024-11-21', '2025-06-01', '2026-01-01'),
    until: fc.constantFrom('2025-05-31', '2025-12-31', AS_OF),
    count: fc.nat(20),
  }),
  standing: fc.constantFrom('verified', 'lapsed', 'unverified'),
});
const CRITERIA = [
  { kind: 'licence_active', state: 'OR' },
  { kind: 'board_certified', board: 'Sample Board' },
  { kind: 'case_volume', procedure_code: 'GS-214', count_min: 10, months: 24 },
  { kind: 'references', count_min: 1 },
  { kind: 'no_open_sanction', months: 6 },
];

describe('generated packets', () => {
  test('every answer passes the pack’s blocking evals and fits its output schema', () => {
    const documents = fc.array(
      fc.record({
        title: fc.constantFrom('Letter of reference', 'Log'),
        pages: fc.array(page, { maxLength: 3 }),
      }),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(fc.array(fact, { maxLength: 5 }), documents, (facts, papers) => {
        const { input } = packet(CRITERIA, facts, papers);
        for (const check of [checkCriteria, checkCriteriaAgain]) {
          const output = check({ input });
          expect(blocked(verdicts(privileging, input, output))).toEqual([]);
          expect(privileging.output.safeParse(output).error).toBeUndefined();
        }
      }),
      { numRuns: 300 },
    );
  });

  test('every fact that is read is cited where it stands', () => {
    const words = fc.constantFrom(
      'State of Oregon licence no. FICTION-12, active, expires 12/31/2027',
      'Oregon Medical Board\nLicense Number: FICTION-13\nStatus: Active',
      'Residency: Surgery, Sample University, 2011-2016',
      'Sample Board of Surgery: certified, valid until 3/4/2028',
      'Licence <licence_token_abcdefghijklmnopqrst> of <place_token_abcdefghijklmnopqrst>',
    );
    const text = fc
      .array(fc.oneof(words, fc.string({ unit: 'binary', maxLength: 30 })), { maxLength: 15 })
      .map((lines) => lines.join('\n\n'));
    fc.assert(
      fc.property(fc.array(text, { maxLength: 3 }), (texts) => {
        const input = {
          subject: { id: 'subject-1', name: NAME },
          document: {
            id: 'd',
            title: 'CV',
            pages: texts.map((one, index) => ({ page: index + 1, text: one })),
          },
        };
        const output = readFacts({ input });
        expect(blocked(verdicts(extraction, input, output))).toEqual([]);
        expect(extraction.output.safeParse(output).error).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });
});

/** What the README of the examples says, for the input as it is and as the model sees it: scrubbed. */
const EXPECTED = {
  complete: [1000, 1000, 'met met met met met', 'met met met met met'],
  advisor: [400, 400, 'met unknown unknown unknown met', 'met met met met met'],
  'advisor-settles': [600, 800, 'met met unknown unknown met', 'met met met unknown met'],
  expiring: [800, 800, 'met met met met met', 'met met met met met'],
  conflict: [600, 400, 'unknown met met met unknown', 'unknown met unknown met unknown'],
} as const;

describe('the examples', () => {
  const scrubbed = (purpose: Purpose, input: Readonly<Record<string, unknown>>) => {
    const result = scrubInput({
      input,
      allowList: purpose.allowList,
      knownValues: [],
      dates: 'keep',
      mintToken: randomToken,
    });
    const prompt = purpose.prompt({ tenant: TENANT, input: result.scrubbed, passages: [] });
    return { ...result, prompt };
  };

  test.each(PRIVILEGING_EXAMPLES)(
    '%s: confidence and answers are the documented ones, scrubbed or not',
    (name) => {
      const input = example(name);
      const outside = scrubbed(privileging, input);
      const runs = [
        { input, document: { input } },
        { input: outside.scrubbed, document: outside.prompt.user },
      ] as const;
      for (const run of runs) {
        const outputs = [checkCriteria(run.document), checkCriteriaAgain(run.document)];
        const seen = outputs.map((one) =>
          payloadOf(one)
            .criteria.map(({ status }) => status)
            .join(' '),
        );
        expect([...outputs.map((one) => one.confidence_permille), ...seen]).toEqual(EXPECTED[name]);
        for (const output of outputs) expect(blocked(verdicts(privileging, run.input, output))).toEqual([]);
      }
    },
  );

  test.each([...PRIVILEGING_EXAMPLES, 'document'] as const)('%s: nothing leaks from the prompt', (name) => {
    const purpose = name === 'document' ? extraction : privileging;
    const { prompt, tokens, droppedFields } = scrubbed(purpose, example(name));
    expect(leakScan({ text: prompt.user, tokens, knownValues: [] }).leaks).toEqual([]);
    expect(droppedFields).toEqual([]);
    expect(prompt.user).not.toContain('FICTION');
    expect(prompt.user.length).toBeLessThan(purpose.bounds.maxPromptCharacters);
  });

  test('document: seven facts, with the licence numbers as tokens', () => {
    const { prompt, scrubbed: input } = scrubbed(extraction, example('document'));
    const output = readFacts(prompt.user);
    expect(blocked(verdicts(extraction, input, output))).toEqual([]);
    expect(output.proposals.map((one) => one.payload['kind'])).toEqual([
      'training',
      'training',
      'training',
      'training',
      'licence',
      'licence',
      'board_certification',
    ]);
    expect(output.proposals[4]?.payload['value']).toMatchObject({
      state: 'OR',
      number: expect.stringMatching(/^<licence_token_[a-z2-7]+>$/),
      status: 'active',
      expires_on: '2027-12-31',
    });
  });
});
