import { randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { Webhook } from 'standardwebhooks';
import type { ActivityDependencies } from '../../activities/dependencies';
import { createSweepNotices } from '../../activities/notify/sweep-notices';
import { mintWebhookSecret } from '../../contract/webhook-secret';
import { SUBSCRIBED_TYPES, type SubscribedType } from '../../contract/webhooks';
import { createRunStarter } from '../../worker/run-starter';
import type { TestDatabase } from './database';
import type { Governed } from './governed';
import type { Received } from './sink';
import type { Person } from './world';

export interface AddedWebhook {
  readonly id: string;
  readonly secret: string;
}

/** Adds an endpoint as the API does. A worker must have come up before, which makes the key that secrets are sealed to. */
export async function addWebhook(
  database: TestDatabase,
  admin: Person,
  url: string,
  types: readonly SubscribedType[] = SUBSCRIBED_TYPES,
): Promise<AddedWebhook> {
  const id = randomUUID();
  const { tenantId } = admin;
  return await database.as('api', tenantId, async (transaction) => {
    const [key] = await transaction.rows<{ id: string; public_key: Buffer }>('select * from app.sealing_key');
    if (key === undefined) throw new Error('no sealing key');
    const { secret, sealed } = mintWebhookSecret(key.public_key, { tenantId, endpointId: id, ordinal: 1 });
    await transaction.value('select app.add_webhook($1, $2, $3, $4, $5, $6)', [
      id,
      url,
      types,
      key.id,
      sealed,
      admin.userId,
    ]);
    return { id, secret };
  });
}

/** What a listener does: verifies by the published library, at the time that the message names. */
export function verified(secret: string, { headers, body }: Received): unknown {
  const now = jest.spyOn(Date, 'now').mockReturnValue(Number(headers['webhook-timestamp']) * 1_000);
  try {
    return new Webhook(secret).verify(body, headers);
  } finally {
    now.mockRestore();
  }
}

/** Looks once at what has to be told, as the reconciler does every five seconds. */
export async function sweepNotices({ database, client, taskQueue }: Governed): Promise<void> {
  const dependencies = { database: database.open('worker'), runs: createRunStarter(client, taskQueue) };
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  await environment.run(createSweepNotices(dependencies as unknown as ActivityDependencies));
}
