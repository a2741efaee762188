import { Context } from '@temporalio/activity';
import type { Database } from '../../db/pool';
import { callInTenant } from '../../db/transaction';
import type { PostWebhook, WebhookAnswer } from './post-webhook';
import { signaturesOf, type SealedSecret, type WebhookSecrets } from './webhook-secrets';

const HEARTBEAT_EVERY_MS = 2_000;

export interface DeliveryToAttempt {
  readonly tenantId: string;
  readonly deliveryId: string;
}

/** How a message goes on: after a pause, or not at all. */
export type DeliveryAnswer =
  | { readonly outcome: 'wait'; readonly pauseMs: number }
  | { readonly outcome: 'over'; readonly state: string; readonly code: string | null };

export interface WebhookSending {
  readonly post: PostWebhook;
  readonly secrets: WebhookSecrets;
}

interface ToSend {
  readonly outcome: 'send';
  readonly attempt: number;
  readonly endpoint_id: string;
  readonly url: string;
  readonly body: string;
  readonly timestamp_seconds: number;
  readonly secrets: readonly SealedSecret[];
}

export type Stored =
  | { readonly outcome: 'wait'; readonly pause_ms: number }
  | { readonly outcome: 'over'; readonly state: string; readonly code: string | null };

/**
 * One attempt at a message: begun as a row, sent, and ended. When the worker is killed in between, the next attempt finds it
 * lost and sends the same bytes under the same id again.
 */
export function createAttemptDelivery(database: Database, webhooks: WebhookSending) {
  return async ({ tenantId, deliveryId }: DeliveryToAttempt): Promise<DeliveryAnswer> => {
    const begun = await callInTenant<ToSend | Stored>(database, tenantId, 'select app.begin_delivery($1)', [
      deliveryId,
    ]);
    if (begun.outcome !== 'send') return answerOf(begun);
    const { code, status, retryAfterSeconds } = await withHeartbeats(() =>
      send(webhooks, tenantId, deliveryId, begun),
    );
    return answerOf(
      await callInTenant<Stored>(database, tenantId, 'select app.finish_delivery($1, $2, $3, $4, $5)', [
        deliveryId,
        begun.attempt,
        code,
        status,
        retryAfterSeconds,
      ]),
    );
  };
}

async function send(
  { post, secrets }: WebhookSending,
  tenantId: string,
  id: string,
  { endpoint_id: endpointId, url, body, timestamp_seconds: timestamp, secrets: sealed }: ToSend,
): Promise<WebhookAnswer> {
  let opened: readonly Buffer[];
  try {
    opened = await secrets.open(tenantId, endpointId, sealed);
  } catch {
    // A master key that is missing here may be there at the next attempt; unsigned nothing is sent.
    return { code: 'step_failed', status: null, retryAfterSeconds: null };
  }
  return await post({
    url,
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Countersign-Webhooks/1',
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signaturesOf(id, timestamp, body, opened),
    },
  });
}

/** So that a worker that is killed is noticed while it sends, and not only when the attempt's time is up. */
export async function withHeartbeats<Result>(work: () => Promise<Result>): Promise<Result> {
  const context = Context.current();
  const beat = setInterval(() => context.heartbeat(), HEARTBEAT_EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
  }
}

export function answerOf(stored: Stored): DeliveryAnswer {
  return stored.outcome === 'wait'
    ? { outcome: 'wait', pauseMs: stored.pause_ms }
    : { outcome: 'over', state: stored.state, code: stored.code };
}
