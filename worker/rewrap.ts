import type { Vault } from '../activities/scrubber/vault';
import { rewrapSealingKeys } from '../activities/notify/webhook-secrets';
import type { WrappedKey } from '../activities/scrubber/key-ring';
import { iamSignIn } from '../db/iam';
import { openDatabase, type Database } from '../db/pool';
import { callInTenant, inTenant } from '../db/transaction';
import { choiceSetting, setting } from '../environment/setting';
import { masterKeys } from './master-keys';

export interface Rewrapped {
  /** Which master key wraps now. */
  readonly masterKeyId: string;
  /** Data keys that this call has wrapped anew. */
  readonly dataKeys: number;
  /** Runs whose values a master key sealed itself, before there were data keys: they need that key for good. */
  readonly runsWithoutDataKey: number;
  /** Data keys that did not open, because they were changed or their master key is not here: they are as they were. */
  readonly unopened: number;
}

interface StaleKey {
  readonly run_id: string;
  readonly version: number;
  readonly master_key_id: string | null;
  readonly wrapped_key: Buffer | null;
  readonly sealed_value: Buffer | null;
}

const PIECE = 100;
/** Before every run's id. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/**
 * Wraps every data key that an earlier master key wraps under the present one, whatever its run is at, so that the earlier one
 * can be put away. It can be stopped at any point and called again, and beside workers: what is wrapped already is left.
 * @param database in the worker's role
 * @param piece so many are wrapped and stored together; a call that is killed has lost no more than that
 */
export async function rewrapDataKeys(database: Database, vault: Vault, piece = PIECE): Promise<Rewrapped> {
  const tenants = await inTenant(database, null, (transaction) =>
    transaction.rows<{ tenant_id: string }>('select tenant_id from app.tenant_ids()'),
  );
  const counts = { dataKeys: 0, runsWithoutDataKey: 0, unopened: 0 };
  for (const { tenant_id: tenantId } of tenants) {
    let after = NOBODY;
    for (;;) {
      const stale = await staleKeys(database, vault, tenantId, { after, piece });
      const renewed: RenewedKey[] = [];
      for (const key of stale) {
        const answer = await renew(vault, tenantId, key);
        if (typeof answer === 'string') counts[answer] += 1;
        else renewed.push(answer);
      }
      if (renewed.length > 0) counts.dataKeys += await store(database, vault, tenantId, renewed);
      after = stale.at(-1)?.run_id ?? after;
      if (stale.length < piece) break;
    }
  }
  return { masterKeyId: vault.currentKeyId, ...counts };
}

async function staleKeys(
  database: Database,
  vault: Vault,
  tenantId: string,
  { after, piece }: { readonly after: string; readonly piece: number },
): Promise<readonly StaleKey[]> {
  return await inTenant(database, tenantId, (transaction) =>
    transaction.rows<StaleKey>('select * from app.stale_data_keys($1, $2, $3)', [
      vault.currentKeyId,
      after,
      piece,
    ]),
  );
}

interface RenewedKey {
  readonly run_id: string;
  readonly version: number;
  readonly wrapped_key: string;
}

/** The key wrapped anew, or as what it is counted when it can't be. */
async function renew(
  vault: Vault,
  tenantId: string,
  { run_id: runId, version, master_key_id: keyId, wrapped_key: bytes, sealed_value: sealed }: StaleKey,
): Promise<RenewedKey | 'runsWithoutDataKey' | 'unopened'> {
  const wrapped: WrappedKey | undefined = keyId !== null && bytes !== null ? { keyId, bytes } : undefined;
  const found = wrapped ?? sealed;
  if (found === null) return 'runsWithoutDataKey';
  try {
    const dataKey = await vault.rewrap({ tenantId, runId }, found);
    if (dataKey === undefined) return 'runsWithoutDataKey';
    return { run_id: runId, version, wrapped_key: dataKey.bytes.toString('hex') };
  } catch {
    // Whatever is wrong with it, one key holds up no other; who called is told how many.
    return 'unopened';
  }
}

async function store(
  database: Database,
  vault: Vault,
  tenantId: string,
  renewed: readonly RenewedKey[],
): Promise<number> {
  return await callInTenant<number>(database, tenantId, 'select app.rewrap_data_keys($1, $2)', [
    vault.currentKeyId,
    JSON.stringify(renewed),
  ]);
}

/** The same, and of the keys that webhooks' secrets are sealed to, from the worker's own settings: its database, `COUNTERSIGN_KMS_KEY`, `COUNTERSIGN_MASTER_KEY` and the earlier ones. */
export async function rewrapFromSettings(
  databaseUrl: string,
  home: string,
): Promise<Rewrapped & { readonly sealingKeys: number }> {
  const profile = setting('COUNTERSIGN_PROFILE') ?? 'local';
  const { wrapper, vault, kms } = masterKeys(home, profile);
  const withIam = choiceSetting('COUNTERSIGN_DATABASE_IAM', ['off', 'on'], 'off') === 'on';
  const database = openDatabase(databaseUrl, 'worker', {
    connections: 1,
    ...(withIam ? iamSignIn(databaseUrl) : {}),
  });
  try {
    const sealing = await rewrapSealingKeys(database, wrapper);
    const done = await rewrapDataKeys(database, vault);
    return { ...done, sealingKeys: sealing.sealingKeys, unopened: done.unopened + sealing.unopened };
  } finally {
    await database.close();
    kms?.close();
  }
}
