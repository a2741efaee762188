import { DateTime, Duration, IANAZone } from 'luxon';
import type { WorkingCalendar } from '../contract/pack';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Some years: a calendar without a working day for so long is a mistake, and no gate waits for it. */
const DAYS_MAX = 4_000;

/** A wall clock's reading, kept as if it were UTC so that dates can be counted without an offset. */
type Reading = DateTime;

/**
 * Counts durations on the clock of a time zone. A day is a calendar day there, an hour an hour that passes.
 *
 * A clock that is put forward never shows some times, one that is put back shows some twice. The rule for both: what falls
 * on such a time is the first instant at which the clock shows it or a later one. So nothing comes before its declared
 * time, and what is declared later never comes earlier.
 *
 * @throws Error when there is no such zone
 */
export class ZoneClock {
  protected readonly zone: IANAZone;

  constructor(timeZone: string) {
    this.zone = IANAZone.create(timeZone);
    if (!this.zone.isValid) throw new Error('a gate has an invalid time zone');
  }

  /** The instant that comes after one by a duration. Milliseconds since 1970. */
  after(atMs: number, duration: Duration): number {
    const days = dateParts(duration);
    const moved = isZero(days) ? atMs : this.firstShowing(this.readingAt(atMs).plus(days));
    return moved + passingMs(duration);
  }

  protected readingAt(atMs: number): Reading {
    return DateTime.fromMillis(atMs + this.zone.offset(atMs) * MINUTE_MS, { zone: 'utc' });
  }

  /** The first instant at which the clock shows this reading or a later one. */
  protected firstShowing(reading: Reading): number {
    const local = reading.toMillis();
    const before = this.zone.offset(local - DAY_MS) * MINUTE_MS;
    const after = this.zone.offset(local + DAY_MS) * MINUTE_MS;
    const shown = [local - before, local - after].filter(
      (atMs) => atMs + this.zone.offset(atMs) * MINUTE_MS === local,
    );
    return shown.length > 0 ? Math.min(...shown) : this.change(local - after, local - before);
  }

  /** When the clock is put forward, between an instant with the earlier and one with the later offset. */
  private change(fromMs: number, toMs: number): number {
    const later = this.zone.offset(toMs);
    let [low, high] = [fromMs, toMs];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.zone.offset(middle) === later) high = middle;
      else low = middle;
    }
    return high;
  }
}

/**
 * Counts durations in a tenant's working time: days are working days at the same local time, hours and minutes pass in
 * working hours only, weeks, months and years are the calendar's. What starts or would end outside of working hours does so
 * when they begin next: working hours include their first instant and not the one at which they end. So every answer is
 * in working time, never before the same duration on the plain clock, and not before that of a shorter one.
 */
export class WorkingClock extends ZoneClock {
  private readonly weekdays: ReadonlySet<number>;
  private readonly holidays: ReadonlySet<string>;
  private readonly fromMs: number;
  private readonly toMs: number;

  constructor(timeZone: string, calendar: WorkingCalendar) {
    super(timeZone);
    this.weekdays = new Set(calendar.weekdays);
    this.holidays = new Set(calendar.holidays);
    this.fromMs = timeOfDayMs(calendar.from);
    this.toMs = timeOfDayMs(calendar.to);
  }

  override after(atMs: number, duration: Duration): number {
    const { days, ...longer } = dateParts(duration);
    let reached = this.nextWorking(atMs);
    if (!isZero(longer)) reached = this.nextWorking(this.firstShowing(this.readingAt(reached).plus(longer)));
    if (days > 0) reached = this.afterDays(reached, days);
    return this.afterHours(reached, passingMs(duration));
  }

  private afterDays(atMs: number, days: number): number {
    const reading = this.readingAt(atMs);
    const time = reading.diff(reading.startOf('day'));
    let day = reading.startOf('day');
    for (let left = Math.ceil(days); left > 0; left -= 1) day = this.nextWorkingDay(day.plus({ days: 1 }));
    return this.nextWorking(this.firstShowing(day.plus(time)));
  }

  private afterHours(atMs: number, durationMs: number): number {
    let reached = atMs;
    let leftMs = durationMs;
    for (;;) {
      const { endMs } = this.hoursOf(this.readingAt(reached).startOf('day'));
      if (leftMs < endMs - reached) return reached + leftMs;
      leftMs -= endMs - reached;
      reached = this.nextWorking(endMs);
    }
  }

  /** An instant itself when it is in working time, else when that begins next. */
  private nextWorking(atMs: number): number {
    let day = this.nextWorkingDay(this.readingAt(atMs).startOf('day'));
    for (;;) {
      const { startMs, endMs } = this.hoursOf(day);
      if (Math.max(atMs, startMs) < endMs) return Math.max(atMs, startMs);
      day = this.nextWorkingDay(day.plus({ days: 1 }));
    }
  }

  private nextWorkingDay(from: Reading): Reading {
    for (let days = 0; days < DAYS_MAX; days += 1) {
      const day = from.plus({ days });
      if (this.weekdays.has(day.weekday) && !this.holidays.has(day.toISODate() ?? '')) return day;
    }
    throw new Error('a calendar has no working days');
  }

  private hoursOf(day: Reading): { readonly startMs: number; readonly endMs: number } {
    return {
      startMs: this.firstShowing(day.plus(this.fromMs)),
      endMs: this.firstShowing(day.plus(this.toMs)),
    };
  }
}

function dateParts({ years, months, weeks, days }: Duration) {
  return { years, months, weeks, days };
}

function isZero(parts: Readonly<Record<string, number>>): boolean {
  return Object.values(parts).every((count) => count === 0);
}

/** What of a duration passes, whatever clocks show. */
function passingMs({ hours, minutes, seconds, milliseconds }: Duration): number {
  return Duration.fromObject({ hours, minutes, seconds, milliseconds }).toMillis();
}

/** `08:30`, or `24:00` for the end of the day. */
function timeOfDayMs(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return (hours * 60 + minutes) * MINUTE_MS;
}
