import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { keyRing, type KeyWrapper } from '../activities/scrubber/key-ring';
import { vaultUnder, type Vault } from '../activities/scrubber/vault';
import { setting } from '../environment/setting';
import { kmsWrapper, type KmsWrapper } from './kms';
import { earlierMasterKeys, masterKey } from './master-key';

export interface MasterKeys {
  readonly wrapper: KeyWrapper;
  readonly vault: Vault;
  /** The service that wraps now, or wrapped before. */
  readonly kms: KmsWrapper | undefined;
}

/**
 * What data keys are wrapped by: the key of `COUNTERSIGN_KMS_KEY`, else this machine's own. What the other one, or an earlier
 * one, has wrapped opens too as long as it is named: so a vault moves to a service and back.
 */
export function masterKeys(home: string, profile: string): MasterKeys {
  const present = setting('COUNTERSIGN_KMS_KEY');
  const before = setting('COUNTERSIGN_KMS_KEY_EARLIER');
  const kmsKey = present ?? before;
  const kms = kmsKey === undefined ? undefined : kmsWrapper(kmsKey);
  const held = present === undefined || hasOwnKey(home, profile) ? [masterKey(home, profile)] : [];
  const [first, ...others] = [...held, ...earlierMasterKeys()];
  const ring = first === undefined ? undefined : keyRing(first, others);
  const wrapper =
    present !== undefined && kms !== undefined ? inFront(kms, ring, kms) : inFront(ring, ring, kms);
  return { wrapper, vault: vaultUnder(wrapper, first === undefined ? [] : [first, ...others]), kms };
}

/** Under a service no key is made here; one that was there before still opens what it wrapped. */
function hasOwnKey(home: string, profile: string): boolean {
  if (setting('COUNTERSIGN_MASTER_KEY') !== undefined) return true;
  return profile === 'local' && existsSync(join(home, 'master.key'));
}

function inFront(
  front: KeyWrapper | undefined,
  ring: KeyWrapper | undefined,
  kms: KmsWrapper | undefined,
): KeyWrapper {
  if (front === undefined) throw new Error('no master key');
  return {
    currentKeyId: front.currentKeyId,
    wrap: (dataKey, context) => front.wrap(dataKey, context),
    async unwrap(wrapped, context) {
      const by = kms?.knows(wrapped.keyId) === true ? kms : ring;
      // A service that nobody has named any more wrapped it, or a key of this machine that is gone.
      if (by === undefined) throw new Error('no master key of this id');
      return await by.unwrap(wrapped, context);
    },
  };
}
