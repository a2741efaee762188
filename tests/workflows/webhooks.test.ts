import { setTimeout as sleep } from 'node:timers/promises';
import { governedRuns } from '../support/governed';
import { answering, startSink, type Sink } from '../support/sink';
import { addWebhook, sweepNotices, verified } from '../support/webhooks';
import { skippingServer } from './time/skipping-server';

/* Messages to webhooks over days, on a server that skips time, to a real listener that does what listeners do. */

const server = skippingServer();
const governed = governedRuns({ server: server.start });
let sink: Sink;
beforeAll(async () => {
  sink = await startSink();
});
beforeEach(async () => {
  await sink.stop();
  await sink.start();
  sink.received.length = 0;
  sink.answer = answering(204);
});
afterAll(() => sink.stop());

interface Attempt {
  readonly attempt: number;
  readonly state: string;
  readonly code: string | null;
  readonly status: number | null;
  readonly seconds: number;
}

const PAUSES_SECONDS = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
let movedSeconds = 0;

/** Moves the database's clock, then lets the server's time pass. */
async function pass(seconds: number): Promise<void> {
  movedSeconds += seconds;
  await governed.database.asOwner(null, (transaction) =>
    transaction.value('select app.shift_clock($1)', [`${movedSeconds} seconds`]),
  );
  await server.sleep(`${seconds}s`);
}

async function attemptsOf(deliveryId: string): Promise<Attempt[]> {
  return await governed.database.look<Attempt>(
    `select attempt, state, code, status,
       extract(epoch from started_at - lag(ended_at, 1, started_at) over (order by attempt))::float8 as seconds
     from core.webhook_attempts where delivery_id = $1 order by attempt`,
    [deliveryId],
  );
}

/** Waits until so many attempts have ended. */
async function ended(deliveryId: string, count: number): Promise<Attempt[]> {
  const until = performance.now() + 30_000;
  for (;;) {
    const attempts = await attemptsOf(deliveryId);
    if (attempts.length >= count && attempts.every(({ state }) => state !== 'open')) return attempts;
    if (performance.now() > until) throw new Error(`still ${JSON.stringify(attempts)}`);
    await sleep(25);
  }
}

async function ping(webhookId: string): Promise<string> {
  const { owner, id } = governed.world.farm;
  const queued = await governed.database.as('api', id, (transaction) =>
    transaction.value<{ delivery_id: string }>('select app.ping_webhook($1, $2)', [webhookId, owner.userId]),
  );
  await sweepNotices(governed);
  return queued.delivery_id;
}

async function deliveryOf(id: string): Promise<{ state: string; code: string | null }> {
  const [row] = await governed.database.look<{ state: string; code: string | null }>(
    'select state, code from core.webhook_deliveries where id = $1',
    [id],
  );
  if (!row) throw new Error('no such delivery');
  return row;
}

it('tells of a run: each event once, signed, without content', async () => {
  const { farm } = governed.world;
  const webhook = await addWebhook(governed.database, farm.owner, sink.url);
  const runId = await governed.start(farm.hand, 'farm.record', {
    note: 'Sold 31 crates of eggs for ₦46,500',
    occurred_at: '2025-11-10T17:40:00+01:00',
  });
  await governed.settled(farm.id, runId);
  const [gate] = await governed.gates(farm.id, runId);
  if (!gate) throw new Error('no gate');
  await governed.decide(farm.owner, gate, 'approve');
  await governed.handle(runId).result();
  // Two workers look at once.
  await Promise.all([sweepNotices(governed), sweepNotices(governed)]);
  await sweepNotices(governed);
  const until = performance.now() + 20_000;
  while (sink.received.length < 4 && performance.now() < until) await sleep(25);
  await sweepNotices(governed);
  await sleep(300);
  const messages = sink.received.map(
    (one) => verified(webhook.secret, one) as { type: string; data: object },
  );
  expect(messages.map(({ type }) => type).sort()).toEqual([
    'gate.closed',
    'gate.opened',
    'record.written',
    'run.closed',
  ]);
  expect(new Set(sink.received.map(({ headers }) => headers['webhook-id'])).size).toBe(4);
  expect(JSON.stringify(sink.received)).not.toMatch(/crate|46.?500|Sold/);
  await governed.database.asOwner(farm.id, (transaction) =>
    transaction.rows("update core.webhook_endpoints set state = 'disabled' where id = $1", [webhook.id]),
  );
}, 120_000);

it('catches up with a tenant that has much to tell, in one look', async () => {
  const { farm } = governed.world;
  const webhook = await addWebhook(governed.database, farm.owner, sink.url, ['run.closed']);
  await governed.database.asOwner(farm.id, (transaction) =>
    transaction.rows(
      `insert into core.outbox (tenant_id, topic, created_at)
       select app.tenant(), case n when 300 then 'run.closed' else 'gate.opened' end, app.now() from generate_series(1, 450) n`,
    ),
  );
  await sweepNotices(governed);
  const left = await governed.database.look("select from core.worklist where kind = 'notice'");
  expect(left).toEqual([]);
  const made = await governed.database.look('select from core.webhook_deliveries where endpoint_id = $1', [
    webhook.id,
  ]);
  expect(made).toHaveLength(1);
  await governed.database.asOwner(farm.id, (transaction) =>
    transaction.rows("update core.webhook_endpoints set state = 'disabled' where id = $1", [webhook.id]),
  );
}, 60_000);

it('keeps the schedule under one id whatever the listener does, over three days', async () => {
  const { farm } = governed.world;
  const webhook = await addWebhook(governed.database, farm.owner, sink.url, ['run.closed']);
  const plays: readonly (readonly [string, () => Promise<void> | void])[] = [
    ['sink_unreachable', () => sink.stop()],
    ['sink_status', () => sink.start().then(() => void (sink.answer = answering(500)))],
    ['sink_redirected', () => void (sink.answer = answering(302, { location: sink.url }))],
    ['sink_timeout', () => void (sink.answer = () => undefined)],
    [
      'sink_unreachable',
      () => void (sink.answer = (_response, _received, { socket }) => void socket.resetAndDestroy()),
    ],
    ['sink_status', () => void (sink.answer = answering(429, { 'retry-after': '60000' }))],
    ['sink_status', () => void (sink.answer = answering(503))],
    ['sink_redirected', () => void (sink.answer = answering(307, { location: 'http://169.254.169.254/' }))],
    ['sink_status', () => void (sink.answer = answering(404))],
  ];
  await plays[0]?.[1]();
  const id = await ping(webhook.id);
  for (const [index, pause] of PAUSES_SECONDS.entries()) {
    const attempts = await ended(id, index + 1);
    expect(attempts.at(-1)).toMatchObject({ attempt: index + 1, state: 'failed', code: plays[index]?.[0] });
    await plays[index + 1]?.[1]();
    if (index === PAUSES_SECONDS.length - 1) sink.answer = answering(204);
    // Where it asked to be left alone for longer than the schedule does.
    const asked = index === 5 ? 60_000 : pause * 1.1;
    await pass(Math.ceil(asked) + 2);
  }
  const attempts = await ended(id, 10);
  expect(attempts.at(-1)).toMatchObject({ state: 'delivered', status: 204 });
  for (const [index, pause] of PAUSES_SECONDS.entries())
    expect(attempts[index + 1]?.seconds).toBeGreaterThanOrEqual(index === 5 ? 60_000 : pause);
  expect(await deliveryOf(id)).toEqual({ state: 'delivered', code: null });
  expect(new Set(sink.received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([id]));
  expect(new Set(sink.received.map(({ body }) => body)).size).toBe(1);
  for (const one of sink.received)
    expect(verified(webhook.secret, one)).toMatchObject({
      type: 'webhook.ping',
      data: { webhook_id: webhook.id },
    });
}, 240_000);

it('disables a webhook that is gone, and sends it nothing more', async () => {
  const { farm } = governed.world;
  const webhook = await addWebhook(governed.database, farm.owner, sink.url, ['run.closed']);
  sink.answer = answering(410);
  const id = await ping(webhook.id);
  await ended(id, 1);
  expect(await deliveryOf(id)).toEqual({ state: 'failed', code: 'sink_gone' });
  await pass(3_600);
  expect(sink.received).toHaveLength(1);
  const [event] = await governed.database.look<{ payload: string }>(
    "select payload from core.audit_log where tenant_id = $1 and type = 'webhook.changed' order by seq desc limit 1",
    [farm.id],
  );
  expect(JSON.parse(event?.payload ?? '{}')).toMatchObject({
    body: { webhook_id: webhook.id, act: 'disabled', code: 'sink_gone' },
  });
}, 120_000);

it('is sent again under its id when somebody asks, while it waits and after it has ended', async () => {
  const { farm } = governed.world;
  const webhook = await addWebhook(governed.database, farm.owner, sink.url, ['run.closed']);
  sink.answer = answering(500);
  const id = await ping(webhook.id);
  await ended(id, 1);
  const again = async (): Promise<void> => {
    await governed.database.as('api', farm.id, (transaction) =>
      transaction.value('select app.replay_deliveries($1, $2, null, null, $3)', [
        webhook.id,
        id,
        farm.owner.userId,
      ]),
    );
    await sweepNotices(governed);
  };
  await pass(6);
  await ended(id, 2);
  // It would wait for five minutes now.
  sink.answer = answering(204);
  await again();
  expect(await ended(id, 3)).toMatchObject([{}, {}, { state: 'delivered' }]);
  await governed.client.workflow.getHandle(`webhook ${id}`).result();
  await again();
  expect(await ended(id, 4)).toMatchObject([{}, {}, {}, { state: 'delivered' }]);
  expect(new Set(sink.received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([id]));
}, 120_000);
