import fc from 'fast-check';
import { only, proposals } from './farm';

function fed(written: string) {
  const { payload, missing } = only(`Fed ${written}`);
  return { quantity: payload['quantity'], unit: payload['unit'], missing };
}

test.each([
  ['half a bag of starter', '0.5', 'bag'],
  ['1/2 bag of starter', '0.5', 'bag'],
  ['½ bag', '0.5', 'bag'],
  ['quarter bag of crumbs', '0.25', 'bag'],
  ['three quarters of a bag', '0.75', 'bag'],
  ['2½ bags', '2.5', 'bag'],
  ['2 1/2 bags', '2.5', 'bag'],
  ['2 and a half bags', '2.5', 'bag'],
  ['2 bags and a half of starter', '2.5', 'bag'],
  ['a bag and a half of finisher', '1.5', 'bag'],
  ['2.5 bags', '2.5', 'bag'],
  ['a bag of mash', '1', 'bag'],
  ['twelve bags', '12', 'bag'],
  ['twenty-five kg', '25', 'kg'],
  ['one hundred and twenty kg', '120', 'kg'],
  ['3bags', '3', 'bag'],
  ['50kg layer mash', '50', 'kg'],
  ['1,250 kg', '1250', 'kg'],
  ['10 bgs layer mash', '10', 'bag'],
  ['2 bags (50kg)', '2', 'bag'],
])('a quantity and its unit are read: %s', (written, quantity, unit) => {
  expect(fed(written)).toEqual({ quantity, unit, missing: [] });
});

test.each([
  ['about', 'about 3 bags'],
  ['a range', '3-4 bags'],
  ['an alternative', '3 or 4 bags'],
  ['a comma that is a point or not', '2,5 bags'],
  ['more than', 'more than 3 bags'],
  ['each', '3 bags each to House 1 and House 2'],
])('the quantity stays open and is named: %s', (_title, written) => {
  const { quantity, unit, missing } = fed(written);
  expect(quantity).toBeUndefined();
  expect(unit).toBe('bag');
  expect(missing).toContain('quantity');
});

test.each([
  ['3 dozen eggs for 4,500', '3', 'dozen', 'eggs'],
  ['a dozen eggs to the teacher, N1,700', '1', 'dozen', 'eggs'],
  ['half a dozen eggs for N850', '0.5', 'dozen', 'eggs'],
  ['20 broilers for 130k', '20', 'piece', 'broilers'],
  ['a goat 40k', '1', 'piece', 'goat'],
  ['45kg of catfish for 112,500', '45', 'kg', 'catfish'],
  ['2 rams, 45kg each, total 180k', '2', 'piece', 'rams'],
  ['1.5 tonnes of manure for 30k', '1.5', 'tonne', 'manure'],
])('goods keep their unit: %s', (written, quantity, unit, item) => {
  expect(only(`Sold ${written}`).payload).toMatchObject({ quantity, unit, item });
});

test.each([
  ['12 broilers died', 12],
  ['a dozen chicks died', 12],
  ['Half a dozen chicks died', 6],
  ['One layer died', 1],
  ['A hen died', 1],
  ['Two hundred and five chicks died', 205],
  ['Found 4 dead', 4],
  ['Mortality: 3', 3],
  ['mort 5', 5],
  ['2 out of 50 chicks died', 2],
  ['We had 500 birds, 3 died, 497 left', 3],
])('deaths are counted: %s', (note, count) => {
  expect(only(note).payload['count']).toBe(count);
});

test.each([
  'about 10 birds died',
  '10 or 12 birds died',
  'between 10 and 12 birds died',
  'over 20 birds died',
  'Not less than 10 birds died',
  'Many birds died',
  'half of the birds died',
  'the goat died',
])('deaths that are not counted stay open: %s', (note) => {
  const { payload, missing } = only(note);
  expect(payload['count']).toBeUndefined();
  expect(missing).toContain('count');
});

test.each([
  ['Total mortality 5: 3 in House 1 and 2 in House 2', [3, 2]],
  ['5 birds dead, 3 in House 1 and 2 in House 2', [3, 2]],
  ['4 broilers and 2 layers died', [4, 2]],
])('nothing is counted twice: %s', (note, counts) => {
  expect(proposals(note).map((one) => one.payload['count'])).toEqual(counts);
});

test.each([
  ['Average weight House 2: 2.1kg', 2100, undefined],
  ['Weighed 12 birds, average 1650 grams', 1650, 12],
  ['Sampled 20 birds avg wt 1.95 kg', 1950, 20],
  ['One ram weighed 45kg', 45_000, 1],
])('weights are in grams: %s', (note, grams, sample) => {
  const { payload } = only(note);
  expect([payload['average_grams'], payload['sample_count']]).toEqual([grams, sample]);
});

test.each(['Weighed 10 broilers, total 21 kg', 'Egg weight 58g average', 'Weight gain 200g'])(
  'what is no average live weight is no weight: %s',
  (note) => {
    expect(proposals(note).filter((one) => one.record_type === 'weight')).toEqual([]);
  },
);

test('a weight of several animals without the word average stays open', () => {
  const { payload, missing } = only('Weighed 10 broilers 21 kg');
  expect(payload['average_grams']).toBeUndefined();
  expect(missing).toContain('average_grams');
});

test.each(['5 bags of feed remaining', '5 goats left', 'Feed is finishing, only 2 bags left'])(
  'what is left is no use of it: %s',
  (note) => {
    expect(proposals(note)).toEqual([]);
  },
);

test('any count of bags with any usual fraction reads back exactly', () => {
  const fractions = fc.constantFrom(
    ['', 0],
    ['½', 0.5],
    [' 1/2', 0.5],
    [' and a half', 0.5],
    ['¼', 0.25],
    ['¾', 0.75],
    ['.5', 0.5],
    ['.125', undefined],
  ) as fc.Arbitrary<[string, number | undefined]>;
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 999 }),
      fractions,
      fc.constantFrom(' bags', 'bags', ' bgs'),
      (whole, [tail, part], unit) => {
        // "2bags½" is written by nobody, and "1.125" may be a thousand and more to some hands.
        const { quantity } = fed(`${whole}${tail}${tail.endsWith('f') ? ' bags' : unit}`);
        expect(quantity).toBe(part === undefined ? undefined : String(whole + part));
      },
    ),
    { numRuns: 300 },
  );
});
