import { randomUUID } from 'node:crypto';
import { testDatabase } from '../support/database';
import { hashOf, sale, sqlRuns, type Farm } from './support/runs';

const database = testDatabase();
const runs = sqlRuns(database);

const KEY = 'a1'.repeat(8);
const URL = 'https://sink.example.com/hook';

beforeAll(async () => {
  await runs.call('worker', null, 'put_sealing_key', KEY, hashOf('public'), 'b1', hashOf('wrapped'));
});

async function added(farm: Farm, types: readonly string[] = ['record.written']): Promise<string> {
  const id = randomUUID();
  const sealed = hashOf('secret');
  const answer = await runs.call(
    'api',
    farm.id,
    'add_webhook',
    id,
    URL,
    types,
    KEY,
    sealed,
    farm.owner.userId,
  );
  if (answer.outcome !== 'added') throw new Error(`not added: ${JSON.stringify(answer)}`);
  return id;
}

const change = (farm: Farm, id: string, types: readonly string[] | null, state: string | null) =>
  runs.call('api', farm.id, 'change_webhook', id, types, state, farm.owner.userId);

const acts = async (farm: Farm): Promise<unknown[]> => {
  const events = await database.look<{ body: { body: { act: string } } }>(
    "select payload::json as body from core.audit_log where tenant_id = $1 and type = 'webhook.changed' order by seq",
    [farm.id],
  );
  return events.map(({ body }) => body.body.act);
};

/** A ping that failed for good. */
async function failedPing(farm: Farm, id: string): Promise<string> {
  const ping = await runs.call('api', farm.id, 'ping_webhook', id, farm.owner.userId);
  const deliveryId = String(ping.delivery_id);
  for (let attempt = 1; attempt <= 10; attempt += 1) {
    await database.asOwner(farm.id, (transaction) =>
      transaction.rows('update core.webhook_deliveries set next_at = app.now() where id = $1', [deliveryId]),
    );
    await runs.call('worker', farm.id, 'begin_delivery', deliveryId);
    await runs.call('worker', farm.id, 'finish_delivery', deliveryId, attempt, 'sink_status', 500, null);
  }
  return deliveryId;
}

it('adds, changes, disables, enables and deletes, each with its event and without its address', async () => {
  const farm = await runs.farm();
  const id = await added(farm);
  expect(await change(farm, id, ['run.closed'], null)).toEqual({ outcome: 'changed' });
  expect(await runs.row('webhook_endpoints', { id })).toMatchObject({
    event_types: ['run.closed'],
    state: 'active',
  });
  await change(farm, id, null, 'disabled');
  await change(farm, id, null, 'active');
  await change(farm, id, null, 'deleted');
  expect(await change(farm, id, null, 'active')).toEqual({ outcome: 'refused', code: 'webhook_not_found' });
  expect(await acts(farm)).toEqual(['added', 'types', 'disabled', 'enabled', 'deleted']);
  const told = await database.look<{ n: bigint }>(
    "select count(*) as n from core.audit_log where tenant_id = $1 and payload like '%sink.example%'",
    [farm.id],
  );
  expect(told).toEqual([{ n: 0n }]);
});

it('makes work of the outbox only where an endpoint is active', async () => {
  const farm = await runs.farm();
  const waiting = () => runs.count('worklist', { kind: 'notice', tenant_id: farm.id });
  await runs.drafted(farm.hand, [sale()]);
  expect(await runs.count('outbox', { tenant_id: farm.id })).toBe(1);
  expect(await waiting()).toBe(0);
  const [first, second] = [await added(farm), await added(farm)];
  await runs.drafted(farm.hand, [sale()]);
  expect(await waiting()).toBe(1);
  await change(farm, first, null, 'disabled');
  await runs.drafted(farm.hand, [sale()]);
  expect(await waiting()).toBe(2);
  await change(farm, second, null, 'deleted');
  await runs.drafted(farm.hand, [sale()]);
  expect(await waiting()).toBe(2);
});

it('lets an admin alone, and at most twenty', async () => {
  const farm = await runs.farm();
  for (let count = 0; count < 20; count += 1) await added(farm);
  const more = ['api', farm.id, 'add_webhook', randomUUID(), URL, ['run.closed'], KEY, hashOf('s')] as const;
  expect(await runs.call(...more, farm.owner.userId)).toEqual({ outcome: 'refused', code: 'webhook_limit' });
  await expect(runs.call(...more, farm.hand.userId)).rejects.toMatchObject({ code: 'ZC012' });
});

it('lets the secret before sign until its time, and no older one', async () => {
  const farm = await runs.farm();
  const id = await added(farm);
  const rotate = (ordinal: number, overlap: string) =>
    runs.call(
      'api',
      farm.id,
      'rotate_webhook_secret',
      id,
      ordinal,
      KEY,
      hashOf('next'),
      overlap,
      farm.owner.userId,
    );
  const signing = async (): Promise<unknown[]> => {
    const ping = await runs.call('api', farm.id, 'ping_webhook', id, farm.owner.userId);
    const begun = await runs.call('worker', farm.id, 'begin_delivery', ping.delivery_id);
    return (begun.secrets as { ordinal: number }[]).map(({ ordinal }) => ordinal);
  };
  expect(await signing()).toEqual([1]);
  expect(await rotate(2, '1 day')).toEqual({ outcome: 'rotated' });
  expect(await signing()).toEqual([2, 1]);
  // Two who rotate at once sealed their secrets for one place.
  expect(await rotate(2, '1 day')).toEqual({ outcome: 'refused', code: 'version_stale' });
  await rotate(3, '1 hour');
  expect(await signing()).toEqual([3, 2]);
  await rotate(4, '0');
  expect(await signing()).toEqual([4]);
});

it('sends one message again under its id, whatever became of it, and the failed ones of a time', async () => {
  const farm = await runs.farm();
  const id = await added(farm);
  const [one, other] = [await failedPing(farm, id), await failedPing(farm, id)];
  expect(await runs.row('webhook_deliveries', { id: one })).toMatchObject({ state: 'failed', attempts: 10 });
  const replay = (delivery: string | null, hours: number | null = null) => {
    const at = (offset: number) =>
      hours === null ? null : new Date(Date.now() + offset * 3_600_000).toISOString();
    return runs.call(
      'api',
      farm.id,
      'replay_deliveries',
      id,
      delivery,
      at(-(hours ?? 0)),
      at(hours ?? 0),
      farm.owner.userId,
    );
  };
  expect(await replay(one)).toEqual({ outcome: 'queued', messages: 1 });
  expect(await runs.row('webhook_deliveries', { id: one })).toMatchObject({
    state: 'pending',
    round: 2,
    code: null,
  });
  expect(await replay(null, 1)).toEqual({ outcome: 'queued', messages: 1 });
  expect(await runs.row('webhook_deliveries', { id: other })).toMatchObject({ state: 'pending', round: 2 });
  expect(await replay(null, 1)).toEqual({ outcome: 'queued', messages: 0 });
  expect(await replay(randomUUID())).toEqual({ outcome: 'refused', code: 'delivery_not_found' });
  // The schedule begins anew: after one more failure it waits again.
  await runs.call('worker', farm.id, 'begin_delivery', one);
  expect(
    await runs.call('worker', farm.id, 'finish_delivery', one, 11, 'sink_status', 500, null),
  ).toMatchObject({ outcome: 'wait' });
  await change(farm, id, null, 'disabled');
  expect(await replay(one)).toEqual({ outcome: 'refused', code: 'webhook_disabled' });
  const pinged = runs.call('api', farm.id, 'ping_webhook', id, farm.owner.userId);
  expect(await pinged).toEqual({ outcome: 'refused', code: 'webhook_disabled' });
});
