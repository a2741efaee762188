import * as fc from 'fast-check';
import { compareAnswers, declaredNames } from '../../activities/compare-answers';

const NAMES = new Set(['a', 'b', 'item', 'proposals', 'total.minor']);
const compare = (stored: unknown, again: unknown) => compareAnswers(stored, again, NAMES);
const SAME = { fieldsDiffering: 0, differing: [] };

test('order of names says nothing, order of a list does', () => {
  expect(compare({ a: 1, b: { item: 'x' } }, { b: { item: 'x' }, a: 1 })).toEqual({
    ...SAME,
    fieldsCompared: 2,
  });
  expect(compare({ a: [1, 2] }, { a: [2, 1] })).toEqual({
    fieldsCompared: 2,
    fieldsDiffering: 2,
    differing: ['/a/0', '/a/1'],
  });
});

test.each([
  ['a value', { a: 1 }, { a: 2 }, 1, ['/a']],
  ['a type', { a: 1 }, { a: '1' }, 1, ['/a']],
  ['null and nothing', { a: null }, {}, 1, ['/a']],
  [
    'what one lacks',
    { proposals: [{ item: 1 }] },
    { proposals: [{ item: 1 }, { item: 2, a: 3 }] },
    2,
    ['/proposals/1'],
  ],
  ['a list for an object', { a: [] }, { a: {} }, 1, ['/a']],
  ['the whole', 'yes', ['yes'], 1, ['']],
  ['names of the prototype', JSON.parse('{"__proto__": 1}'), {}, 1, ['/*']],
])('%s', (_name, stored, again, fieldsCompared, differing) => {
  expect(compare(stored, again)).toEqual({ fieldsCompared, fieldsDiffering: differing.length, differing });
});

test('a pointer tells no name that the schema does not declare', () => {
  const told = compare({ a: { 'Emeka Okafor': 1, 'x"y': 1 } }, { a: {} });
  expect(told).toEqual({ fieldsCompared: 2, fieldsDiffering: 2, differing: ['/a/*'] });
  const schema = {
    properties: {
      proposals: { items: { properties: { item: {} } }, additionalProperties: { properties: { b: {} } } },
    },
  };
  expect([...declaredNames(schema)].sort()).toEqual(['b', 'item', 'proposals']);
});

test('very many differences are counted, and the first of them named', () => {
  const far = Array.from({ length: 400 }, (_, index) => index);
  const { fieldsCompared, fieldsDiffering, differing } = compare(far, far.map(String));
  expect([fieldsCompared, fieldsDiffering, differing.length]).toEqual([400, 400, 50]);
});

test('an answer agrees with itself, and one difference is always seen', () => {
  fc.assert(
    fc.property(fc.json(), fc.json(), (one, other) => {
      const [stored, again] = [JSON.parse(one) as unknown, JSON.parse(other) as unknown];
      expect(compare(stored, JSON.parse(one)).fieldsDiffering).toBe(0);
      const isSame = canonical(stored) === canonical(again);
      expect(compare(stored, again).fieldsDiffering === 0).toBe(isSame);
    }),
  );
});

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value === 0 ? 0 : value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join()}}`;
}
