import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { startTemporal, type RunningTemporal } from '../../stack/temporal/server';
import { Canaries, contentInHistories } from '../support/crossing';

/* The check that runs after every test file must itself notice content, or it proves nothing. */

let temporal: RunningTemporal;
let connection: Connection;

beforeAll(async () => {
  temporal = await startTemporal({ inMemory: true });
  connection = await Connection.connect({ address: temporal.address });
}, 60_000);

afterAll(async () => {
  await connection.close();
  await temporal.stop();
});

async function reportOf(argument: unknown, canaries = new Canaries()): Promise<string[]> {
  const client = new Client({ connection, namespace: temporal.namespace });
  const handle = await client.workflow.start('run', {
    workflowId: randomUUID(),
    taskQueue: randomUUID(),
    args: [argument],
  });
  await untilListed(client, handle.workflowId);
  const report = await contentInHistories(client, canaries);
  await handle.terminate();
  return report.filter((line) => line.startsWith(handle.workflowId));
}

/** The server's list follows a start by a moment. */
async function untilListed(client: Client, workflowId: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const { count } = await client.workflow.count(`WorkflowId = "${workflowId}"`);
    if (count > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('the workflow was never listed');
}

it('finds nothing in ids, codes, amounts and times', async () => {
  const argument = {
    tenantId: 'farm-1',
    runId: randomUUID(),
    at: '2026-11-22T10:00:00.000001Z',
    amount: '-12',
  };
  expect(await reportOf(argument)).toEqual([]);
});

it.each([
  ['a sentence', { note: '12 broilers died' }],
  ['a name', { who: 'Ada Example' }],
  ['a hash, which a short note could be guessed from', { hash: 'a'.repeat(64) }],
  ['text in a list, deep down', { a: [{ b: ['see page 2'] }] }],
])('finds %s', async (_what, argument) => {
  expect(await reportOf(argument)).toHaveLength(1);
});

it('finds what somebody wrote, also within a longer text', async () => {
  const canaries = new Canaries();
  canaries.plant({ rationale: 'seen by both of us' });
  const report = await reportOf({ note: 'x seen by both of us y' }, canaries);
  expect(report.some((line) => line.includes('"seen by both of us"'))).toBe(true);
});
