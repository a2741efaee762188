import { randomUUID } from 'node:crypto';
import { RATE_LIMITS } from '../../api/http/rate-limit';
import { ROLES, type Role } from '../../contract/states';
import { ENDPOINTS, type Endpoint, type RouteName } from '../../contract/wire/endpoints';
import { testDatabase } from '../support/database';
import { addMember, buildWorld, type Person, type World } from '../support/world';
import { pathOf, testApi } from './support/server';

const database = testDatabase();
let world: World;
const people = new Map<Role, Person>();
const api = testApi(async () => {
  world = await buildWorld(database);
  for (const role of ROLES) {
    const tenantId = role === 'platform_admin' ? '__platform__' : world.farm.id;
    people.set(role, await addMember(database, tenantId, [role]));
  }
  // Whoever knocks at every address without a key is soon taken for somebody who guesses.
  return { database, world, limits: { ...RATE_LIMITS, failuresMax: 10_000 } };
});

const NAMES = Object.keys(ENDPOINTS) as RouteName[];
const GUARDED = NAMES.filter((name) => ENDPOINTS[name].roles !== 'public');

/** Sends a request that could at best be refused for its content: what is tested is whether it gets that far. */
async function knock(name: RouteName, token: string | undefined): Promise<{ status: number; code: unknown }> {
  const { method }: Endpoint = ENDPOINTS[name];
  const params = {
    id: randomUUID(),
    user_id: randomUUID(),
    key_id: 'a'.repeat(16),
    name: 'farm.record',
    vendor: 'nobody',
    model: 'nothing',
    region: 'nowhere',
    subject_id: 'nobody-here',
  };
  const leave = new AbortController();
  const response = await api.raw(pathOf(name, { params }), {
    method,
    signal: leave.signal,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
  const isStream = response.headers.get('content-type') === 'text/event-stream';
  const text = isStream ? '{}' : await response.text();
  if (isStream) leave.abort();
  const body: unknown = text === '' ? {} : JSON.parse(text);
  const code = typeof body === 'object' && body !== null && 'code' in body ? body.code : undefined;
  return { status: response.status, code };
}

describe.each(GUARDED)('%s', (name) => {
  it('asks for a key', async () => {
    expect(await knock(name, undefined)).toEqual({ status: 401, code: 'not_authenticated' });
  });

  it.each(ROLES)('lets in, or refuses, a %s as the table says', async (role) => {
    const allowed: readonly Role[] = ENDPOINTS[name].roles as readonly Role[];
    const { status, code } = await knock(name, people.get(role)?.token);
    if (allowed.includes(role)) {
      expect(status).not.toBe(401);
      expect(code).not.toBe('not_allowed');
      expect(status).toBeLessThan(500);
    } else expect({ status, code }).toEqual({ status: 403, code: 'not_allowed' });
  });
});

it('has an address for every role', () => {
  for (const role of ROLES) {
    expect(GUARDED.some((name) => (ENDPOINTS[name].roles as readonly Role[]).includes(role))).toBe(true);
  }
});
