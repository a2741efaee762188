import type { Body } from '../../client/types';
import { ROLES } from '../../contract/states';
import type { PolicyRequest } from '../../contract/wire/policy';
import { testDatabase } from '../support/database';
import { addMember, buildWorld, type World } from '../support/world';
import { testApi } from './support/server';

const database = testDatabase();
let world: World;
const api = testApi(async () => {
  world = await buildWorld(database);
  return { database, world };
});

async function present(): Promise<{ policy: PolicyRequest; etag: string }> {
  const { body, headers } = await api.ask(world.farm.owner, 'policy.get');
  const { tenant_id: _tenant, version: _version, set_by: _by, set_at: _at, ...policy } = body;
  return { policy: { ...policy, reason: 'a test' }, etag: headers.get('etag') ?? '' };
}

describe('the policy', () => {
  it('is saved on the version that was seen, and its next version is answered', async () => {
    const { policy, etag } = await present();
    const body: PolicyRequest = { ...policy, autonomy_tier: 'auto', auto_categories: ['note', 'feed_use'] };
    const saved = await api.ask(world.farm.owner, 'policy.put', { body, headers: { 'if-match': etag } });
    expect(saved.body).toMatchObject({ autonomy_tier: 'auto', set_by: world.farm.owner.userId });
    expect(saved.headers.get('etag')).toBe(`"${saved.body.version}"`);
    expect(saved.headers.get('etag')).not.toBe(etag);
    const { body: now, headers } = await api.ask(world.farm.hand, 'policy.get');
    // Why it was changed is a person's free text, which a requester does not read.
    expect(saved.body.reason).toBe('a test');
    expect(now).toEqual({ ...saved.body, reason: null });
    expect(headers.get('etag')).toBe(saved.headers.get('etag'));
  });

  it('says when the tenant works, keeps that when a change leaves it out, and takes it away', async () => {
    const calendar = { weekdays: [1, 2, 3, 4, 5], from: '08:00', to: '17:30', holidays: ['2026-12-25'] };
    const { owner } = world.farm;
    const save = async (over: object) => {
      const { policy, etag } = await present();
      const { working_calendar: _calendar, ...rest } = policy;
      const body = { ...rest, ...over } as PolicyRequest;
      const { body: saved } = await api.ask(owner, 'policy.put', { body, headers: { 'if-match': etag } });
      return saved.working_calendar;
    };
    expect(await save({ working_calendar: calendar })).toEqual(calendar);
    expect(await save({})).toEqual(calendar);
    expect(await save({ working_calendar: null })).toBeNull();
  });

  it.each([
    { weekdays: [], from: '08:00', to: '17:00', holidays: [] },
    { weekdays: [8], from: '08:00', to: '17:00', holidays: [] },
    { weekdays: [1], from: '17:00', to: '08:00', holidays: [] },
    { weekdays: [1], from: '08:00', to: '25:00', holidays: [] },
    { weekdays: [1], from: '08:00', to: '17:00', holidays: ['2026-02-30'] },
  ])('takes no such working time: %j', async (calendar) => {
    const { policy, etag } = await present();
    const body = { ...policy, working_calendar: calendar };
    expect(
      await api.refused(world.farm.owner, 'policy.put', { body, headers: { 'if-match': etag } }),
    ).toMatchObject({ status: 400 });
  });

  it('is refused without If-Match (428), and with one that is stale (412)', async () => {
    const { policy: body, etag } = await present();
    const { owner } = world.farm;
    expect(await api.refused(owner, 'policy.put', { body })).toMatchObject({
      status: 428,
      body: { code: 'precondition_required' },
    });
    await api.ask(owner, 'policy.put', { body, headers: { 'if-match': etag } });
    for (const seen of [etag, '"999"', '*', 'nonsense']) {
      const stale = await api.refused(owner, 'policy.put', { body, headers: { 'if-match': seen } });
      expect(stale).toMatchObject({ status: 412, body: { code: 'version_stale' } });
    }
  });

  it('of two saves on one version takes one', async () => {
    const { policy: body, etag } = await present();
    const save = async (): Promise<number> => {
      const response = await api.raw('/v1/policy', {
        method: 'PUT',
        headers: {
          authorization: `Bearer ${world.farm.owner.token}`,
          'content-type': 'application/json',
          'if-match': etag,
        },
        body: JSON.stringify(body),
      });
      await response.arrayBuffer();
      return response.status;
    };
    expect((await Promise.all([save(), save(), save()])).sort()).toEqual([200, 412, 412]);
  });

  it('applies no protected record by itself, and knows no other record types', async () => {
    const { policy, etag } = await present();
    const put = (over: Partial<PolicyRequest>) =>
      api.refused(world.farm.owner, 'policy.put', {
        body: { ...policy, ...over },
        headers: { 'if-match': etag },
      });
    expect((await put({ auto_categories: ['sale'] })).body.code).toBe('auto_on_protected');
    expect((await put({ record_autonomy: { mortality: 'auto' } })).body.code).toBe('auto_on_protected');
    expect((await put({ auto_categories: ['spaceship'] })).body.code).toBe('record_type_unknown');
    expect((await put({ reason: '...' })).body.code).toBe('input_invalid');
  });
});

const MODEL = { vendor: 'bedrock', model: 'anthropic.example-v1:0', region: 'eu/west 1' };
const entry: Body<'vendors.put'> = {
  listed: true,
  baa_active: true,
  baa_expires_at: '2027-01-31T00:00:00Z',
  baa_sha256: 'c'.repeat(64),
  zdr_active: true,
  retention_mode: 'none',
  leaves_perimeter: true,
  notes: '',
};

describe('the vendor matrix', () => {
  it.each([
    ['an agreement with whom content leaves to, without its document', { baa_sha256: null }, '/baa_sha256'],
    [
      'a retention mode that there is not',
      { zdr_active: false, retention_mode: 'forever' },
      '/retention_mode',
    ],
    ['zero retention in a mode that retains', { retention_mode: 'default' }, '/retention_mode'],
  ])('takes no row with %s', async (_what, changes, pointer) => {
    const refused = await api.refused(world.platformAdmin, 'vendors.put', {
      params: { ...MODEL, model: 'constrained' },
      body: { ...entry, ...changes },
      headers: { 'if-none-match': '*' },
    });
    expect([refused.status, refused.body.errors?.[0]?.pointer]).toEqual([400, pointer]);
  });

  it('gets a row by If-None-Match, its next version by If-Match, and every tenant reads it', async () => {
    const { platformAdmin, farm } = world;
    expect((await api.refused(farm.owner, 'vendors.get', { params: MODEL })).body.code).toBe('not_found');
    const made = await api.ask(platformAdmin, 'vendors.put', {
      params: MODEL,
      body: entry,
      headers: { 'if-none-match': '*' },
    });
    expect(made).toMatchObject({
      status: 201,
      body: { ...MODEL, ...entry, version: 1, set_by: platformAdmin.userId },
    });
    const again = await api.refused(platformAdmin, 'vendors.put', {
      params: MODEL,
      body: entry,
      headers: { 'if-none-match': '*' },
    });
    expect(again.status).toBe(412);
    const closed = await api.ask(platformAdmin, 'vendors.put', {
      params: MODEL,
      body: { ...entry, listed: false },
      headers: { 'if-match': made.headers.get('etag') ?? '' },
    });
    expect(closed).toMatchObject({ status: 200, body: { version: 2, listed: false } });
    const hidden = { ...closed.body, notes: null, set_by: null };
    for (const role of ROLES) {
      const tenantId = role === 'platform_admin' ? '__platform__' : farm.id;
      const one = await addMember(database, tenantId, [role]);
      const shown = role === 'platform_admin' || role === 'auditor' ? closed.body : hidden;
      expect([role, (await api.ask(one, 'vendors.get', { params: MODEL })).body]).toEqual([role, shown]);
      const { body: list } = await api.ask(one, 'vendors.list', { query: { limit: 200 } });
      expect(list.items.filter(({ vendor }) => vendor === 'bedrock')).toEqual([shown]);
    }
  });
});

describe('prices', () => {
  const price = {
    input_nano_usd_per_token: '3000',
    output_nano_usd_per_token: '15000',
    cache_read_nano_usd_per_token: '300',
    cache_write_nano_usd_per_token: '3750',
  };

  it('are added and never changed', async () => {
    const { platformAdmin, farm } = world;
    const first = await api.ask(platformAdmin, 'prices.put', {
      params: MODEL,
      body: price,
      headers: { 'if-none-match': '*' },
    });
    expect(first).toMatchObject({
      status: 201,
      body: { ...MODEL, prices: [{ ...price, valid_until: null }] },
    });
    const later = {
      ...price,
      input_nano_usd_per_token: '9007199254740993',
      valid_from: '2030-01-01T00:00:00Z',
    };
    const second = await api.ask(platformAdmin, 'prices.put', {
      params: MODEL,
      body: later,
      headers: { 'if-match': '"1"' },
    });
    expect(second.status).toBe(200);
    expect(second.body.prices.map(({ input_nano_usd_per_token: input }) => input)).toEqual([
      '9007199254740993',
      '3000',
    ]);
    expect(second.headers.get('etag')).toBe('"2"');
    expect(
      (
        await api.refused(platformAdmin, 'prices.put', {
          params: MODEL,
          body: price,
          headers: { 'if-match': '"1"' },
        })
      ).status,
    ).toBe(412);
    const past = { ...price, valid_from: '2020-01-01T00:00:00Z' };
    const refused = await api.refused(platformAdmin, 'prices.put', {
      params: MODEL,
      body: past,
      headers: { 'if-match': '"2"' },
    });
    expect(refused.body.code).toBe('price_in_past');
    const { body: now } = await api.ask(farm.owner, 'prices.list', { query: { limit: 200 } });
    expect(now.items.filter(({ vendor }) => vendor === 'bedrock')).toMatchObject([
      { input_nano_usd_per_token: '3000' },
    ]);
    expect((await api.ask(farm.owner, 'prices.get', { params: MODEL })).body.prices).toHaveLength(2);
  });
});

describe('purposes', () => {
  it('say what they take, cost, write, and who decides', async () => {
    const { body: list } = await api.ask(world.farm.hand, 'purposes.list');
    expect(list.items.map(({ name }) => name)).toEqual(
      [...new Set(world.registry.purposes.map(({ name }) => name))].sort(),
    );
    const { body: purpose } = await api.ask(world.farm.hand, 'purposes.get', {
      params: { name: 'credentialing.privileging' },
    });
    expect(purpose).toMatchObject({
      phi: true,
      price: { primary_credits: '1', advisor_credits: '2' },
      input_schema: { type: 'object' },
    });
    expect(purpose.record_types).toMatchObject([
      { name: 'privilege_grant', class: 'privileging', seats: 2, record_schema: { type: 'object' } },
    ]);
    expect(world.registry.latestPurpose(purpose.name)?.input.safeParse(purpose.example).success).toBe(true);
    expect(
      (await api.refused(world.farm.hand, 'purposes.get', { params: { name: 'farm.nothing' } })).body.code,
    ).toBe('purpose_unknown');
  });
});
