import fc from 'fast-check';
import {
  checkCriteria,
  checkCriteriaAgain,
} from '../../../../activities/gateway/providers/local/credentialing/criteria-check';
import { answers, packet, type FactToBuild, type Standing, type Status } from './packets';

const CRITERIA = {
  licence: { kind: 'licence_active', state: 'OR' },
  board: { kind: 'board_certified', board: 'Sample Board of Surgery' },
  volume: { kind: 'case_volume', procedure_code: 'GS-214', count_min: 10, months: 24 },
  references: { kind: 'references', count_min: 2, months: 12 },
  sanction: { kind: 'no_open_sanction', months: 6 },
} as const;
type Kind = keyof typeof CRITERIA;

const WINDOW = { from: '2024-11-21', until: '2026-11-20' };
const licence = (status: string, expires_on?: string): FactToBuild => ({
  kind: 'licence',
  value: { state: 'OR', status, ...(expires_on === undefined ? {} : { expires_on }) },
});
const board = (status: string, expires_on?: string): FactToBuild => ({
  kind: 'board_certification',
  value: { board: 'Sample Board of Surgery', status, ...(expires_on === undefined ? {} : { expires_on }) },
});
const volume = (count: number, from = WINDOW.from, until = WINDOW.until): FactToBuild => ({
  kind: 'case_volume',
  value: { procedure_code: 'GS-214', from, until, count },
});
const reference = (referee: string, recommends = 'yes', received_on = '2026-09-01'): FactToBuild => ({
  kind: 'reference',
  value: { referee, received_on, recommends },
});
const total = (count: number): FactToBuild => ({
  kind: 'reference_count',
  value: { count, until: '2026-11-20' },
});
const search = (result: string, list = 'Sample List'): FactToBuild => ({
  kind: 'sanction_search',
  value: { list, result, searched_on: '2026-11-01' },
});

/** Facts of one kind, and what they say when they are verified. */
const BY_FACTS: readonly (readonly [Kind, string, readonly FactToBuild[], Status])[] = [
  ['licence', 'active', [licence('active', '2027-01-01')], 'met'],
  ['licence', 'active, no end stated', [licence('active')], 'met'],
  ['licence', 'active on its last day', [licence('active', '2026-11-20')], 'met'],
  ['licence', 'ran out yesterday', [licence('active', '2026-11-19')], 'not_met'],
  ['licence', 'suspended', [licence('suspended', '2027-01-01')], 'not_met'],
  ['licence', 'revoked', [licence('revoked')], 'not_met'],
  ['licence', 'a status that is not known', [licence('restricted')], 'unknown'],
  ['licence', 'another state', [{ kind: 'licence', value: { state: 'WA', status: 'active' } }], 'unknown'],
  ['licence', 'two that disagree', [licence('active'), licence('suspended')], 'unknown'],
  ['board', 'certified', [board('certified', '2028-01-01')], 'met'],
  ['board', 'revoked', [board('revoked')], 'not_met'],
  ['board', 'expired', [board('expired')], 'not_met'],
  [
    'board',
    'another board',
    [{ kind: 'board_certification', value: { board: 'Other Board', status: 'certified' } }],
    'unknown',
  ],
  ['board', 'two that disagree', [board('certified'), board('not_certified')], 'unknown'],
  ['volume', 'as many as required', [volume(10)], 'met'],
  ['volume', 'one too few', [volume(9)], 'not_met'],
  ['volume', 'too few in a part of the window', [volume(9, '2025-06-01', '2026-01-01')], 'unknown'],
  ['volume', 'many, but partly before the window', [volume(50, '2020-01-01', '2026-01-01')], 'unknown'],
  ['volume', 'few over more than the window', [volume(9, '2020-01-01', '2026-12-31')], 'not_met'],
  ['volume', 'two that disagree', [volume(30, '2025-06-01', '2026-01-01'), volume(5)], 'unknown'],
  ['volume', 'a period that runs backwards', [volume(30, '2026-01-01', '2025-06-01')], 'unknown'],
  ['references', 'two of two', [reference('Ada Quill'), reference('Benno Draft')], 'met'],
  ['references', 'one, and one is all there are', [reference('Ada Quill'), total(1)], 'not_met'],
  ['references', 'one of two', [reference('Ada Quill')], 'unknown'],
  ['references', 'the same person twice', [reference('Ada Quill'), reference('Dr. A. Quill, MD')], 'unknown'],
  [
    'references',
    'one too old',
    [reference('Ada Quill'), reference('Benno Draft', 'yes', '2025-11-20')],
    'unknown',
  ],
  [
    'references',
    'one from the future',
    [reference('Ada Quill'), reference('Benno Draft', 'yes', '2026-11-21')],
    'unknown',
  ],
  [
    'references',
    'two for, one against',
    [reference('Ada Quill'), reference('Benno Draft'), reference('Cy Nay', 'no')],
    'unknown',
  ],
  [
    'references',
    'more than there are',
    [reference('Ada Quill'), reference('Benno Draft'), total(1)],
    'unknown',
  ],
  [
    'references',
    'the subject as referee',
    [reference('Ada Quill'), reference('Quentin Samplewell')],
    'unknown',
  ],
  ['sanction', 'clear', [search('clear')], 'met'],
  ['sanction', 'closed', [search('closed')], 'met'],
  ['sanction', 'open', [search('open')], 'not_met'],
  [
    'sanction',
    'open on one list, clear on another',
    [search('open'), search('clear', 'Other List')],
    'not_met',
  ],
  ['sanction', 'open and clear on one list', [search('open'), search('clear')], 'unknown'],
  ['sanction', 'a result that is not known', [search('see letter')], 'unknown'],
];

describe('by facts alone', () => {
  test.each(BY_FACTS)('%s, %s', (kind, _title, facts, status) => {
    const { primary, advisor } = answers(packet([CRITERIA[kind]], facts));
    expect(primary.status).toBe(status);
    expect(advisor.status).toBe(status);
    expect(primary.confidence).toBe(status === 'unknown' ? 0 : 1000);
  });

  test.each(
    BY_FACTS.filter(([, , , status]) => status !== 'unknown').flatMap(([kind, title, facts]) =>
      (['lapsed', 'unverified'] as const).map(
        (standing): [Kind, string, Standing, readonly FactToBuild[]] => [kind, title, standing, facts],
      ),
    ),
  )('%s, %s: unknown when it is %s', (kind, _title, standing, facts) => {
    const { primary, advisor } = answers(
      packet(
        [CRITERIA[kind]],
        facts.map((fact) => ({ ...fact, standing })),
      ),
    );
    for (const one of [primary, advisor]) {
      expect(one.status).toBe('unknown');
      expect(one.confidence).toBe(0);
    }
  });

  test('a verified fact and one that never was contradict each other', () => {
    const facts = [
      licence('active', '2027-01-01'),
      { ...licence('suspended'), standing: 'unverified' as const },
    ];
    expect(answers(packet([CRITERIA.licence], facts)).primary.status).toBe('unknown');
  });

  test('a verification that has run out is history, and does not contradict', () => {
    const facts = [licence('active', '2027-01-01'), { ...licence('suspended'), standing: 'lapsed' as const }];
    expect(answers(packet([CRITERIA.licence], facts)).primary.status).toBe('met');
  });

  test('the advisor adds up verified periods that do not overlap', () => {
    const halves = [volume(6, '2024-11-21', '2025-10-31'), volume(6, '2025-11-01', '2026-11-20')];
    expect(answers(packet([CRITERIA.volume], halves))).toMatchObject({
      primary: { status: 'unknown', confidence: 0 },
      advisor: { status: 'met', confidence: 1000 },
    });
    const few = [volume(3, '2024-11-21', '2025-10-31'), volume(3, '2025-11-01', '2026-11-20')];
    expect(answers(packet([CRITERIA.volume], few)).advisor.status).toBe('not_met');
    const overlapping = [volume(6, '2024-11-21', '2025-11-01'), volume(6, '2025-11-01', '2026-11-20')];
    expect(answers(packet([CRITERIA.volume], overlapping)).advisor.status).toBe('unknown');
    const gap = [volume(3, '2024-11-21', '2025-10-30'), volume(3, '2025-11-01', '2026-11-20')];
    expect(answers(packet([CRITERIA.volume], gap)).advisor.status).toBe('unknown');
  });
});

/** Lines of exact form, and what they say when there are no facts. */
const BY_LINES: readonly (readonly [Kind, string, Status])[] = [
  ['licence', 'Licence: state OR; status active; expires 2027-12-31', 'unknown'],
  ['licence', 'Licence: state OR; status revoked; expires 2027-12-31', 'unknown'],
  [
    'board',
    'Board certification: board Sample Board of Surgery; status certified; valid until 2028-06-30',
    'met',
  ],
  ['board', 'Board certification: board Sample Board of Surgery; status certified; valid until never', 'met'],
  ['board', 'Board certification: board Sample Board of Surgery; status revoked', 'not_met'],
  [
    'board',
    'Board certification: board Sample Board of Surgery; status certified; valid until 2020-06-30',
    'unknown',
  ],
  [
    'board',
    'Board certification: board Sample Board of Surgery; status certified; valid until <date_token_abc>',
    'unknown',
  ],
  ['board', 'Board certification: board Sample Board of Surgery; status certified', 'unknown'],
  [
    'board',
    'Board certification: board Sample Board of Surgery; status certified; and more words',
    'unknown',
  ],
  ['volume', 'Case total: code GS-214; from 2024-11-21; to 2026-11-20; cases 10', 'met'],
  ['volume', 'Case total: code GS-214; from 2024-11-21; to 2026-11-20; cases 9', 'not_met'],
  ['volume', 'Case total: code GS-21; from 2024-11-21; to 2026-11-20; cases 10', 'unknown'],
  ['volume', 'Case total: code GS-214; from 03/04/2025; to 2026-11-20; cases 10', 'unknown'],
  ['volume', 'Case total: code GS-214; from <date_token_a>; to 2026-11-20; cases 10', 'unknown'],
  [
    'references',
    'Reference: referee Ada Quill; received 2026-09-01; recommends yes\nReference: referee Benno Draft; received 1 October 2026; recommends yes',
    'met',
  ],
  ['references', 'Reference total: count 1; complete yes; as of 2026-11-20', 'not_met'],
  ['references', 'Reference total: count 1; complete yes; as of 2026-03-20', 'unknown'],
  ['references', 'Reference total: count 1; complete no; as of 2026-11-20', 'unknown'],
  ['sanction', 'Sanction search: list Sample List; searched 2026-11-10; result clear', 'met'],
  ['sanction', 'Sanction search: list Sample List; searched 2026-01-10; result clear', 'unknown'],
  ['sanction', 'Sanction search: list Sample List; searched 2026-11-10; result open', 'not_met'],
  ['sanction', 'We found no open sanction anywhere.', 'unknown'],
];

describe('by lines of exact form', () => {
  test.each(BY_LINES)('%s: %s', (kind, text, status) => {
    const { primary, advisor } = answers(
      packet([CRITERIA[kind]], [], [{ pages: [`Heading\n  ${text}  \nfooter`] }]),
    );
    expect(primary.status).toBe(status);
    expect(advisor.status).toBe(status);
    // Words alone are never a verified fact.
    expect([primary.confidence, advisor.confidence]).toEqual([0, 0]);
  });

  test.each([
    ['licence', licence('active', '2027-12-31'), 'Licence: state OR; status suspended'],
    [
      'board',
      board('certified', '2028-06-30'),
      'Board certification: board Sample Board of Surgery; status revoked',
    ],
    ['volume', volume(30), 'Case total: code GS-214; from 2024-11-21; to 2026-11-20; cases 4'],
    ['sanction', search('clear'), 'Sanction search: list Other List; searched 2026-11-10; result open'],
  ] as const)('%s: a document that contradicts a verified fact leaves it unknown', (kind, fact, text) => {
    const { primary } = answers(packet([CRITERIA[kind]], [fact], [{ pages: [text] }]));
    expect(primary).toMatchObject({ status: 'unknown', confidence: 0, reason: 'The sources disagree.' });
  });

  test('a document that names another person is set aside, and the reviewer is told', () => {
    const line = 'Case total: code GS-214; from 2024-11-21; to 2026-11-20; cases 30';
    const about = (name: string) =>
      answers(packet([CRITERIA.volume], [], [{ pages: [`Surgeon: Dr. ${name}\n${line}`] }]));
    expect(about('Quentin Samplewell').primary.status).toBe('met');
    expect(about('Ada Quill').primary.status).toBe('unknown');
    expect(about('Ada Quill').primary.reason).toContain('set aside');
  });
});

describe('whatever comes in', () => {
  test('a criterion of a kind that is not known stays unknown', () => {
    expect(answers(packet([{ kind: 'good_character' }], [])).primary.status).toBe('unknown');
  });

  test('without a date nothing is settled', () => {
    const document = packet([CRITERIA.licence], [licence('active')]);
    const undated = { input: { ...document.input, as_of: 'soon' } };
    expect(answers(undated).advisor.status).toBe('unknown');
  });

  test('anything at all gives an answer of the same shape, twice the same', () => {
    const anything = fc.oneof(
      fc.anything(),
      fc.string(),
      fc.json(),
      fc.record({ input: fc.anything() }),
      fc.record({
        input: fc.record(
          {
            subject: fc.anything(),
            privilege: fc.anything(),
            as_of: fc.oneof(fc.constant('2026-11-20'), fc.anything()),
            criteria: fc.array(fc.oneof(fc.constantFrom(...Object.values(CRITERIA)), fc.anything())),
            facts: fc.array(fc.oneof(fc.constantFrom(licence('active'), volume(3)), fc.anything())),
            documents: fc.array(
              fc.oneof(fc.record({ title: fc.string(), pages: fc.array(fc.anything()) }), fc.anything()),
            ),
          },
          { requiredKeys: [] },
        ),
      }),
    );
    fc.assert(
      fc.property(anything, (document) => {
        for (const check of [checkCriteria, checkCriteriaAgain]) {
          const output = check(document);
          expect(output).toEqual(check(document));
          expect(output.confidence_permille).toBeGreaterThanOrEqual(0);
          expect(output.confidence_permille).toBeLessThanOrEqual(1000);
        }
      }),
      { numRuns: 500 },
    );
  });
});
