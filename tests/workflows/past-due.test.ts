import { setTimeout as sleep } from 'node:timers/promises';
import { progressQuery } from '../../workflows/messages';
import { RECONCILE_WORKFLOW } from '../../workflows/reconcile-names';
import { governedRuns } from '../support/governed';

/*
 * A deadline is the database's, and the timer that watches it Temporal's. When the database's clock runs ahead, the
 * timer is still weeks away, and it is the reconciler that has the run look.
 */

const governed = governedRuns();

async function moveClock(days: number): Promise<void> {
  await governed.database.asOwner(null, (transaction) =>
    transaction.rows(`update core.clock set shift = interval '${days} days'`),
  );
}

async function reconcile(id: string): Promise<void> {
  await governed.client.workflow.execute(RECONCILE_WORKFLOW, {
    workflowId: `reconcile-${id}`,
    taskQueue: governed.taskQueue,
    args: [{ rounds: 1 }],
  });
}

it('has a run look that is past due by the database’s clock, and leaves one alone that is not', async () => {
  const { farm } = governed.world;
  const runId = await governed.start(farm.hand, 'farm.record', {
    note: 'Sold 41 crates of eggs for ₦61,500',
    occurred_at: '2025-11-10T17:40:00+01:00',
  });
  expect(await governed.settled(farm.id, runId)).toMatchObject({ state: 'waiting' });
  // The database knows of the gate a moment before the workflow does.
  while ((await governed.handle(runId).query(progressQuery)).step !== 'await') await sleep(25);
  const lengthOf = async (): Promise<number> =>
    (await governed.handle(runId).fetchHistory()).events?.length ?? 0;
  const before = await lengthOf();

  await moveClock(13);
  await reconcile(`${runId}-early`);
  expect(await governed.run(farm.id, runId)).toMatchObject({ state: 'waiting' });
  expect(await lengthOf()).toBe(before);

  await moveClock(15);
  await reconcile(`${runId}-due`);
  expect(await governed.handle(runId).result()).toEqual({ outcome: 'expired', code: null });
  expect(await governed.run(farm.id, runId)).toMatchObject({ outcome: 'expired', actual_credits: 1n });
  expect(await governed.database.look('select from core.decisions where run_id = $1', [runId])).toEqual([]);
});
