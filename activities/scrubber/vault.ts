import { randomBytes } from 'node:crypto';
import { keyRing, openBytes, sealBytes, type KeyWrapper, type WrappedKey } from './key-ring';

/** Seals the values that tokens stand for. Tenant, run and kind are bound to the ciphertext, so it opens nowhere else. */
export interface Vault {
  seal(owner: VaultOwner, value: string): Buffer;
  /** @throws Error when the bytes were changed, belong to another tenant, run or kind, or their master key is not there */
  open(owner: VaultOwner, sealed: Buffer): string;
}

export interface VaultOwner {
  readonly tenantId: string;
  readonly runId: string;
  readonly kind: string;
}

interface DataKey {
  readonly run: string;
  readonly key: Buffer;
  /** What stands before each value of the run: the mark, the master key's id and the wrapped data key. */
  readonly header: Buffer;
}

/** Says that a data key follows. Values sealed before there were such begin with a random nonce. */
const MARK = Buffer.from('CSV2', 'latin1');
const DATA_KEY_BYTES = 32;

/**
 * A vault under a master key of this process; values sealed under an earlier one open too.
 * @param masterKey 32 bytes, kept outside the database and its backups
 */
export function createVault(masterKey: Buffer, earlier: readonly Buffer[] = []): Vault {
  return vaultUnder(keyRing(masterKey, earlier), [masterKey, ...earlier]);
}

/**
 * A vault with a data key for each run, wrapped by `keys`.
 * @param direct master keys under which values were sealed before there were data keys
 */
export function vaultUnder(keys: KeyWrapper, direct: readonly Buffer[] = []): Vault {
  // One run's values are sealed, and opened, together: its key is wrapped or unwrapped once.
  let sealing: DataKey | undefined;
  let opened: DataKey | undefined;
  return {
    seal(owner, value) {
      const run = runOf(owner);
      if (sealing?.run !== run.toString()) sealing = newDataKey(keys, run);
      const sealed = sealBytes(sealing.key, associatedData(owner), Buffer.from(value, 'utf8'));
      return Buffer.concat([sealing.header, sealed]);
    },
    open(owner, sealed) {
      if (!sealed.subarray(0, MARK.length).equals(MARK))
        return openedDirectly(direct, associatedData(owner), sealed);
      const run = runOf(owner);
      const { header, wrapped } = readHeader(sealed);
      if (opened?.run !== run.toString() || !opened.header.equals(header))
        opened = { run: run.toString(), key: keys.unwrap(wrapped, run), header };
      return openBytes(opened.key, associatedData(owner), sealed.subarray(header.length)).toString('utf8');
    },
  };
}

function newDataKey(keys: KeyWrapper, run: Buffer): DataKey {
  const key = randomBytes(DATA_KEY_BYTES);
  const wrapped = keys.wrap(key, run);
  const parts = [Buffer.from(wrapped.keyId, 'utf8'), wrapped.bytes];
  const header = Buffer.concat([MARK, ...parts.flatMap((part) => [lengthOf(part), part])]);
  return { run: run.toString(), key, header };
}

function readHeader(sealed: Buffer): { readonly header: Buffer; readonly wrapped: WrappedKey } {
  let at = MARK.length;
  const part = (): Buffer => {
    const end = at + 2 + sealed.readUInt16BE(at);
    const bytes = sealed.subarray(at + 2, end);
    at = end;
    return bytes;
  };
  const keyId = part().toString('utf8');
  const bytes = part();
  return { header: sealed.subarray(0, at), wrapped: { keyId, bytes } };
}

function lengthOf(part: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(part.length);
  return length;
}

function openedDirectly(direct: readonly Buffer[], associated: Buffer, sealed: Buffer): string {
  for (const [place, key] of direct.entries()) {
    try {
      return openBytes(key, associated, sealed).toString('utf8');
    } catch (error) {
      // Under which key it was sealed is not written down; only the last refusal tells.
      if (place === direct.length - 1) throw error;
    }
  }
  throw new Error('no master key for this value');
}

function runOf({ tenantId, runId }: VaultOwner): Buffer {
  return Buffer.from(JSON.stringify([tenantId, runId]), 'utf8');
}

function associatedData(owner: VaultOwner): Buffer {
  return Buffer.from(JSON.stringify([owner.tenantId, owner.runId, owner.kind]), 'utf8');
}
