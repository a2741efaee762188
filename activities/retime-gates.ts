import type { GateTiming, WorkingCalendar } from '../contract/pack';
import { callInTenant } from '../db/transaction';
import type { ActivityDependencies } from './dependencies';
import { gateInstants } from './gate-instants';

/** What `app.timing_of_run` says of a waiting run. */
export interface RunTiming {
  readonly is_late: boolean;
  readonly policy_version: number;
  readonly working_calendar: WorkingCalendar | null;
  readonly time_zone: string;
  /** Open gates whose instants another calendar than the present one put where they are. */
  readonly stale: readonly {
    readonly gate_id: string;
    readonly opened_at: string;
    /** Null for a gate of before gates kept it. */
    readonly timing: GateTiming | null;
    readonly record_type: string;
  }[];
}

/**
 * Counts the instants of a run's gates by the tenant's present calendar, from when each opened and by what it declared then.
 * @returns whether any moved, so that the run's timer has to be set anew
 */
export async function retimeGates(
  { database, registry }: Pick<ActivityDependencies, 'database' | 'registry'>,
  tenantId: string,
  { policy_version: version, working_calendar: calendar, time_zone, stale }: RunTiming,
): Promise<boolean> {
  let moved = false;
  for (const gate of stale) {
    const timing = gate.timing ?? registry.recordType(gate.record_type)?.gate;
    if (timing === undefined) continue;
    const { due_at: due, instants } = gateInstants(timing, { time_zone }, gate.opened_at, calendar);
    const { outcome } = await callInTenant<{ readonly outcome: string }>(
      database,
      tenantId,
      'select app.retime_gate($1, $2, $3, $4)',
      [gate.gate_id, version, due, JSON.stringify(instants)],
    );
    moved ||= outcome === 'moved';
  }
  return moved;
}
