import * as fc from 'fast-check';
import { scrubInput, scrubText } from '../../../activities/scrubber/scrub';
import type { AllowList } from '../../../contract/pack';
import { hasDeaCheckDigit, isNhsNumber, isNpi } from '../../../activities/scrubber/recognisers/licence';
import { CANARIES } from './support/canaries';
import { countingMint } from './support/mint';

function scrubbed(text: string, dates: 'keep' | 'tokenise' = 'tokenise'): string {
  return scrubText({ text, field: 'note', knownValues: [], dates, mintToken: countingMint() }).text;
}

describe.each(Object.entries(CANARIES))('%s', (_name, canary) => {
  test('none survives in its sentence, and its kind is right', () => {
    fc.assert(
      fc.property(canary, ({ value, sentence, kind }) => {
        const result = scrubText({
          text: sentence,
          field: 'note',
          knownValues: [],
          dates: 'tokenise',
          mintToken: countingMint(),
        });
        expect(result.text).not.toContain(value);
        const holder = result.tokens.find(
          (token) => token.value.includes(value) || value.includes(token.value),
        );
        expect(holder?.kind).toBe(kind);
      }),
      { numRuns: 60 },
    );
  });

  test('none survives between emoji, combining marks and other scripts', () => {
    const noise = fc.constantFrom('👩🏽‍⚕️ ', 'é̂ ', '\u200b', '日本 ', '\ud83d ', 'نص ', '— ', '“', ' ');
    fc.assert(
      fc.property(canary, noise, noise, ({ value, sentence }, before, after) => {
        expect(scrubbed(`${before}${sentence} ${after}`)).not.toContain(value);
      }),
      { numRuns: 40 },
    );
  });
});

/** What a purpose needs and a careless recogniser eats. */
const HARD_NEGATIVES = [
  '12 broilers died in House 3 this morning.',
  "Newcastle disease is suspected in Pen B, and Marek's in House 2.",
  'Gumboro vaccine and LaSota given to 500 Isa Brown pullets.',
  'Lohmann Brown, Ross 308, Cobb 500, Noiler, Rhode Island Red and Black Australorp.',
  'Sold 30 crates of eggs for ₦45,000 and 12 crates at 1,500 each.',
  'Amoxicillin 20 mg/kg in 2 litres of water for 5 days, then Enrofloxacin 10%.',
  'Bought 50 bags of layer mash, 25 kg each, N12,500 per bag, total N625,000.00.',
  'Weights: 1800 1750 1900 2010 1850 g. Average 1,862 g.',
  'Fed 4 bags to House 1, 3 bags to House 2, half a bag to Pond 1.',
  'Batch 12, day 45, 98% alive, 1,240 birds left of 1,260.',
  'Temperature 38.5 in House 3 at 14:30, humidity 65%.',
  'Birds aged 92 days weigh 2.1 kg; flock age: 120 days; 95 weeks old hens.',
  'She did 42 laparoscopic cholecystectomies in 24 months, procedure code GS-214.',
  'Certified by the board in 2020, licence active, no open sanction.',
  'Counts by pen: 12 13 14 15 16 17.',
  'Mix 1/2 bag with 2 dozen eggs, 45k spent, 3.5 tonnes left.',
  "Parkinson's disease and Crohn's disease; Apgar score 9; Foley catheter removed; Glasgow Coma Scale 15.",
  'The patient is 65 years old and stable on Metformin 500 mg and Warfarin 5 mg.',
  'Pond 1 water changed, 200 catfish moved to Pond 2.',
  'All quiet. Nothing to report today.',
  'Price per crate went from 1,500 to 1,650 since last week.',
  'Account for 45 crates; case of 12 bottles; order 30 bags; plan 2 is better; group 3 eats more.',
];

test.each(HARD_NEGATIVES)('is left alone: %s', (text) => {
  expect(scrubbed(text, 'keep')).toBe(text);
});

test.each([
  'Vaccinated on 5 May 2026, next due 2026-06-05.',
  'Bought feed on 12/05/2026 and again last March.',
])('dates stay where the purpose passes them: %s', (text) => {
  expect(scrubbed(text, 'keep')).toBe(text);
  expect(scrubbed(text, 'tokenise')).not.toBe(text);
});

test('a year alone is no date, and an age of 89 is no age over 89', () => {
  expect(scrubbed('Since 2019 she, 89 years old, has come every year.')).toBe(
    'Since 2019 she, 89 years old, has come every year.',
  );
});

test('towns and companies only where they are asked for', () => {
  const text = 'He came from Ibadan for Zenith Holdings Ltd.';
  expect(scrubbed(text)).toBe(text);
  const asked = scrubText({
    text,
    field: 'note',
    knownValues: [],
    dates: 'keep',
    places: true,
    organisations: true,
    mintToken: countingMint(),
  });
  expect(asked.text).not.toMatch(/Ibadan|Zenith/);
});

test('a title is not part of the name, so that a person has one token with and without it', () => {
  const result = scrubText({
    text: 'Dr. Zwicky came. Zwicky left. Mrs Zwicky stayed.',
    field: 'note',
    knownValues: [],
    dates: 'keep',
    mintToken: countingMint(),
  });
  expect(result.tokens.map(({ value }) => value)).toEqual(['Zwicky']);
  expect(result.text).not.toContain('Zwicky');
});

test('long rows of one thing take time in proportion', () => {
  for (const unit of ['a ', '1 ', 'Ada ', '@', '<', 'a.', '1-', 'MRN ', 'Dr ', '_token_']) {
    const startedAt = performance.now();
    scrubbed(unit.repeat(Math.ceil(8_000 / unit.length)));
    expect(performance.now() - startedAt).toBeLessThan(8_000);
  }
});

describe('what a field declares to pass', () => {
  const scrub = (rule: AllowList[string], text: string) =>
    scrubInput({
      input: { note: text },
      allowList: { note: rule ?? { rule: 'text' } },
      knownValues: [],
      dates: 'tokenise',
      places: true,
      mintToken: countingMint(),
    }).scrubbed['note'];
  const strict = { rule: 'text' } as const;
  const passing = { rule: 'text', dates: 'pass', places: 'pass' } as const;

  test('dates of events and towns pass where it says so, and nowhere else', () => {
    const text = 'Sold 30 crates in Kisumu on Monday 3 May 2026, vaccinated 2026-05-04.';
    expect(scrub(passing, text)).toBe(text);
    expect(scrub(strict, text)).not.toMatch(/Kisumu|3 May|2026-05-04/);
  });

  test.each([
    'DOB: 3 May 1985, came for eggs.',
    'Her date of birth is 1985-05-03, she says.',
    'He was born on 03/05/1985 in the village.',
    'D.O.B 03.05.85 as on the card.',
  ])("somebody's birth date passes nowhere: %s", (text) => {
    expect(scrub(passing, text)).not.toMatch(/3 May|1985-05-03|03.05/);
  });

  test('animals are born on a day that passes', () => {
    const text = '12 kids born 3 May 2026, 9 piglets born on 04/05/2026.';
    expect(scrub(passing, text)).toBe(text);
  });

  test('states and countries are no small places', () => {
    const text = 'Licensed in Oregon, then in Kenya; State of Washington medical board.';
    expect(scrub(strict, text)).toBe(text);
  });
});

test.each([
  ['NHS number with its check digit', '943 476 5919', 'came from 943 476 5919 as read'],
  ['NPI near a provider', '1234567893', 'Dr Zwicky, 1234567893, signed'],
  ['bank account before its bank', '0123456789', 'paid to 0123456789 GTBank'],
  ['plate of Kenya', 'KDA 123B', 'in KDA 123B at noon'],
  ['tax pin of Kenya', 'A001234567Z', 'A001234567Z for tax'],
])('%s is recognised without a label', (_name, value, text) => {
  expect(scrubbed(text)).not.toContain(value);
});

test('check digits are computed, not guessed', () => {
  expect(['943 476 5919', '943 476 5910', '943 476 591'].map(isNhsNumber)).toEqual([true, false, false]);
  expect(['1234567893', '1234567890'].map(isNpi)).toEqual([true, false]);
  expect(['BS1234563', 'BS1234564'].map(hasDeaCheckDigit)).toEqual([true, false]);
});
