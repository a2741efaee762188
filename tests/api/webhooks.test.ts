import { setTimeout as sleep } from 'node:timers/promises';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { requirePublicAddress } from '../../api/http/public-address';
import { openApi } from '../../api/openapi';
import { exampleMessage, WEBHOOK_TYPES, type WebhookTypeName } from '../../contract/webhooks';
import { messageSchema, type Delivery } from '../../contract/wire/webhook';
import { governedRuns } from '../support/governed';
import { answering, startSink, type Received, type Sink } from '../support/sink';
import { sweepNotices } from '../support/webhooks';
import { testApi } from './support/server';

const governed = governedRuns();
const api = testApi(() => ({ database: governed.database, world: governed.world }));
let sink: Sink;
beforeAll(async () => {
  sink = await startSink();
});
beforeEach(() => {
  sink.received.length = 0;
  sink.answer = answering(204);
});
afterAll(() => sink.stop());

const TYPES = Object.keys(WEBHOOK_TYPES) as WebhookTypeName[];
const owner = () => governed.world.farm.owner;
const create = async (types: WebhookTypeName[] = ['run.closed']) =>
  (
    await api.ask(owner(), 'webhooks.create', {
      body: { url: sink.url, event_types: types as ['run.closed'] },
    })
  ).body;

/** Waits for a message to have come as often as is asked. */
async function ping(id: string, times = 1): Promise<{ delivery: Delivery; received: Received }> {
  const { body } = await api.ask(owner(), 'webhooks.ping', { params: { id } });
  await sweepNotices(governed);
  return { delivery: await deliveredTo(id, body.delivery_id, times), received: last(body.delivery_id) };
}

async function deliveredTo(webhookId: string, deliveryId: string, times: number): Promise<Delivery> {
  const until = performance.now() + 20_000;
  for (;;) {
    const { body } = await api.ask(owner(), 'webhooks.deliveries', { params: { id: webhookId } });
    const found = body.items.find(({ id }) => id === deliveryId);
    if (found !== undefined && found.attempts.length >= times && found.state !== 'pending') return found;
    if (performance.now() > until) throw new Error(`still ${JSON.stringify(found)}`);
    await sleep(50);
  }
}

function last(deliveryId: string): Received {
  const found = sink.received.filter(({ headers }) => headers['webhook-id'] === deliveryId).at(-1);
  if (found === undefined) throw new Error('nothing was received');
  return found;
}

const verify = (secret: string, { headers, body }: Received) => new Webhook(secret).verify(body, headers);

it('shows a secret once, which is nowhere in the database, and the published library verifies by it', async () => {
  const { secret, ...webhook } = await create();
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  const { delivery, received } = await ping(webhook.id);
  expect(verify(secret, received)).toMatchObject({ type: 'webhook.ping', data: { webhook_id: webhook.id } });
  expect(delivery).toMatchObject({
    state: 'delivered',
    body: received.body,
    attempts: [{ attempt: 1, status: 204 }],
  });
  expect((await api.ask(owner(), 'webhooks.get', { params: { id: webhook.id } })).body).toEqual(webhook);
  const listed = await api.ask(owner(), 'webhooks.list');
  expect(JSON.stringify(listed.body)).not.toContain('whsec_');
  const bytes = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const [stored] = await governed.database.look<{ sealed_secret: Buffer }>(
    'select sealed_secret from core.webhook_secrets where endpoint_id = $1',
    [webhook.id],
  );
  expect(stored?.sealed_secret.includes(bytes)).toBe(false);
});

it('signs with the secret before as well, for as long as is asked', async () => {
  const { id, secret: first } = await create();
  const { body: rotated } = await api.ask(owner(), 'webhooks.rotate', { params: { id } });
  expect(rotated.previous_secret_until).not.toBeNull();
  const both = (await ping(id)).received;
  expect(verify(first, both)).toEqual(verify(rotated.secret, both));
  const { body: at_once } = await api.ask(owner(), 'webhooks.rotate', {
    params: { id },
    body: { overlap_hours: 0 },
  });
  const one = (await ping(id)).received;
  expect(() => verify(rotated.secret, one)).toThrow(WebhookVerificationError);
  expect(verify(at_once.secret, one)).toMatchObject({ type: 'webhook.ping' });
});

it('sends a message again under its id', async () => {
  const { id } = await create();
  const { delivery } = await ping(id);
  await governed.client.workflow.getHandle(`webhook ${delivery.id}`).result();
  const body = { delivery_id: delivery.id };
  expect((await api.ask(owner(), 'webhooks.replay', { params: { id }, body })).body).toEqual({ messages: 1 });
  await sweepNotices(governed);
  expect(await deliveredTo(id, delivery.id, 2)).toMatchObject({ state: 'delivered' });
  expect(sink.received.map(({ headers }) => headers['webhook-id'])).toEqual([delivery.id, delivery.id]);
  const span = { from: new Date(0).toISOString(), until: new Date().toISOString() };
  expect((await api.ask(owner(), 'webhooks.replay', { params: { id }, body: span })).body).toEqual({
    messages: 0,
  });
});

it('disables, enables and deletes', async () => {
  const { id } = await create();
  const state = async (changed: 'active' | 'disabled') =>
    (await api.ask(owner(), 'webhooks.change', { params: { id }, body: { state: changed } })).body.state;
  expect(await state('disabled')).toBe('disabled');
  expect((await api.refused(owner(), 'webhooks.ping', { params: { id } })).body.code).toBe(
    'webhook_disabled',
  );
  expect(await state('active')).toBe('active');
  await api.ask(owner(), 'webhooks.delete', { params: { id } });
  expect((await api.refused(owner(), 'webhooks.get', { params: { id } })).body.code).toBe(
    'webhook_not_found',
  );
});

it.each([
  'http://example.com/',
  'https://10.0.0.1/',
  'https://169.254.169.254/latest/meta-data/',
  'https://[::ffff:10.0.0.1]/',
  'https://user:word@example.com/',
  'https://example.com:22/',
  'https://intranet/',
])('refuses %s', async (url) => {
  const { body } = await api.refused(owner(), 'webhooks.create', {
    body: { url, event_types: ['run.closed'] },
  });
  expect(body.code).toBe('webhook_address_refused');
});

it('refuses a name that leads into our own network, and takes one that leads nowhere yet', async () => {
  const leading = (...found: string[]) => ({ allowLoopback: false, resolve: async () => found });
  const url = 'https://sink.example.com/';
  await requirePublicAddress(url, leading('93.184.215.14'));
  await requirePublicAddress(url, leading());
  for (const found of [['192.168.0.1'], ['93.184.215.14', '127.0.0.1'], ['fd00::1']])
    await expect(requirePublicAddress(url, leading(...found))).rejects.toMatchObject({
      code: 'webhook_address_refused',
    });
});

it('knows no type but those that it documents', async () => {
  const { body } = await api.refused(owner(), 'webhooks.create', {
    body: { url: sink.url, event_types: ['run.opened'] },
  });
  expect(body.code).toBe('input_invalid');
  const types = await api.ask(owner(), 'webhooks.types');
  expect(types.body.items.map(({ type }) => type)).toEqual(TYPES);
});

it.each(TYPES)('documents %s with an example that fits its schema', (type) => {
  const example = exampleMessage(type);
  expect(messageSchema(type).parse(example)).toEqual(example);
  expect(openApi().webhooks?.[type]).toMatchObject({ post: { operationId: `webhook.${type}` } });
});
