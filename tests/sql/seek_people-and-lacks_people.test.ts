import { testDatabase } from '../support/database';
import { addMember, addTenant, changePolicy, type Person } from '../support/world';
import { grant, inHours, item, sale, sqlRuns, type DraftItem, type Farm, type GateRow } from './support/runs';

const database = testDatabase();
const runs = sqlRuns(database);

interface Gate extends GateRow {
  readonly escalation_level: number;
}

async function open(farm: Farm, drafted: DraftItem, by: Person = farm.hand): Promise<Gate> {
  const purpose = drafted.record_type === 'privilege_grant' ? 'credentialing.privileging' : 'farm.record';
  const { gates } = await runs.drafted(by, [drafted], purpose);
  return gates[0] as Gate;
}

const present = async (farm: Farm, gate: GateRow): Promise<Gate> =>
  (await runs.gates(farm.id, gate.run_id)).find(({ id }) => id === gate.id) as Gate;
const pages = async (farm: Farm): Promise<Record<string, unknown>[]> =>
  await database.look('select cause, code, count, run_id from core.pages where tenant_id = $1', [farm.id]);
const seek = (farm: Farm, gate: GateRow): Promise<unknown> =>
  runs.call('worker', farm.id, 'seek_people', gate.run_id);
const lacks = (farm: Farm, gate: GateRow): Promise<unknown> =>
  runs.call('worker', farm.id, 'lacks_people', gate.run_id);
const change = async (farm: Farm, who: Person, roles: readonly string[], active = true): Promise<void> => {
  const answer = await runs.call(
    'api',
    farm.id,
    'set_member',
    who.userId,
    'Somebody',
    'person',
    roles,
    active,
    farm.owner.userId,
  );
  expect(answer.outcome).toBe('saved');
};
const recuse = (farm: Farm, gate: GateRow, who: Person): Promise<unknown> =>
  runs.call('api', farm.id, 'recuse', gate.id, who.userId);
const paged = (gate: GateRow, count = 1n): object => ({
  cause: `no_eligible_person ${gate.id}`,
  code: 'no_eligible_person',
  run_id: gate.run_id,
  count,
});
const chain = (...roles: readonly string[]): DraftItem['instants'] =>
  roles.map((role, place) => ({ kind: 'escalation', at: inHours(place + 2), role }));

/** A farm whose one reviewer is not its admin. */
async function farmOf(
  ...roles: readonly Parameters<typeof addMember>[2][]
): Promise<Farm & { readonly people: Person[] }> {
  const facts = { currency: 'NGN', timeZone: 'Africa/Lagos', places: [] };
  const id = await addTenant(database, runs.world.platformAdmin, 'farm', facts);
  const owner = await addMember(database, id, ['admin']);
  const people: Person[] = [];
  for (const some of roles) people.push(await addMember(database, id, some));
  return { id, owner, hand: await addMember(database, id, ['requester']), people };
}

describe('a gate that nobody is left to decide', () => {
  it('is paged once and escalated to the next role when its last reviewer recuses', async () => {
    const farm = await farmOf(['reviewer'], ['senior']);
    const [clerk, senior] = farm.people as [Person, Person];
    const gate = await open(farm, sale({ instants: chain('senior', 'admin') }));
    await recuse(farm, gate, clerk);
    expect(await present(farm, gate)).toMatchObject({
      roles: ['reviewer', 'senior'],
      escalation_level: 1,
      outcome: null,
    });
    expect(await pages(farm)).toEqual([paged(gate)]);
    expect(await lacks(farm, gate)).toBe(false);
    expect((await runs.events(gate.run_id)).filter((type) => type === 'gate.escalated')).toHaveLength(1);
    await runs.decide(senior, gate, 'approve');
    expect(await present(farm, gate)).toMatchObject({ outcome: 'approved' });
  });

  it('goes up its chain until there is somebody, and time repeats none of it', async () => {
    const farm = await farmOf(['reviewer']);
    const gate = await open(farm, sale({ instants: chain('senior', 'admin') }));
    await recuse(farm, gate, farm.people[0] as Person);
    expect(await present(farm, gate)).toMatchObject({
      roles: ['reviewer', 'senior', 'admin'],
      escalation_level: 2,
    });
    await runs.shiftClock('10 hours');
    await runs.call('worker', farm.id, 'tick_gate', gate.id);
    await runs.shiftClock('0');
    expect(await present(farm, gate)).toMatchObject({ escalation_level: 2 });
    expect((await runs.events(gate.run_id)).filter((type) => type === 'gate.escalated')).toHaveLength(2);
    await runs.decide(farm.owner, gate, 'approve');
    expect(await present(farm, gate)).toMatchObject({ outcome: 'approved' });
  });

  it('is left to its due time when there is no further role, with one page however often somebody looks', async () => {
    const farm = await farmOf(['reviewer']);
    const gate = await open(farm, sale());
    await recuse(farm, gate, farm.people[0] as Person);
    // Without a chain, a senior is the next role; nobody is one.
    expect(await present(farm, gate)).toMatchObject({ roles: ['reviewer', 'senior'], escalation_level: 1 });
    for (let looks = 0; looks < 5; looks += 1) {
      expect(await lacks(farm, gate)).toBe(false);
      expect(await seek(farm, gate)).toEqual({ looked: 0 });
    }
    expect(await pages(farm)).toEqual([paged(gate)]);
    await runs.shiftClock('25 hours');
    await runs.call('worker', farm.id, 'tick_gate', gate.id);
    await runs.shiftClock('0');
    expect(await present(farm, gate)).toMatchObject({ outcome: 'expired' });
  });

  it('is found as it opens: only who asked could decide, and a second person is demanded', async () => {
    const farm = await farmOf();
    const asking = await addMember(database, farm.id, ['reviewer', 'requester']);
    const gate = await open(farm, grant({ instants: chain('senior') }), asking);
    expect(await pages(farm)).toEqual([paged(gate)]);
    expect(await present(farm, gate)).toMatchObject({ roles: ['reviewer', 'senior'] });
  });

  it('is found when a seat is taken, and the other one needs a person who made the first one’s key', async () => {
    const farm = await farmOf(['reviewer'], ['reviewer']);
    const [first, second] = farm.people as [Person, Person];
    await database.look('alter table core.api_keys disable trigger all');
    await database.look('update core.api_keys set created_by = $1 where id = $2', [
      first.userId,
      second.keyId,
    ]);
    await database.look('alter table core.api_keys enable always trigger freeze_but');
    const gate = await open(farm, grant({ instants: chain('senior') }));
    expect(await pages(farm)).toEqual([]);
    await runs.decide(first, gate, 'approve', { rationale: 'So it is.', disposition: 'grant' });
    expect(await pages(farm)).toEqual([paged(gate)]);
    expect(await present(farm, gate)).toMatchObject({ roles: ['reviewer', 'senior'], outcome: null });
  });

  it('is found when a reviewer escalates to a role that nobody has', async () => {
    const farm = await farmOf(['reviewer']);
    const gate = await open(farm, sale());
    await runs.decide(farm.people[0] as Person, gate, 'escalate');
    expect(await present(farm, gate)).toMatchObject({ version: 2, roles: ['senior'] });
    expect(await pages(farm)).toEqual([paged(gate)]);
  });

  it('is found where its seats ask roles: two people are left, and neither is a senior', async () => {
    const farm = await farmOf(['reviewer'], ['reviewer'], ['senior'], ['senior']);
    const [clerk, , senior, another] = farm.people as [Person, Person, Person, Person];
    const rules = [{ record_type: 'expense', from_minor: '1', seats: 2, roles: ['senior'] }];
    await changePolicy(database, farm.owner, { seat_rules: rules });
    const payload = { item: 'feed', total_minor: '5', currency: 'NGN', occurred_on: '2026-11-10' };
    const gate = await open(farm, item('draft', 'expense', payload, { instants: chain('admin') }));
    await runs.decide(clerk, gate, 'approve');
    await recuse(farm, gate, senior);
    expect(await pages(farm)).toEqual([]);
    await recuse(farm, gate, another);
    expect(await pages(farm)).toEqual([paged(gate)]);
    expect(await present(farm, gate)).toMatchObject({ roles: ['reviewer', 'senior', 'admin'] });
    await runs.decide(farm.owner, gate, 'approve');
    expect(await present(farm, gate)).toMatchObject({ outcome: 'approved' });
  });
});

describe('members who come and go', () => {
  it('bring the gates’ runs before their turn, and the sweep finds who is missing', async () => {
    const farm = await farmOf(['reviewer'], ['senior']);
    const [clerk, senior] = farm.people as [Person, Person];
    const gate = await open(farm, sale({ instants: chain('admin') }));
    await database.look("update core.worklist set due_at = due_at + interval '1 hour' where ref_id = $1", [
      gate.run_id,
    ]);
    await change(farm, clerk, ['requester']);
    const work = await database.look<{ due: boolean }>(
      'select due_at <= app.now() as due from core.worklist where ref_id = $1',
      [gate.run_id],
    );
    expect(work).toEqual([{ due: true }]);
    expect(await lacks(farm, gate)).toBe(true);
    expect(await seek(farm, gate)).toEqual({ looked: 1 });
    expect(await pages(farm)).toEqual([paged(gate)]);
    expect(await present(farm, gate)).toMatchObject({ roles: ['reviewer', 'admin'] });

    // Somebody is there again, and goes again: that is another time that nobody is left.
    await change(farm, clerk, ['reviewer']);
    await change(farm, farm.owner, ['admin']);
    await recuse(farm, gate, farm.owner);
    await change(farm, senior, ['reviewer', 'senior']);
    expect(await lacks(farm, gate)).toBe(false);
    await recuse(farm, gate, clerk);
    expect(await pages(farm)).toEqual([paged(gate)]);
    await recuse(farm, gate, senior);
    expect(await pages(farm)).toEqual([paged(gate, 2n)]);
    await addMember(database, farm.id, ['reviewer']);
    expect(await lacks(farm, gate)).toBe(true);
    expect(await seek(farm, gate)).toEqual({ looked: 1 });
    expect(await lacks(farm, gate)).toBe(false);
  });

  it('change nothing by a delegation, which takes the seat of both', async () => {
    const farm = await farmOf(['reviewer'], ['reviewer']);
    const [first, second] = farm.people as [Person, Person];
    const gate = await open(farm, grant({ instants: chain('senior') }));
    const lent = [first.userId, second.userId, null, null, inHours(4), 'Away.', first.userId];
    await runs.call('api', farm.id, 'create_delegation', ...lent);
    const words = { rationale: 'So it is.', disposition: 'grant', onBehalfOf: first.userId };
    await runs.decide(second, gate, 'approve', words);
    // Both sit: nobody is left for the other seat.
    expect(await pages(farm)).toEqual([paged(gate)]);
    expect(await present(farm, gate)).toMatchObject({ roles: ['reviewer', 'senior'] });
  });
});
