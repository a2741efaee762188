import { testDatabase } from '../support/database';
import { randomUUID } from 'node:crypto';
import { addMember } from '../support/world';
import { hashOf, sqlRuns } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);

const create = (tenantId: string, id: string, userId: string, by: string | null = null) =>
  runs.call('api', tenantId, 'create_key', id, userId, 'label', hashOf(id), 'oidc', null, by);

it('stores a key once by its id, in the name of who made it', async () => {
  const { farm } = runs.world;
  expect(await create(farm.id, 'aaaaaaaaaaaaaaaa', farm.hand.userId, farm.owner.userId)).toEqual({
    outcome: 'created',
  });
  expect(await stateOf(create(farm.id, 'aaaaaaaaaaaaaaaa', farm.hand.userId))).toBe('23505');
  const [event] = await database.look<Record<string, unknown>>(
    "select actor_kind, actor_user_id from core.audit_log where tenant_id = $1 and type = 'key.created' order by seq desc limit 1",
    [farm.id],
  );
  expect(event).toEqual({ actor_kind: 'human', actor_user_id: farm.owner.userId });
  expect(await stateOf(create(farm.id, 'Not an id', farm.hand.userId))).toBe('23514');
});

it('never lets a service claim that a person signed in', async () => {
  const { farm } = runs.world;
  const robot = randomUUID();
  await runs.call('api', farm.id, 'set_member', robot, 'Robot', 'service', ['requester'], true, null);
  await create(farm.id, 'bbbbbbbbbbbbbbbb', robot);
  expect(await runs.row('api_keys', { id: 'bbbbbbbbbbbbbbbb' })).toMatchObject({ auth_method: 'service' });
});

it('never lets a service make a key with which it could be a person', async () => {
  const { farm } = runs.world;
  const { userId: robot } = await addMember(database, farm.id, ['admin'], 'service');
  expect(await create(farm.id, '1111aaaa1111aaaa', farm.hand.userId, robot)).toMatchObject({
    outcome: 'refused',
    code: 'person_required',
  });
  expect(await create(farm.id, '1111bbbb1111bbbb', robot, robot)).toEqual({ outcome: 'created' });
});

it('has no key for somebody of another tenant, or who is not active', async () => {
  const { farm, hospital } = runs.world;
  expect(await create(farm.id, 'cccccccccccccccc', hospital.senior.userId)).toEqual({
    outcome: 'refused',
    code: 'member_not_found',
  });
  expect(await runs.count('key_directory', { key_id: 'cccccccccccccccc' })).toBe(0);
});

it('revokes for good, once, and no key of another tenant', async () => {
  const { farm, hospital } = runs.world;
  await create(farm.id, 'dddddddddddddddd', farm.hand.userId);
  const revoke = (tenantId: string, by = farm.owner) =>
    runs.call('api', tenantId, 'revoke_key', 'dddddddddddddddd', by.userId);
  expect(await revoke(hospital.id, hospital.admin)).toEqual({ outcome: 'refused', code: 'key_not_found' });
  expect(await revoke(farm.id)).toEqual({ outcome: 'revoked' });
  expect(await revoke(farm.id)).toEqual({ outcome: 'refused', code: 'key_not_found' });
});
