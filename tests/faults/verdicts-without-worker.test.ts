import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '../../client/index';
import type { Answer } from '../../client/types';
import { TASK_QUEUE } from '../../workflows/start';
import { APPROVED, expectBooksHold, tracesOf } from './support/books';
import { faultyRuns } from './support/faulty-runs';
import { killableApi, type KillableApi } from './support/killable-api';

/*
 * Verdicts that are given over HTTP while no worker runs. An Update hangs then, and is lost when its sender goes; what is
 * stored is accepted all the same, and the worker that comes later finds it.
 */

let api: KillableApi;
// Before those of the database, which waits for connections to end.
afterAll(() => api.close());

const { governed, startWorker, accept } = faultyRuns();

const VERDICTS = 100;
/** How many people are at work at the same moment: each waits three seconds for an answer that can't come. */
const AT_ONCE = 25;
const APPLIED_MS_MAX = 60_000;

type Shown = Answer<'gates.get'>;

beforeAll(async () => {
  api = await killableApi(() => ({
    DATABASE_URL: governed.database.url('api'),
    TEMPORAL_ADDRESS: governed.temporal.address,
    TEMPORAL_NAMESPACE: governed.temporal.namespace,
  }));
  await api.start();
}, 60_000);

it(`answers ${VERDICTS} verdicts that are given while no worker runs with 202, and applies each once`, async () => {
  const { farm } = governed.world;
  const owner = createClient({ baseUrl: api.url, key: farm.owner.token });
  const worker = await startWorker({ taskQueue: TASK_QUEUE });
  // Nobody started these: the reconciler does, on the queue of the product's own workers.
  const runIds = await Promise.all(Array.from({ length: VERDICTS }, () => accept()));
  for (const runId of runIds) await owner.runs.wait(runId, { until: 'decidable' });
  const gates = await Promise.all((await gateIds(runIds)).map((id) => owner.gates.get(id)));
  expect(gates).toHaveLength(VERDICTS);
  await worker.kill();

  const answers = await inParallel(AT_ONCE, gates, approve);
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: VERDICTS }, () => 202));
  const intents = answers.map(({ location }) => location?.replace('/v1/intents/', '') ?? '');
  expect(new Set(intents).size).toBe(VERDICTS);
  expect(await stored()).toBe(VERDICTS);
  expect(await answered()).toBe(0);

  const begun = performance.now();
  await startWorker({ taskQueue: TASK_QUEUE });
  while ((await closed(runIds)) < VERDICTS) {
    if (performance.now() - begun > APPLIED_MS_MAX) break;
    await sleep(50);
  }
  say(`${VERDICTS} verdicts were applied within ${seconds(begun)} of the start of a worker`);
  for (const runId of runIds) expect(await tracesOf(governed, runId)).toEqual(APPROVED);
  const became = [];
  for (const id of intents) became.push(await owner.intents.get(id));
  expect(became.filter(({ outcome }) => outcome !== 'applied')).toEqual([]);
  expect(new Set(became.map((intent) => intent.decision_id)).size).toBe(VERDICTS);
  expect(await count('select count(*) from core.decisions')).toBe(VERDICTS);
  expect(await answered()).toBe(VERDICTS);
  await expectBooksHold(governed, farm.id);
}, 240_000);

/** What the API answers to an approval, and where it says to look. */
async function approve(gate: Shown): Promise<{ readonly status: number; readonly location: string | null }> {
  const response = await fetch(`${api.url}/v1/gates/${gate.id}/decisions`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${governed.world.farm.owner.token}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      verdict: 'approve',
      reason_code: 'correct',
      gate_version: gate.version,
      proposal_hash: gate.proposal_hash,
      shown_hash: gate.shown_hash,
    }),
  });
  await response.arrayBuffer();
  return { status: response.status, location: response.headers.get('location') };
}

async function gateIds(runIds: readonly string[]): Promise<string[]> {
  const rows = await governed.database.look<{ id: string }>(
    'select id from core.gates where run_id = any ($1)',
    [runIds],
  );
  return rows.map(({ id }) => id);
}

/** The answers in order, of so many askers who each ask the next one when they are done. */
async function inParallel<Item, Result>(
  askers: number,
  items: readonly Item[],
  ask: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const waiting = [...items.entries()];
  await Promise.all(
    Array.from({ length: askers }, async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) results[next[0]] = await ask(next[1]);
    }),
  );
  return results;
}

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
