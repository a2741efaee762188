import { randomUUID } from 'node:crypto';
import { createBedrockProvider } from '../../activities/gateway/providers/bedrock';
import type { Replay } from '../../contract/wire/replay';
import { bedrockServer } from '../activities/gateway/support/bedrock-server';
import { ANSWER, converseAnswer } from '../activities/gateway/support/converse';
import { governedRuns, type TestWorker } from '../support/governed';
import { addMember, allowModel, changePolicy } from '../support/world';
import { testApi } from './support/server';

/* Replays as an admin has them made: over HTTP, by a real workflow, over Bedrock's wire. */

const server = bedrockServer();
const governed = governedRuns({ worker: false });
const api = testApi(() => ({
  database: governed.database,
  world: governed.world,
  temporal: { ...governed.temporal, taskQueue: governed.taskQueue },
}));
const PURPOSE = 'farm.recommendation';
let asked = 0;
let bedrock: ReturnType<typeof createBedrockProvider>;
let worker: TestWorker;

async function startWorker(): Promise<TestWorker> {
  return await governed.startWorker({ providers: { bedrock } });
}

beforeAll(async () => {
  const { model } = governed.world.registry.purpose(PURPOSE, 1);
  await allowModel(governed.database, governed.world.platformAdmin, model);
  bedrock = createBedrockProvider({
    region: model.region,
    endpoint: server.url,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    timeouts: { connectionMs: 500, requestMs: 20_000 },
  });
  worker = await startWorker();
}, 60_000);
afterAll(() => bedrock.close());
beforeEach(() => server.forget());

/** A run that has an answer, and is over. */
async function answeredRun(): Promise<string> {
  const { hand, id } = governed.world.farm;
  const question = `Which house is the quietest, asks Emeka Okafor of 0803 123 4567, number ${(asked += 1)}?`;
  const runId = await governed.start(hand, PURPOSE, { question });
  await governed.settled(id, runId, ['closed']);
  server.forget();
  return runId;
}

async function replayed(runId: string, key: string = randomUUID()): Promise<Replay> {
  const { owner } = governed.world.farm;
  const { body } = await api.ask(owner, 'runs.replay', {
    params: { id: runId },
    headers: { 'idempotency-key': key },
  });
  return await ended(body.id);
}

async function ended(id: string): Promise<Replay> {
  const until = performance.now() + 30_000;
  for (;;) {
    const { body } = await api.ask(governed.world.farm.owner, 'replays.get', { params: { id } });
    if (body.state === 'closed') return body;
    if (performance.now() > until) throw new Error(`replay ${id} does not end`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const attemptsOf = async (callId: string | null) =>
  await governed.database.look<{ state: string }>(
    'select state from core.ai_run_attempts where ai_run_id = $1 order by attempt',
    [callId],
  );

it('compares byte by byte, as JSON, and field by field, and changes nothing of the run', async () => {
  const { owner, id } = governed.world.farm;
  const runId = await answeredRun();
  const before = await governed.run(id, runId);
  const exact = await replayed(runId);
  expect(exact).toMatchObject({
    outcome: 'compared',
    agreement: 'exact',
    fields_differing: 0,
    differing: [],
  });
  expect(server.requests).toHaveLength(1);
  // What was scrubbed stays scrubbed: the stored prompt is sent, and nothing is put back into it.
  expect(JSON.stringify(server.requests)).not.toMatch(/Okafor|0803/);
  expect(JSON.stringify(server.requests)).toContain('<person_token_');
  const turned = Object.fromEntries(Object.entries(ANSWER).reverse());
  server.reply({ body: converseAnswer(turned) });
  expect(await replayed(runId)).toMatchObject({ agreement: 'canonical', fields_differing: 0 });
  server.reply({ body: converseAnswer({ ...ANSWER, confidence_permille: 990 }) });
  const differing = await replayed(runId);
  expect(differing).toMatchObject({ agreement: 'differs', differing: ['/confidence_permille'] });

  expect(await governed.run(id, runId)).toEqual(before);
  expect(await governed.gates(id, runId)).toEqual([]);
  const { body: calls } = await api.ask(owner, 'runs.calls', { params: { id: runId } });
  const shown = calls.items.filter(({ kind }) => kind === 'replay');
  expect(shown.map(({ parent_id: parent }) => parent)).toEqual(shown.map(() => differing.call_id));
  const call = await api.ask(owner, 'calls.get', { params: { id: differing.replay_call_id ?? '' } });
  expect(call.body.output).toBeNull();
  const pages = await governed.database.look<{ code: string }>(
    'select code from core.pages where tenant_id = $1 and run_id = $2',
    [id, runId],
  );
  expect(pages).toEqual([{ code: 'replay_differs' }]);
  const { body: list } = await api.ask(owner, 'runs.replays', { params: { id: runId } });
  expect(list.items.map(({ agreement }) => agreement)).toEqual(['exact', 'canonical', 'differs']);
}, 60_000);

it('is one for one key, and an admin’s to ask for', async () => {
  const { hand, id } = governed.world.farm;
  const runId = await answeredRun();
  const key = randomUUID();
  const first = await replayed(runId, key);
  expect((await replayed(runId, key)).id).toBe(first.id);
  expect(server.requests).toHaveLength(1);
  const other = await answeredRun();
  const headers = { 'idempotency-key': key };
  const { owner } = governed.world.farm;
  const reused = await api.refused(owner, 'runs.replay', { params: { id: other }, headers });
  expect(reused.body.code).toBe('key_reused');
  const refused = await api.refused(hand, 'runs.replay', { params: { id: runId }, headers });
  expect(refused.body.code).toBe('not_allowed');
  const auditor = await addMember(governed.database, id, ['auditor']);
  expect((await api.ask(auditor, 'replays.get', { params: { id: first.id } })).body.agreement).toBe('exact');
}, 60_000);

it('asks nobody when policy or budget refuse today', async () => {
  const { owner } = governed.world.farm;
  const runId = await answeredRun();
  await changePolicy(governed.database, owner, { paused_vendors: ['bedrock'] });
  expect(await replayed(runId)).toMatchObject({ outcome: 'refused', code: 'vendor_paused' });
  await changePolicy(governed.database, owner, { paused_vendors: [], daily_token_budget_nano_usd: '1' });
  expect(await replayed(runId)).toMatchObject({ outcome: 'refused', code: 'budget_exhausted' });
  await changePolicy(governed.database, owner, { daily_token_budget_nano_usd: '1000000000000' });
  expect(server.requests).toEqual([]);
}, 60_000);

it('asks nobody when the stored prompt is not what was hashed', async () => {
  const { id } = governed.world.farm;
  const runId = await answeredRun();
  await governed.database.asOwner(id, async (transaction) => {
    await transaction.rows('alter table core.contents disable trigger refuse_change');
    await transaction.rows(
      `update core.contents set bytes = '{}', commitment = sha256(salt || '{}')
       where id = (select prompt_content_id from core.runs where id = $1)`,
      [runId],
    );
    await transaction.rows('alter table core.contents enable always trigger refuse_change');
  });
  expect(await replayed(runId)).toMatchObject({ outcome: 'failed', code: 'content_altered' });
  expect(server.requests).toEqual([]);
}, 60_000);

it('goes on in another worker when the first one is stopped in the middle of the call', async () => {
  const { owner } = governed.world.farm;
  const runId = await answeredRun();
  let letGo: () => void = () => undefined;
  server.reply({ after: new Promise<void>((resolve) => (letGo = resolve)) });
  const { body } = await api.ask(owner, 'runs.replay', {
    params: { id: runId },
    headers: { 'idempotency-key': randomUUID() },
  });
  await server.received(1);
  const stopped = worker.stop();
  worker = await startWorker();
  await stopped;
  letGo();
  const replay = await ended(body.id);
  expect(replay).toMatchObject({ outcome: 'compared', agreement: 'exact' });
  const states = (await attemptsOf(replay.replay_call_id)).map(({ state }) => state);
  expect(states.at(-1)).toBe('answered');
  expect(states.filter((state) => state === 'answered')).toHaveLength(1);
}, 90_000);
