import { createClient, type Client } from '../../client/index';
import { config } from '../../countersign.config';
import { openDatabase } from '../../db/pool';
import { createRegistry } from '../../packs/registry';
import type { Progress } from '../command';
import type { Stack } from '../stack';
import { bootstrapPlatformAdmin } from './bootstrap';
import { CAST_NAMES, FARM, HOSPITAL, PLATFORM_ADMIN, type CastName } from './cast';
import { allowLocalModels } from './models';
import { isAlive, seedTenant } from './tenant';
import { TokenFile, type SeededPeople, type SeededPerson } from './token-file';
import { seedTrustFacts } from './trust-facts';

/** What the seed needs of a stack that is up. */
export type SeedTarget = Pick<Stack, 'apiUrl' | 'databaseUrl' | 'home'>;

/** Routine records that the farm lets the system write by itself. */
const FARM_AUTO_CATEGORIES = ['note', 'feed_use', 'water', 'weight', 'task'];

/**
 * Makes the platform's admin, the local models' rows, a farm and a hospital with their people, credits, policies and
 * facts. The admin comes through the database, in the owner's role, since nobody is there yet to ask; the facts come through the adapter's
 * role; everything else goes through the API. It can be repeated, and goes on where a killed one stopped.
 *
 * @returns the people with the tokens that were minted for them, the same ones each time
 */
export async function seed(stack: SeedTarget, progress: Progress = () => undefined): Promise<SeededPeople> {
  const started = performance.now();
  progress('Seeding the platform, a farm and a hospital');
  const tokens = new TokenFile(stack.home);
  const database = openDatabase(stack.databaseUrl('countersign_migrator'), 'owner', { connections: 1 });
  const adapter = openDatabase(stack.databaseUrl('countersign_adapter'), 'adapter', { connections: 1 });
  try {
    const noted = tokens.get(PLATFORM_ADMIN.name);
    if (noted === undefined || !(await isAlive(stack.apiUrl, noted))) {
      tokens.note(PLATFORM_ADMIN.name, await bootstrapPlatformAdmin(database));
    }
    const platform = clientOf(stack.apiUrl, tokens.get(PLATFORM_ADMIN.name));
    await allowLocalModels(platform, createRegistry(config.packs));
    const seeding = { apiUrl: stack.apiUrl, platform, database, tokens };
    await letFarmWriteRoutine(await seedTenant(seeding, FARM));
    await seedTenant(seeding, HOSPITAL);
    await seedTrustFacts(adapter, HOSPITAL.tenant.id);
  } finally {
    await database.close();
    await adapter.close();
  }
  progress(`Seeded (${((performance.now() - started) / 1_000).toFixed(1)} s)`);
  return allOf(tokens);
}

/** What each person presents to the API, for people to copy. */
export function tokenLines(people: SeededPeople): string[] {
  const rows = CAST_NAMES.map((name) => ({ name, person: people[name] }));
  const width = (texts: readonly string[]): number => Math.max(...texts.map((text) => text.length));
  const names = width(rows.map(({ name }) => name));
  const titles = width(rows.map(({ person }) => person.display_name));
  return rows.map(
    ({ name, person }) => `${name.padEnd(names)}  ${person.display_name.padEnd(titles)}  ${person.token}`,
  );
}

/** Only a policy that nobody has touched is changed: what the farm's admin decided since then stays. */
async function letFarmWriteRoutine(owner: Client): Promise<void> {
  const { version, tenant_id: _tenant, set_by: _by, set_at: _at, ...policy } = await owner.policy.get();
  if (version !== 1) return;
  await owner.policy.put(
    {
      ...policy,
      autonomy_tier: 'auto',
      auto_categories: FARM_AUTO_CATEGORIES,
      reason: 'Routine records are written at once, so that the owner looks at money and losses only.',
    },
    { version },
  );
}

function allOf(tokens: TokenFile): SeededPeople {
  const people = CAST_NAMES.map((name): [CastName, SeededPerson | undefined] => [name, tokens.get(name)]);
  const missing = people.filter(([, person]) => person === undefined).map(([name]) => name);
  if (missing.length > 0) throw new Error(`The seed has no token for ${missing.join(', ')}.`);
  return Object.fromEntries(people) as SeededPeople;
}

function clientOf(apiUrl: string, person: SeededPerson | undefined): Client {
  return createClient({ baseUrl: apiUrl, key: person?.token ?? '' });
}
