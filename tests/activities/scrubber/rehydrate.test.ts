import * as fc from 'fast-check';
import { originalRange, PART_OF_TOKEN, rehydrate } from '../../../activities/scrubber/rehydrate';
import { randomToken, type ScrubToken } from '../../../activities/scrubber/token';

const TOKENS: readonly ScrubToken[] = [
  { token: '<person_token_abcdefghijklmnopqrst>', kind: 'person', value: 'Emeka Okafor', field: 'note' },
  { token: '<phone_token_bcdefghijklmnopqrstu>', kind: 'phone', value: '0803 123 4567', field: 'note' },
];
const [PERSON = '', PHONE = ''] = TOKENS.map(({ token }) => token);

test('puts exact tokens back, in every string and nowhere else', () => {
  const value = { a: `Call ${PERSON} on ${PHONE}.`, b: [PERSON, { c: 5, d: null, e: true }], f: 'no token' };
  expect(rehydrate({ value, tokens: TOKENS })).toEqual({
    value: {
      a: 'Call Emeka Okafor on 0803 123 4567.',
      b: ['Emeka Okafor', { c: 5, d: null, e: true }],
      f: 'no token',
    },
    unknownTokens: [],
  });
});

test('a value that looks like a token is not replaced again', () => {
  const nested: ScrubToken[] = [
    { token: PERSON, kind: 'person', value: PHONE, field: 'note' },
    ...TOKENS.slice(1),
  ];
  expect(rehydrate({ value: PERSON, tokens: nested }).value).toBe(PHONE);
});

test('a token in a key is reported and stays', () => {
  const { value, unknownTokens } = rehydrate({ value: { [PERSON]: 1 }, tokens: TOKENS });
  expect(value).toEqual({ [PERSON]: 1 });
  expect(unknownTokens).toEqual([PERSON]);
});

describe('what only looks like a token is reported and opens nothing', () => {
  test.each([
    ['of nobody', '<person_token_zzzzzzzzzzzzzzzzzzzz>'],
    ['cut at its end', PERSON.slice(0, -1)],
    ['cut at its start', PERSON.slice(1)],
    ['one letter longer', PERSON.replace('>', 'a>')],
    ['one letter shorter', PERSON.replace('t>', '>')],
    ['in capitals', PERSON.toUpperCase()],
    ['in mixed case', PERSON.replace('person', 'Person')],
    ['of another kind', PERSON.replace('person', 'phone')],
    ['of no kind', PERSON.replace('person_', '')],
    ['with other brackets', PERSON.replace('<', '[').replace('>', ']')],
    ['without brackets', PERSON.slice(1, -1)],
    ['with escaped underscores', PERSON.replaceAll('_', '\\_')],
    ['with spaces for underscores', PERSON.replaceAll('_', ' ')],
    ['with a space inside', PERSON.replace('_token_', '_token_ ')],
    ['with an invisible character', PERSON.replace('token', 'to\u200bken')],
    ['in full-width letters', PERSON.replace('token', 'ｔoken')],
    ['the random part alone', 'abcdefghijklmnopqrst'],
    ['the random part in capitals', 'ABCDEFGHIJKLMNOPQRST'],
    ['half of the random part', 'ref abcdefghij'],
    ['two halves of two tokens', '<person_token_abcdefghij><fghijklmnop>'],
  ])('%s', (_name, text) => {
    const { value, unknownTokens } = rehydrate({ value: `x ${text} y`, tokens: TOKENS });
    expect(JSON.stringify(value)).not.toContain('Okafor');
    expect(unknownTokens.length).toBeGreaterThan(0);
  });
});

test('ordinary text about tokens and codes is not reported', () => {
  for (const text of ['The token of thanks', 'a bus token', '<b>bold</b>', 'person', 'x_y_z', 'abcdefg'])
    expect(rehydrate({ value: text, tokens: TOKENS })).toEqual({ value: text, unknownTokens: [] });
  expect(rehydrate({ value: 'abcdefgh', tokens: TOKENS }).unknownTokens).toEqual([PART_OF_TOKEN]);
});

test('any change of one character of a token opens nothing and is reported', () => {
  const change = fc.tuple(
    fc.integer({ min: 0, max: PERSON.length - 1 }),
    fc.constantFrom('', 'a', 'z', '7', '_', ' ', '>', 'Q', 'é'),
  );
  fc.assert(
    fc.property(change, ([at, replacement]) => {
      const text = PERSON.slice(0, at) + replacement + PERSON.slice(at + 1);
      fc.pre(text !== PERSON);
      const { value, unknownTokens } = rehydrate({ value: text, tokens: TOKENS });
      expect(value).not.toContain('Okafor');
      expect(unknownTokens.length).toBeGreaterThan(0);
    }),
    { numRuns: 500 },
  );
});

test('ranges move by what tokens are longer or shorter than their values', () => {
  const text = fc.array(
    fc.oneof(fc.constantFrom('a', ' und ', 'é', '👩🏽‍⚕️', '12 crates'), fc.constantFrom(0, 1)),
    {
      minLength: 1,
      maxLength: 12,
    },
  );
  fc.assert(
    fc.property(text, (parts) => {
      const scrubbed = parts
        .map((part) => (typeof part === 'number' ? (TOKENS[part]?.token ?? '') : part))
        .join('');
      const original = parts
        .map((part) => (typeof part === 'number' ? (TOKENS[part]?.value ?? '') : part))
        .join('');
      let [at, atOriginal] = [0, 0];
      for (const part of parts) {
        const [sent, given] =
          typeof part === 'number' ? [TOKENS[part]?.token ?? '', TOKENS[part]?.value ?? ''] : [part, part];
        const range = originalRange({ scrubbed, tokens: TOKENS, start: at, end: at + sent.length });
        expect(original.slice(range.start, range.end)).toBe(given);
        at += sent.length;
        atOriginal += given.length;
        expect(range.end).toBe(atOriginal);
      }
    }),
  );
});

test('a range that cuts a token is widened to its whole value', () => {
  const range = originalRange({ scrubbed: `x ${PERSON} y`, tokens: TOKENS, start: 5, end: 9 });
  expect('x Emeka Okafor y'.slice(range.start, range.end)).toBe('Emeka Okafor');
});

test('a token of this minute is as good as any', () => {
  const token = randomToken('mrn');
  expect(
    rehydrate({ value: token, tokens: [{ token, kind: 'mrn', value: '00482913', field: '' }] }).value,
  ).toBe('00482913');
});
