import { randomBytes, randomUUID } from 'node:crypto';
import { createWebhookSecrets, rewrapSealingKeys } from '../../activities/notify/webhook-secrets';
import { keyRing } from '../../activities/scrubber/key-ring';
import { mintWebhookSecret } from '../../contract/webhook-secret';
import { testDatabase } from '../support/database';

const database = testDatabase();

it('wraps the key that webhooks’ secrets are sealed to as well, and counts one that does not open', async () => {
  const [first, second, third] = [randomBytes(32), randomBytes(32), randomBytes(32)] as const;
  const tenantId = 'a-farm';
  const worker = database.open('worker');
  await createWebhookSecrets(worker, keyRing(first)).prepare();
  const [key] = await database.look<{ id: string; public_key: Buffer }>(
    'select id, public_key from core.sealing_keys',
  );
  if (key === undefined) throw new Error('no sealing key');
  const endpointId = randomUUID();
  const { secret, sealed } = mintWebhookSecret(key.public_key, { tenantId, endpointId, ordinal: 1 });
  const stored = [{ ordinal: 1, sealing_key_id: key.id, sealed_secret: sealed.toString('hex') }];
  expect(await rewrapSealingKeys(worker, keyRing(third))).toEqual({ sealingKeys: 0, unopened: 1 });
  expect(await rewrapSealingKeys(worker, keyRing(second, [first]))).toEqual({ sealingKeys: 1, unopened: 0 });
  expect(await rewrapSealingKeys(worker, keyRing(second))).toEqual({ sealingKeys: 0, unopened: 0 });
  const [bytes] = await createWebhookSecrets(worker, keyRing(second)).open(tenantId, endpointId, stored);
  expect(`whsec_${bytes?.toString('base64')}`).toBe(secret);
  const other = createWebhookSecrets(worker, keyRing(second)).open(tenantId, randomUUID(), stored);
  await expect(other).rejects.toThrow();
  await expect(
    createWebhookSecrets(worker, keyRing(first)).open(tenantId, endpointId, stored),
  ).rejects.toThrow();
});
