/** Dates as documents write them. A date that can be read in two ways stays two days: nothing here guesses. */

/** The days, `YYYY-MM-DD`, between which a written date lies; equal when it is clear. */
export interface DayRange {
  readonly earliest: string;
  readonly latest: string;
}

const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
] as const;

/** Matches one written date; use it inside larger patterns. */
export const WRITTEN_DATE = String.raw`(?:\d{4}-\d{2}-\d{2}|\d{1,2}[/.]\d{1,2}[/.]\d{4}|\d{1,2}\s+[A-Z][a-z]{2,8}\.?,?\s+\d{4}|[A-Z][a-z]{2,8}\.?\s+\d{1,2},?\s+\d{4})`;

/** Matches a token that stands for a withheld date. */
export const DATE_TOKEN = String.raw`<date_token_[A-Za-z0-9_]+>`;

/** The day as `YYYY-MM-DD`, or null when the calendar has no such day. */
export function day(year: number, month: number, dayOfMonth: number): string | null {
  if (year < 1000) return null;
  const date = new Date(Date.UTC(year, month - 1, dayOfMonth));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== dayOfMonth) return null;
  return date.toISOString().slice(0, 10);
}

function rangeOf(...days: readonly (string | null)[]): DayRange | null {
  const real = days.filter((one) => one !== null).sort();
  const earliest = real[0];
  const latest = real.at(-1);
  return earliest === undefined || latest === undefined ? null : { earliest, latest };
}

function monthNumber(name: string): number {
  return MONTHS.findIndex((month) => month.startsWith(name.toLowerCase())) + 1;
}

/**
 * Reads a written date. `03/04/2025` may be in March or in April, so it is a range; `13/04/2025` is one day.
 * @returns null when the text is not a date or the calendar has no such day
 */
export function readDate(text: string): DayRange | null {
  const written = text.trim();
  const iso = /^(\d{4})-(\d{2})-(\d{2})(?:$|T)/.exec(written);
  if (iso) return rangeOf(day(Number(iso[1]), Number(iso[2]), Number(iso[3])));
  const numeric = /^(\d{1,2})[/.](\d{1,2})[/.](\d{4})$/.exec(written);
  if (numeric) {
    const [first, second, year] = [Number(numeric[1]), Number(numeric[2]), Number(numeric[3])];
    return rangeOf(day(year, first, second), day(year, second, first));
  }
  const dayFirst = /^(\d{1,2})\s+([A-Z][a-z]{2,8})\.?,?\s+(\d{4})$/.exec(written);
  if (dayFirst) return rangeOf(day(Number(dayFirst[3]), monthNumber(dayFirst[2] ?? ''), Number(dayFirst[1])));
  const monthFirst = /^([A-Z][a-z]{2,8})\.?\s+(\d{1,2}),?\s+(\d{4})$/.exec(written);
  if (monthFirst)
    return rangeOf(day(Number(monthFirst[3]), monthNumber(monthFirst[1] ?? ''), Number(monthFirst[2])));
  return null;
}

/** The day `months` before another; the last day of the month when it has no such day. */
export function monthsBefore(asOf: string, months: number): string {
  const [year = 0, month = 1, dayOfMonth = 1] = asOf.split('-').map(Number);
  const index = year * 12 + (month - 1) - months;
  const [targetYear, targetMonth] = [Math.floor(index / 12), (index % 12) + 1];
  for (let candidate = dayOfMonth; candidate > 28; candidate -= 1) {
    const found = day(targetYear, targetMonth, candidate);
    if (found !== null) return found;
  }
  return day(targetYear, targetMonth, Math.min(dayOfMonth, 28)) ?? asOf;
}

/** The day after another. */
export function dayAfter(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
