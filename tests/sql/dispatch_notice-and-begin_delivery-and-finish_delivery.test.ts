import { randomUUID } from 'node:crypto';
import { SUBSCRIBED_TYPES, WEBHOOK_TYPES, type WebhookTypeName } from '../../contract/webhooks';
import { testDatabase } from '../support/database';
import { projectFiles, readProjectFile } from '../support/source-tree';
import { hashOf, sale, sqlRuns, type Farm, type GateRow } from './support/runs';

const database = testDatabase();
const runs = sqlRuns(database);
const KEY = 'a1'.repeat(8);
const PAUSES_SECONDS = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

beforeAll(async () => {
  await runs.call('worker', null, 'put_sealing_key', KEY, hashOf('public'), 'b1', hashOf('wrapped'));
});
afterEach(() => runs.shiftClock('0'));

async function toldFarm(endpoints = 1): Promise<Farm & { readonly endpoints: string[] }> {
  const farm = await runs.farm();
  const ids = Array.from({ length: endpoints }, () => randomUUID());
  for (const id of ids) {
    const given = [id, 'https://sink.example.com/', SUBSCRIBED_TYPES, KEY, hashOf('s'), farm.owner.userId];
    await runs.call('api', farm.id, 'add_webhook', ...given);
  }
  return { ...farm, endpoints: ids };
}

const noticesOf = (farm: Farm) =>
  database.look<{ id: string; topic: string }>(
    'select id, topic from core.outbox where tenant_id = $1 order by created_at, id',
    [farm.id],
  );
const messagesOf = (farm: Farm) =>
  database.look<{ id: string; type: string; body: { type: string; timestamp: string; data: object } }>(
    'select id, type, body::json as body from core.webhook_deliveries where tenant_id = $1 order by occurred_at, id',
    [farm.id],
  );

async function dispatchAll(farm: Farm): Promise<void> {
  for (const { id } of await noticesOf(farm)) await runs.call('worker', farm.id, 'dispatch_notice', id);
}

async function oneMessage(farm: Farm): Promise<string> {
  await runs.drafted(farm.hand, [sale()]);
  await dispatchAll(farm);
  const [message] = await messagesOf(farm);
  if (!message) throw new Error('no message');
  return message.id;
}

const begin = (farm: Farm, id: string) => runs.call('worker', farm.id, 'begin_delivery', id);
const finish = (farm: Farm, id: string, attempt: number, code: string | null, after: number | null = null) =>
  runs.call('worker', farm.id, 'finish_delivery', id, attempt, code, code === null ? 204 : 500, after);

/** A decided run, its gate, its record and its closing, as they are told. */
async function decided(farm: Farm): Promise<void> {
  const instants = [
    { kind: 'reminder' as const, at: new Date(Date.now() + 60_000).toISOString(), role: null },
  ];
  const { runId, gates } = await runs.drafted(farm.hand, [sale({ instants })]);
  const [gate] = gates as [GateRow];
  await runs.shiftClock('2 minutes');
  await runs.call('worker', farm.id, 'tick_gate', gate.id);
  await runs.decide(farm.owner, gate, 'approve');
  await runs.call('worker', farm.id, 'settle_run', runId);
  await runs.call('worker', farm.id, 'close_run', runId);
  await runs.call('worker', farm.id, 'page_stuck_step', runId, 'settle', 'step_failed');
}

it('makes one message of a row for each endpoint, with what the table of types says and nothing else', async () => {
  const farm = await toldFarm(2);
  await decided(farm);
  await dispatchAll(farm);
  await dispatchAll(farm);
  const messages = await messagesOf(farm);
  expect(messages.length).toBe(2 * (await noticesOf(farm)).length);
  for (const { type, body } of messages) {
    const { data } = WEBHOOK_TYPES[type as WebhookTypeName];
    expect(Object.keys(body)).toEqual(['type', 'timestamp', 'data']);
    expect(Object.keys(body.data).sort()).toEqual(Object.keys(data).sort());
  }
  const told = new Set(messages.map(({ type }) => type));
  expect([...told].sort()).toEqual([
    'gate.closed',
    'gate.opened',
    'gate.reminded',
    'ops.page',
    'record.written',
    'run.closed',
  ]);
  const closed = messages.find(({ type }) => type === 'run.closed');
  expect(closed?.body.data).toMatchObject({ outcome: 'approved', credits: { actual: '1' } });
  expect(await runs.count('worklist', { kind: 'notice', tenant_id: farm.id })).toBe(0);
});

it('has a type for everything that is put into the outbox', () => {
  const topics = new Set<string>();
  for (const path of projectFiles().filter((one) => one.startsWith('sql/functions/'))) {
    const text = readProjectFile(path);
    for (const { index } of text.matchAll(/insert into core\.outbox/g))
      for (const [, topic = ''] of text
        .slice(index, text.indexOf(';', index))
        .matchAll(/'([a-z]+\.[a-z_]+)'/g))
        topics.add(topic);
  }
  expect([...topics].sort()).toEqual([...SUBSCRIBED_TYPES].sort());
});

it('makes one message when many dispatch the same row at once', async () => {
  const farm = await toldFarm();
  await runs.drafted(farm.hand, [sale()]);
  const [notice] = await noticesOf(farm);
  const answers = await Promise.all(
    Array.from({ length: 12 }, () =>
      runs.call<{ messages: number }>('worker', farm.id, 'dispatch_notice', notice?.id),
    ),
  );
  expect(answers.map(({ messages }) => messages).sort()).toEqual([...Array<number>(11).fill(0), 1]);
  expect(await messagesOf(farm)).toHaveLength(1);
});

it('tells an endpoint of its own types, and of nothing from before it was there', async () => {
  const farm = await toldFarm();
  await runs.drafted(farm.hand, [sale()]);
  const late = randomUUID();
  await runs.call(
    'api',
    farm.id,
    'add_webhook',
    late,
    'https://late.example.com/',
    ['gate.opened'],
    KEY,
    hashOf('s'),
    farm.owner.userId,
  );
  await decided(farm);
  await dispatchAll(farm);
  const to = await database.look<{ type: string }>(
    'select type from core.webhook_deliveries where endpoint_id = $1',
    [late],
  );
  expect(to).toEqual([{ type: 'gate.opened' }]);
});

it('keeps the schedule of the specification, ten attempts in all, and then pages', async () => {
  const farm = await toldFarm();
  const id = await oneMessage(farm);
  let passed = 0;
  for (const [index, seconds] of PAUSES_SECONDS.entries()) {
    expect(await begin(farm, id)).toMatchObject({ outcome: 'send', attempt: index + 1 });
    const { outcome, pause_ms: pause } = (await finish(farm, id, index + 1, 'sink_status')) as {
      outcome: string;
      pause_ms: number;
    };
    expect(outcome).toBe('wait');
    expect(pause).toBeGreaterThan(seconds * 1_000 - 1_000);
    expect(pause).toBeLessThanOrEqual(seconds * 1_100 + 1);
    expect(await begin(farm, id)).toMatchObject({ outcome: 'wait' });
    passed += seconds * 1.1 + 5;
    await runs.shiftClock(`${Math.ceil(passed)} seconds`);
  }
  await begin(farm, id);
  expect(await finish(farm, id, 10, 'sink_timeout')).toEqual({
    outcome: 'over',
    state: 'failed',
    code: 'sink_timeout',
  });
  expect(await runs.count('worklist', { ref_id: id })).toBe(0);
  expect(await runs.row('pages', { tenant_id: farm.id })).toMatchObject({ code: 'webhook_exhausted' });
  expect(await begin(farm, id)).toEqual({ outcome: 'over', state: 'failed', code: 'sink_timeout' });
});

it('waits longer where the endpoint asks for it, a day at most', async () => {
  const farm = await toldFarm();
  const id = await oneMessage(farm);
  await begin(farm, id);
  expect(await finish(farm, id, 1, 'sink_status', 120)).toMatchObject({ outcome: 'wait' });
  const pause = async (): Promise<number> => Number((await begin(farm, id)).pause_ms);
  expect(await pause()).toBeGreaterThan(110_000);
  await runs.shiftClock('3 minutes');
  await begin(farm, id);
  await finish(farm, id, 2, 'sink_status', 999_999);
  expect(await pause()).toBeLessThanOrEqual(86_400_000);
  expect(await pause()).toBeGreaterThan(86_000_000);
});

it('loses an attempt whose worker was killed, and its late answer changes nothing', async () => {
  const farm = await toldFarm();
  const id = await oneMessage(farm);
  expect(await begin(farm, id)).toMatchObject({ outcome: 'send', attempt: 1 });
  expect(await begin(farm, id)).toMatchObject({ outcome: 'send', attempt: 2 });
  expect(await runs.row('webhook_attempts', { delivery_id: id, attempt: 1 })).toMatchObject({
    state: 'lost',
    code: 'delivery_lost',
  });
  expect(await finish(farm, id, 1, 'sink_gone')).toMatchObject({ outcome: 'wait' });
  expect(await finish(farm, id, 2, null)).toEqual({ outcome: 'over', state: 'delivered', code: null });
  expect(await runs.count('worklist', { ref_id: id })).toBe(0);
});

it('disables an endpoint that is gone, ends what waits for it, and tells of it', async () => {
  const farm = await toldFarm();
  const [first, second] = [await oneMessage(farm), await oneMessage(farm)];
  await runs.drafted(farm.hand, [sale()]);
  await dispatchAll(farm);
  await begin(farm, first);
  expect(await finish(farm, first, 1, 'sink_gone')).toEqual({
    outcome: 'over',
    state: 'failed',
    code: 'sink_gone',
  });
  const endpoint = await runs.row('webhook_endpoints', { id: farm.endpoints[0] });
  expect(endpoint).toMatchObject({ state: 'disabled', code: 'sink_gone' });
  expect(second).toBe(first);
  const others = await database.look<{ code: string }>(
    'select code from core.webhook_deliveries where tenant_id = $1 and id <> $2',
    [farm.id, first],
  );
  expect(others.map(({ code }) => code)).toEqual(['webhook_disabled', 'webhook_disabled']);
  expect(await runs.count('worklist', { kind: 'delivery', tenant_id: farm.id })).toBe(0);
  expect(await runs.row('pages', { tenant_id: farm.id })).toMatchObject({ code: 'sink_gone' });
  await runs.drafted(farm.hand, [sale()]);
  expect(await runs.count('worklist', { kind: 'notice', tenant_id: farm.id })).toBe(0);
});
