import { DateTime, Duration } from 'luxon';
import type { GateTiming, TenantFacts, WorkingCalendar } from '../contract/pack';
import { WorkingClock, ZoneClock } from './working-time';

export interface GateInstants {
  readonly due_at: string;
  readonly instants: readonly {
    readonly kind: 'reminder' | 'escalation';
    readonly at: string;
    readonly role: string | null;
  }[];
}

/**
 * When a gate acts by itself, counted from `opened` in the tenant's time zone: a day is a calendar day there, also across a
 * daylight-saving change; in the tenant's working time where it has a calendar. Times are RFC 3339 in UTC.
 * @throws Error when the zone or a duration is not valid, or the calendar has no working days
 */
export function gateInstants(
  terms: GateTiming,
  { time_zone: timeZone }: Pick<TenantFacts, 'time_zone'>,
  opened: string,
  calendar: WorkingCalendar | null = null,
): GateInstants {
  const clock = calendar ? new WorkingClock(timeZone, calendar) : new ZoneClock(timeZone);
  const after = (text: string): string => {
    const duration = Duration.fromISO(text);
    if (!duration.isValid) throw new Error('a gate has an invalid duration');
    return new Date(clock.after(DateTime.fromISO(opened).toMillis(), duration)).toISOString();
  };
  return {
    due_at: after(terms.expiresAfter),
    instants: [
      ...[terms.reminderAfter]
        .flat()
        .map((duration) => ({ kind: 'reminder' as const, at: after(duration), role: null })),
      ...terms.chain.map((link) => ({ kind: 'escalation' as const, at: after(link.after), role: link.role })),
    ],
  };
}

/** Of the terms of a gate what says when it acts, and no function: as it is kept with the gate. */
export function timingOf({ reminderAfter, chain, expiresAfter }: GateTiming): GateTiming {
  return { reminderAfter, chain, expiresAfter };
}
