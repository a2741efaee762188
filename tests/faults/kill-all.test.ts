import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, type Client } from '../../client/index';
import { CountersignError } from '../../client/error';
import { TASK_QUEUE } from '../../workflows/start';
import type { FaultyWorker } from '../support/faulty-workers';
import { APPROVED, expectBooksHold, tracesOf } from './support/books';
import { faultyRuns } from './support/faulty-runs';
import { killableApi, type KillableApi } from './support/killable-api';
import { killableTemporal, type KillableTemporal } from './support/killable-temporal';

/*
 * The process groups of worker, API and Temporal server are killed at the same moment, between the commit of `decide` in
 * the database and the completion of its task: the decision is there, and nothing in Temporal knows of it. The Update that
 * carried the verdict was never durable, and its intent has an outcome already, so nobody will deliver it again.
 */

let temporal: KillableTemporal;
let api: KillableApi;
let worker: FaultyWorker;

// Before those of the database, which waits for connections to end.
afterAll(async () => {
  await api.close();
  await temporal.close();
});

const { governed, faults, startWorker } = faultyRuns();

/** The issue's own bound, from the moment when all three serve again. */
const SETTLED_MS_MAX = 15_000;
/** How long a worker's process takes to start on a machine that does nothing else, generously. */
const QUIET_START_MS = 4_000;
const GIVEN_UP_MS = 120_000;

async function startAll(): Promise<void> {
  await Promise.all([temporal.start(), api.start()]);
  worker = await startWorker({ temporalAddress: temporal.address, taskQueue: TASK_QUEUE });
}

beforeAll(async () => {
  temporal = await killableTemporal();
  api = await killableApi(() => ({
    DATABASE_URL: governed.database.url('api'),
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
  }));
  await Promise.all([temporal.start(), api.start()]);
}, 60_000);

it('settles a run with one decision, of which only the database knows, within 15 s of the restart', async () => {
  const { farm } = governed.world;
  // How much slower than a quiet one this machine is now; the bound is on the machine's clock, and it has other work.
  const slowness = Math.max(1, (await milliseconds(firstWorker)) / QUIET_START_MS);
  const as = (token: string): Client => createClient({ baseUrl: api.url, key: token, retriesMax: 0 });
  const started = await as(farm.hand.token).runs.create({
    purpose: 'farm.record',
    input: { note: 'We sold 7 crates of eggs for ₦10,500', occurred_at: '2025-11-10T17:40:00+01:00' },
  });
  const { id: runId } = await as(farm.hand.token).runs.wait(started.id, { until: 'decidable' });
  const owner = as(farm.owner.token);
  const gate = (await owner.gates.list({ decidable: 'true' })).items.find((one) => one.run_id === runId);
  if (!gate) throw new Error('the owner is asked nothing');

  const committed = faults.order('hold', 'decide', 'after', 'any');
  const sent = owner.gates.approve(gate, { reason_code: 'correct' }).then(
    () => 'decided',
    (error: unknown) => (error instanceof CountersignError ? error.code : 'unknown'),
  );
  await committed.met();
  await Promise.all([worker.kill(), api.kill(), temporal.kill()]);
  // The API may have read the commit before it died: what it must not say is that the verdict came to nothing.
  expect(['unreachable', 'decided']).toContain(await sent);
  committed.lift();
  expect(await tracesOf(governed, runId)).toMatchObject({
    state: 'running',
    gates: ['approved by 1'],
    intents: ['applied'],
    settled: false,
  });

  await startAll();
  const settledMs = await milliseconds(async () => {
    const until = performance.now() + GIVEN_UP_MS;
    while ((await owner.runs.get(runId)).state !== 'closed' && performance.now() < until) await sleep(50);
  });
  const bound = SETTLED_MS_MAX * slowness;
  process.stderr.write(
    `killed with worker, API and Temporal after its decision, a run was settled ${seconds(settledMs)} after all three ` +
      `served again (at most ${seconds(bound)}: 15 s, times ${slowness.toFixed(2)} for this machine's load)\n`,
  );
  expect(await tracesOf(governed, runId)).toEqual(APPROVED);
  expect((await owner.decisions.list()).items.filter((one) => one.run_id === runId)).toHaveLength(1);
  expect(await owner.audit.verify()).toMatchObject({ holds: true });
  await expectBooksHold(governed, farm.id);
  expect(settledMs).toBeLessThan(bound);
}, 240_000);

async function firstWorker(): Promise<void> {
  worker = await startWorker({ temporalAddress: temporal.address, taskQueue: TASK_QUEUE });
}

async function milliseconds(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
