import * as fc from 'fast-check';
import { allowListFilter, type Json } from '../../../activities/scrubber/allow-list';
import { scrubInput } from '../../../activities/scrubber/scrub';
import type { AllowList } from '../../../contract/pack';
import { countingMint } from './support/mint';

const CANARY = 'CANARY-0f1e2d';

function scrub(input: Record<string, unknown>, allowList: AllowList) {
  return scrubInput({ input, allowList, knownValues: [], dates: 'keep', mintToken: countingMint() });
}

test('what is not listed is dropped, and named', () => {
  const { scrubbed, droppedFields } = scrub(
    { note: 'All quiet.', secret: CANARY, subject: { id: 'x', name: CANARY } },
    { note: { rule: 'text' }, 'subject.id': { rule: 'pass' } },
  );
  expect(scrubbed).toEqual({ note: 'All quiet.', subject: { id: 'x' } });
  expect(droppedFields).toEqual(['secret', 'subject.name']);
});

test('whatever else an input holds, only listed scalars leave', () => {
  const value = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.constant(CANARY),
      fc.constant(`x ${CANARY} y`),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(
        fc.constantFrom('a', 'b', 'note', 'ok', '__proto__', 'constructor', 'a.b', 'a[]', ''),
        tie('tree'),
      ),
    ),
  })).tree;
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('a', 'b', 'other', '__proto__'), value), (input) => {
      const { scrubbed } = scrub(input, { 'ok.fine': { rule: 'pass' }, 'a.ok': { rule: 'pass' } });
      const left = JSON.stringify(scrubbed);
      const allowed = JSON.stringify(
        typeof input.a === 'object' && input.a !== null && Object.hasOwn(input.a, 'ok')
          ? (input.a as { ok: unknown }).ok
          : '',
      );
      if (!allowed.includes(CANARY)) expect(left).not.toContain(CANARY);
    }),
    { numRuns: 300 },
  );
});

describe('a rule speaks for exactly its path', () => {
  test.each<[string, AllowList, Record<string, unknown>]>([
    ['naming a parent passes nothing', { subject: { rule: 'pass' } }, { subject: { name: CANARY } }],
    ['nor a list', { names: { rule: 'text' } }, { names: [CANARY] }],
    ['an element is no member', { 'names[]': { rule: 'pass' } }, { names: { 0: CANARY } }],
    ['a member is no element', { 'names.0': { rule: 'pass' } }, { names: [CANARY] }],
    ['deeper is another path', { 'a.b': { rule: 'pass' } }, { a: { b: { c: CANARY } } }],
    ['a list in a list is another path', { 'a[]': { rule: 'pass' } }, { a: [[CANARY]] }],
    ['a key with a dot matches no path', { 'a.b': { rule: 'pass' } }, { 'a.b': CANARY }],
    ['case counts', { note: { rule: 'text' } }, { Note: CANARY }],
    ['a prototype is no listing', { note: { rule: 'text' } }, { constructor: CANARY, toString: CANARY }],
  ])('%s', (_name, allowList, input) => {
    expect(JSON.stringify(scrub(input, allowList).scrubbed)).not.toContain(CANARY);
  });

  test('a list keeps the places of its elements', () => {
    const { scrubbed } = scrub({ rows: [1, { x: CANARY }, 3] }, { 'rows[]': { rule: 'pass' } });
    expect(scrubbed).toEqual({ rows: [1, null, 3] });
  });
});

describe('tokenise', () => {
  test.each<[string, unknown]>([
    ['a text', CANARY],
    ['a number', 48_291_377],
    ['a list', [CANARY, { deep: CANARY }]],
    ['a structure', { first: CANARY, more: [CANARY] }],
  ])('%s becomes one token, also wherever else it stands', (_name, value) => {
    const { scrubbed, tokens } = scrub(
      { who: value, note: `Told ${CANARY} and 48291377.` },
      { who: { rule: 'tokenise', kind: 'patient' }, note: { rule: 'text' } },
    );
    expect(scrubbed.who).toMatch(/^<patient_token_[a-z2-7]{20}>$/);
    const left = JSON.stringify(scrubbed);
    if (typeof value === 'number') expect(left).not.toContain('48291377');
    else expect(left).not.toContain(CANARY);
    expect(tokens.every(({ kind }) => kind === 'patient')).toBe(true);
  });

  test('nothing stays nothing', () => {
    const rule = { who: { rule: 'tokenise', kind: 'patient' } } as const;
    expect(scrub({ who: null }, rule).scrubbed).toEqual({ who: null });
    expect(scrub({ who: '' }, rule).scrubbed).toEqual({ who: '' });
    expect(scrub({ who: Number.NaN }, rule).scrubbed).toEqual({});
  });
});

test.each(['', 'a..b', '[]', 'a[0]', 'a[]b', '.a', 'a.', 'a[', 'a]'])('%p is no path', (path) => {
  expect(() => allowListFilter({ [path]: { rule: 'pass' } })).toThrow(TypeError);
});

test('the filter asks its rule with the place of each value', () => {
  const seen: string[] = [];
  allowListFilter({ 'documents[].pages[].text': { rule: 'text' } })(
    { documents: [{ pages: [{ text: 'a' }, { text: 'b' }] }] },
    (value, _rule, field) => {
      seen.push(field);
      return value as Json;
    },
  );
  expect(seen).toEqual(['documents[0].pages[0].text', 'documents[0].pages[1].text']);
});
