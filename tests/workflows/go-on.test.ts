import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { progressQuery, RUN_WORKFLOW, withdrawSignal } from '../../workflows/messages';
import { RECONCILE_WORKFLOW } from '../../workflows/reconcile-names';
import { DUE, GATE_ROLE, PURPOSE, STATE, TENANT } from '../../workflows/search-attributes';
import { runStartOptions } from '../../workflows/start';
import { governedRuns } from '../support/governed';
import { recordHistory } from '../support/histories';

/*
 * A run whose history grows long goes on in a new one, at its wait: nothing is drafted or paid twice, nobody who sends a verdict
 * just then is lost, and whoever looks for the run finds it under the same id. Here histories are long after some tens of
 * events instead of thousands.
 */

const governed = governedRuns();

async function start(note: string, eventsMax: number): Promise<string> {
  const { hand, id } = { ...governed.world.farm, id: governed.world.farm.id };
  const runId = await governed.accept(hand, 'farm.record', {
    note,
    occurred_at: '2025-11-10T17:40:00+01:00',
  });
  await governed.client.workflow.start(RUN_WORKFLOW, {
    ...runStartOptions({ tenantId: id, runId, purpose: 'farm.record' }, governed.taskQueue),
    args: [{ tenantId: id, runId, eventsMax }],
  });
  await governed.settled(id, runId);
  while ((await governed.handle(runId).query(progressQuery)).step !== 'await') await sleep(25);
  return runId;
}

/** The ids of the histories that a run has had so far, the first one first. */
async function histories(runId: string): Promise<string[]> {
  const ids: string[] = [];
  let next: string | null | undefined = (await governed.handle(runId).describe()).raw.workflowExecutionInfo
    ?.firstRunId;
  while (next) {
    ids.push(next);
    const { events } = await governed.client.workflow.getHandle(runId, next).fetchHistory();
    next = events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
  }
  return ids;
}

async function look(runId: string): Promise<void> {
  await governed.handle(runId).signal(withdrawSignal);
}

/** Has a run look until it is in a history of its own number. */
async function lookUntil(runId: string, count: number): Promise<void> {
  while ((await histories(runId)).length < count) {
    await look(runId);
    await sleep(20);
  }
}

async function countOf(table: string, runId: string): Promise<number> {
  const [row] = await governed.database.look<{ count: number }>(
    `select count(*)::integer as count from core.${table} where run_id = $1`,
    [runId],
  );
  return row?.count ?? 0;
}

it('goes on at its wait, as the same run, and costs nothing twice', async () => {
  const { farm } = governed.world;
  const runId = await start('Sold 51 crates of eggs for ₦76,500', 35);
  const [gate] = await governed.gates(farm.id, runId);
  if (!gate) throw new Error('no gate');
  const details = async (): Promise<string> => {
    const metadata = await governed
      .handle(runId)
      .query<{ currentDetails: string }>('__temporal_workflow_metadata');
    return metadata.currentDetails;
  };
  const before = await details();
  await lookUntil(runId, 3);

  const { typedSearchAttributes: shown, status } = await governed.handle(runId).describe();
  expect(status.name).toBe('RUNNING');
  expect([TENANT, PURPOSE, STATE, GATE_ROLE].map((key) => shown.get(key))).toEqual([
    farm.id,
    'farm.record',
    'waiting',
    'reviewer',
  ]);
  expect(shown.get(DUE)?.toISOString()).toBe(new Date(gate.due_at).toISOString());
  expect(await details()).toBe(before);
  expect(await governed.handle(runId).query(progressQuery)).toEqual({
    step: 'await',
    openGateIds: [gate.id],
  });

  // The reconciler finds it running, and leaves it alone.
  await governed.database.look('update core.worklist set due_at = app.now() where ref_id = $1', [runId]);
  await governed.client.workflow.execute(RECONCILE_WORKFLOW, {
    workflowId: `reconcile-${runId}`,
    taskQueue: governed.taskQueue,
    args: [{ rounds: 1 }],
  });
  expect(await governed.run(farm.id, runId)).toMatchObject({ state: 'waiting', outcome: null });

  expect(await governed.decide(farm.owner, gate, 'approve')).toMatchObject({ outcome: 'applied' });
  expect(await governed.handle(runId).result()).toEqual({ outcome: 'approved', code: null });
  expect(await governed.run(farm.id, runId)).toMatchObject({ outcome: 'approved', actual_credits: 1n });
  for (const [table, count] of [
    ['gates', 1],
    ['proposals', 1],
    ['decisions', 1],
    ['run_calls', 1],
  ] as const)
    expect([table, await countOf(table, runId)]).toEqual([table, count]);
  const sealed = await governed.database.look(
    "select from core.audit_log where run_id = $1 and type = 'advisory.recorded'",
    [runId],
  );
  expect(sealed).toHaveLength(1);
  const [first = '', , last = ''] = await histories(runId);
  await recordHistory(governed.client.workflow.getHandle(runId, first), 'went-on');
  await recordHistory(governed.client.workflow.getHandle(runId, last), 'gone-on');
});

it('tells in its new history who was first at a gate that was closed in an earlier one', async () => {
  const { farm } = governed.world;
  const runId = await start('Sold 52 crates of eggs for ₦78,000. 4 broilers died in House 2.', 40);
  const [sale, deaths] = await governed.gates(farm.id, runId);
  if (!sale || !deaths) throw new Error('not two gates');
  const late = await governed.store(farm.owner, sale, 'approve');
  expect(await governed.decide(farm.owner, sale, 'reject')).toMatchObject({ outcome: 'applied' });
  await lookUntil(runId, 2);
  expect(await governed.deliver(runId, sale.id, late.intent_id)).toMatchObject({ outcome: 'superseded' });
  expect(await governed.decide(farm.owner, deaths, 'approve')).toMatchObject({ outcome: 'applied' });
  expect(await governed.handle(runId).result()).toEqual({ outcome: 'mixed', code: null });
});

it('loses no verdict that is sent in the very moment in which it goes on', async () => {
  const { farm } = governed.world;
  let number = 100;
  let went = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 22, max: 34 }),
      fc.array(fc.integer({ min: 5, max: 30 }), { minLength: 8, maxLength: 12 }),
      fc.integer({ min: 20, max: 160 }),
      fc.constantFrom('update', 'signal'),
      async (eventsMax, pausesMs, verdictAtMs, by) => {
        number += 1;
        const runId = await start(`Sold ${number} crates of eggs for ₦${number},500`, eventsMax);
        const [gate] = await governed.gates(farm.id, runId);
        if (!gate) throw new Error('no gate');
        const looks = (async () => {
          for (const pauseMs of pausesMs) {
            await sleep(pauseMs);
            // A run that has been decided meanwhile takes no more messages.
            await look(runId).catch(() => undefined);
          }
        })();
        await sleep(verdictAtMs);
        const stored = await governed.store(farm.owner, gate, 'approve');
        if (by === 'update')
          expect(await governed.deliver(runId, gate.id, stored.intent_id)).toMatchObject({
            outcome: 'applied',
          });
        else await governed.handle(runId).signal('approve', { intentId: stored.intent_id, gateId: gate.id });
        await looks;
        expect(await governed.handle(runId).result()).toEqual({ outcome: 'approved', code: null });
        expect(await countOf('decisions', runId)).toBe(1);
        expect(await countOf('gates', runId)).toBe(1);
        if ((await histories(runId)).length > 1) went += 1;
      },
    ),
    { numRuns: 25, endOnFailure: true },
  );
  // Or nothing was raced.
  expect(went).toBeGreaterThan(3);
}, 180_000);

it('does not go on while its history is short', async () => {
  const { farm } = governed.world;
  const runId = await start('Sold 53 crates of eggs for ₦79,500', 10_000);
  for (let count = 0; count < 20; count += 1) await look(runId);
  const [gate] = await governed.gates(farm.id, runId);
  if (!gate) throw new Error('no gate');
  await governed.decide(farm.owner, gate, 'approve');
  await governed.handle(runId).result();
  expect(await histories(runId)).toHaveLength(1);
});
