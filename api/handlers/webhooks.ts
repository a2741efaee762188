import { randomUUID } from 'node:crypto';
import { mintWebhookSecret, type MintedSecret } from '../../contract/webhook-secret';
import {
  exampleMessage,
  SUBSCRIBED_TYPES,
  WEBHOOK_TYPES,
  type WebhookTypeName,
} from '../../contract/webhooks';
import type { Delivery, Webhook } from '../../contract/wire/webhook';
import type { Transaction } from '../../db/transaction';
import type { Caller } from '../caller';
import { asCaller, type Handler } from '../context';
import { requirePublicAddress } from '../http/public-address';
import { ApiProblem, refuseIf, type Outcome } from '../problem';
import { mapPage, readPage } from '../reads/keyset';

const SELECT_WEBHOOKS = `select id, url, event_types, state, code, secret_version, previous_secret_until, created_by, created_at, changed_at
  from app.webhooks`;

/** The parts of attempts as JSON come with the row: a page of messages is one statement. */
const SELECT_DELIVERIES = `select id, endpoint_id as webhook_id, type, state, code, next_at, occurred_at, created_at, body,
    coalesce((select json_agg(json_build_object('attempt', a.attempt, 'state', a.state, 'code', a.code, 'status', a.status,
        'started_at', app.utc(a.started_at), 'ended_at', app.utc(a.ended_at)) order by a.attempt)
      from app.webhook_attempts a where a.delivery_id = d.id), '[]') as attempts
  from app.webhook_deliveries d`;

/** What webhooks can be told of. */
export const listWebhookTypes: Handler<'webhooks.types'> = async () => ({
  status: 200,
  body: {
    items: (Object.keys(WEBHOOK_TYPES) as WebhookTypeName[]).map((type) => ({
      type,
      summary: WEBHOOK_TYPES[type].summary,
      example: exampleMessage(type),
    })),
  },
});

export const listWebhooks: Handler<'webhooks.list'> = async (api, { caller, query }) => ({
  status: 200,
  body: await asCaller(api, caller, async (transaction) =>
    mapPage(
      await readPage<Webhook>(
        transaction,
        {
          list: 'webhooks',
          select: SELECT_WEBHOOKS,
          order: [
            ['created_at', 'timestamptz'],
            ['id', 'uuid'],
          ],
          direction: 'asc',
        },
        query,
      ),
      (row) => row,
    ),
  ),
});

export const getWebhook: Handler<'webhooks.get'> = async (api, { caller, params }) => ({
  status: 200,
  body: await asCaller(api, caller, (transaction) => readWebhook(transaction, params.id)),
});

/** Adds a webhook. Its secret is in this answer and nowhere else: what is stored, only workers open. */
export const createWebhook: Handler<'webhooks.create'> = async (api, { caller, body }) => {
  await requirePublicAddress(body.url, api.webhooks);
  const id = randomUUID();
  const created = await asCaller(api, caller, async (transaction) => {
    const { keyId, minted } = await mint(transaction, caller, id, 1);
    refuseIf(
      await transaction.value<Outcome>('select app.add_webhook($1, $2, $3, $4, $5, $6)', [
        id,
        body.url,
        [...new Set(body.event_types ?? SUBSCRIBED_TYPES)],
        keyId,
        minted.sealed,
        caller.userId,
      ]),
    );
    return { ...(await readWebhook(transaction, id)), secret: minted.secret };
  });
  return { status: 201, body: created, headers: { Location: `/v1/webhooks/${id}` } };
};

export const changeWebhook: Handler<'webhooks.change'> = async (api, { caller, params, body }) => ({
  status: 200,
  body: await asCaller(api, caller, async (transaction) => {
    const types = body.event_types === undefined ? null : [...new Set(body.event_types)];
    await change(transaction, caller, params.id, types, body.state ?? null);
    return await readWebhook(transaction, params.id);
  }),
});

export const deleteWebhook: Handler<'webhooks.delete'> = async (api, { caller, params }) => {
  await asCaller(api, caller, (transaction) => change(transaction, caller, params.id, null, 'deleted'));
  return { status: 204 };
};

export const rotateWebhookSecret: Handler<'webhooks.rotate'> = async (api, { caller, params, body }) => ({
  status: 200,
  body: await asCaller(api, caller, async (transaction) => {
    const id = params.id ?? '';
    const ordinal = (await readWebhook(transaction, id)).secret_version + 1;
    const { keyId, minted } = await mint(transaction, caller, id, ordinal);
    refuseIf(
      await transaction.value<Outcome>('select app.rotate_webhook_secret($1, $2, $3, $4, $5, $6)', [
        id,
        ordinal,
        keyId,
        minted.sealed,
        `${body?.overlap_hours ?? 24} hours`,
        caller.userId,
      ]),
    );
    return { ...(await readWebhook(transaction, id)), secret: minted.secret };
  }),
});

export const pingWebhook: Handler<'webhooks.ping'> = async (api, { caller, params }) => {
  const queued = await asCaller(api, caller, async (transaction) =>
    refuseIf(
      await transaction.value<Outcome & { readonly delivery_id: string }>('select app.ping_webhook($1, $2)', [
        params.id,
        caller.userId,
      ]),
    ),
  );
  return {
    status: 202,
    body: { delivery_id: queued.delivery_id },
    headers: { Location: `/v1/webhooks/${params.id ?? ''}/deliveries` },
  };
};

/** Messages to a webhook, newest first. */
export const listDeliveries: Handler<'webhooks.deliveries'> = async (api, { caller, params, query }) => ({
  status: 200,
  body: await asCaller(api, caller, async (transaction) => {
    await readWebhook(transaction, params.id);
    const page = await readPage<Delivery>(
      transaction,
      {
        list: 'deliveries',
        select: SELECT_DELIVERIES,
        conditions: [
          { text: 'd.endpoint_id = $', value: params.id },
          { text: 'd.state = $', value: query.state },
        ],
        order: [
          ['created_at', 'timestamptz'],
          ['id', 'uuid'],
        ],
        direction: 'desc',
      },
      query,
    );
    return mapPage(page, (row) => row);
  }),
});

/** Has messages sent again: one of them, or those of a time that failed. */
export const replayDeliveries: Handler<'webhooks.replay'> = async (api, { caller, params, body }) => {
  const [deliveryId, from, until] =
    'delivery_id' in body ? [body.delivery_id, null, null] : [null, body.from, body.until];
  const queued = await asCaller(api, caller, async (transaction) =>
    refuseIf(
      await transaction.value<Outcome & { readonly messages: number }>(
        'select app.replay_deliveries($1, $2, $3, $4, $5)',
        [params.id, deliveryId, from, until, caller.userId],
      ),
    ),
  );
  return {
    status: 202,
    body: { messages: queued.messages },
    headers: { Location: `/v1/webhooks/${params.id ?? ''}/deliveries` },
  };
};

async function change(
  transaction: Transaction,
  caller: Caller,
  id: string | undefined,
  eventTypes: readonly string[] | null,
  state: 'active' | 'disabled' | 'deleted' | null,
): Promise<void> {
  refuseIf(
    await transaction.value<Outcome>('select app.change_webhook($1, $2, $3, $4)', [
      id,
      eventTypes,
      state,
      caller.userId,
    ]),
  );
}

/** A new secret, sealed to the key that workers hold. @throws ApiProblem `unavailable` before the first worker has come up */
async function mint(
  transaction: Transaction,
  { tenantId }: Caller,
  endpointId: string,
  ordinal: number,
): Promise<{ readonly keyId: string; readonly minted: MintedSecret }> {
  const [key] = await transaction.rows<{ id: string; public_key: Buffer }>('select * from app.sealing_key');
  if (key === undefined) throw new ApiProblem('unavailable', { retryAfterSeconds: 5 });
  return { keyId: key.id, minted: mintWebhookSecret(key.public_key, { tenantId, endpointId, ordinal }) };
}

async function readWebhook(transaction: Transaction, id: string | undefined): Promise<Webhook> {
  const [row] = await transaction.rows<Webhook>(`${SELECT_WEBHOOKS} where id = $1`, [id]);
  if (row === undefined) throw new ApiProblem('webhook_not_found');
  return row;
}
