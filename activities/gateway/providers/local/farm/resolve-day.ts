import { DateTime } from 'luxon';
import type { DayReading } from './pieces';

/**
 * The ISO date that is meant, or null when it cannot be told. `past` for what has happened, `future` for what is planned.
 * A weekday that is today's own may be today or a week away, so it is not told.
 */
export function resolveDay(
  reading: DayReading,
  today: DateTime,
  direction: 'past' | 'future',
): string | null {
  const sign = direction === 'past' ? -1 : 1;
  switch (reading.form) {
    case 'fixed':
      return reading.iso;
    case 'weekday': {
      const away = (sign * (reading.weekday - today.weekday) + 7) % 7;
      return away === 0 ? null : today.plus({ days: sign * away }).toISODate();
    }
    case 'month_day': {
      const candidates = [-1, 0, 1].map((years) =>
        DateTime.utc(today.year + years, reading.month, reading.day),
      );
      return nearest(candidates, today, sign);
    }
    case 'day_of_month': {
      const first = DateTime.utc(today.year, today.month, 1);
      const candidates = [-1, 0, 1].map((months) => {
        const month = first.plus({ months });
        return DateTime.utc(month.year, month.month, reading.day);
      });
      return nearest(candidates, today, sign);
    }
    case 'unknown':
      return null;
  }
}

/** A day without a year that would be farther away than this is more likely a slip than meant. */
const DAYS_AWAY_MAX = 270;

function nearest(candidates: readonly DateTime[], today: DateTime, sign: number): string | null {
  const reference = DateTime.utc(today.year, today.month, today.day);
  const inDirection = candidates
    .filter((date) => {
      const away = date.isValid ? sign * date.diff(reference, 'days').days : -1;
      return away >= 0 && away <= DAYS_AWAY_MAX;
    })
    .sort((left, right) => sign * (left.toMillis() - right.toMillis()));
  return inDirection[0]?.toISODate() ?? null;
}
