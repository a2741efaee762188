import { randomUUID } from 'node:crypto';
import type { RouteBody } from '../../contract/wire/routes';
import { testDatabase } from '../support/database';
import { buildWorld, type Person, type World } from '../support/world';
import { testApi } from './support/server';

const database = testDatabase();
let world: World;
const api = testApi(async () => {
  world = await buildWorld(database);
  return { database, world };
});

const request = (id: string): RouteBody<'tenants.create'> => ({
  id,
  kind: 'farm',
  name: 'Kaduna Poultry',
  currency: 'NGN',
  units: 'metric',
  time_zone: 'Africa/Lagos',
  places: ['House 1'],
  daily_token_budget_nano_usd: '1000000000',
  admin: { display_name: 'Ada Owner', roles: ['reviewer', 'requester'] },
});

function personOf(created: {
  tenant: { id: string };
  admin: { user_id: string };
  key: { id: string; token: string };
}): Person {
  return {
    tenantId: created.tenant.id,
    userId: created.admin.user_id,
    keyId: created.key.id,
    token: created.key.token,
  };
}

describe('tenants', () => {
  it('begin with an account, a policy and an admin whose key works', async () => {
    const { body } = await api.ask(world.platformAdmin, 'tenants.create', {
      body: request('kaduna-poultry'),
    });
    expect(body.admin.roles).toEqual(['admin', 'reviewer', 'requester']);
    const owner = personOf(body);
    const me = await api.ask(owner, 'me.get');
    expect(me.body).toMatchObject({ tenant: body.tenant, member: body.admin, key_id: owner.keyId });
    expect((await api.ask(owner, 'credits.get')).body).toMatchObject({
      balance_credits: '0',
      daily_budget_nano_usd: '1000000000',
    });
    expect((await api.ask(owner, 'policy.get')).body).toMatchObject({ version: 1, autonomy_tier: 'draft' });
    expect((await api.ask(owner, 'tenants.list')).body.items).toEqual([body.tenant]);
    const all = await api.ask(world.platformAdmin, 'tenants.list', { query: { limit: 200 } });
    expect(all.body.items.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['kaduna-poultry', world.hospital.id]),
    );
  });

  it('are made once, and finished by the same request when their making was cut short', async () => {
    const { platformAdmin } = world;
    await api.ask(platformAdmin, 'tenants.create', { body: request('once') });
    expect((await api.refused(platformAdmin, 'tenants.create', { body: request('once') })).body.code).toBe(
      'tenant_exists',
    );
    await database.as('api', '__platform__', (transaction) =>
      transaction.value(
        "select app.create_tenant('half', 'farm', 'Kaduna Poultry', 'NGN', 'metric', 'Africa/Lagos', '{}', $1)",
        [platformAdmin.userId],
      ),
    );
    const { body } = await api.ask(platformAdmin, 'tenants.create', { body: request('half') });
    expect((await api.ask(personOf(body), 'me.get')).body.tenant.id).toBe('half');
  });

  it('are refused with a time zone that there is not, a bad slug, or a role of the platform', async () => {
    const { platformAdmin } = world;
    const zone = await api.refused(platformAdmin, 'tenants.create', {
      body: { ...request('mars'), time_zone: 'Mars/Olympus' },
    });
    expect(zone.body.code).toBe('time_zone_unknown');
    const slug = await api.refused(platformAdmin, 'tenants.create', { body: request("x'; --") });
    expect(slug.body.code).toBe('input_invalid');
    const own = await api.refused(platformAdmin, 'tenants.create', { body: request('__platform__') });
    expect(own.body.code).toBe('input_invalid');
    const role = await api.refused(platformAdmin, 'tenants.create', {
      body: { ...request('usurper'), admin: { display_name: 'X', roles: ['platform_admin'] } },
    });
    expect(role.body.code).toBe('role_of_platform');
  });
});

describe('members', () => {
  it('have an e-mail address of their own, which changes, and is taken away', async () => {
    const { owner } = world.farm;
    const create = (email: string) => ({
      body: { display_name: 'Ngozi Mail', roles: ['requester' as const], email },
    });
    const added = await api.ask(owner, 'members.create', create('ngozi@farm.example'));
    expect(added.body.email).toBe('ngozi@farm.example');
    const params = { user_id: added.body.user_id };
    const named = await api.ask(owner, 'members.change', { params, body: { display_name: 'Ngozi Post' } });
    expect(named.body.email).toBe('ngozi@farm.example');
    const taken = await api.refused(owner, 'members.create', create('NGOZI@farm.example'));
    expect(taken.body.code).toBe('email_taken');
    for (const none of ['ngozi', 'ngozi@farm', 'a b@farm.example', ''])
      expect((await api.refused(owner, 'members.create', create(none))).body.code).toBe('input_invalid');
    const without = await api.ask(owner, 'members.change', { params, body: { email: null } });
    expect(without.body.email).toBeNull();
  });

  it('are added once, changed, and never promoted to the platform', async () => {
    const { owner } = world.farm;
    const userId = randomUUID();
    const body = { user_id: userId, display_name: 'Bola Hand', roles: ['requester' as const] };
    const added = await api.ask(owner, 'members.create', { body });
    expect(added.body).toMatchObject({ user_id: userId, kind: 'person', roles: ['requester'], active: true });
    expect((await api.refused(owner, 'members.create', { body })).body.code).toBe('member_exists');
    const params = { user_id: userId };
    const raised = await api.ask(owner, 'members.change', {
      params,
      body: { roles: ['requester', 'reviewer'] },
    });
    expect(raised.body).toMatchObject({ display_name: 'Bola Hand', roles: ['requester', 'reviewer'] });
    const usurper = await api.refused(owner, 'members.change', {
      params,
      body: { roles: ['platform_admin'] },
    });
    expect(usurper).toMatchObject({ status: 403, body: { code: 'role_of_platform' } });
    const { body: list } = await api.ask(owner, 'members.list');
    expect(list.items).toContainEqual(raised.body);
  });

  it('keep whom their policy needs to decide', async () => {
    const { body } = await api.ask(world.platformAdmin, 'tenants.create', { body: request('needing') });
    const owner = personOf(body);
    const { body: second } = await api.ask(owner, 'members.create', {
      body: { display_name: 'Second', roles: ['admin', 'reviewer'] },
    });
    const roles = { roles: ['admin' as const] };
    await api.ask(owner, 'members.change', { params: { user_id: owner.userId }, body: roles });
    const refused = await api.refused(owner, 'members.change', {
      params: { user_id: second.user_id },
      body: roles,
    });
    expect(refused).toMatchObject({ status: 422, body: { code: 'policy_unsatisfiable' } });
  });

  it('keep their last admin', async () => {
    const { body } = await api.ask(world.platformAdmin, 'tenants.create', { body: request('lonely') });
    const owner = personOf(body);
    const params = { user_id: owner.userId };
    for (const change of [{ active: false }, { roles: ['requester' as const] }]) {
      expect((await api.refused(owner, 'members.change', { params, body: change })).body.code).toBe(
        'last_admin',
      );
    }
    const { body: second } = await api.ask(owner, 'members.create', {
      body: { display_name: 'Second', roles: ['admin'] },
    });
    expect(
      (
        await api.ask(owner, 'members.change', {
          params: { user_id: second.user_id },
          body: { active: false },
        })
      ).body.active,
    ).toBe(false);
  });
});

describe('keys', () => {
  it('show their token once, and their secret never', async () => {
    const { owner, hand } = world.farm;
    const { body: made } = await api.ask(owner, 'keys.create', {
      body: { user_id: hand.userId, label: 'phone' },
    });
    const { token, ...shown } = made;
    const { body: list } = await api.ask(owner, 'keys.list', { query: { limit: 200 } });
    expect(list.items).toContainEqual(shown);
    expect(JSON.stringify(list)).not.toContain(token.slice(20));
    const stored = await database.look<{ row: string }>(
      'select row_to_json(k)::text as row from core.api_keys k where id = $1',
      [made.id],
    );
    expect(stored[0]?.row).not.toContain(token.slice(20));
    expect(
      (await api.refused(owner, 'keys.create', { body: { user_id: randomUUID(), label: 'x' } })).body.code,
    ).toBe('member_not_found');
    await api.ask(owner, 'keys.revoke', { params: { key_id: made.id } });
    expect((await api.refused(owner, 'keys.revoke', { params: { key_id: made.id } })).body.code).toBe(
      'key_not_found',
    );
  });

  it('of a service prove nobody', async () => {
    const { owner } = world.farm;
    const { body: robot } = await api.ask(owner, 'members.create', {
      body: { display_name: 'Scale', kind: 'service', roles: ['requester', 'reviewer'] },
    });
    const { body: key } = await api.ask(owner, 'keys.create', {
      body: { user_id: robot.user_id, label: 'scale' },
    });
    expect(key.auth_method).toBe('service');
  });
});

describe('credits', () => {
  it('are granted by the platform, once by key, and stand in the ledger', async () => {
    const { body } = await api.ask(world.platformAdmin, 'tenants.create', { body: request('granted') });
    const owner = personOf(body);
    const key = { 'idempotency-key': randomUUID() };
    const grant = { body: { tenant_id: 'granted', amount_credits: '250' }, headers: key };
    const first = await api.ask(world.platformAdmin, 'credits.grant', grant);
    expect(first.body).toEqual({ tenant_id: 'granted', seq: '1', balance_credits: '250' });
    const again = await api.ask(world.platformAdmin, 'credits.grant', grant);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const other = await api.refused(world.platformAdmin, 'credits.grant', {
      ...grant,
      body: { ...grant.body, amount_credits: '251' },
    });
    expect(other).toMatchObject({ status: 422, body: { code: 'key_reused' } });
    const { body: ledger } = await api.ask(owner, 'credits.ledger');
    expect(ledger.items).toMatchObject([
      {
        seq: '1',
        kind: 'grant',
        amount_credits: '250',
        balance_after: '250',
        actor_user_id: world.platformAdmin.userId,
      },
    ]);
  });

  it('are granted to tenants that there are, and in amounts that are some', async () => {
    const send = (tenantId: string, amount: string) =>
      api.refused(world.platformAdmin, 'credits.grant', {
        body: { tenant_id: tenantId, amount_credits: amount },
        headers: { 'idempotency-key': randomUUID() },
      });
    expect((await send('nobody', '1')).body.code).toBe('tenant_not_found');
    expect((await send('__platform__', '1')).body.code).toBe('tenant_not_found');
    expect((await send(world.farm.id, '0')).body.code).toBe('amount_invalid');
    expect((await send(world.farm.id, '-5')).body.code).toBe('input_invalid');
    expect((await send(world.farm.id, '1.5')).body.code).toBe('input_invalid');
  });
});
