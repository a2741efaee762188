import { inTenant } from '../db/transaction';
import type { ActivityDependencies } from './dependencies';

/** Reaches the workflows of runs. Built by the worker on a Temporal client. */
export interface RunStarter {
  /** Starts a run's workflow; one that was started already is success. */
  start(run: { readonly tenantId: string; readonly runId: string; readonly purpose: string }): Promise<void>;
  /** `running`, `ended` (completed, failed, terminated, timed out) or `absent` (never started, or past retention). */
  describe(runId: string): Promise<'running' | 'ended' | 'absent'>;
  /** Delivers a stored verdict by the signal of its name. False when no such workflow runs. */
  deliver(intent: {
    readonly runId: string;
    readonly intentId: string;
    readonly gateId: string;
    readonly verdict: 'approve' | 'reject' | 'escalate';
  }): Promise<boolean>;
  /** Tells a running workflow to look at its withdrawal. */
  tellWithdrawn(runId: string): Promise<void>;
}

interface DueWork {
  readonly tenant_id: string;
  readonly ref_id: string;
}

interface RunRow {
  readonly id: string;
  readonly purpose: string;
  readonly state: string;
  readonly withdrawn_at: string | null;
}

interface IntentRow {
  readonly id: string;
  readonly run_id: string;
  readonly gate_id: string;
  readonly verdict: 'approve' | 'reject' | 'escalate';
  readonly outcome: string | null;
}

export interface SweepAnswer {
  readonly seen: number;
  readonly repaired: number;
}

const BATCH = 200;

/** Compares runs that are not closed with live workflows: starts those that were lost, closes those whose workflow is gone. */
export function createSweepRuns({ database, runs }: ActivityDependencies) {
  return async (): Promise<SweepAnswer> => {
    const due = await dueWork('run', '1 minute');
    let repaired = 0;
    for (const work of due) if (await reconcile(work)) repaired += 1;
    return { seen: due.length, repaired };
  };

  async function reconcile(work: DueWork): Promise<boolean> {
    const run = await oneRow<RunRow>(
      work,
      'select id, purpose, state, withdrawn_at from app.runs where id = $1',
    );
    if (!run || run.state === 'closed') return false;
    const workflow = await runs.describe(run.id);
    if (workflow === 'running') {
      if (run.withdrawn_at) await runs.tellWithdrawn(run.id);
      return false;
    }
    if (workflow === 'absent' && run.state === 'accepted') {
      await runs.start({ tenantId: work.tenant_id, runId: run.id, purpose: run.purpose });
      return true;
    }
    await inTenant(database, work.tenant_id, (transaction) =>
      transaction.value('select app.reconcile_run($1)', [run.id]),
    );
    return true;
  }

  async function dueWork(kind: 'run' | 'intent', lease: string): Promise<DueWork[]> {
    return await inTenant(database, null, (transaction) =>
      transaction.rows<DueWork>('select tenant_id, ref_id from app.due_work($1, $2, $3)', [
        kind,
        BATCH,
        lease,
      ]),
    );
  }

  async function oneRow<Row extends object>(work: DueWork, text: string): Promise<Row | undefined> {
    const rows = await inTenant(database, work.tenant_id, (transaction) =>
      transaction.rows<Row>(text, [work.ref_id]),
    );
    return rows[0];
  }
}

/** Redelivers, by signal, verdicts that were accepted and have no outcome yet: an Update is not durable until a worker takes it. */
export function createSweepIntents({ database, runs }: ActivityDependencies) {
  return async (): Promise<SweepAnswer> => {
    const due = await inTenant(database, null, (transaction) =>
      transaction.rows<DueWork>("select tenant_id, ref_id from app.due_work('intent', $1, '10 seconds')", [
        BATCH,
      ]),
    );
    let repaired = 0;
    for (const work of due) if (await redeliver(work)) repaired += 1;
    return { seen: due.length, repaired };
  };

  async function redeliver(work: DueWork): Promise<boolean> {
    const rows = await inTenant(database, work.tenant_id, (transaction) =>
      transaction.rows<IntentRow>(
        'select id, run_id, gate_id, verdict, outcome from app.intents where id = $1',
        [work.ref_id],
      ),
    );
    const intent = rows[0];
    if (!intent || intent.outcome !== null) return false;
    const delivered = await runs.deliver({
      runId: intent.run_id,
      intentId: intent.id,
      gateId: intent.gate_id,
      verdict: intent.verdict,
    });
    // No workflow is left to decide it: the verdict was accepted, so it is applied, and the reconciler closes the run.
    if (!delivered) {
      await inTenant(database, work.tenant_id, (transaction) =>
        transaction.value('select app.apply_intent($1, null)', [intent.id]),
      );
    }
    return true;
  }
}
