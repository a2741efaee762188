import { testDatabase } from '../support/database';
import { randomUUID } from 'node:crypto';
import { addMember, changePolicy, type Person } from '../support/world';
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

describe('whoever the policy needs to decide', () => {
  const refused = { outcome: 'refused', code: 'policy_unsatisfiable' };
  const newPolicy = async (owner: Person, changes: object): Promise<void> =>
    await changePolicy(database, owner, { ...changes });

  it('stays, as the last who reviews, until another one does', async () => {
    const { id, owner } = await runs.farm();
    const reviewer = await addMember(database, id, ['reviewer']);
    expect(await set(id, owner.userId, ['admin'])).toMatchObject({ outcome: 'saved' });
    expect(await set(id, reviewer.userId, ['requester'])).toEqual(refused);
    expect(await set(id, reviewer.userId, ['reviewer'], false)).toEqual(refused);
    expect(await runs.row('members', { tenant_id: id, user_id: reviewer.userId })).toMatchObject({
      active: true,
      roles: ['reviewer'],
    });
    await addMember(database, id, ['senior']);
    expect(await set(id, reviewer.userId, ['reviewer'], false)).toMatchObject({ outcome: 'saved' });
  });

  it('stays, as one of as many as a hospital’s largest gate has seats, and its senior', async () => {
    const { hospital } = runs.world;
    const [first, second, third] = hospital.members;
    for (const { userId } of [first, second]) await set(hospital.id, userId, ['requester']);
    expect(await set(hospital.id, third.userId, [], false)).toEqual(refused);
    expect(await set(hospital.id, hospital.senior.userId, ['reviewer'])).toEqual(refused);
    for (const { userId } of [first, second]) await set(hospital.id, userId, ['reviewer']);
  });

  it('may leave where nobody is asked, and where the policy could not be met before', async () => {
    const quiet = await runs.farm();
    await newPolicy(quiet.owner, {
      autonomy_tier: 'suggest',
      record_autonomy: {},
      require_human_review_for_phi_extraction: false,
    });
    expect(await set(quiet.id, quiet.owner.userId, ['admin'])).toMatchObject({ outcome: 'saved' });
    const paused = await runs.farm();
    await newPolicy(paused.owner, { paused: true });
    expect(await set(paused.id, paused.owner.userId, ['admin'])).toMatchObject({ outcome: 'saved' });
  });

  it('stays, when the last two leave at once', async () => {
    const { id, owner } = await runs.farm();
    const reviewer = await addMember(database, id, ['reviewer']);
    const answers = await Promise.all([
      set(id, owner.userId, ['admin']),
      set(id, reviewer.userId, ['requester']),
    ]);
    expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['refused', 'saved']);
  });
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

describe('an e-mail address', () => {
  const write = (tenantId: string, userId: string, email: string | null, name = 'Ada') =>
    runs.call('api', tenantId, 'set_member', userId, name, 'person', ['requester'], true, null, email);

  it('stays when it is left out, changes, and is taken away by an empty text', async () => {
    const { id } = await runs.farm();
    const userId = randomUUID();
    const stored = async () => (await runs.row('members', { tenant_id: id, user_id: userId })).email;
    await write(id, userId, 'Ada.Obi@farm.example');
    await set(id, userId, ['requester']);
    expect(await stored()).toBe('Ada.Obi@farm.example');
    await write(id, userId, 'ada@farm.example');
    expect(await stored()).toBe('ada@farm.example');
    await write(id, userId, '');
    expect(await stored()).toBeNull();
  });

  it('is one member’s in a tenant, however it is capitalised, and another’s in another', async () => {
    const [farm, other] = [await runs.farm(), await runs.farm()];
    const userId = randomUUID();
    await write(farm.id, userId, 'ada@farm.example');
    expect(await write(farm.id, randomUUID(), 'ADA@Farm.example')).toEqual({
      outcome: 'refused',
      code: 'email_taken',
    });
    expect(await write(farm.id, userId, 'ADA@farm.example')).toMatchObject({ outcome: 'saved' });
    expect(await write(other.id, randomUUID(), 'ada@farm.example')).toMatchObject({ outcome: 'saved' });
    const both = await Promise.all([1, 2].map(() => write(farm.id, randomUUID(), 'bola@farm.example')));
    expect(both.map(({ outcome }) => outcome).sort()).toEqual(['refused', 'saved']);
  });

  it('is refused where it is none', async () => {
    for (const none of [
      'ada',
      '@',
      'a@b@c',
      'ada obi@farm.example',
      'a@b\r\nBcc: c@d',
      'a'.repeat(250) + '@b.de',
    ])
      expect(await stateOf(write(runs.world.farm.id, randomUUID(), none))).toBe('23514');
  });

  it('changes with an event that does not carry it', async () => {
    const { id } = await runs.farm();
    const userId = randomUUID();
    await write(id, userId, 'ada@farm.example');
    await set(id, userId, ['requester'], true, 'Ada Obi');
    await write(id, userId, '');
    const events = await database.look<{ payload: string }>(
      "select payload from core.audit_log where tenant_id = $1 and type = 'member.changed' order by seq",
      [id],
    );
    const payloads = events.map(({ payload }) => payload).filter((payload) => payload.includes(userId));
    expect(payloads.map((payload) => payload.includes('"email_changed":true'))).toEqual([true, false, true]);
    expect(payloads.join()).not.toContain('farm.example');
  });
});
