import { randomUUID } from 'node:crypto';
import { mintKey } from '../../contract/api-key';
import type { Key, KeyCreated, Member, Tenant } from '../../contract/wire/tenant';
import type { RouteBodyParsed } from '../../contract/wire/routes';
import { inTenant, type Transaction } from '../../db/transaction';
import type { Caller } from '../caller';
import { asCaller, type Handler } from '../context';
import { ApiProblem, refuseIf, type Outcome } from '../problem';
import { mapPage, readPage } from '../reads/keyset';

export const getMe: Handler<'me.get'> = async (api, { caller }) => {
  const [tenant, member] = await asCaller(api, caller, async (transaction) => [
    await readTenant(transaction, caller.tenantId),
    await readMember(transaction, caller.userId),
  ]);
  return { status: 200, body: { tenant, member, key_id: caller.keyId } };
};

const BY_CREATION = [['created_at', 'timestamptz']] as const;

export const listTenants: Handler<'tenants.list'> = async (api, { caller, query }) => ({
  status: 200,
  body: await asCaller(api, caller, async (transaction) =>
    mapPage(
      await readPage<Tenant>(
        transaction,
        {
          list: 'tenants',
          select: 'select * from app.tenant_list',
          order: [...BY_CREATION, ['id', 'text']],
          direction: 'asc',
        },
        query,
      ),
      (row) => row,
    ),
  ),
});

async function readTenant(transaction: Transaction, id: string): Promise<Tenant> {
  const [row] = await transaction.rows<Tenant>('select * from app.tenant_list where id = $1', [id]);
  if (row === undefined) throw new ApiProblem('tenant_not_found');
  return row;
}

/**
 * Creates a tenant, its account and first policy, and its first admin with a key. A tenant that was created but never
 * opened, because the process died in between, is opened by the same request sent again.
 */
export const createTenant: Handler<'tenants.create'> = async (api, { caller, body }) => {
  if (body.admin.roles?.includes('platform_admin') === true) throw new ApiProblem('role_of_platform');
  const tenant = await asCaller(api, caller, async (transaction) => {
    const created = await transaction.value<Outcome>(
      'select app.create_tenant($1, $2, $3, $4, $5, $6, $7, $8)',
      [body.id, body.kind, body.name, body.currency, body.units, body.time_zone, body.places, caller.userId],
    );
    if (created.code !== 'tenant_exists') refuseIf(created);
    return { ...(await readTenant(transaction, body.id)), existed: created.code === 'tenant_exists' };
  });
  if (tenant.existed && tenant.name !== body.name) throw new ApiProblem('tenant_exists');
  const opened = await inTenant(
    api.database,
    body.id,
    (transaction) => openTenant(transaction, caller, body),
    caller.proof,
  );
  const { existed: _existed, ...shown } = tenant;
  return { status: 201, body: { tenant: shown, ...opened } };
};

async function openTenant(
  transaction: Transaction,
  caller: Caller,
  body: RouteBodyParsed<'tenants.create'>,
): Promise<{ admin: Member; key: KeyCreated }> {
  const members = await transaction.value<bigint>('select count(*) from app.members');
  if (members > 0n) throw new ApiProblem('tenant_exists');
  await transaction.value('select app.open_tenant($1, $2)', [
    body.daily_token_budget_nano_usd,
    caller.userId,
  ]);
  const { user_id: userId = randomUUID(), display_name: displayName, roles = ['admin'], email } = body.admin;
  const admin = await saveMember(transaction, caller, {
    user_id: userId,
    display_name: displayName,
    kind: 'person',
    roles: [...new Set(['admin', ...roles])] as Member['roles'],
    active: true,
    email: email ?? null,
  });
  return {
    admin,
    key: await saveKey(transaction, caller, { user_id: userId, label: 'first key', expires_at: null }),
  };
}

export const listMembers: Handler<'members.list'> = async (api, { caller, query }) => ({
  status: 200,
  body: await asCaller(api, caller, async (transaction) =>
    mapPage(
      await readPage<Member & { tenant_id: string }>(
        transaction,
        {
          list: 'members',
          select: 'select * from app.members',
          order: [...BY_CREATION, ['user_id', 'uuid']],
          direction: 'asc',
        },
        query,
      ),
      toMember,
    ),
  ),
});

export const createMember: Handler<'members.create'> = async (api, { caller, body }) => {
  const { user_id: userId = randomUUID(), email = null, ...rest } = body;
  const member = await asCaller(api, caller, async (transaction) => {
    const known = await transaction.rows('select user_id from app.members where user_id = $1', [userId]);
    if (known.length > 0) throw new ApiProblem('member_exists');
    return await saveMember(transaction, caller, { user_id: userId, email, ...rest, active: true });
  });
  return { status: 201, body: member, headers: { Location: `/v1/members/${userId}` } };
};

export const changeMember: Handler<'members.change'> = async (api, { caller, params, body }) => {
  const member = await asCaller(api, caller, async (transaction) => {
    const known = await readMember(transaction, params.user_id ?? '');
    return await saveMember(transaction, caller, {
      ...known,
      display_name: body.display_name ?? known.display_name,
      roles: body.roles ?? known.roles,
      active: body.active ?? known.active,
      email: body.email === undefined ? known.email : body.email,
    });
  });
  return { status: 200, body: member };
};

async function saveMember(
  transaction: Transaction,
  caller: Caller,
  member: Omit<Member, 'created_at'>,
): Promise<Member> {
  refuseIf(
    await transaction.value<Outcome>('select app.set_member($1, $2, $3, $4, $5, $6, $7)', [
      member.user_id,
      member.display_name,
      member.kind,
      member.roles,
      member.active,
      caller.userId,
      member.email ?? '',
    ]),
  );
  return await readMember(transaction, member.user_id);
}

async function readMember(transaction: Transaction, userId: string): Promise<Member> {
  const [row] = await transaction.rows<Member>('select * from app.members where user_id = $1', [userId]);
  if (row === undefined) throw new ApiProblem('member_not_found');
  return toMember(row);
}

function toMember(row: Member): Member {
  return {
    user_id: row.user_id,
    display_name: row.display_name,
    kind: row.kind,
    roles: row.roles,
    active: row.active,
    email: row.email,
    created_at: row.created_at,
  };
}

export const listKeys: Handler<'keys.list'> = async (api, { caller, query }) => ({
  status: 200,
  body: await asCaller(api, caller, async (transaction) =>
    mapPage(
      await readPage<Key>(
        transaction,
        {
          list: 'keys',
          select: 'select * from app.keys',
          order: [...BY_CREATION, ['id', 'text']],
          direction: 'asc',
        },
        query,
      ),
      toKey,
    ),
  ),
});

export const createKey: Handler<'keys.create'> = async (api, { caller, body }) => ({
  status: 201,
  body: await asCaller(api, caller, (transaction) => saveKey(transaction, caller, body)),
});

/** Makes a key. Its token is in this answer and nowhere else: the database has the hash of its secret. */
async function saveKey(
  transaction: Transaction,
  caller: Caller,
  request: RouteBodyParsed<'keys.create'>,
): Promise<KeyCreated> {
  const minted = mintKey();
  refuseIf(
    await transaction.value<Outcome>('select app.create_key($1, $2, $3, $4, $5, $6, $7)', [
      minted.id,
      request.user_id,
      request.label,
      minted.secretSha256,
      'local_token',
      request.expires_at,
      caller.userId,
    ]),
  );
  const [row] = await transaction.rows<Key>('select * from app.keys where id = $1', [minted.id]);
  if (row === undefined) throw new ApiProblem('internal');
  return { ...toKey(row), token: minted.token };
}

export const revokeKey: Handler<'keys.revoke'> = async (api, { caller, params }) => {
  refuseIf(
    await asCaller(api, caller, (transaction) =>
      transaction.value<Outcome>('select app.revoke_key($1, $2)', [params.key_id, caller.userId]),
    ),
  );
  return { status: 204 };
};

function toKey(row: Key): Key {
  return {
    id: row.id,
    user_id: row.user_id,
    label: row.label,
    auth_method: row.auth_method,
    created_at: row.created_at,
    created_by: row.created_by,
    expires_at: row.expires_at,
    revoked_at: row.revoked_at,
  };
}
