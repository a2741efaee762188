import { testDatabase } from '../support/database';
import { randomUUID } from 'node:crypto';
import { addMember, type Person } from '../support/world';
import { grant, hashOf, sqlRuns, type GateRow } from './support/runs';
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

describe('the maker of a key', () => {
  const words = { rationale: 'The sources agree.', disposition: 'grant' };
  const grantGate = async (): Promise<GateRow> =>
    (await runs.drafted(runs.world.hospital.staff, [grant()], 'credentialing.privileging'))
      .gates[0] as GateRow;

  /** A reviewer, by a key that an admin who is a reviewer too has made. */
  async function madeBy(): Promise<{ maker: Person; made: Person }> {
    const { hospital } = runs.world;
    const maker = await addMember(database, hospital.id, ['admin', 'reviewer']);
    const made = await addMember(database, hospital.id, ['reviewer']);
    const id = randomUUID().replaceAll('-', '').slice(0, 16);
    await create(hospital.id, id, made.userId, maker.userId);
    return { maker, made: { ...made, keyId: id, token: '' } };
  }

  it.each([
    ['first', (maker: Person, made: Person) => [maker, made]],
    ['second', (maker: Person, made: Person) => [made, maker]],
  ] as const)('holds no seat beside the person of that key, when it is the %s', async (_place, order) => {
    const { maker, made } = await madeBy();
    const gate = await grantGate();
    const [first, second] = order(maker, made) as [Person, Person];
    await runs.decide(first, gate, 'approve', words);
    expect(await runs.store(second, gate, 'approve', words)).toMatchObject({ code: 'key_maker_holds_seat' });
    expect(await runs.decide(runs.world.hospital.members[0], gate, 'approve', words)).toMatchObject({
      outcome: 'applied',
    });
  });

  it('gets no second seat by verdicts that were stored before either was applied', async () => {
    const { maker, made } = await madeBy();
    const gate = await grantGate();
    const intents = [
      await runs.store(maker, gate, 'approve', words),
      await runs.store(made, gate, 'approve', words),
    ];
    const [first, second] = intents.map(({ intent_id: id }) => id);
    expect(await runs.apply(gateTenant(), first)).toMatchObject({ outcome: 'applied' });
    expect(await runs.apply(gateTenant(), second)).toMatchObject({
      outcome: 'conflict',
      code: 'key_maker_holds_seat',
    });
  });

  it('is named by the key, the decision and the decision’s event', async () => {
    const { maker, made } = await madeBy();
    const { decision_id: id } = await runs.decide(made, await grantGate(), 'approve', words);
    const [decision] = await database.as('api', gateTenant(), (transaction) =>
      transaction.rows('select key_id, key_created_by from app.decisions where id = $1', [id]),
    );
    const named = { key_id: made.keyId, key_created_by: maker.userId };
    expect(decision).toEqual(named);
    const events = await database.look<{ payload: string }>(
      "select payload from core.audit_log where tenant_id = $1 and type in ('decision.recorded', 'key.created') order by seq desc limit 40",
      [gateTenant()],
    );
    const bodies = events.map(({ payload }) => payload);
    expect(bodies.find((text) => text.includes(String(id)))).toContain(`"key_created_by":"${maker.userId}"`);
    expect(bodies.find((text) => text.includes('"created_by"') && text.includes(made.keyId))).toContain(
      maker.userId,
    );
  });

  const gateTenant = (): string => runs.world.hospital.id;
});
