import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Seals the values that tokens stand for. Tenant, run and kind are bound to the ciphertext, so it opens nowhere else. */
export interface Vault {
  seal(owner: VaultOwner, value: string): Buffer;
  /** @throws Error when the bytes were changed or belong to another tenant, run or kind */
  open(owner: VaultOwner, sealed: Buffer): string;
}

export interface VaultOwner {
  readonly tenantId: string;
  readonly runId: string;
  readonly kind: string;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * A vault under one master key (AES-256-GCM, NIST SP 800-38D): nonce, tag and ciphertext in one buffer.
 * @param masterKey 32 bytes, kept outside the database and its backups
 */
export function createVault(masterKey: Buffer): Vault {
  if (masterKey.length !== 32) throw new Error('the master key must have 32 bytes');
  return {
    seal(owner, value) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', masterKey, nonce).setAAD(associatedData(owner));
      const sealed = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
    },
    open(owner, sealed) {
      // Without its length a shortened tag would do, and that can be guessed.
      const options = { authTagLength: TAG_BYTES };
      const decipher = createDecipheriv('aes-256-gcm', masterKey, sealed.subarray(0, NONCE_BYTES), options)
        .setAAD(associatedData(owner))
        .setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      return Buffer.concat([
        decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)),
        decipher.final(),
      ]).toString('utf8');
    },
  };
}

function associatedData(owner: VaultOwner): Buffer {
  return Buffer.from(JSON.stringify([owner.tenantId, owner.runId, owner.kind]), 'utf8');
}
