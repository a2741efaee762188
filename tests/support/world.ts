import { randomUUID, randomBytes } from 'node:crypto';
import { mintKey } from '../../contract/api-key';
import { config } from '../../countersign.config';
import { registerPacks } from '../../db/register-packs';
import { createRegistry, packRows, type Registry } from '../../packs/registry';
import { EMBEDDING_MODEL } from '../../contract/model';
import type { ModelRef, Pack } from '../../contract/pack';
import type { Role } from '../../contract/states';
import type { TestDatabase } from './database';
import { noteProof } from './proofs';

export interface Person {
  readonly tenantId: string;
  readonly userId: string;
  /** The public part of a live key, which proves the person to `store_intent`. */
  readonly keyId: string;
  /** The whole key, as a client sends it. */
  readonly token: string;
}

export interface World {
  readonly registry: Registry;
  readonly platformAdmin: Person;
  /** A farm: tier auto for routine records; owner decides, hand asks. */
  readonly farm: { readonly id: string; readonly owner: Person; readonly hand: Person };
  /** A hospital: staff ask, three members of a committee and a senior decide. */
  readonly hospital: {
    readonly id: string;
    readonly staff: Person;
    readonly members: readonly [Person, Person, Person];
    readonly senior: Person;
    readonly admin: Person;
    readonly auditor: Person;
  };
}

const CREDITS = 1_000_000n;
const DAY_BUDGET_NANO_USD = 1_000_000_000_000n;

/** The platform and two tenants of a test, made by the functions that the API calls, in the API's role. */
export async function buildWorld(
  database: TestDatabase,
  packs: readonly Pack[] = config.packs,
): Promise<World> {
  const registry = createRegistry(packs);
  await registerPacks(database.url('postgres'), packRows(registry));
  const platformAdmin = await addMember(database, '__platform__', ['platform_admin']);
  for (const ref of modelsOf(registry)) await allowModel(database, platformAdmin, ref);

  const farm = await addTenant(database, platformAdmin, 'farm', {
    currency: 'NGN',
    timeZone: 'Africa/Lagos',
    places: ['House 1', 'House 2', 'House 3', 'House 4'],
  });
  const owner = await addMember(database, farm, ['admin', 'reviewer', 'requester']);
  const hand = await addMember(database, farm, ['requester']);
  const hospital = await addTenant(database, platformAdmin, 'hospital', {
    currency: 'USD',
    timeZone: 'America/New_York',
    places: [],
  });
  const reviewer = async (): Promise<Person> => await addMember(database, hospital, ['reviewer']);
  return {
    registry,
    platformAdmin,
    farm: { id: farm, owner, hand },
    hospital: {
      id: hospital,
      staff: await addMember(database, hospital, ['requester']),
      members: [await reviewer(), await reviewer(), await reviewer()],
      senior: await addMember(database, hospital, ['senior']),
      admin: await addMember(database, hospital, ['admin']),
      auditor: await addMember(database, hospital, ['auditor']),
    },
  };
}

/** Another tenant with an account, a policy and credits. Returns its id. */
export async function addTenant(
  database: TestDatabase,
  platformAdmin: Person,
  kind: 'farm' | 'hospital',
  facts: { readonly currency: string; readonly timeZone: string; readonly places: readonly string[] },
  credits: bigint = CREDITS,
): Promise<string> {
  const id = `${kind}-${randomBytes(4).toString('hex')}`;
  const named = kind === 'farm' ? 'The farm' : 'The hospital';
  await database.as('api', '__platform__', (transaction) =>
    transaction.value('select app.create_tenant($1, $2, $3, $4, $5, $6, $7, $8)', [
      id,
      kind,
      named,
      facts.currency,
      'metric',
      facts.timeZone,
      facts.places,
      platformAdmin.userId,
    ]),
  );
  await database.as('api', id, (transaction) =>
    transaction.value('select app.open_tenant($1, $2)', [DAY_BUDGET_NANO_USD, platformAdmin.userId]),
  );
  if (credits > 0n) {
    await database.as('api', id, (transaction) =>
      transaction.value('select app.grant_credits($1, $2, $3)', [credits, 'first', platformAdmin.userId]),
    );
  }
  return id;
}

/** A person (or a service) with roles and a live key, both made by the system. */
export async function addMember(
  database: TestDatabase,
  tenantId: string,
  roles: readonly Role[],
  kind: 'person' | 'service' = 'person',
): Promise<Person> {
  const userId = randomUUID();
  const { id: keyId, token, secretSha256 } = mintKey();
  await database.asOwner(tenantId, async (transaction) => {
    await transaction.value('select app.set_member($1, $2, $3, $4, true, null)', [
      userId,
      `Person ${keyId.slice(0, 4)}`,
      kind,
      roles,
    ]);
    await transaction.value('select app.create_key($1, $2, $3, $4, $5, null, null)', [
      keyId,
      userId,
      'test',
      secretSha256,
      'local_token',
    ]);
  });
  noteProof(userId, token);
  return { tenantId, userId, keyId, token };
}

/** Lists a model as one that stays within the perimeter, at a price of one nano-dollar a token. */
export async function allowModel(database: TestDatabase, admin: Person, ref: ModelRef): Promise<void> {
  const entry = {
    listed: true,
    baa_active: ref.vendor !== 'local',
    baa_expires_at: null,
    baa_sha256: ref.vendor === 'local' ? null : 'ab'.repeat(32),
    zdr_active: true,
    retention_mode: 'none',
    leaves_perimeter: ref.vendor !== 'local',
    notes: 'for tests',
  };
  const price = {
    valid_from: null,
    valid_until: null,
    input_nano_usd_per_token: '1',
    output_nano_usd_per_token: '2',
    cache_read_nano_usd_per_token: '0',
    cache_write_nano_usd_per_token: '1',
  };
  const key = [ref.vendor, ref.model, ref.region];
  await database.as('api', '__platform__', async (transaction) => {
    await transaction.value('select app.set_vendor($1, $2, $3, $4, 0, $5)', [
      ...key,
      JSON.stringify(entry),
      admin.userId,
    ]);
    await transaction.value('select app.set_price($1, $2, $3, $4, $5)', [
      ...key,
      JSON.stringify(price),
      admin.userId,
    ]);
  });
}

/** Saves a tenant's next policy, with what is given changed. */
export async function changePolicy(
  database: TestDatabase,
  by: Person,
  changes: Readonly<Record<string, unknown>>,
): Promise<void> {
  await database.as('api', by.tenantId, async (transaction) => {
    const [present] = await transaction.rows<Record<string, unknown> & { version: number }>(
      'select * from app.policies order by version desc limit 1',
    );
    const next = { ...present, reason: 'for a test', ...changes };
    const text = JSON.stringify(next, (_key, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    );
    const saved = await transaction.value<{ outcome: string; code?: string }>(
      'select app.set_policy($1, $2, $3)',
      [text, present?.version ?? 0, by.userId],
    );
    if (saved.outcome !== 'saved') throw new Error(`the policy was refused: ${saved.code ?? ''}`);
  });
}

function modelsOf(registry: Registry): ModelRef[] {
  const refs = registry.purposes.flatMap(({ model, advisor }) => (advisor ? [model, advisor] : [model]));
  const byKey = new Map([...refs, EMBEDDING_MODEL].map((ref) => [JSON.stringify(ref), ref]));
  return [...byKey.values()].filter((ref) => ref.vendor === 'local');
}
