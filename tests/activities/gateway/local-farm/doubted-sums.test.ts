/** Properties: a sum that is stated plainly is read exactly or left open, and one that is doubted is left open. */
import fc from 'fast-check';
import { evaluateNotes, notesPath } from '../../../../examples/notes/evaluate';
import { readLabelledNotes } from '../../../../examples/notes/labels';
import { proposals } from './farm';

const SUMS = ['N45,000', '45k', '₦45k', '45,000 naira', 'NGN 45000', 'forty-five thousand naira'];
const DOUBTS: readonly ((sum: string) => string)[] = [
  (sum) => `about ${sum}`,
  (sum) => `roughly ${sum}`,
  (sum) => `almost ${sum}`,
  (sum) => `maybe ${sum}`,
  (sum) => `at least ${sum}`,
  (sum) => `up to ${sum}`,
  (sum) => `${sum} or so`,
  (sum) => `${sum} I think`,
  (sum) => `${sum} I reckon`,
  (sum) => `${sum} apparently`,
  (sum) => `${sum} give or take`,
  (sum) => `${sum} or thereabouts`,
  (sum) => `${sum} minimum`,
  (sum) => `${sum} (estimate)`,
  (sum) => `${sum}, to be confirmed`,
  (sum) => `${sum} subject to weighing`,
  (sum) => `${sum} or 50k`,
  (sum) => `${sum} plus transport`,
  (sum) => `${sum} before discount`,
  (sum) => `${sum}. Not sure of the amount`,
  (sum) => `${sum}. Sorry that was 50k`,
];
const FORMS: readonly ((sum: string) => string)[] = [
  (sum) => `Sold 18 crates of eggs for ${sum}`,
  (sum) => `sold 18 crates, ${sum}`,
  (sum) => `We sold 18 crates to Mama Sade yesterday for ${sum}`,
  (sum) => `Bought 3 bags of feed for ${sum}`,
  (sum) => `Spent ${sum}`,
];

function sumsOf(note: string): unknown[] {
  return proposals(note).flatMap(({ payload }) =>
    [payload.total_minor, payload.unit_price_minor].filter((sum) => sum !== undefined),
  );
}

const doubted = FORMS.flatMap((form) =>
  SUMS.flatMap((sum) => DOUBTS.map((doubt): [string] => [form(doubt(sum))])),
);

test.each(doubted)('%s: no sum', (note) => {
  expect(sumsOf(note)).toEqual([]);
});

test.each(FORMS.flatMap((form) => SUMS.map((sum): [string] => [form(sum)])))('%s: the sum', (note) => {
  expect(sumsOf(note)).toEqual(['4500000']);
});

test('a generated plain total is exactly right or open', () => {
  const sum = fc.integer({ min: 1, max: 9999 }).map((hundreds) => hundreds * 100);
  const forms = fc.constantFrom(
    (count: number, total: string) => `Sold ${count} crates of eggs for ${total}`,
    (count: number, total: string) => `sold ${count} crates eggs, total ${total}`,
    (count: number, total: string) => `Bought ${count} bags of layer mash for ${total} from Top Feeds`,
    (count: number, total: string) => `sld ${count} crts ${total}`,
    (count: number, total: string) => `2 hens died and we sold ${count} crates for ${total}`,
  );
  const writings = fc.constantFrom(
    (value: number) => `N${value}`,
    (value: number) => `₦${value.toLocaleString('en-US')}`,
    (value: number) => `${value / 1000}k`,
    (value: number) => `${value} naira`,
  );
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 400 }), sum, forms, writings, (count, value, form, write) => {
      for (const read of sumsOf(form(count, write(value)))) expect(read).toBe(String(value * 100));
    }),
    { numRuns: 500 },
  );
});

test('a generated price of one gives itself and its product, or neither', () => {
  const forms = fc.constantFrom(
    (count: number, price: number) => `Sold ${count} crates at ${price} each`,
    (count: number, price: number) => `Sold ${count} crates of eggs at N${price} a crate`,
    (count: number, price: number) => `sold ${count} crates @${price}`,
    (count: number, price: number) => `Sold ${count} lambs $${price} a head`,
  );
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 90 }),
      fc.integer({ min: 101, max: 9000 }),
      forms,
      (count, price, form) => {
        const allowed = [String(price * 100), String(price * count * 100)];
        for (const read of sumsOf(form(count, price))) expect(allowed).toContain(read);
      },
    ),
    { numRuns: 500 },
  );
});

test('no sum of the adversarial notes is read wrong', async () => {
  const scores = await evaluateNotes(readLabelledNotes(notesPath('adversarial'), 'adversarial'));
  expect(scores.notes).toBeGreaterThanOrEqual(150);
  expect(scores.wrongSums).toEqual([]);
});
