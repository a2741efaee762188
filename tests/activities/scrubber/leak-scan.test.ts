import * as fc from 'fast-check';
import { leakScan } from '../../../activities/scrubber/leak-scan';
import { randomToken, type ScrubToken } from '../../../activities/scrubber/token';
import type { TokenKind } from '../../../contract/pack';
import { CANARIES } from './support/canaries';

function tokenOf(kind: TokenKind, value: string): ScrubToken {
  return { token: randomToken(kind), kind, value, field: 'note' };
}

const NAME = tokenOf('person', 'Emeka Okafor');
const RECORD = tokenOf('mrn', 'H-00482913');

function leaks(text: string, tokens: readonly ScrubToken[] = [NAME, RECORD]) {
  return leakScan({ text, tokens, knownValues: [] }).leaks;
}

test('a prompt with nothing but tokens is clean', () => {
  const document = { input: { note: `${NAME.token} came about ${RECORD.token}, 12 crates at ₦1,500.` } };
  expect(leaks(JSON.stringify(document))).toEqual([]);
});

describe('a value that is put back is found, however it is written', () => {
  test.each([
    ['as it is', 'Emeka Okafor'],
    ['in capitals', 'EMEKA OKAFOR'],
    ['with other spaces', 'Emeka\u00a0 Okafor'],
    ['with accents', 'Emeká Okàfor'],
    ['with an invisible character', 'Emeka O\u200bkafor'],
    ['escaped for JSON', '\\u0045meka Okafor'],
    ['with an escaped line end', 'Emeka\\nOkafor'],
    ['in full-width letters', 'Ｅmeka Okafor'],
    ['with a soft hyphen', 'Eme\u00adka Okafor'],
    ['in quotes', '"Emeka Okafor"'],
    ['as a number with other digits', 'H-٠٠٤٨٢٩١٣'],
    ['as a number with another dash', 'H‑00482913'],
  ])('%s', (_name, written) => {
    const found = leaks(`{"note":"x ${written} y"}`);
    expect(found).toHaveLength(1);
    expect(`{"note":"x ${written} y"}`.slice(found[0]?.start, found[0]?.end)).toBe(
      written.replaceAll('"', ''),
    );
  });
});

describe('a value in disguise is found', () => {
  const number = tokenOf('mrn', '48291307');
  test.each([
    ['in letters of another alphabet', 'Еmеkа Оkаfоr'],
    ['percent-encoded', 'Emeka%20Okafor'],
    ['as base64', Buffer.from('to Emeka Okafor').toString('base64')],
    ['as base64 of URLs', Buffer.from('to Emeka Okafor now').toString('base64url')],
    ['as a number with spaces', '4829 1307'],
    ['as a number with dots', '48.29.13.07'],
    ['as a number, digit by digit', '4 8 2 9 1 3 0 7'],
  ])('%s', (_name, written) => {
    expect(leaks(`{"note":"x ${written} y"}`, [NAME, number]).length).toBeGreaterThan(0);
  });

  test('and other words, numbers and encodings are not', () => {
    const text = 'Привет όλα 1800 1750 1900 2010 dGhlIGhlbnMgYXJlIHF1aWV0 a%20b internationalisation';
    expect(leaks(text, [NAME, number])).toEqual([]);
  });
});

test('one character put beside a token is no cover: the value is found at any place of the prompt', () => {
  fc.assert(
    fc.property(fc.nat(200), fc.constantFrom(NAME.value, RECORD.value), (at, value) => {
      const text = JSON.stringify({ note: `Quiet ${NAME.token} day ${RECORD.token} here. `.repeat(3) });
      const place = text.indexOf(' ', Math.min(at, text.length - 2));
      fc.pre(place !== -1);
      expect(leaks(`${text.slice(0, place)} ${value}${text.slice(place)}`).length).toBeGreaterThan(0);
    }),
  );
});

test('says where and never what', () => {
  expect(JSON.stringify(leaks('Emeka Okafor'))).toBe('[{"kind":"person","start":0,"end":12}]');
});

test('identifiers that are told by their form are found without being known', () => {
  const structured = Object.entries(CANARIES).filter(
    ([name]) => !/^names|^date|^unique code|phone in (?:Nigeria|Britain|the US)/.test(name),
  );
  for (const [, canary] of structured) {
    fc.assert(
      fc.property(canary, ({ sentence }) => {
        expect(leaks(sentence, []).length).toBeGreaterThan(0);
      }),
      { numRuns: 20 },
    );
  }
});

test('counts and sums in a document are no numbers to dial', () => {
  for (const amount of ['4500000', '12345678901', '45,000.00', '1862', '8000000000'])
    expect(leaks(`{"total_minor":"${amount}","count":${amount.replaceAll(',', '')}}`, [])).toEqual([]);
});

test('what is too short to be told from ordinary text is left to its field', () => {
  expect(leaks('{"age":92,"grade":"B"}', [tokenOf('age', '92'), tokenOf('code', 'B')])).toEqual([]);
});

test('named places stay, with the names in them; the same names elsewhere do not', () => {
  const scan = (text: string) =>
    leakScan({
      text,
      tokens: [tokenOf('person', 'Okafor')],
      knownValues: [{ kind: 'person', value: 'Mary Johnson' }],
      passedNames: ['Okafor Pen', 'Mary Johnson House'],
    }).leaks.length;
  expect(scan('{"places":["Okafor Pen","Mary Johnson House"]}')).toBe(0);
  expect(scan('Fed 3 bags in Okafor Pen.')).toBe(0);
  expect(scan('Okafor fed 3 bags in Okafor Pen.')).toBe(1);
  expect(scan('Mary Johnson came to the House.')).toBe(1);
});

test('a place may be called like a number, and still no number passes', () => {
  const scan = (text: string, passedNames: string[]) =>
    leakScan({ text, tokens: [], knownValues: [], passedNames }).leaks.length;
  expect(scan('Call 0803 123 4567', ['0803 123 4567'])).toBe(1);
  expect(scan('SSN 123-45-6789', ['SSN 123-45-6789'])).toBe(1);
});
