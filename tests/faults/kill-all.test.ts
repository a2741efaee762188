import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { decideUpdate, RUN_WORKFLOW } from '../../workflows/messages';
import { runStartOptions } from '../../workflows/start';
import { APPROVED, expectBooksHold, tracesOf } from './support/books';
import { faultyRuns } from './support/faulty-runs';
import { killableTemporal, type KillableTemporal } from './support/killable-temporal';

/*
 * Worker, sender and Temporal server are killed at the same moment, between the commit of `decide` in the database and the
 * completion of its task: the decision is there, and nothing in Temporal knows of it. The Update that carried the verdict
 * was never durable, and its intent has an outcome already, so nobody will deliver it again.
 */

const { governed, faults, startWorker, accept, gateOf } = faultyRuns();

const SETTLED_MS_MAX = 60_000;
let temporal: KillableTemporal;

beforeAll(async () => {
  temporal = await killableTemporal();
  await temporal.start();
}, 60_000);

afterAll(async () => {
  await faults.close();
  await temporal.close();
});

it('settles a run with one decision, of which only the database knows', async () => {
  const { farm } = governed.world;
  const place = { temporalAddress: temporal.address };
  const worker = await startWorker(place);
  const runId = await accept();
  const connection = await Connection.connect({ address: temporal.address });
  const client = new Client({ connection, namespace: temporal.namespace });
  await client.workflow.start(
    RUN_WORKFLOW,
    runStartOptions({ tenantId: farm.id, runId, purpose: 'farm.record' }, governed.taskQueue),
  );
  const gate = await gateOf(runId);
  const { intent_id: intentId } = await governed.store(farm.owner, gate, 'approve');
  const committed = faults.order('hold', 'decide', 'after', intentId);
  // The API that sends the Update dies with the others: nobody sends it again.
  const api = new AbortController();
  const sent = connection.withAbortSignal(api.signal, () =>
    client.workflow
      .getHandle(runId)
      .executeUpdate(decideUpdate, { args: [{ intentId, gateId: gate.id }], updateId: intentId }),
  );
  const lost = expect(sent).rejects.toThrow();
  await committed.met();
  api.abort();
  await Promise.all([worker.kill(), temporal.kill()]);
  await lost;
  committed.lift();
  expect(await tracesOf(governed, runId)).toMatchObject({
    state: 'running',
    gates: ['approved by 1'],
    intents: ['applied'],
    settled: false,
  });

  const begun = performance.now();
  await temporal.start();
  await startWorker(place);
  const up = performance.now();
  while ((await tracesOf(governed, runId)).state !== 'closed') {
    if (performance.now() - begun > SETTLED_MS_MAX) break;
    await sleep(50);
  }
  process.stderr.write(
    `a run that was killed with Temporal after its decision was settled ${seconds(begun)} after the restart began, ` +
      `${seconds(up)} after it was over\n`,
  );
  expect(await tracesOf(governed, runId)).toEqual(APPROVED);
  await expectBooksHold(governed, farm.id);
  await connection.close();
}, 120_000);

function seconds(since: number): string {
  return `${((performance.now() - since) / 1_000).toFixed(1)} s`;
}
