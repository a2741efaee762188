import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

/**
 * Wraps data keys under master keys that it never gives out. A key management service can stand behind it, which is why it
 * answers later: its `encrypt` and `decrypt`, with the context as what both have to be told.
 */
export interface KeyWrapper {
  /** Which master key wraps now. Printable ASCII without quote and backslash. */
  readonly currentKeyId: string;
  wrap(dataKey: Buffer, context: Buffer): Promise<WrappedKey>;
  /** @throws Error when the key of that id is not there, or the bytes were wrapped for another context */
  unwrap(wrapped: WrappedKey, context: Buffer): Promise<Buffer>;
}

export interface WrappedKey {
  readonly keyId: string;
  readonly bytes: Buffer;
}

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * A wrapper over keys that this process holds (AES-256-GCM, NIST SP 800-38D): the first wraps, all of them unwrap, so that
 * a master key is replaced by putting a new one in front.
 * @throws Error when a key has not 32 bytes
 */
export function keyRing(current: Buffer, earlier: readonly Buffer[] = []): KeyWrapper {
  const keys = new Map([...earlier, current].map((key) => [keyIdOf(key), key]));
  const currentKeyId = keyIdOf(current);
  return {
    currentKeyId,
    wrap: async (dataKey, context) =>
      await Promise.resolve({ keyId: currentKeyId, bytes: sealBytes(current, context, dataKey) }),
    async unwrap({ keyId, bytes }, context) {
      const key = keys.get(keyId);
      if (key === undefined) throw new Error('no master key of this id');
      return await Promise.resolve(openBytes(key, context, bytes));
    },
  };
}

/** Tells keys apart without telling of them. */
function keyIdOf(key: Buffer): string {
  if (key.length !== KEY_BYTES) throw new Error('the master key must have 32 bytes');
  return createHmac('sha256', key).update('countersign/master-key-id/v1').digest('hex').slice(0, 16);
}

/** Nonce, tag and ciphertext in one buffer. */
export function sealBytes(key: Buffer, associated: Buffer, plain: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(associated);
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

/** @throws Error when the bytes were changed, or sealed under another key or for other associated data */
export function openBytes(key: Buffer, associated: Buffer, sealed: Buffer): Buffer {
  // Without its length a shortened tag would do, and that can be guessed.
  const options = { authTagLength: TAG_BYTES };
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), options)
    .setAAD(associated)
    .setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
}
