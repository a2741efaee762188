import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import type { ActivityDependencies } from '../../activities/dependencies';
import { createSweepRuns } from '../../activities/sweep';
import { testDatabase } from '../support/database';
import { changePolicy } from '../support/world';
import { sale, sqlRuns } from '../sql/support/runs';

const database = testDatabase();
const runs = sqlRuns(database);

/** Sweeps the given runs, all of which have live workflows; those that were told to look. */
async function sweep(runIds: readonly string[]): Promise<string[]> {
  await database.look("update core.worklist set due_at = app.now() + interval '1 day'");
  await database.look(
    "update core.worklist set due_at = app.now() - interval '1 second' where ref_id = any ($1)",
    [runIds],
  );
  const told: string[] = [];
  const dependencies = {
    database: database.open('worker'),
    registry: runs.world.registry,
    runs: {
      endedFromOutside: async () => await Promise.resolve([]),
      describe: async () => await Promise.resolve('running'),
      tellToLook: async (runId: string) => {
        told.push(runId);
        await Promise.resolve();
      },
    },
  } as unknown as ActivityDependencies;
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  const answer = await environment.run(createSweepRuns(dependencies));
  expect(answer).toMatchObject({ seen: runIds.length, failed: 0 });
  return told;
}

it('brings the gates of waiting runs to a policy that asks otherwise, and tells their workflows once', async () => {
  const farm = await runs.farm();
  const first = await runs.drafted(farm.hand, [sale(), sale({ ...sale() })]);
  const second = await runs.drafted(farm.hand, [sale()]);
  const runIds = [first.runId, second.runId];
  expect(await sweep(runIds)).toEqual([]);
  await changePolicy(database, farm.owner, { reauthenticate_protected_minutes: 5 });
  // Saving a policy touches no gate: however many there are, they follow one run at a time.
  expect(await runs.count('gate_versions', { tenant_id: farm.id })).toBe(0);
  expect((await sweep(runIds)).sort()).toEqual([...runIds].sort());
  expect(await runs.count('gate_versions', { tenant_id: farm.id, version: 2, cause: 'policy' })).toBe(3);
  expect(await sweep(runIds)).toEqual([]);
});
