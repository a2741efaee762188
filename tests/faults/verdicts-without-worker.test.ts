import { setTimeout as sleep } from 'node:timers/promises';
import type { GateRow } from '../support/governed';
import { APPROVED, expectBooksHold, tracesOf } from './support/books';
import { faultyRuns } from './support/faulty-runs';

/*
 * Verdicts that are given while no worker runs. An Update hangs then, and is lost when its sender goes; what is stored is
 * accepted all the same, and the worker that comes later finds it.
 */

const { governed, startWorker, accept, startRun, gateOf } = faultyRuns();

const VERDICTS = 100;
const APPLIED_MS_MAX = 60_000;

it(`applies ${VERDICTS} verdicts that were given while no worker ran, each once`, async () => {
  const { farm } = governed.world;
  const worker = await startWorker();
  const runIds = await Promise.all(Array.from({ length: VERDICTS }, () => accept()));
  await Promise.all(runIds.map((runId) => startRun(runId)));
  const gates: GateRow[] = [];
  for (const runId of runIds) gates.push(await gateOf(runId));
  await worker.kill();

  // Every other one is also sent, by the Update that the API sends; the rest have nobody who waits for them.
  const answers = gates.map(async (gate, index) => {
    const { outcome, intent_id: intentId } = await governed.store(farm.owner, gate, 'approve');
    expect(outcome).toBe('stored');
    return index % 2 === 0 ? undefined : await governed.deliver(gate.run_id, gate.id, intentId);
  });
  while ((await stored()) < VERDICTS) await sleep(50);
  expect(await answered()).toBe(0);

  const begun = performance.now();
  await startWorker();
  while ((await closed(runIds)) < VERDICTS) {
    if (performance.now() - begun > APPLIED_MS_MAX) break;
    await sleep(50);
  }
  say(`${VERDICTS} verdicts were applied within ${seconds(begun)} of the start of a worker`);
  for (const runId of runIds) expect(await tracesOf(governed, runId)).toEqual(APPROVED);
  const told = (await Promise.all(answers)).filter((answer) => answer !== undefined);
  expect(told).toHaveLength(VERDICTS / 2);
  for (const answer of told) expect(answer).toMatchObject({ outcome: 'applied', code: null });
  await expectBooksHold(governed, farm.id);
}, 180_000);

async function stored(): Promise<number> {
  return await count('select count(*) from core.intents');
}

async function answered(): Promise<number> {
  return await count('select count(*) from core.intent_outcomes');
}

async function closed(runIds: readonly string[]): Promise<number> {
  return await count("select count(*) from core.runs where state = 'closed' and id = any ($1)", [runIds]);
}

async function count(text: string, parameters: readonly unknown[] = []): Promise<number> {
  const [row] = await governed.database.look<{ count: bigint }>(text, parameters);
  return Number(row?.count ?? 0);
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1_000).toFixed(1)} s`;
}

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}
