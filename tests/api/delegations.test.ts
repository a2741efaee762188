import { randomUUID } from 'node:crypto';
import { sale, sqlRuns, type Farm, type GateRow } from '../sql/support/runs';
import { testDatabase } from '../support/database';
import { addMember, type Person } from '../support/world';
import { testApi } from './support/server';

const database = testDatabase();
const runs = sqlRuns(database);
const api = testApi(() => ({ database, world: runs.world }));

let farm: Farm;
let clerk: Person;
let senior: Person;
beforeAll(async () => {
  farm = await runs.farm();
  clerk = await addMember(database, farm.id, ['reviewer']);
  senior = await addMember(database, farm.id, ['senior', 'reviewer']);
});

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();
const body = (to: Person, more: object = {}) => ({
  delegate_user_id: to.userId,
  until: inDays(3),
  reason: 'At the market.',
  ...more,
});

it('is made by whoever delegates, for themselves, or by an admin for somebody else', async () => {
  const own = await api.ask(senior, 'delegations.create', { body: body(clerk) });
  expect(own.status).toBe(201);
  expect(own.body).toMatchObject({
    delegator_user_id: senior.userId,
    delegate_user_id: clerk.userId,
    roles: ['reviewer', 'senior'],
    reason: 'At the market.',
    created_by: senior.userId,
    revoked_at: null,
  });
  const named = { delegator_user_id: clerk.userId, roles: ['reviewer'] as const, from: inDays(1) };
  const asked = body(senior, named);
  const made = await api.ask(farm.owner, 'delegations.create', { body: asked });
  expect(made.body).toMatchObject({ created_by: farm.owner.userId, from_at: named.from });
});

it.each<readonly [string, () => readonly [Person, object]]>([
  ['not_allowed', () => [clerk, body(clerk, { delegator_user_id: senior.userId })]],
  ['not_allowed', () => [farm.hand, body(clerk)]],
  ['delegation_to_yourself', () => [clerk, body(clerk)]],
  ['delegation_of_role', () => [clerk, body(senior, { roles: ['senior'] })]],
  ['delegate_unfit', () => [clerk, body(farm.hand)]],
  ['member_not_found', () => [clerk, { ...body(senior), delegate_user_id: randomUUID() }]],
  ['period_invalid', () => [clerk, body(senior, { until: inDays(-1) })]],
  ['input_invalid', () => [clerk, body(senior, { roles: ['auditor'] })]],
  ['input_invalid', () => [clerk, body(senior, { reason: '…' })]],
])('is refused: %s', async (code, asked) => {
  const [by, request] = asked();
  expect((await api.refused(by, 'delegations.create', { body: request })).body.code).toBe(code);
});

it('is listed to whoever decides or oversees, its reason to those who read content', async () => {
  const auditor = await addMember(database, farm.id, ['auditor']);
  const { body: all } = await api.ask(clerk, 'delegations.list', { query: { delegate: clerk.userId } });
  expect(all.items.map(({ reason }) => reason)).toEqual(['At the market.']);
  const { body: seen } = await api.ask(auditor, 'delegations.list', {});
  expect(seen.items.length).toBeGreaterThan(1);
  expect(seen.items.every(({ reason }) => reason === null)).toBe(true);
  expect((await api.refused(farm.hand, 'delegations.list')).body.code).toBe('not_allowed');
  const { body: elsewhere } = await api.ask(runs.world.farm.owner, 'delegations.list', {});
  expect(elsewhere.items).toEqual([]);
});

it('is told of at the gates that it opens, and ends with its revocation', async () => {
  const { gates } = await runs.drafted(farm.hand, [sale()]);
  const gate = gates[0] as GateRow;
  const actingFor = async (): Promise<readonly string[]> =>
    (await api.ask(clerk, 'gates.get', { params: { id: gate.id } })).body.acting_for;
  expect(await actingFor()).toEqual([senior.userId]);
  const decidable = await api.ask(clerk, 'gates.list', { query: { decidable: 'true', run_id: gate.run_id } });
  expect(decidable.body.items).toMatchObject([{ id: gate.id, acting_for: [senior.userId] }]);
  const { body: present } = await api.ask(senior, 'delegations.list', {
    query: { state: 'present', delegator: senior.userId },
  });
  const id = present.items[0]?.id ?? '';
  const other = await addMember(database, farm.id, ['reviewer']);
  expect((await api.refused(other, 'delegations.revoke', { params: { id } })).body.code).toBe('not_allowed');
  expect((await api.ask(clerk, 'delegations.revoke', { params: { id } })).status).toBe(204);
  expect((await api.refused(clerk, 'delegations.revoke', { params: { id } })).body.code).toBe(
    'delegation_ended',
  );
  const unknown = { params: { id: randomUUID() } };
  expect((await api.refused(clerk, 'delegations.revoke', unknown)).body.code).toBe('delegation_not_found');
  expect(await actingFor()).toEqual([]);
  const { body: ended } = await api.ask(clerk, 'delegations.list', { query: { state: 'ended' } });
  expect(ended.items).toMatchObject([{ id, revoked_by: clerk.userId }]);
});
