import { createClient, everyItem, type Client } from '../../client/index';
import { CountersignError } from '../../client/error';
import type { Member } from '../../contract/wire/tenant';
import type { Database } from '../../db/pool';
import { recoverAdmin } from './bootstrap';
import type { SeededTenant } from './cast';
import type { SeededPerson, TokenFile } from './token-file';

export interface TenantSeeding {
  readonly apiUrl: string;
  readonly platform: Client;
  /** In the role of the owner, for a token that was lost. */
  readonly database: Database;
  readonly tokens: TokenFile;
}

/**
 * Makes a tenant with its people, a key for each, and its first credits. What is there already is left as it is, and
 * whatever is missing after a kill is made.
 */
export async function seedTenant(seeding: TenantSeeding, cast: SeededTenant): Promise<Client> {
  const { apiUrl, platform, tokens } = seeding;
  const [first, ...others] = cast.people;
  const noted = tokens.get(first.name);
  if (noted === undefined || !(await isAlive(apiUrl, noted)))
    tokens.note(first.name, await adminOf(seeding, cast));
  const admin = createClient({ baseUrl: apiUrl, key: tokens.get(first.name)?.token ?? '' });
  const members: Member[] = [];
  for await (const member of everyItem((cursor) => admin.members.list({ cursor }))) members.push(member);
  for (const { name, displayName, roles } of others) {
    const known = tokens.get(name);
    if (known !== undefined && (await isAlive(apiUrl, known))) continue;
    const member =
      members.find((one) => one.display_name === displayName) ??
      (await admin.members.create({ display_name: displayName, roles: [...roles] }));
    const key = await admin.keys.create({ user_id: member.user_id, label: 'seed' });
    tokens.note(name, personOf(cast.tenant.id, member, key.token));
  }
  await platform.credits.grant({ tenant_id: cast.tenant.id, amount_credits: cast.credits }, 'seed');
  return admin;
}

async function adminOf({ platform, database }: TenantSeeding, cast: SeededTenant): Promise<SeededPerson> {
  const [first] = cast.people;
  try {
    const created = await platform.tenants.create({
      ...cast.tenant,
      places: [...cast.tenant.places],
      admin: { display_name: first.displayName, roles: [...first.roles] },
    });
    return personOf(cast.tenant.id, created.admin, created.key.token);
  } catch (error) {
    if (!(error instanceof CountersignError) || error.code !== 'tenant_exists') throw error;
    return await recoverAdmin(database, cast.tenant.id, first.displayName);
  }
}

/** Whether a noted token still opens the API: the database may be another one than it was made for. */
export async function isAlive(apiUrl: string, person: SeededPerson): Promise<boolean> {
  try {
    const me = await createClient({ baseUrl: apiUrl, key: person.token }).me();
    return me.tenant.id === person.tenant_id && me.member.user_id === person.user_id;
  } catch (error) {
    if (error instanceof CountersignError && error.status === 401) return false;
    throw error;
  }
}

function personOf(tenantId: string, member: Member, token: string): SeededPerson {
  const { user_id, display_name, roles } = member;
  return { tenant_id: tenantId, user_id, display_name, roles, token };
}
