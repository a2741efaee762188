import { setTimeout as sleep } from 'node:timers/promises';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { CodedFailure } from '../../activities/coded-failure';
import { pagedWhenStuck } from '../../activities/stuck-steps';
import type { ErrorCode } from '../../contract/errors';
import { testDatabase } from '../support/database';
import { steps } from './support/steps';

const database = testDatabase();
const world = steps(database);

async function run() {
  const farm = await world.farm();
  const runId = await world.scrubbed(farm.hand, 'farm.record', {
    note: 'All quiet.',
    occurred_at: '2025-11-10T17:40:00+01:00',
  });
  return { tenantId: farm.id, runId };
}

/** One attempt of a step that fails with this code, as Temporal carries it out. */
async function attempt(
  { tenantId, runId }: { tenantId: string; runId: string },
  number: number,
  code: ErrorCode = 'step_failed',
  retryable = true,
): Promise<void> {
  const step = pagedWhenStuck(world.dependencies.database, 'settle', async () => {
    return await Promise.reject(new CodedFailure(code, retryable));
  });
  const environment = new MockActivityEnvironment(
    { attempt: number, workflowExecution: { workflowId: runId, runId: 'any' } },
    { logger: new DefaultLogger('ERROR') },
  );
  await expect(environment.run(step, { tenantId })).rejects.toMatchObject({ code });
}

const pages = async (tenantId: string) =>
  await database.look('select cause, code, run_id, count from core.pages where tenant_id = $1', [tenantId]);

test('a step pages from its eighth failure on, once', async () => {
  const reference = await run();
  for (let number = 1; number <= 7; number += 1) await attempt(reference, number);
  expect(await pages(reference.tenantId)).toEqual([]);
  for (let number = 8; number <= 10; number += 1) await attempt(reference, number);
  expect(await pages(reference.tenantId)).toEqual([
    { cause: 'step_stuck settle step_failed', code: 'step_stuck', run_id: reference.runId, count: 3n },
  ]);
  expect((await world.events(reference.runId)).filter((type) => type === 'ops.page')).toHaveLength(1);
});

test('a step that hangs until it is cut off pages too, and one that ends in time does not', async () => {
  const { tenantId, runId } = await run();
  const environment = () =>
    new MockActivityEnvironment(
      { attempt: 8, workflowExecution: { workflowId: runId, runId: 'any' } },
      { logger: new DefaultLogger('ERROR') },
    );
  const quick = pagedWhenStuck(world.dependencies.database, 'decide', async () => await sleep(1), 500);
  await environment().run(quick, { tenantId });
  await sleep(600);
  expect(await pages(tenantId)).toEqual([]);

  const ending = new AbortController();
  const slow = async () => await sleep(60_000, undefined, { signal: ending.signal }).catch(() => undefined);
  const hanging = pagedWhenStuck(world.dependencies.database, 'decide', slow, 100);
  const cut = environment().run(hanging, { tenantId });
  let seen = await pages(tenantId);
  for (; seen.length === 0; seen = await pages(tenantId)) await sleep(25);
  expect(seen).toEqual([
    { cause: 'step_stuck decide step_failed', code: 'step_stuck', run_id: runId, count: 1n },
  ]);
  ending.abort();
  await cut;
});

test('an outage of the database, and what ends the run anyway, page nobody', async () => {
  const reference = await run();
  await attempt(reference, 20, 'database_unavailable');
  await attempt(reference, 8, 'input_unreadable', false);
  expect(await pages(reference.tenantId)).toEqual([]);
});

test('a page that can not be written hides nothing of the failure', async () => {
  const { tenantId } = await run();
  await attempt({ tenantId, runId: 'no-run-of-ours' }, 8);
  expect(await pages(tenantId)).toEqual([]);
});
