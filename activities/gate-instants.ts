import { DateTime, Duration } from 'luxon';
import type { GateTerms, TenantFacts } from '../contract/pack';

export interface GateInstants {
  readonly due_at: string;
  readonly instants: readonly {
    readonly kind: 'reminder' | 'escalation';
    readonly at: string;
    readonly role: string | null;
  }[];
}

/**
 * When a gate acts by itself, counted from `now` in the tenant's time zone: a day is a calendar day there, also across a
 * daylight-saving change. Times are RFC 3339 in UTC.
 * @throws Error when the zone or a duration is not valid
 */
export function gateInstants(terms: GateTerms, tenant: TenantFacts, now: string): GateInstants {
  const opened = DateTime.fromISO(now, { zone: tenant.time_zone });
  const after = (duration: string): string => {
    const at = opened.plus(Duration.fromISO(duration)).toUTC().toISO();
    if (!at) throw new Error('a gate has an invalid time zone or duration');
    return at;
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
