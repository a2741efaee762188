import { Context } from '@temporalio/activity';
import type { ErrorCode } from '../contract/errors';
import type { Database } from '../db/pool';
import { callInTenant, inTenant } from '../db/transaction';
import { classify } from './coded-failure';
import type { ActivityDependencies } from './dependencies';
import { retimeGates, type RunTiming } from './retime-gates';

/** A run whose workflow has ended, and when. */
export interface EndedRun {
  readonly tenantId: string;
  readonly runId: string;
  readonly endedAt: Date;
}

/** Reaches the workflows of runs. Built by the worker on a Temporal client. */
export interface RunStarter {
  /** Starts a run's workflow; one that was started already is success. */
  start(run: { readonly tenantId: string; readonly runId: string; readonly purpose: string }): Promise<void>;
  /** `running`, `ended` (completed, failed, terminated, timed out) or `absent` (never started, or lost). */
  describe(runId: string): Promise<'running' | 'ended' | 'absent'>;
  /** Runs whose workflow was ended from outside, or failed, in the last minutes. */
  endedFromOutside(): Promise<readonly EndedRun[]>;
  /** Delivers a stored verdict by the signal of its name. False when no such workflow runs. */
  deliver(intent: {
    readonly runId: string;
    readonly intentId: string;
    readonly gateId: string;
    readonly verdict: 'approve' | 'reject' | 'escalate';
  }): Promise<boolean>;
  /** Starts a workflow that reads documents of a tenant, one after the other; one that runs already is success. */
  read(documents: { readonly tenantId: string; readonly documentIds: readonly string[] }): Promise<void>;
  /** Starts the workflow of a replay; one that runs already is success. */
  replay(replay: { readonly tenantId: string; readonly replayId: string }): Promise<void>;
  /** Has a message brought to its webhook now: starts its workflow, or wakes the one that waits. */
  sendDelivery(delivery: { readonly tenantId: string; readonly deliveryId: string }): Promise<void>;
  /** Has a mail sent that is due: starts its workflow, or wakes the one that waits. */
  sendMail(mail: { readonly tenantId: string; readonly mailId: string }): Promise<void>;
  /** Tells a running workflow to look into the database: its run was withdrawn, or its gates are late, moved or closed. */
  tellToLook(runId: string): Promise<void>;
}

export type WorkKind = 'run' | 'intent' | 'document' | 'replay' | 'notice' | 'delivery' | 'mail';

export interface DueWork {
  readonly tenant_id: string;
  readonly ref_id: string;
}

interface RunRow {
  readonly id: string;
  readonly purpose: string;
  readonly state: string;
  readonly withdrawn_at: string | null;
  readonly is_decided: boolean;
  /** Of a waiting run. */
  readonly timing: RunTiming | null;
  readonly lacks_people: boolean;
  /** The tenant's policy asks of its gates by now what they did not ask. */
  readonly asks_otherwise: boolean;
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
  /** Work that could not be repaired now; its lease brings it back. */
  readonly failed: number;
}

const BATCH = 200;

/**
 * A gate's instants are the database's, a workflow's timer Temporal's. An act of time that is late by a minute was not brought
 * by its timer, because the two clocks disagree. And a run whose gates are all closed goes on by itself, unless worker and
 * server were killed between the decision's commit and its task's completion: then the Update is gone, its intent has an
 * outcome, and nobody else would ever tell the workflow.
 */
const SELECT_RUN = `select r.id, r.purpose, r.state, r.withdrawn_at, r.state = 'running' and r.step = 'settle' as is_decided,
    case when r.state = 'waiting' then app.timing_of_run(r.id) end as timing,
    case when r.state = 'waiting' then app.lacks_people(r.id) else false end as lacks_people,
    r.state = 'waiting' and app.asks_otherwise(r.id) as asks_otherwise from app.runs r where r.id = $1`;

/**
 * Compares open runs with live workflows. A workflow that is missing is started, and finds in the database how far it had
 * come; a run whose workflow was ended is settled and closed; one whose gates another calendar moves is told to look.
 */
export function createSweepRuns({ database, registry, runs }: ActivityDependencies) {
  return async (): Promise<SweepAnswer> => {
    await hasten(database, await runs.endedFromOutside());
    return await each(database, 'run', await dueWork(database, 'run', '1 minute'), reconcile);
  };

  async function reconcile(work: DueWork): Promise<boolean> {
    const [run] = await inTenant(database, work.tenant_id, (transaction) =>
      transaction.rows<RunRow>(SELECT_RUN, [work.ref_id]),
    );
    if (!run || run.state === 'closed') return false;
    // Members come and go at any time: whether a gate has somebody left to decide it is asked at its run's turn.
    if (run.lacks_people)
      await callInTenant(database, work.tenant_id, 'select app.seek_people($1)', [run.id]);
    const workflow = await runs.describe(run.id);
    if (workflow === 'running') {
      const { tenant_id: tenantId } = work;
      const moved = run.timing !== null && (await retimeGates({ database, registry }, tenantId, run.timing));
      const retermed =
        run.asks_otherwise &&
        (await callInTenant<number>(database, tenantId, 'select app.reterm_run($1)', [run.id])) > 0;
      if (run.withdrawn_at !== null || run.is_decided || moved || retermed || run.timing?.is_late === true)
        await runs.tellToLook(run.id);
      return false;
    }
    if (workflow === 'absent') {
      await runs.start({ tenantId: work.tenant_id, runId: run.id, purpose: run.purpose });
      return true;
    }
    await callInTenant(database, work.tenant_id, 'select app.reconcile_run($1)', [run.id]);
    return true;
  }
}

/** Redelivers, by signal, verdicts that were accepted and have no outcome yet: an Update is not durable until a worker takes it. */
export function createSweepIntents({ database, runs }: ActivityDependencies) {
  return async (): Promise<SweepAnswer> =>
    await each(database, 'intent', await dueWork(database, 'intent', '10 seconds'), redeliver);

  async function redeliver(work: DueWork): Promise<boolean> {
    const [intent] = await inTenant(database, work.tenant_id, (transaction) =>
      transaction.rows<IntentRow>(
        'select id, run_id, gate_id, verdict, outcome from app.intents where id = $1',
        [work.ref_id],
      ),
    );
    if (!intent || intent.outcome !== null) return false;
    const delivered = await runs.deliver({
      runId: intent.run_id,
      intentId: intent.id,
      gateId: intent.gate_id,
      verdict: intent.verdict,
    });
    // No workflow is left to decide it: the verdict was accepted, so it is applied, and the reconciler closes the run.
    if (!delivered) {
      await callInTenant(database, work.tenant_id, 'select app.apply_intent($1, null)', [intent.id]);
    }
    return true;
  }
}

/** Has documents read that were added, or could not be read to their end before: no price, no budget, a model that is down. */
export function createSweepDocuments({ database, runs }: ActivityDependencies) {
  return async (): Promise<SweepAnswer> => {
    const byTenant = new Map<string, string[]>();
    const work = await dueWork(database, 'document', '10 minutes');
    for (const { tenant_id: tenantId, ref_id: documentId } of work)
      byTenant.set(tenantId, [...(byTenant.get(tenantId) ?? []), documentId]);
    // A tenant whose documents can't be read holds up no other's: its first one stands for them all.
    const firsts = work.filter(({ tenant_id: id, ref_id: first }) => byTenant.get(id)?.[0] === first);
    const { repaired, failed } = await each(database, 'document', firsts, async ({ tenant_id: tenantId }) => {
      await runs.read({ tenantId, documentIds: byTenant.get(tenantId) ?? [] });
      return true;
    });
    return { seen: work.length, repaired, failed };
  };
}

/** Starts replays whose start was lost, or whose workflow was ended: each finds in the database how far it had come. */
export function createSweepReplays({ database, runs }: ActivityDependencies) {
  return async (): Promise<SweepAnswer> =>
    await each(database, 'replay', await dueWork(database, 'replay', '5 minutes'), async (work) => {
      await runs.replay({ tenantId: work.tenant_id, replayId: work.ref_id });
      return true;
    });
}

/** Pages the platform before and when agreements with vendors end; each step towards the end once, however often it looks. */
export function createSweepAgreements({ database }: Pick<ActivityDependencies, 'database'>) {
  return async (): Promise<{ readonly warned: number }> =>
    await callInTenant<{ readonly warned: number }>(
      database,
      '__platform__',
      'select app.warn_of_agreements()',
    );
}

/** Looks at runs now whose workflow has just ended, and not at their turn; once, so that their leases hold all the same. */
async function hasten(database: Database, ended: readonly EndedRun[]): Promise<void> {
  if (ended.length === 0) return;
  await callInTenant(database, null, 'select app.hasten_work($1, $2, $3)', [
    ended.map(({ tenantId }) => tenantId),
    ended.map(({ runId }) => runId),
    ended.map(({ endedAt }) => endedAt.toISOString()),
  ]);
}

/** Work that is due, handed to this sweep for as long as the lease; another sweep gets it again after that. */
export async function dueWork(database: Database, kind: WorkKind, lease: string): Promise<DueWork[]> {
  return await inTenant(database, null, (transaction) =>
    transaction.rows<DueWork>('select tenant_id, ref_id from app.due_work($1, $2, $3)', [kind, BATCH, lease]),
  );
}

/**
 * One after the other, so that a sweep never takes more than one connection. What one throws does not stop the rest: it is
 * due again ever more rarely, and seen by operations.
 */
export async function each(
  database: Database,
  kind: WorkKind,
  work: readonly DueWork[],
  repair: (one: DueWork) => Promise<boolean>,
): Promise<SweepAnswer> {
  let repaired = 0;
  let failed = 0;
  for (const one of work) {
    Context.current().heartbeat();
    try {
      if (await repair(one)) repaired += 1;
    } catch (error) {
      failed += 1;
      await putOff(database, kind, one, classify(error).code);
    }
  }
  return { seen: work.length, repaired, failed };
}

/** An outage of the database is nobody's failure, and ends with the lease. */
async function putOff(database: Database, kind: WorkKind, one: DueWork, code: ErrorCode): Promise<void> {
  const { log } = Context.current();
  log.warn('not repaired', { code, ref: one.ref_id });
  if (code === 'database_unavailable') return;
  try {
    await callInTenant(database, one.tenant_id, 'select app.work_failed($1, $2, $3)', [
      kind,
      one.ref_id,
      code,
    ]);
  } catch (error) {
    log.warn('not put off', { code: classify(error).code, ref: one.ref_id });
  }
}
