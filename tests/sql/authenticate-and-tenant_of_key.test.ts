import { testDatabase } from '../support/database';
import { hashOf, inHours, sqlRuns } from './support/runs';

const database = testDatabase();
const runs = sqlRuns(database);

const authenticate = (tenantId: string | null, keyId: string, secret: string) =>
  database.as('api', tenantId, (transaction) =>
    transaction.rows<Record<string, unknown>>('select * from app.authenticate($1, $2)', [
      keyId,
      hashOf(secret),
    ]),
  );
let made = 0;

async function newKey(expiresAt: string | null = null): Promise<string> {
  const { farm } = runs.world;
  made += 1;
  const id = `key${String(made).padStart(13, '0')}`;
  await runs.call(
    'api',
    farm.id,
    'create_key',
    id,
    farm.owner.userId,
    'k',
    hashOf('secret'),
    'oidc',
    expiresAt,
    null,
  );
  return id;
}

it('finds the tenant before one is entered, and the member by the secret’s hash', async () => {
  const { farm } = runs.world;
  const id = await newKey(inHours(1));
  expect(await runs.call<string | null>('api', null, 'tenant_of_key', id)).toBe(farm.id);
  expect(await authenticate(farm.id, id, 'secret')).toMatchObject([
    { tenant_id: farm.id, user_id: farm.owner.userId, kind: 'person', auth_method: 'oidc' },
  ]);
});

it('answers nothing to a wrong secret, a key that is unknown, expired or revoked, or outside of its tenant', async () => {
  const { farm, hospital } = runs.world;
  const [live, expired, revoked] = [await newKey(), await newKey(inHours(-1)), await newKey()];
  await runs.call('api', farm.id, 'revoke_key', revoked, null);
  expect(await runs.call('api', null, 'tenant_of_key', 'nosuchkey0000000')).toBeNull();
  const tries = [
    authenticate(farm.id, live, 'another'),
    authenticate(farm.id, 'nosuchkey0000000', 'secret'),
    authenticate(farm.id, expired, 'secret'),
    authenticate(farm.id, revoked, 'secret'),
    authenticate(hospital.id, live, 'secret'),
    authenticate(null, live, 'secret'),
  ];
  for (const rows of await Promise.all(tries)) expect(rows).toEqual([]);
});

it('answers nothing to a member who is no longer active', async () => {
  const farm = await runs.farm();
  await runs.call(
    'api',
    farm.id,
    'create_key',
    'leaver0000000001',
    farm.hand.userId,
    'k',
    hashOf('secret'),
    'oidc',
    null,
    null,
  );
  expect(await authenticate(farm.id, 'leaver0000000001', 'secret')).toHaveLength(1);
  await runs.call(
    'api',
    farm.id,
    'set_member',
    farm.hand.userId,
    'Left',
    'person',
    ['requester'],
    false,
    null,
  );
  expect(await authenticate(farm.id, 'leaver0000000001', 'secret')).toEqual([]);
});
