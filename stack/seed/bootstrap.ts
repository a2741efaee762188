import { randomUUID } from 'node:crypto';
import { mintKey } from '../../contract/api-key';
import type { Member } from '../../contract/wire/tenant';
import type { Database } from '../../db/pool';
import { inTenant, type Transaction } from '../../db/transaction';
import { PLATFORM_ADMIN, PLATFORM_TENANT } from './cast';
import type { SeededPerson } from './token-file';

type MemberRow = Pick<Member, 'user_id' | 'display_name' | 'roles'>;

/**
 * Makes the platform's first admin, or a new key for the one that is there. Nobody can ask the API for this, since
 * whoever may is made here; the database takes it from the owner's role alone.
 */
export async function bootstrapPlatformAdmin(database: Database): Promise<SeededPerson> {
  return await inTenant(database, PLATFORM_TENANT, async (transaction) => {
    const known = await memberNamed(transaction, PLATFORM_ADMIN.displayName);
    const member = known ?? {
      user_id: randomUUID(),
      display_name: PLATFORM_ADMIN.displayName,
      roles: [...PLATFORM_ADMIN.roles],
    };
    if (known === undefined) {
      await transaction.value('select app.set_member($1, $2, $3, $4, true, null)', [
        member.user_id,
        member.display_name,
        'person',
        member.roles,
      ]);
    }
    return await newKey(transaction, PLATFORM_TENANT, member);
  });
}

/**
 * A new key for a tenant's admin whose only token was lost, e.g. because the seed was killed before it was noted: the
 * admin would have to sign in to make one.
 */
export async function recoverAdmin(
  database: Database,
  tenantId: string,
  displayName: string,
): Promise<SeededPerson> {
  return await inTenant(database, tenantId, async (transaction) => {
    const member = await memberNamed(transaction, displayName);
    if (member === undefined)
      throw new Error(`Tenant ${tenantId} is not the seed's: it has no ${displayName}.`);
    return await newKey(transaction, tenantId, member);
  });
}

async function memberNamed(transaction: Transaction, displayName: string): Promise<MemberRow | undefined> {
  const rows = await transaction.rows<MemberRow>(
    'select user_id, display_name, roles from app.members where display_name = $1 and active order by created_at limit 1',
    [displayName],
  );
  return rows[0];
}

async function newKey(transaction: Transaction, tenantId: string, member: MemberRow): Promise<SeededPerson> {
  const { id, token, secretSha256 } = mintKey();
  const created = await transaction.value<{ outcome: string; code?: string }>(
    'select app.create_key($1, $2, $3, $4, $5, null, null)',
    [id, member.user_id, 'seed', secretSha256, 'local_token'],
  );
  if (created.outcome !== 'created') throw new Error(`No key was made: ${created.code ?? created.outcome}.`);
  return { tenant_id: tenantId, ...member, token };
}
