import { callInTenant } from '../db/transaction';
import type { ActivityDependencies } from './dependencies';
import type { RunReference } from './run-reference';

/** What a gate does by itself. */
export type GateAct = 'reminder' | 'escalation' | 'expiry';

/** What the workflow adopts of a gate. */
export interface GateAnswer {
  readonly gateId: string;
  readonly closed: boolean;
  /** Whom the gate asks now: the role that was added last. */
  readonly role: string;
  readonly wakeAt: string;
  /** What it does then. */
  readonly wakesFor: GateAct;
  readonly dueAt: string;
}

export interface DecideAnswer {
  readonly outcome: 'applied' | 'conflict' | 'superseded' | 'taken_back' | 'late';
  readonly code: string | null;
  readonly decisionId: string | null;
  readonly gate: GateAnswer | null;
}

interface GateRow {
  readonly gate_id: string;
  readonly gate_outcome: string | null;
  readonly role: string;
  readonly wake_at: string;
  readonly wakes_for: GateAct;
  readonly due_at: string;
}

/** Steps 6 and 7: a stored verdict applied, in one transaction that reads verdict and person from the intent. */
export function createDecide({ database }: ActivityDependencies) {
  return async ({
    tenantId,
    intentId,
    named,
  }: {
    readonly tenantId: string;
    readonly intentId: string;
    readonly named: string | null;
  }): Promise<DecideAnswer> => {
    const applied = await callInTenant<
      Pick<DecideAnswer, 'outcome' | 'code'> & { decision_id: string | null; gate: GateRow | null }
    >(database, tenantId, 'select app.apply_intent($1, $2)', [intentId, named]);
    return {
      outcome: applied.outcome,
      code: applied.code,
      decisionId: applied.decision_id,
      gate: applied.gate && gateAnswer(applied.gate),
    };
  };
}

/** What time does to a gate: reminders, its chain, expiry. */
export function createTick({ database }: ActivityDependencies) {
  return async ({
    tenantId,
    gateId,
  }: {
    readonly tenantId: string;
    readonly gateId: string;
  }): Promise<GateAnswer> =>
    gateAnswer(await callInTenant<GateRow>(database, tenantId, 'select app.tick_gate($1)', [gateId]));
}

function gateAnswer(row: GateRow): GateAnswer {
  return {
    gateId: row.gate_id,
    closed: row.gate_outcome !== null,
    role: row.role,
    wakeAt: row.wake_at,
    wakesFor: row.wakes_for,
    dueAt: row.due_at,
  };
}

/** Takes a run's open gates back in the name of the system: its workflow was cancelled. */
export function createWithdraw({ database }: ActivityDependencies) {
  return async ({ tenantId, runId }: RunReference): Promise<void> => {
    await callInTenant(database, tenantId, 'select app.withdraw_run($1, null)', [runId]);
  };
}
