import { randomBytes } from 'node:crypto';
import { keyRing, openBytes, sealBytes, type KeyWrapper, type WrappedKey } from './key-ring';

export interface VaultOwner {
  readonly tenantId: string;
  readonly runId: string;
}

/** A value and the kind of its token, which is bound to it. */
export interface VaultValue {
  readonly kind: string;
  readonly value: string;
}

export interface SealedValue {
  readonly kind: string;
  readonly sealed: Buffer;
}

/** All values of a run, sealed under a data key of their own that stands apart from them. */
export interface SealedRun {
  readonly dataKey: WrappedKey;
  readonly values: readonly Buffer[];
}

/** Seals the values that tokens stand for. Tenant, run and kind are bound to the ciphertext, so it opens nowhere else. */
export interface Vault {
  /** Which master key wraps now. */
  readonly currentKeyId: string;
  seal(owner: VaultOwner, values: readonly VaultValue[]): Promise<SealedRun>;
  /**
   * @param dataKey the run's; undefined where it still stands before each value
   * @throws Error when bytes were changed, belong to another tenant, run or kind, or their master key is not there
   */
  open(
    owner: VaultOwner,
    dataKey: WrappedKey | undefined,
    values: readonly SealedValue[],
  ): Promise<readonly string[]>;
  /**
   * The run's data key under the current master key. Undefined for values that a master key sealed itself, before there
   * were data keys: those need that master key for good.
   * @param found the run's wrapped key, or one of its values that it stands before
   */
  rewrap(owner: VaultOwner, found: WrappedKey | Buffer): Promise<WrappedKey | undefined>;
}

/** A data key of the run stands in a row of its own. */
const APART = Buffer.from('CSV3', 'latin1');
/** It stands before the value: until there were such rows. */
const BEFORE = Buffer.from('CSV2', 'latin1');
const DATA_KEY_BYTES = 32;

/**
 * A vault under a master key of this process; what an earlier one wraps opens too.
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
  return {
    currentKeyId: keys.currentKeyId,

    async seal(owner, values) {
      const key = randomBytes(DATA_KEY_BYTES);
      const dataKey = await keys.wrap(key, runOf(owner));
      return {
        dataKey,
        values: values.map(({ kind, value }) =>
          Buffer.concat([APART, sealBytes(key, associatedData(owner, kind), Buffer.from(value, 'utf8'))]),
        ),
      };
    },

    async open(owner, dataKey, values) {
      const run = runOf(owner);
      const apart = dataKey && (await keys.unwrap(dataKey, run));
      let before: { readonly header: Buffer; readonly key: Buffer } | undefined;
      const opened: string[] = [];
      for (const { kind, sealed } of values) {
        const associated = associatedData(owner, kind);
        if (begins(sealed, APART)) {
          if (apart === undefined) throw new Error('no data key of this run');
          opened.push(openBytes(apart, associated, sealed.subarray(APART.length)).toString('utf8'));
        } else if (begins(sealed, BEFORE)) {
          const { header, wrapped } = readHeader(sealed);
          // The row's key is the same one, and may be wrapped under a newer master key.
          if (before?.header.equals(header) !== true)
            before = { header, key: apart ?? (await keys.unwrap(wrapped, run)) };
          opened.push(openBytes(before.key, associated, sealed.subarray(header.length)).toString('utf8'));
        } else opened.push(openedDirectly(direct, associated, sealed));
      }
      return opened;
    },

    async rewrap(owner, found) {
      const wrapped = Buffer.isBuffer(found) ? headerKey(found) : found;
      if (wrapped === undefined) return undefined;
      const run = runOf(owner);
      return await keys.wrap(await keys.unwrap(wrapped, run), run);
    },
  };
}

function begins(sealed: Buffer, mark: Buffer): boolean {
  return sealed.subarray(0, mark.length).equals(mark);
}

function headerKey(sealed: Buffer): WrappedKey | undefined {
  return begins(sealed, BEFORE) ? readHeader(sealed).wrapped : undefined;
}

/** What stands before each value of a run: the mark, the master key's id and the wrapped data key, each with its length. */
function readHeader(sealed: Buffer): { readonly header: Buffer; readonly wrapped: WrappedKey } {
  let at = BEFORE.length;
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

function associatedData({ tenantId, runId }: VaultOwner, kind: string): Buffer {
  return Buffer.from(JSON.stringify([tenantId, runId, kind]), 'utf8');
}
