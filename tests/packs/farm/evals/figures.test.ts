/** Evals that block what a note does not state: sums, counts, units. */
import fc from 'fast-check';
import { moneyOccurs } from '../../../../packs/farm/evals/money-occurs';
import { numbersOccur } from '../../../../packs/farm/evals/numbers-occur';
import { millionths, readings } from '../../../../packs/farm/evals/readings';
import { unitsOccur } from '../../../../packs/farm/evals/units-occur';
import { BLOCKED, PASSED, verdictOf } from './context';

describe('money', () => {
  test.each([
    ['as it is written', {}],
    ['with a suffix', { note: 'sold 30 crates 45k' }],
    ['in words', { note: 'sold 30 crates for forty five thousand naira' }],
    [
      'as a product of price and quantity',
      { note: '30 crates at 1,500 each', payload: { unit_price_minor: '150000' } },
    ],
    ['left open', { payload: { total_minor: undefined } }],
    [
      'in a currency without minor units',
      { note: '30 crates for 20,000 FCFA', payload: { total_minor: '20000', currency: 'XOF' } },
    ],
  ])('passes a sum %s', (_title, changes) => {
    expect(verdictOf(moneyOccurs, changes)).toMatchObject(PASSED);
  });

  test.each([
    ['an invented sum', { payload: { total_minor: '4600000' } }],
    ['ten times the sum', { payload: { total_minor: '45000000' } }],
    ['a hundredth of the sum', { payload: { total_minor: '45000' } }],
    ['a sum in the minor units of another currency', { payload: { currency: 'XOF' } }],
    ['an invented unit price', { payload: { unit_price_minor: '160000' } }],
    ['a sum in a note without money', { note: 'sold 30 crates of eggs' }],
    [
      'a sum that is only in the time of the note',
      { note: 'sold 30 crates', payload: { total_minor: '202500' } },
    ],
    ['a sum that is no digits', { payload: { total_minor: '45,000' } }],
    ['a sum that is only inside a token', { note: 'sold 30 crates to <person_token_45000>' }],
  ])('blocks %s', (_title, changes) => {
    expect(verdictOf(moneyOccurs, changes)).toMatchObject(BLOCKED);
  });
});

describe('counts, quantities and weights', () => {
  test.each([
    ['a quantity', {}],
    ['a count in words', { note: 'twelve died', payload: { quantity: undefined, count: 12 } }],
    ['a dozen', { note: 'a dozen died', payload: { quantity: undefined, count: 12 } }],
    ['half a dozen', { note: 'half a dozen died', payload: { quantity: undefined, count: 6 } }],
    ['a half', { note: '2 and a half bags', payload: { quantity: '2.5' } }],
    ['a fraction', { note: '2 1/2 bags', payload: { quantity: '2.5' } }],
    ['kilograms as grams', { note: 'average 2.1kg', payload: { quantity: undefined, average_grams: 2100 } }],
    [
      'what a passage states',
      { note: 'as usual', passages: [{ id: 'p', source_type: 'memory', text: 'They eat 30 bags.' }] },
    ],
  ] as const)('pass: %s', (_title, changes) => {
    expect(verdictOf(numbersOccur, changes)).toMatchObject(PASSED);
  });

  test.each([
    ['quantity', { quantity: '31' }],
    ['count', { count: 13 }],
    ['affected count', { affected_count: 7 }],
    ['sample', { sample_count: 20 }],
    ['weight', { average_grams: 2100 }],
    ['tenfold quantity', { quantity: '300' }],
  ])('block an invented %s', (_title, payload) => {
    expect(verdictOf(numbersOccur, { payload })).toMatchObject(BLOCKED);
  });

  test('every number that is written in digits is a reading, and none that is not is', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 999_999 }),
        fc.integer({ min: 1, max: 999_999 }),
        (stated, other) => {
          fc.pre(stated !== other);
          const found = readings(`there were ${stated.toLocaleString('en-US')} of them`);
          expect(found.has(millionths(String(stated)) ?? -1n)).toBe(true);
          expect(found.has(millionths(String(other)) ?? -1n)).toBe(false);
        },
      ),
    );
  });

  test('a long text without end is read in time', () => {
    const started = performance.now();
    for (const seed of ['1', '1,', '1/', '1 ', 'hundred ', '<_token_', '½', 'a half '])
      readings(seed.repeat(2000));
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('units', () => {
  test.each([
    ['in full', {}],
    ['in short', { note: '3 bgs mash', payload: { unit: 'bag' } }],
    ['joined to the number', { note: 'fed 50kg', payload: { unit: 'kg' } }],
    ['a piece, which needs no word', { note: '20 broilers', payload: { unit: 'piece' } }],
    ['left open', { payload: { unit: undefined } }],
  ])('pass: %s', (_title, changes) => {
    expect(verdictOf(unitsOccur, changes)).toMatchObject(PASSED);
  });

  test.each(['bag', 'dozen', 'constructor', 'kg'])('block a unit that the note has not: %s', (unit) => {
    expect(verdictOf(unitsOccur, { payload: { unit } })).toMatchObject(BLOCKED);
  });
});
