import fc from 'fast-check';
import {
  dayAfter,
  monthsBefore,
  readDate,
} from '../../../../activities/gateway/providers/local/credentialing/dates';

const one = (day: string) => ({ earliest: day, latest: day });

test.each([
  ['2026-03-04', one('2026-03-04')],
  ['2026-03-04T10:00:00Z', one('2026-03-04')],
  ['13/04/2026', one('2026-04-13')],
  ['04/13/2026', one('2026-04-13')],
  ['04/04/2026', one('2026-04-04')],
  ['3/4/2026', { earliest: '2026-03-04', latest: '2026-04-03' }],
  ['14 March 2026', one('2026-03-14')],
  ['14 Mar. 2026', one('2026-03-14')],
  ['March 14, 2026', one('2026-03-14')],
  ['Sept 1, 2026', one('2026-09-01')],
  ['2024-02-29', one('2024-02-29')],
  ['2026-02-29', null],
  ['2026-13-01', null],
  ['31/31/2026', null],
  ['14 Marble 2026', null],
  ['2026', null],
  ['<date_token_abc>', null],
  ['', null],
])('reads %s', (text, range) => {
  expect(readDate(text)).toEqual(range);
});

test.each([
  ['2026-11-20', 24, '2024-11-20'],
  ['2026-03-31', 1, '2026-02-28'],
  ['2024-03-31', 1, '2024-02-29'],
  ['2026-01-15', 1, '2025-12-15'],
  ['2026-01-15', 13, '2024-12-15'],
])('%s less %d months', (day, months, expected) => {
  expect(monthsBefore(day, months)).toBe(expected);
});

test('the day after is later by one, over months and years', () => {
  expect(dayAfter('2026-12-31')).toBe('2027-01-01');
  expect(dayAfter('2024-02-28')).toBe('2024-02-29');
});

test('any text gives a range in order, or none', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d{1,2}[/.]\d{1,2}[/.]\d{4}$/)), (text) => {
      const range = readDate(text);
      if (range !== null) expect(range.earliest <= range.latest).toBe(true);
    }),
  );
});
