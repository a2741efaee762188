import { testDatabase } from '../support/database';
import { randomUUID } from 'node:crypto';
import { addMember } from '../support/world';
import { sqlRuns } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);

const set = (tenantId: string, userId: string, roles: readonly string[], active = true, name = 'Ada') =>
  runs.call('api', tenantId, 'set_member', userId, name, 'person', roles, active, null);

it('adds a member, changes name, roles and activity, and never the kind', async () => {
  const { farm } = runs.world;
  const userId = randomUUID();
  expect(await set(farm.id, userId, ['requester'])).toEqual({ outcome: 'saved', user_id: userId });
  await runs.call('api', farm.id, 'set_member', userId, 'Ada', 'service', ['reviewer'], true, null);
  expect(await runs.row('members', { user_id: userId })).toMatchObject({
    kind: 'person',
    roles: ['reviewer'],
  });
});

it('keeps one admin, also when two leave at once', async () => {
  const farm = await runs.farm();
  expect(await set(farm.id, farm.owner.userId, ['reviewer'])).toEqual({
    outcome: 'refused',
    code: 'last_admin',
  });
  expect(await set(farm.id, farm.owner.userId, ['admin'], false)).toEqual({
    outcome: 'refused',
    code: 'last_admin',
  });
  const second = await addMember(database, farm.id, ['admin']);
  const answers = await Promise.all(
    [farm.owner, second].map(({ userId }) => set(farm.id, userId, ['admin'], false)),
  );
  expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['refused', 'saved']);
});

it('refuses the platform’s role, roles that are none, and no role at all', async () => {
  const { farm } = runs.world;
  expect(await set(farm.id, randomUUID(), ['platform_admin'])).toEqual({
    outcome: 'refused',
    code: 'role_of_platform',
  });
  for (const roles of [['king'], []]) expect(await stateOf(set(farm.id, randomUUID(), roles))).toBe('23514');
  expect(await stateOf(set(farm.id, randomUUID(), ['requester'], true, ' \u2003'))).toBe('23514');
});

it('knows one person of two tenants as two members', async () => {
  const { farm, hospital } = runs.world;
  const userId = randomUUID();
  for (const tenantId of [farm.id, hospital.id]) await set(tenantId, userId, ['requester']);
  await set(farm.id, userId, ['requester'], false);
  expect(await runs.row('members', { tenant_id: hospital.id, user_id: userId })).toMatchObject({
    active: true,
  });
});
