import * as fc from 'fast-check';
import { KnownIndex } from '../../../activities/scrubber/known-index';
import type { KnownValue } from '../../../activities/scrubber/known-value';
import { leakScan } from '../../../activities/scrubber/leak-scan';
import { scrubText } from '../../../activities/scrubber/scrub';
import { randomToken } from '../../../activities/scrubber/token';

const KNOWN: readonly KnownValue[] = [
  { kind: 'person', value: 'Emeka Okafor' },
  { kind: 'person', value: "Siobhan O'Brien-Vance" },
  { kind: 'person', value: 'Bill' },
  { kind: 'person', value: '李小龙' },
  { kind: 'code', value: 'SUB/2291-K' },
  { kind: 'code', value: '019aa000-0000-7000-8000-00000000000c' },
  { kind: 'mrn', value: '00482913' },
  { kind: 'email', value: 'q.vexley@Pen-7.example' },
];
const index = new KnownIndex(KNOWN);

function found(text: string, withNameParts = true): string[] {
  return index.spans(text, { withNameParts }).map(({ start, end }) => text.slice(start, end));
}

describe('a known value is found in every form', () => {
  test.each([
    'Emeka Okafor',
    'EMEKA OKAFOR',
    'emeka  okafor',
    'Emeká\u00a0Okàfor',
    'Okafor, Emeka',
    'OKAFOR EMEKA',
    'emeka.okafor',
    'emeka_okafor',
    'okafor-emeka',
    'emekaokafor',
    'Siobhan O’Brien Vance',
    'siobhan obrien-vance',
    'SUB/2291-K',
    'sub 2291 k',
    'SUB2291K',
    'Sub-2291-K',
    '019AA000-0000-7000-8000-00000000000C',
    '019aa0000000700080000000000000' + '0c',
    '00482913',
    '0048 2913',
    '00-48-29-13',
    '00482913',
    'q.vexley@pen-7.example',
    'Q.VEXLEY @ PEN-7.EXAMPLE',
    'q vexley at pen 7 example',
    'q.vexley (at) pen-7.example',
    'q.vexley at pen-7 dot example',
    'q dot vexley at pen-7 dot example',
  ])('%s', (written) => {
    const whole = written.replace(/[,]$/, '');
    for (const text of [`It is ${written} again.`, written, `(${written})`, `x ${written}, y`])
      expect(found(text)).toContain(whole);
  });

  test('and within a text without spaces', () => {
    expect(found('他叫李小龙先生')).toEqual(['李小龙']);
  });

  test('a word of a name where it has a capital letter, and only for the scrubber', () => {
    expect(found('Okafor came, so did okafor.')).toEqual(['Okafor']);
    expect(found('Okafor came.', false)).toEqual([]);
  });
});

describe('what is not the value is left', () => {
  test.each([
    'Emekan Okaforum',
    'Emeka went home. Later Okaforia came.',
    'SUB/22910-K',
    'SUB/2291-Kilo',
    '100482913',
    '004829130',
    'pay the bill',
    '29.13',
    'She met Emekas Okaforum',
  ])('%s', (text) => {
    expect(found(text, false)).toEqual([]);
  });

  test('a short code that might be an amount is found as it is written and in no other way', () => {
    const short = new KnownIndex([{ kind: 'code', value: '12-34' }]);
    const spans = (text: string) => short.spans(text, { withNameParts: true }).length;
    expect([spans('no. 12-34'), spans('₦12.34'), spans('1234 birds'), spans('12 34')]).toEqual([1, 0, 0, 0]);
  });

  test('a date is no other number', () => {
    const dates = new KnownIndex([{ kind: 'date', value: '10/11/2025' }]);
    const spans = (text: string) => dates.spans(text, { withNameParts: true }).length;
    expect([spans('on 10/11/2025'), spans('10112025 grains'), spans('10.11 2025')]).toEqual([1, 0, 0]);
  });
});

test('finds what a search for each value by itself finds', () => {
  const word = fc.constantFrom('Ada', 'Obi', 'Núria', 'Quill', '2291', 'K7', '00482913', 'Zwicky');
  const value = fc
    .array(word, { minLength: 1, maxLength: 3 })
    .map((words) => words.join(' '))
    .filter((text) => text.length > 3);
  const kinds = fc.constantFrom<KnownValue['kind']>('person', 'code', 'date');
  const values = fc.array(fc.record({ kind: kinds, value }), { minLength: 1, maxLength: 6 });
  const text = fc.array(fc.oneof(word, fc.constantFrom(',', 'and', '-', '.', '12')), { maxLength: 20 });
  fc.assert(
    fc.property(values, text, (known, words) => {
      const read = words.join(' ');
      const together = new KnownIndex(known).spans(read, { withNameParts: false });
      for (const { value: one } of known)
        for (let at = read.indexOf(one); at !== -1; at = read.indexOf(one, at + 1)) {
          const isWhole = !/[\p{L}\p{N}]/u.test((read[at - 1] ?? ' ') + (read[at + one.length] ?? ' '));
          if (!isWhole) continue;
          expect(together.some(({ start, end }) => start <= at && end >= at + one.length)).toBe(true);
        }
    }),
    { numRuns: 300 },
  );
});

test('scrubbed text does not hold the form either, and the scan of a prompt agrees', () => {
  for (const written of ['okafor-emeka', 'Okafor, Emeka', 'sub 2291 k', 'emekaokafor']) {
    const text = `we asked ${written} about it.`;
    expect(leakScan({ text, tokens: [], knownValues: index }).leaks).not.toEqual([]);
    const scrubbed = scrubText({
      text,
      field: 'note',
      knownValues: index,
      dates: 'keep',
      mintToken: randomToken,
    });
    expect(scrubbed.text).toMatch(/^we asked <[a-z]+_token_[a-z2-7]{20}> about it\.$/);
    expect(leakScan({ text: scrubbed.text, tokens: scrubbed.tokens, knownValues: index }).leaks).toEqual([]);
  }
});

test('an id that another field lets out may stay in the text beside it; a name may not', () => {
  const passing = new Set(['sub2291k', 'emekaokafor']);
  const options = {
    field: 'note',
    knownValues: index,
    passing,
    dates: 'keep',
    mintToken: randomToken,
  } as const;
  expect(scrubText({ ...options, text: 'It is SUB/2291-K.' }).text).toBe('It is SUB/2291-K.');
  expect(scrubText({ ...options, text: 'It is Emeka Okafor.' }).text).not.toContain('Okafor');
  const scan = (text: string) => leakScan({ text, tokens: [], knownValues: index, passing }).leaks.length;
  expect([scan('SUB/2291-K'), scan('Emeka Okafor')]).toEqual([0, 1]);
});

test('looking costs what the text is long, however much is known', () => {
  const name = (number: number): string => `Ka${number.toString(36)}lo Zu${(number * 7).toString(36)}ma`;
  const many = (count: number): KnownIndex =>
    new KnownIndex(Array.from({ length: count }, (_, at) => ({ kind: 'person', value: name(at + 1_000) })));
  const [few, lots] = [many(20), many(20_000)];
  const text = `Sold 30 crates to ${name(1_005)} in House 2. `.repeat(40);
  const cpuMs = (work: () => unknown): number => {
    const before = process.cpuUsage();
    for (let time = 0; time < 20; time += 1) work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  };
  const look = (one: KnownIndex) => () => one.spans(text, { withNameParts: true });
  look(few)();
  look(lots)();
  // A thousand times as much is known; a search for each value would take a thousand times as long.
  expect(cpuMs(look(lots))).toBeLessThan(20 * cpuMs(look(few)) + 100);
});
