import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { createClient } from '../../../client/index';
import { config } from '../../../countersign.config';
import { registerPacks } from '../../../db/register-packs';
import { createRegistry, packRows } from '../../../packs/registry';
import { CAST_NAMES } from '../../../stack/seed/cast';
import { localModels } from '../../../stack/seed/models';
import { seed, tokenLines } from '../../../stack/seed/seed';
import type { SeededPeople } from '../../../stack/seed/token-file';
import { testApi } from '../../api/support/server';
import { testDatabase } from '../../support/database';

const database = testDatabase();
const registry = createRegistry(config.packs);
const api = testApi(async () => {
  await registerPacks(database.url('postgres'), packRows(registry));
  return { database, world: { registry } };
});

const home = mkdtempSync(join(tmpdir(), 'countersign-seed-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const seedThrough = (apiUrl: string): Promise<SeededPeople> =>
  seed({
    apiUrl,
    home,
    databaseUrl: (role) => database.url(role === 'countersign_adapter' ? 'adapter' : 'countersign_migrator'),
  });

/** How many rows of each kind there are, of all tenants. */
async function counts(): Promise<Record<string, string>> {
  const [row] = await database.look<Record<string, string>>(
    `select (select count(*)::text from core.tenants where kind <> 'platform') as tenants,
       (select count(*)::text from core.members) as members,
       (select count(*)::text from core.ai_vendor_baa_matrix) as vendors,
       (select count(*)::text from core.ai_prices) as prices,
       (select count(*)::text from core.credit_ledger) as legs,
       (select count(*)::text from core.ai_policy_controls) as policies,
       (select count(*)::text from core.worker_trust_records) as facts,
       (select count(*)::text from core.source_receipts) as receipts`,
  );
  return row ?? {};
}

describe('a seed whose answers get lost', () => {
  let lossy: Server;
  const lost = new Set<string>();

  // As if it were killed at once after the API had done what it was asked for: once for each different request.
  beforeAll(async () => {
    lossy = createServer((request, response) => {
      void (async () => {
        const body = await buffer(request);
        const { method = 'GET', url = '' } = request;
        const headers = Object.fromEntries(
          Object.entries(request.headers).filter(([name]) => name !== 'host' && name !== 'connection'),
        ) as Record<string, string>;
        const answer = await fetch(api.url + url, {
          method,
          headers,
          ...(body.length > 0 ? { body: new Uint8Array(body) } : {}),
        });
        const text = await answer.text();
        const what = `${method} ${url} ${body.toString()}`;
        const isLost = method !== 'GET' && !lost.has(what);
        lost.add(what);
        response.writeHead(isLost ? 500 : answer.status, { 'content-type': 'application/json' });
        response.end(isLost ? '' : text);
      })();
    });
    await new Promise<void>((resolve) => lossy.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    await new Promise((resolve) => lossy.close(resolve));
  });

  it('goes on each time where it stopped, and doubles nothing', async () => {
    const url = `http://127.0.0.1:${(lossy.address() as AddressInfo).port}`;
    let failures = 0;
    let people: SeededPeople | undefined;
    while (people === undefined && failures < 60) {
      people = await seedThrough(url).catch(() => undefined);
      if (people === undefined) failures += 1;
    }
    expect(people).toBeDefined();
    expect(failures).toBeGreaterThan(15);
    const facts = JSON.parse(readFileSync('examples/packets/facts.json', 'utf8')) as { receipt: unknown }[];
    const models = localModels(registry).length;
    expect(await counts()).toEqual({
      tenants: '2',
      members: String(CAST_NAMES.length),
      vendors: String(models),
      prices: String(models),
      legs: '2',
      policies: '3',
      facts: String(facts.length),
      receipts: String(facts.filter(({ receipt }) => receipt !== null).length),
    });
  }, 120_000);
});

describe('a seed that is done', () => {
  it('gives the same tokens again, changes nothing, and keeps them to their owner', async () => {
    const before = await counts();
    const first = await seedThrough(api.url);
    const second = await seedThrough(api.url);
    expect(second).toEqual(first);
    expect(await counts()).toEqual(before);
    expect(statSync(join(home, 'tokens.json')).mode & 0o777).toBe(0o600);
    expect(tokenLines(second)).toHaveLength(CAST_NAMES.length);
  });

  it('gave each person a token that opens the API as that person', async () => {
    const people = await seedThrough(api.url);
    for (const name of CAST_NAMES) {
      const { token, user_id, tenant_id, roles } = people[name];
      const me = await createClient({ baseUrl: api.url, key: token }).me();
      expect(me).toMatchObject({ tenant: { id: tenant_id }, member: { user_id, roles, kind: 'person' } });
    }
    const names = CAST_NAMES.map((name) => people[name].display_name);
    expect(new Set(names).size).toBe(CAST_NAMES.length);
  });

  it('lets the farm write routine records by itself, and leaves what its admin decided later', async () => {
    const { owner: person } = await seedThrough(api.url);
    const owner = createClient({ baseUrl: api.url, key: person.token });
    const { version, tenant_id: _tenant, set_by: _by, set_at: _at, ...policy } = await owner.policy.get();
    expect(policy).toMatchObject({
      autonomy_tier: 'auto',
      auto_categories: ['note', 'feed_use', 'water', 'weight', 'task'],
    });
    await owner.policy.put(
      { ...policy, autonomy_tier: 'draft', reason: 'we look at everything' },
      { version },
    );
    await seedThrough(api.url);
    expect(await owner.policy.get()).toMatchObject({ version: version + 1, autonomy_tier: 'draft' });
  });

  it('stored the facts of the packets, verified by receipts that hold now', async () => {
    const tiers = await database.look<{ tier: number; fresh: boolean }>(
      'select tier, verified_until > now() as fresh from core.worker_trust_records',
    );
    expect(tiers.filter(({ tier }) => tier === 4).length).toBeGreaterThan(20);
    expect(tiers.filter(({ tier, fresh }) => tier >= 4 && !fresh)).toEqual([]);
    expect(tiers.some(({ tier }) => tier < 4)).toBe(true);
  });

  it('makes new tokens for the same people when theirs are lost', async () => {
    const before = await seedThrough(api.url);
    rmSync(join(home, 'tokens.json'));
    const after = await seedThrough(api.url);
    for (const name of CAST_NAMES) {
      expect(after[name].user_id).toBe(before[name].user_id);
      expect(after[name].token).not.toBe(before[name].token);
    }
    expect((await counts()).members).toBe(String(CAST_NAMES.length));
  });

  it('makes a new token for a key that was revoked', async () => {
    const before = await seedThrough(api.url);
    const owner = createClient({ baseUrl: api.url, key: before.owner.token });
    const [, keyId = ''] = before.hand.token.split('_');
    await owner.keys.revoke(keyId);
    const after = await seedThrough(api.url);
    expect(after.hand).toMatchObject({ user_id: before.hand.user_id });
    expect(after.hand.token).not.toBe(before.hand.token);
    expect(after.owner).toEqual(before.owner);
  });
});
