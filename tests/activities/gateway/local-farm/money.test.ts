import fc from 'fast-check';
import { only } from './farm';

function sale(written: string, tenant: { currency?: string } = {}) {
  const { payload, missing } = only(`Sold 10 crates of eggs ${written}`, tenant);
  return {
    total: payload['total_minor'],
    price: payload['unit_price_minor'],
    currency: payload['currency'],
    missing,
  };
}

test.each([
  ['for ₦45,000', '4500000'],
  ['for N45,000', '4500000'],
  ['for n45,000', '4500000'],
  ['for #45,000', '4500000'],
  ['for NGN 45,000', '4500000'],
  ['for 45,000 naira', '4500000'],
  ['for 45000naira', '4500000'],
  ['for 45k', '4500000'],
  ['45k', '4500000'],
  ['for N45k', '4500000'],
  ['for ₦1.2m', '120000000'],
  ['for 0.5m', '50000000'],
  ['for 45 thousand naira', '4500000'],
  ['for forty-five thousand naira', '4500000'],
  ['for one hundred and five thousand naira', '10500000'],
  ['for N4,500.50', '450050'],
  ['= 16,000', '1600000'],
  ['for 15k no 16k', '1600000'],
  ['at 1,600, got 16,000', '1600000'],
])('a total is read: %s', (written, total) => {
  expect(sale(written)).toMatchObject({ total, currency: 'NGN', missing: [] });
});

test.each([
  ['at 1,600 each', '160000', '1600000'],
  ['@1600', '160000', '1600000'],
  ['@ 1.6k', '160000', '1600000'],
  ['at N1,600 per crate', '160000', '1600000'],
  ['1,600 each, total 16,000', '160000', '1600000'],
  ['for N16,000 (1,600 each)', '160000', '1600000'],
])('a unit price is read and multiplied: %s', (written, price, total) => {
  expect(sale(written)).toMatchObject({ price, total, missing: [] });
});

test.each([
  ['at 45,000, which is a price or a total', 'at 45,000'],
  ['about', 'for about 15k'],
  ['approx behind it', 'for N15,000 approx'],
  ['more than', 'for more than 15k'],
  ['a plus', 'for 15k+'],
  ['a range', 'for 15-16k'],
  ['an alternative', 'for 15k or 16k'],
  ['a guess', 'for 15k I think'],
  ['almost', 'for almost 15,000'],
  ['a deduction', 'for N15,000 less N500'],
  ['a comma that is a point or not', 'for 12,50'],
  ['a point that is a comma or not', 'for N45.000'],
  ['a comma and a space', 'for N45, 000'],
  ['a space', 'for N45 000'],
  ['digits and words mixed', 'for 7 thousand five hundred naira'],
  ['two totals that disagree', 'for 15k total 16k'],
  ['price and total that disagree', 'at 1,600 each, total 15,000'],
  ['a price for another unit', 'at N60 per egg'],
  ['a part of the sum only', 'deposit 5k'],
  ['kobo', 'for 500 kobo'],
  ['a bare small number', 'for 45'],
  ['a phone number', 'to 08031234567'],
  ['no sum at all', ''],
])('the total stays open and is named: %s', (_title, written) => {
  const { total, missing } = sale(written);
  expect(total).toBeUndefined();
  expect(missing).toContain('total_minor');
});

test.each([
  ['for $20', 'NGN', '2000', 'USD'],
  ['for 20 dollars', 'NGN', '2000', 'USD'],
  ['for KES 2,000', 'NGN', '200000', 'KES'],
  ['KSh 2,000', 'NGN', '200000', 'KES'],
  ['for 2,000 shillings', 'UGX', '2000', 'UGX'],
  ['for 20,000 FCFA', 'XOF', '20000', 'XOF'],
  ['for US$20', 'KES', '2000', 'USD'],
  ['for 20 rand', 'ZAR', '2000', 'ZAR'],
])('money of others keeps its currency and its minor units: %s', (written, tenant, total, currency) => {
  expect(sale(written, { currency: tenant })).toMatchObject({ total, currency });
});

test.each([
  ['for 2,000 shillings', 'NGN'],
  ['for 20 pounds', 'NGN'],
  ['for C$20', 'NGN'],
  ['for R500', 'NGN'],
  ['for K200', 'NGN'],
  ['for ₹500', 'NGN'],
  ['for ¥500', 'NGN'],
  ['for N500', 'KES'],
  ['for #500', 'USD'],
])('money whose currency cannot be told is no money of ours: %s in %s', (written, tenant) => {
  const { total, currency, missing } = sale(written, { currency: tenant });
  expect([total, currency]).toEqual([undefined, undefined]);
  expect(missing).toEqual(expect.arrayContaining(['total_minor', 'currency']));
});

test('one sum for two goods is of neither', () => {
  const { payload, missing } = only('Sold 10 crates of eggs for N20,000');
  expect(payload['total_minor']).toBe('2000000');
  expect(missing).toEqual([]);
  for (const note of [
    'Sold 10 crates of eggs and 3 old layers for 24k altogether',
    'Sold 10 crates and 3 layers, 24k',
  ]) {
    expect(() => only(note)).toThrow('not one proposal');
  }
});

const naira = fc.integer({ min: 100, max: 999_999_999 });
/** Nine digits in a row may be a phone number. */
const ungrouped = fc.integer({ min: 100, max: 99_999_999 });
const grouped = (whole: number): string => whole.toLocaleString('en-US');

/** Ways of writing a sum, each with what it states in kobo. */
const formatted = fc.oneof(
  fc
    .tuple(naira, fc.constantFrom('₦', 'N', 'NGN ', '#', '₦ '))
    .map(([whole, sign]) => [`${sign}${grouped(whole)}`, BigInt(whole) * 100n] as const),
  fc
    .tuple(ungrouped, fc.constantFrom('₦', 'N', 'NGN '))
    .map(([whole, sign]) => [`${sign}${whole}`, BigInt(whole) * 100n] as const),
  naira.map((whole) => [`${grouped(whole)} naira`, BigInt(whole) * 100n] as const),
  naira.map((whole) => [grouped(whole), BigInt(whole) * 100n] as const),
  fc
    .tuple(naira, fc.integer({ min: 0, max: 99 }))
    .map(
      ([whole, kobo]) =>
        [`₦${grouped(whole)}.${String(kobo).padStart(2, '0')}`, BigInt(whole) * 100n + BigInt(kobo)] as const,
    ),
  fc
    .tuple(fc.integer({ min: 1, max: 9999 }), fc.constantFrom('k', 'K'))
    .map(([k, suffix]) => [`${k}${suffix}`, BigInt(k) * 100_000n] as const),
  fc
    .tuple(fc.integer({ min: 1, max: 999 }), fc.integer({ min: 0, max: 9 }))
    .map(([k, tenth]) => [`N${k}.${tenth}k`, BigInt(k) * 100_000n + BigInt(tenth) * 10_000n] as const),
  fc
    .tuple(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 1, max: 99 }))
    .map(
      ([millions, hundredths]) =>
        [
          `₦${millions}.${String(hundredths).padStart(2, '0')}m`,
          BigInt(millions) * 100_000_000n + BigInt(hundredths) * 1_000_000n,
        ] as const,
    ),
);

test('a sum that is written in any of the usual ways reads back exactly', () => {
  fc.assert(
    fc.property(formatted, fc.constantFrom('for ', '= ', ', '), ([written, kobo], lead) => {
      expect(sale(`${lead}${written}`).total).toBe(String(kobo));
    }),
    { numRuns: 400 },
  );
});

test('a sum with a slip in it reads back exactly or stays open', () => {
  const slip = fc.record({
    kind: fc.constantFrom('drop', 'double', 'space', 'point'),
    at: fc.nat({ max: 20 }),
  });
  fc.assert(
    fc.property(formatted, slip, ([written, kobo], { kind, at }) => {
      const marks = [...written.matchAll(/[,.]/g)].map((match) => match.index);
      const index = marks[at % Math.max(marks.length, 1)];
      fc.pre(index !== undefined);
      const [head, mark, tail] = [
        written.slice(0, index),
        written.slice(index, index + 1),
        written.slice(index + 1),
      ];
      const slips = {
        drop: `${head} ${tail}`,
        double: `${head}${mark}${mark}${tail}`,
        space: `${head}${mark} ${tail}`,
        point: `${head}.${tail}`,
      };
      const { total } = sale(`for ${slips[kind]}`);
      // "4.5" for "4,5": what a slip turned into another well-formed decimal says that other sum.
      const isStillWhole = kind === 'point' && mark === '.';
      if (!isStillWhole) expect([undefined, String(kobo)]).toContain(total);
    }),
    { numRuns: 400 },
  );
});
