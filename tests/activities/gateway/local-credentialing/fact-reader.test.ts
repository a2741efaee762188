import fc from 'fast-check';
import { readFacts } from '../../../../activities/gateway/providers/local/credentialing/fact-reader';
import { trustFactRecord } from '../../../../packs/credentialing/record-types/trust-fact';
import { NAME } from './packets';

function read(...pages: string[]) {
  const input = {
    subject: { id: 'subject-1', name: NAME },
    document: { id: 'd', title: 'CV', pages: pages.map((text, index) => ({ page: index + 1, text })) },
  };
  return readFacts({ input }).proposals.map((one) => ({
    kind: one.payload['kind'],
    value: one.payload['value'],
    missing: one.missing,
    confidence: one.confidence_permille,
  }));
}

const OREGON = { state: 'OR', number: 'FICTION-12', status: 'active', expires_on: '2027-12-31' };

test.each([
  'State of Oregon medical licence no. FICTION-12, active, expires 2027-12-31',
  'Oregon Medical Board\nLicense Number: FICTION-12\nStatus: Active\nExpiration date: 12/31/2027',
  'Licence: state OR; number FICTION-12; status active; expires 31 December 2027',
  'Oregon license #: FICTION-12 (active), valid through December 31, 2027',
])('reads a licence: %s', (text) => {
  expect(read(text)).toEqual([{ kind: 'licence', value: OREGON, missing: [], confidence: 1000 }]);
});

test.each([
  [
    'an expiry to be read in two ways',
    'Oregon licence no. FICTION-12, active, expires 03/04/2027',
    ['value.expires_on'],
  ],
  [
    'a licence that was active once',
    'Formerly active Oregon licence no. FICTION-12, expires 2027-12-31',
    ['value.status'],
  ],
  [
    'a status that is pending',
    'Oregon licence no. FICTION-12, application pending, to be active, expires 2027-12-31',
    ['value.status'],
  ],
  [
    'two states in one line',
    'Oregon and Idaho licence no. FICTION-12, active, expires 2027-12-31',
    ['value.state'],
  ],
  [
    'two places that disagree',
    'Oregon licence no. FICTION-12, active, expires 2027-12-31\n\nOregon licence no. FICTION-12, active, expires 2026-12-31',
    ['value.expires_on'],
  ],
])('leaves open %s', (_title, text, missing) => {
  const [first, ...others] = read(text);
  expect(others).toEqual([]);
  expect(first?.missing).toEqual(missing);
  expect(first?.confidence).toBe(750);
});

test.each([
  ['a licence to drive people mad', 'He has poetic licence, and an active mind.'],
  ['a referee’s own licence', 'Best regards,\nDr. Ada Quill\nOregon licence no. FICTION-99, active'],
  [
    'another person’s document',
    'Name: Dr. Ada Quill\n\nOregon licence no. FICTION-99, active, expires 2027-12-31',
  ],
  ['a board that certifies nobody', 'Member of the board of the hospital; certificate of attendance.'],
])('reads nothing from %s', (_title, text) => {
  expect(read(text)).toEqual([]);
});

test('reads board certifications, and does not take eligible for certified', () => {
  expect(read('Sample Board of Internal Medicine: certified, valid until 2031-12-31')).toEqual([
    {
      kind: 'board_certification',
      value: { board: 'Sample Board of Internal Medicine', status: 'certified', expires_on: '2031-12-31' },
      missing: [],
      confidence: 1000,
    },
  ]);
  const [eligible] = read(
    'Sample Board of Surgery: board eligible, certification expected, valid until 2031-12-31',
  );
  expect(eligible?.missing).toEqual(['value.status']);
});

test('reads training lines, of which a year is date enough', () => {
  expect(
    read(
      'TRAINING\nResidency: General Surgery, Sample University, 2011-2016\nFellowship - Sample Clinic, 2016 to 2017',
    ),
  ).toEqual([
    {
      kind: 'training',
      value: {
        level: 'residency',
        programme: 'General Surgery, Sample University',
        from: '2011',
        until: '2016',
      },
      missing: [],
      confidence: 1000,
    },
    {
      kind: 'training',
      value: { level: 'fellowship', programme: 'Sample Clinic', from: '2016', until: '2017' },
      missing: [],
      confidence: 1000,
    },
  ]);
});

test('a complete fact may be written as it is, at tier 3', () => {
  const record = { subject_id: 'subject-1', kind: 'licence', tier: 3, value: OREGON };
  expect(trustFactRecord.safeParse(record).success).toBe(true);
  expect(trustFactRecord.safeParse({ ...record, tier: 4 }).success).toBe(false);
});

test('the answer’s confidence is the lowest of its facts, and 0 without any', () => {
  const confidenceOf = (text: string) =>
    readFacts({
      input: { subject: { id: 's', name: NAME }, document: { title: '', pages: [{ page: 1, text }] } },
    }).confidence_permille;
  expect(confidenceOf('nothing to read')).toBe(0);
  expect(
    confidenceOf(
      'Oregon licence no. FICTION-12, active, expires 2027-12-31\n\nResidency: Surgery, Sample University',
    ),
  ).toBe(500);
});

test('anything at all gives an answer of at most twenty proposals of at most tier 3, twice the same', () => {
  const line = fc
    .integer({ min: 0, max: 60 })
    .map((n) => `Residency: Programme ${n}, Sample University, 2011-2016`);
  const document = fc.oneof(
    fc.anything(),
    fc.array(line, { maxLength: 60 }).map((lines) => ({
      input: { subject: { id: 's' }, document: { title: '', pages: [{ page: 1, text: lines.join('\n') }] } },
    })),
    fc.record({
      input: fc.record({ document: fc.record({ pages: fc.array(fc.anything()) }), subject: fc.anything() }),
    }),
  );
  fc.assert(
    fc.property(document, (one) => {
      const output = readFacts(one);
      expect(output).toEqual(readFacts(one));
      expect(output.proposals.length).toBeLessThanOrEqual(20);
      for (const proposal of output.proposals) expect(proposal.payload['tier']).toBe(3);
    }),
    { numRuns: 300 },
  );
});
