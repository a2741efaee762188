import { randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { ActivityDependencies } from '../../activities/dependencies';
import { createSweepRuns, type RunStarter, type SweepAnswer } from '../../activities/sweep';
import { testDatabase } from '../support/database';
import { buildWorld, type World } from '../support/world';

const database = testDatabase();
let world: World;

beforeAll(async () => {
  world = await buildWorld(database);
}, 120_000);

async function acceptedRun(): Promise<string> {
  const { id, hand } = world.farm;
  const accepted = await database.as('api', id, (transaction) =>
    transaction.value<{ run_id: string }>('select app.accept_run($1, $2, $3, $4, $5, $6, null)', [
      'test',
      randomUUID(),
      '{}',
      'farm.record',
      '{}',
      hand.userId,
    ]),
  );
  return accepted.run_id;
}

it('goes on to the next run when one can not be repaired, and has that one due again', async () => {
  const runIds = [await acceptedRun(), await acceptedRun(), await acceptedRun()];
  await database.look("update core.worklist set due_at = due_at - interval '1 hour'");
  const started: string[] = [];
  const unreachable = runIds[0];
  // A Temporal that does not answer for one of them.
  const runs: RunStarter = {
    describe: async () => await Promise.resolve('absent'),
    start: async ({ runId }) => {
      if (runId === unreachable) throw new Error('no answer');
      started.push(runId);
      await Promise.resolve();
    },
    endedFromOutside: async () => await Promise.resolve([]),
    deliver: async () => await Promise.resolve(false),
    read: async () => await Promise.resolve(),
    tellToLook: async () => await Promise.resolve(),
  };
  const dependencies = { database: database.open('worker'), runs } as unknown as ActivityDependencies;
  const answer: SweepAnswer = await new MockActivityEnvironment().run(createSweepRuns(dependencies));
  expect(answer).toEqual({ seen: 3, repaired: 2, failed: 1 });
  expect(started.sort()).toEqual(runIds.slice(1).sort());
  const due = await database.look('select from core.worklist where ref_id = $1', [unreachable]);
  expect(due).toHaveLength(1);
});
