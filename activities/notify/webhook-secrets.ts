import { createHmac } from 'node:crypto';
import { createSealingKey, openSealed, secretContext } from '../../contract/sealed-box';
import type { Database } from '../../db/pool';
import { callInTenant, inTenant } from '../../db/transaction';
import type { KeyWrapper, WrappedKey } from '../scrubber/key-ring';

/** A secret of an endpoint as the database has it, in hexadecimal digits. */
export interface SealedSecret {
  readonly ordinal: number;
  readonly sealing_key_id: string;
  readonly sealed_secret: string;
}

/** Opens secrets of webhooks, which the API has sealed and can't open itself. */
export interface WebhookSecrets {
  /** @throws Error when one was changed, is of another endpoint, or its master key is not here */
  open(tenantId: string, endpointId: string, sealed: readonly SealedSecret[]): Promise<readonly Buffer[]>;
  /** Makes the key that secrets are sealed to, if there is none yet. */
  prepare(): Promise<void>;
}

interface SealingKeyRow {
  readonly id: string;
  readonly version: number;
  readonly master_key_id: string;
  readonly wrapped_key: Buffer;
}

/** @param keys under which the private half of the sealing key is wrapped, as data keys are */
export function createWebhookSecrets(database: Database, keys: KeyWrapper): WebhookSecrets {
  const opened = new Map<string, Buffer>();
  return {
    async open(tenantId, endpointId, sealed) {
      const secrets: Buffer[] = [];
      for (const { ordinal, sealing_key_id: keyId, sealed_secret: box } of sealed) {
        const privateKey = opened.get(keyId) ?? (await unwrapped(database, keys, keyId));
        opened.set(keyId, privateKey);
        const context = secretContext(tenantId, endpointId, ordinal);
        secrets.push(openSealed(privateKey, context, Buffer.from(box, 'hex')));
      }
      return secrets;
    },

    async prepare() {
      if ((await readKeys(database)).length > 0) return;
      const { publicKey, privateKey } = createSealingKey();
      const id = createHmac('sha256', publicKey).update('countersign/sealing-key-id/v1').digest('hex');
      const keyId = id.slice(0, 16);
      const { keyId: masterKeyId, bytes } = await keys.wrap(privateKey, wrapContext(keyId));
      await callInTenant(database, null, 'select app.put_sealing_key($1, $2, $3, $4)', [
        keyId,
        publicKey,
        masterKeyId,
        bytes,
      ]);
    },
  };
}

/** Wraps every sealing key that another master key wraps under the present one, and counts those that did not open. */
export async function rewrapSealingKeys(
  database: Database,
  keys: KeyWrapper,
): Promise<{ readonly sealingKeys: number; readonly unopened: number }> {
  const counts = { sealingKeys: 0, unopened: 0 };
  for (const row of await readKeys(database)) {
    if (row.master_key_id === keys.currentKeyId) continue;
    const context = wrapContext(row.id);
    const privateKey = await keys.unwrap(wrappedOf(row), context).catch(() => undefined);
    if (privateKey === undefined) {
      counts.unopened += 1;
      continue;
    }
    const { keyId, bytes } = await keys.wrap(privateKey, context);
    const stored = await callInTenant<boolean>(
      database,
      null,
      'select app.rewrap_sealing_key($1, $2, $3, $4)',
      [row.id, row.version, keyId, bytes],
    );
    if (stored) counts.sealingKeys += 1;
  }
  return counts;
}

/**
 * The signatures of a message, one for each secret that signs now, the newest first: HMAC-SHA-256 over id, time and body, as the
 * Standard Webhooks specification has it.
 */
export function signaturesOf(
  id: string,
  timestampSeconds: number,
  body: string,
  secrets: readonly Buffer[],
): string {
  const signed = `${id}.${timestampSeconds}.${body}`;
  return secrets
    .map((secret) => `v1,${createHmac('sha256', secret).update(signed).digest('base64')}`)
    .join(' ');
}

async function readKeys(database: Database): Promise<SealingKeyRow[]> {
  return await inTenant(database, null, (transaction) =>
    transaction.rows<SealingKeyRow>('select * from app.sealing_keys()'),
  );
}

async function unwrapped(database: Database, keys: KeyWrapper, keyId: string): Promise<Buffer> {
  const row = (await readKeys(database)).find(({ id }) => id === keyId);
  if (row === undefined) throw new Error('no sealing key of this id');
  return await keys.unwrap(wrappedOf(row), wrapContext(keyId));
}

function wrappedOf({ master_key_id: keyId, wrapped_key: bytes }: SealingKeyRow): WrappedKey {
  return { keyId, bytes };
}

function wrapContext(keyId: string): Buffer {
  return Buffer.from(JSON.stringify(['countersign/sealing-key/v1', keyId]), 'utf8');
}
