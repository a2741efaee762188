import fc from 'fast-check';
import { gateInstants } from '../../activities/gate-instants';
import type { WorkingCalendar } from '../../contract/pack';

/*
 * Instants of gates across changes of the clock. What they must hold is compared with Intl's reading of the clock, which is
 * another implementation than the one that computes them.
 */

const WEEKDAYS: WorkingCalendar = { weekdays: [1, 2, 3, 4, 5], from: '09:00', to: '17:00', holidays: [] };

function due(
  expiresAfter: string,
  opened: string,
  zone: string,
  calendar: WorkingCalendar | null = null,
): string {
  return gateInstants({ expiresAfter, reminderAfter: [], chain: [] }, { time_zone: zone }, opened, calendar)
    .due_at;
}

describe('on the plain clock', () => {
  it.each([
    ['a day before a spring night is an hour shorter', 'P1D', '2026-03-07T17:00:00Z', '2026-03-08T16:00:00Z'],
    ['a day before an autumn night an hour longer', 'P1D', '2026-10-31T16:00:00Z', '2026-11-01T17:00:00Z'],
    ['hours pass whatever clocks show', 'PT24H', '2026-03-07T17:00:00Z', '2026-03-08T17:00:00Z'],
    [
      'a time that is never shown is when the clock jumps',
      'P1D',
      '2026-03-07T07:30:00Z',
      '2026-03-08T07:00:00Z',
    ],
    ['a time that is shown twice is the first', 'P1D', '2026-10-31T05:30:00Z', '2026-11-01T05:30:00Z'],
    ['also when it was winter at the opening', 'P10M', '2026-01-01T06:30:00Z', '2026-11-01T05:30:00Z'],
    ['months end on their last day', 'P1M', '2026-01-31T17:00:00Z', '2026-02-28T17:00:00Z'],
  ])('%s', (_rule, duration, opened, expected) => {
    expect(due(duration, opened, 'America/New_York')).toBe(new Date(expected).toISOString());
  });

  it('names each reminder and each role of the chain', () => {
    const terms = {
      expiresAfter: 'P14D',
      reminderAfter: ['P1D', 'P3D'],
      chain: [{ after: 'P4D', role: 'admin' as const }],
    };
    expect(gateInstants(terms, { time_zone: 'Africa/Lagos' }, '2026-11-24T09:00:00Z')).toEqual({
      due_at: '2026-12-08T09:00:00.000Z',
      instants: [
        { kind: 'reminder', at: '2026-11-25T09:00:00.000Z', role: null },
        { kind: 'reminder', at: '2026-11-27T09:00:00.000Z', role: null },
        { kind: 'escalation', at: '2026-11-28T09:00:00.000Z', role: 'admin' },
      ],
    });
  });

  it('refuses a zone, a duration and a calendar that are none', () => {
    expect(() => due('P1D', '2026-11-24T09:00:00Z', 'Atlantis/Capital')).toThrow('time zone');
    expect(() => due('soon', '2026-11-24T09:00:00Z', 'UTC')).toThrow('duration');
    const never = { ...WEEKDAYS, weekdays: [] };
    expect(() => due('P1D', '2026-11-24T09:00:00Z', 'UTC', never)).toThrow('no working days');
  });
});

describe('in working time', () => {
  const holiday = { ...WEEKDAYS, holidays: ['2026-11-26', '2026-11-27'] };
  it.each<readonly [string, string, string, string, WorkingCalendar]>([
    // 24 November 2026 is a Tuesday, at five hours from UTC.
    [
      'two working days at the same local time',
      'P2D',
      '2026-11-24T15:00:00Z',
      '2026-11-26T15:00:00Z',
      WEEKDAYS,
    ],
    ['over holidays and a weekend', 'P2D', '2026-11-24T15:00:00Z', '2026-11-30T15:00:00Z', holiday],
    ['eight working hours', 'PT8H', '2026-11-24T15:00:00Z', '2026-11-25T15:00:00Z', WEEKDAYS],
    [
      'a full day’s hours end when the next begin',
      'PT8H',
      '2026-11-24T14:00:00Z',
      '2026-11-25T14:00:00Z',
      WEEKDAYS,
    ],
    ['from the weekend, from Monday on', 'P1D', '2026-11-28T15:00:00Z', '2026-12-01T14:00:00Z', WEEKDAYS],
    [
      'from the evening, from the next morning on',
      'PT2H',
      '2026-11-24T23:00:00Z',
      '2026-11-25T16:00:00Z',
      WEEKDAYS,
    ],
    ['a week is the calendar’s', 'P1W', '2026-11-19T15:00:00Z', '2026-11-30T14:00:00Z', holiday],
    [
      'across a spring night at the same local time',
      'P1D',
      '2026-03-06T15:00:00Z',
      '2026-03-09T14:00:00Z',
      WEEKDAYS,
    ],
    ['across an autumn night', 'PT9H', '2026-10-30T14:00:00Z', '2026-11-02T16:00:00Z', WEEKDAYS],
    [
      'a night that is an hour short has an hour less of work',
      'PT4H',
      '2026-03-08T05:00:00Z',
      '2026-03-09T04:00:00Z',
      { weekdays: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '05:00', holidays: [] },
    ],
  ])('%s', (_rule, duration, opened, expected, calendar) => {
    expect(due(duration, opened, 'America/New_York', calendar)).toBe(new Date(expected).toISOString());
  });
});

/* Zones that change in the night, at midnight, by half an hour, or that have skipped a day. */
const ZONES = [
  'America/New_York',
  'Europe/Berlin',
  'Africa/Cairo',
  'America/Santiago',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Africa/Lagos',
];

const zone = fc.constantFrom(...ZONES);
/** Around changes of the clock more often than anywhere. */
const opened = fc.oneof(
  fc.integer({ min: Date.parse('2009-06-01T00:00:00Z'), max: Date.parse('2030-01-01T00:00:00Z') }),
  fc
    .tuple(
      fc.constantFrom(
        '2026-03-08T07:00:00Z',
        '2026-11-01T06:00:00Z',
        '2026-03-29T01:00:00Z',
        '2026-10-25T01:00:00Z',
        '2026-04-23T22:00:00Z',
        '2026-10-29T21:00:00Z',
        '2026-04-05T03:00:00Z',
        '2026-09-06T04:00:00Z',
        '2026-04-04T15:00:00Z',
        '2026-10-03T15:30:00Z',
        '2011-12-30T10:00:00Z',
      ),
      fc.integer({ min: -72 * 60, max: 72 * 60 }),
    )
    .map(([at, minutes]) => Date.parse(at) + minutes * 60_000),
);
const time = fc.integer({ min: 0, max: 96 }).map((quarter) => {
  const minutes = quarter * 15;
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
});
const calendars = fc
  .record({
    weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
    hours: fc.tuple(time, time).filter(([a, b]) => a !== b),
    holidays: fc.array(
      fc
        .integer({ min: Date.parse('2026-01-01'), max: Date.parse('2026-12-31') })
        .map((at) => new Date(at).toISOString().slice(0, 10)),
      { maxLength: 20 },
    ),
  })
  .map(({ hours, ...rest }): WorkingCalendar => {
    const [from, to] = [...hours].sort();
    return { ...rest, from: from ?? '', to: to ?? '' };
  });
const duration = fc.oneof(
  fc.integer({ min: 0, max: 40 }).map((days) => `P${days}D`),
  fc.integer({ min: 0, max: 120 }).map((hours) => `PT${hours}H`),
  fc.integer({ min: 0, max: 9 }).map((weeks) => `P${weeks}W`),
  fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 30 })).map(([d, h]) => `P${d}DT${h}H`),
);

const formats = new Map<string, Intl.DateTimeFormat>();
/** What a clock in the zone shows, by Intl. */
function reading(atMs: number, timeZone: string): { readonly date: string; readonly time: string } {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  formats.set(timeZone, format);
  const [date = '', clock = ''] = format.format(new Date(atMs)).split(' ');
  return { date, time: clock };
}

const at = (text: string): number => Date.parse(text);
const iso = (ms: number): string => new Date(ms).toISOString();
const OVERLAPS_MS = [0, 30 * 60_000, 60 * 60_000];

/** In working hours by the clock's reading, or in the second pass of a time at which work had begun already. */
function isWorking(atMs: number, timeZone: string, calendar: WorkingCalendar): boolean {
  return OVERLAPS_MS.some((back) => {
    const shown = reading(atMs - back, timeZone);
    const weekday = new Date(`${shown.date}T00:00:00Z`).getUTCDay() || 7;
    return (
      calendar.weekdays.includes(weekday) &&
      !calendar.holidays.includes(shown.date) &&
      shown.time >= `${calendar.from}:00` &&
      shown.time < `${calendar.to}:00`
    );
  });
}

describe('whatever zone, calendar, opening and duration', () => {
  it('is at the same local time days later, or when the clock first shows a later one', () => {
    fc.assert(
      fc.property(zone, opened, fc.integer({ min: 1, max: 40 }), (inZone, ms, days) => {
        const reached = at(due(`P${days}D`, iso(ms), inZone));
        const from = reading(ms, inZone);
        const wanted = new Date(Date.parse(`${from.date}T00:00:00Z`) + days * 86_400_000);
        const target = `${wanted.toISOString().slice(0, 10)} ${from.time}`;
        const shown = reading(reached, inZone);
        expect(`${shown.date} ${shown.time}` >= target).toBe(true);
        // One instant before it, the clock has not shown that time yet.
        const before = reading(reached - 1_000, inZone);
        expect(`${before.date} ${before.time}` < target).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('ends in working time, never before the plain clock would', () => {
    fc.assert(
      fc.property(zone, opened, duration, calendars, (inZone, ms, length, calendar) => {
        const reached = at(due(length, iso(ms), inZone, calendar));
        expect(reached).toBeGreaterThanOrEqual(at(due(length, iso(ms), inZone)));
        expect(isWorking(reached, inZone, calendar)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('never comes before what is declared shorter', () => {
    const pair = fc.constantFrom<(n: number) => string>(
      (n) => `P${n}D`,
      (n) => `PT${n}H`,
      (n) => `P${n}W`,
    );
    const counts = fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }));
    fc.assert(
      fc.property(zone, opened, pair, counts, fc.option(calendars), (inZone, ms, of, [a, b], calendar) => {
        const [shorter, longer] = [Math.min(a, b), Math.max(a, b)].map((n) =>
          at(due(of(n), iso(ms), inZone, calendar)),
        );
        expect(longer).toBeGreaterThanOrEqual(shorter ?? Number.NaN);
      }),
      { numRuns: 500 },
    );
  });

  it('never comes before that of a gate which opened earlier in working hours by day', () => {
    const byDay = calendars.map((calendar) => ({ ...calendar, from: '06:00', to: '20:00' }));
    const later = fc.integer({ min: 0, max: 7 * 86_400_000 });
    fc.assert(
      fc.property(zone, opened, later, duration, byDay, (inZone, ms, byMs, length, calendar) => {
        fc.pre(inZone !== 'Pacific/Apia');
        const [first, second] = [ms, ms + byMs].map((one) => at(due(length, iso(one), inZone, calendar)));
        expect(second).toBeGreaterThanOrEqual(first ?? Number.NaN);
      }),
      { numRuns: 300 },
    );
  });
});
