/** What the advisor reads beyond the primary: case logs, tables, letters of reference. */
import { answers, NAME, packet, type Status } from './packets';

const VOLUME = { kind: 'case_volume', procedure_code: 'GS-214', count_min: 3, months: 24 };
const REFERENCE = { kind: 'references', count_min: 1, months: 12 };

function log(...lines: string[]): string {
  return [`Surgeon: Dr. ${NAME}`, 'Operating room case log', '', ...lines].join('\n');
}

const HEAD = '| Case no | Date | Procedure code | Procedure | Role |\n| --- | --- | --- | --- | --- |';
const row = (number: number, date: string, code = 'GS-214', role = 'primary surgeon') =>
  `| OR-${number} | ${date} | ${code} | Laparoscopic cholecystectomy | ${role} |`;
const rows = (...dates: string[]) => dates.map((date, index) => row(index, date)).join('\n');
const COMPLETE = 'Complete case log: from 2024-11-21; to 2026-11-20; rows';

const LOGS: readonly (readonly [string, readonly string[], Status])[] = [
  ['three rows of a table', [`${HEAD}\n${rows('2025-01-05', '2025-02-05', '2025-03-05')}`], 'met'],
  [
    'a table over two pages under one header',
    [`${HEAD}\n${rows('2025-01-05')}`, `Page 2\n${row(7, '2025-05-01')}\n${row(8, '2025-06-01')}`],
    'met',
  ],
  ['rows without a header', [rows('2025-01-05', '2025-02-05', '2025-03-05')], 'unknown'],
  [
    'lines that begin with a date',
    ['2025-01-05 GS-214 gallbladder\n2025-02-05 GS-214 gallbladder, second\n3. 5 March 2025 GS-214 third'],
    'met',
  ],
  ['one row outside the window', [`${HEAD}\n${rows('2024-11-20', '2025-02-05', '2025-03-05')}`], 'unknown'],
  [
    'the first and the last day of the window',
    [`${HEAD}\n${rows('2024-11-21', '2026-11-20', '2025-03-05')}`],
    'met',
  ],
  ['a day that no calendar has', [`${HEAD}\n${rows('2025-02-30', '2025-02-05', '2025-03-05')}`], 'unknown'],
  [
    'a date to be read in two ways, both inside',
    [`${HEAD}\n${rows('03/04/2025', '2025-02-05', '2025-03-05')}`],
    'met',
  ],
  [
    'a date to be read in two ways, one outside',
    [`${HEAD}\n${rows('11/12/2024', '2025-02-05', '2025-03-05')}`],
    'unknown',
  ],
  [
    'a date that is withheld',
    [`${HEAD}\n${rows('<date_token_abc>', '2025-02-05', '2025-03-05')}`],
    'unknown',
  ],
  [
    'another procedure',
    [`${HEAD}\n${rows('2025-01-05', '2025-02-05')}\n${row(9, '2025-03-05', 'GS-2145')}`],
    'unknown',
  ],
  [
    'the code in the remarks of another procedure',
    [`${HEAD}\n${rows('2025-01-05', '2025-02-05')}\n| OR-9 | 2025-03-05 | GS-300 | after GS-214 | primary |`],
    'unknown',
  ],
  [
    'one as assistant',
    [`${HEAD}\n${rows('2025-01-05', '2025-02-05')}\n${row(9, '2025-03-05', 'GS-214', 'assistant')}`],
    'unknown',
  ],
  [
    'one that was cancelled',
    [`${HEAD}\n${rows('2025-01-05', '2025-02-05')}\n${row(9, '2025-03-05', 'GS-214', 'cancelled')}`],
    'unknown',
  ],
  [
    'a row that stands twice',
    [`${HEAD}\n${rows('2025-01-05', '2025-02-05')}\n${row(0, '2025-01-05')}`],
    'unknown',
  ],
  [
    'a complete log with too few',
    [`${HEAD}\n${rows('2025-01-05', '2025-02-05')}\n\n${COMPLETE} 2`],
    'not_met',
  ],
  [
    'a complete log whose rows are not as many as it says',
    [`${HEAD}\n${rows('2025-01-05', '2025-02-05')}\n\n${COMPLETE} 3`],
    'unknown',
  ],
  [
    'a complete log of a part of the window',
    [`${HEAD}\n${rows('2025-01-05')}\n\nComplete case log: from 2025-01-01; to 2026-11-20; rows 1`],
    'unknown',
  ],
  [
    'a complete log with a row left open',
    [`${HEAD}\n${rows('2025-01-05', '2025-02-05', '<date_token_abc>')}\n\n${COMPLETE} 3`],
    'unknown',
  ],
  [
    'a complete log whose codes are withheld',
    [
      `${HEAD}\n${[1, 2, 3].map((number) => row(number, `2025-0${number}-05`, '<person_token_abc>-214')).join('\n')}\n\n${COMPLETE} 3`,
    ],
    'unknown',
  ],
  [
    'two logs with the same rows',
    [`${HEAD}\n${rows('2025-01-05', '2025-02-05')}`, `${HEAD}\n${rows('2025-01-05', '2025-02-05')}`],
    'unknown',
  ],
];

describe('case logs', () => {
  test.each(LOGS)('%s', (_title, pages, status) => {
    const { primary, advisor } = answers(packet([VOLUME], [], [{ pages: pages.map((page) => log(page)) }]));
    expect(primary.status).toBe('unknown');
    expect(advisor).toMatchObject({ status, confidence: 0 });
  });
});

describe('tables', () => {
  const table = (header: string, line: string) => [{ pages: [`${header}\n${line}`] }];
  test.each([
    [
      { kind: 'board_certified', board: 'Sample Board' },
      '| Board | Status | Valid until |',
      '| Sample Board | certified | 2030-01-01 |',
      'met',
    ],
    [
      { kind: 'board_certified', board: 'Sample Board' },
      '| Board | Status | Valid until |',
      '| Sample Board | certified |',
      'unknown',
    ],
    [
      { kind: 'board_certified', board: 'Sample Board' },
      '| Board | Status | Status |',
      '| Sample Board | certified | revoked |',
      'unknown',
    ],
    [
      { kind: 'no_open_sanction', months: 6 },
      '| List | Searched | Result |',
      '| Sample List | 2026-11-01 | clear |',
      'met',
    ],
    [
      { kind: 'no_open_sanction', months: 6 },
      '| List | Searched | Result |',
      '| Sample List | 2026-11-01 | open |',
      'not_met',
    ],
    [REFERENCE, '| Referee | Received | Recommends |', '| Ada Quill | 2026-11-01 | yes |', 'met'],
    [VOLUME, '| Code | From | To | Cases |', '| GS-214 | 2024-11-21 | 2026-11-20 | 2 |', 'not_met'],
  ] as const)('%j: %s %s', (criterion, header, line, status) => {
    const { primary, advisor } = answers(packet([criterion], [], table(header, line)));
    expect(primary.status).toBe('unknown');
    expect(advisor.status).toBe(status);
  });
});

function letter(sentence: string, changes: Readonly<Record<string, string>> = {}): string {
  const parts = {
    date: 'Date: 2 October 2026',
    about: `Dr. ${NAME}`,
    signature: 'Ada Quill, MD',
    ...changes,
  };
  return [
    'Letter of reference',
    parts.date,
    'Dear members of the committee,',
    `I have known ${parts.about} for six years. The work is careful. ${sentence}`,
    'Please call with any questions.',
    'Sincerely,',
    '',
    parts.signature,
  ].join('\n');
}

const SENTENCES: readonly (readonly [string, Status])[] = [
  [`I recommend Dr. ${NAME} without reservation.`, 'met'],
  ['We recommend the applicant.', 'met'],
  ['I have no hesitation in recommending the applicant, and I recommend a full appointment.', 'met'],
  ['I do not hesitate to recommend the applicant.', 'met'],
  ['I cannot recommend the applicant.', 'unknown'],
  ["I can't recommend the applicant.", 'unknown'],
  ['I would hesitate to recommend the applicant.', 'unknown'],
  ['I recommend the applicant with reservations.', 'unknown'],
  ['I recommend the applicant if the proctoring is finished.', 'unknown'],
  ['I recommend the applicant, but not for this procedure.', 'unknown'],
  ['Would I recommend the applicant?', 'unknown'],
  ['Others recommend the applicant.', 'unknown'],
  ['I recommend the applicant. I would not recommend the applicant for nights.', 'unknown'],
  ['The applicant asked me to write.', 'unknown'],
];

describe('letters of reference', () => {
  test.each(SENTENCES)('%s', (sentence, status) => {
    const { primary, advisor } = answers(packet([REFERENCE], [], [{ pages: [letter(sentence)] }]));
    expect(primary.status).toBe('unknown');
    expect(advisor).toMatchObject({ status, confidence: 0 });
  });

  const YES = 'I recommend the applicant.';
  test.each([
    ['about somebody else', letter(YES, { about: 'Dr. Bram Mockridge' })],
    ['not signed', letter(YES, { signature: '' })],
    ['signed by the subject', letter(YES, { signature: NAME })],
    ['without a date', letter(YES, { date: '' })],
    ['too old', letter(YES, { date: 'Date: 2 October 2025' })],
    ['a date to be read in two ways, one too early', letter(YES, { date: 'Date: 11/12/2025' })],
    ['not a letter', `Reference notes on Dr. ${NAME}. ${YES}`],
  ])('%s: does not count', (_title, text) => {
    expect(answers(packet([REFERENCE], [], [{ pages: [text] }])).advisor.status).toBe('unknown');
  });

  test('one refusal beside a recommendation leaves the criterion to a person', () => {
    const documents = [
      { pages: [letter('I recommend the applicant.')] },
      { pages: [letter('I cannot recommend the applicant.', { signature: 'Benno Draft' })] },
    ];
    expect(answers(packet([REFERENCE], [], documents)).advisor.status).toBe('unknown');
  });

  test('two letters of one person are one reference', () => {
    const documents = [
      { pages: [letter('I recommend the applicant.')] },
      { pages: [letter('We recommend the applicant.')] },
    ];
    expect(answers(packet([{ ...REFERENCE, count_min: 2 }], [], documents)).advisor.status).toBe('unknown');
  });
});
