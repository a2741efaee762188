import fc from 'fast-check';
import { areAssignable, areFillable, SEAT_ROLES, type SeatRole } from '../../contract/policy/seats';
import { testDatabase } from '../support/database';
import { addMember, addTenant, changePolicy, type Person } from '../support/world';
import { inHours, item, sqlRuns, type Answer, type DraftItem, type GateRow } from './support/runs';

/* Everybody decides at once, some of them in somebody else's place: whatever comes first, the seats are filled by people. */

const database = testDatabase();
const runs = sqlRuns(database);

const ROLES: readonly (readonly SeatRole[])[] = [
  ['reviewer'],
  ['reviewer'],
  ['senior'],
  ['reviewer', 'senior'],
  ['admin', 'reviewer'],
];

interface Verdict {
  readonly by: number;
  readonly for: number | null;
  readonly verdict: 'approve' | 'recuse';
}

interface Decision {
  readonly actor_user_id: string;
  readonly on_behalf_of: string | null;
  readonly seat_roles: SeatRole[] | null;
}

let people: readonly Person[];
let hand: Person;
let tenant: string;

beforeAll(async () => {
  const facts = { currency: 'NGN', timeZone: 'Africa/Lagos', places: [] };
  tenant = await addTenant(database, runs.world.platformAdmin, 'farm', facts);
  const made: Person[] = [];
  for (const roles of ROLES) made.push(await addMember(database, tenant, roles));
  people = made;
  hand = await addMember(database, tenant, ['requester']);
  const admin = people[4] as Person;
  const rules = [
    { record_type: 'expense', from_minor: '1', seats: 2, roles: ['senior'] },
    { record_type: 'expense', from_minor: '2', seats: 3, roles: ['senior'] },
  ];
  await changePolicy(database, admin, { seat_rules: rules });
  // Everybody may decide in everybody else's place.
  for (const from of people)
    for (const to of people.filter((one) => one !== from))
      await runs.call(
        'api',
        tenant,
        'create_delegation',
        from.userId,
        to.userId,
        null,
        null,
        inHours(48),
        'x',
        from.userId,
      );
});

const expense = (minor: number): DraftItem =>
  item(
    'draft',
    'expense',
    { item: 'feed', total_minor: String(minor), currency: 'NGN', occurred_on: '2026-11-10' },
    {},
  );

const person = fc.nat({ max: ROLES.length - 1 });
const verdict: fc.Arbitrary<Verdict> = fc.record({
  by: person,
  for: fc.option(person, { freq: 1 }),
  verdict: fc.constantFrom('approve', 'approve', 'approve', 'recuse'),
});

async function act(gate: GateRow, one: Verdict): Promise<Answer | undefined> {
  const by = people[one.by] as Person;
  if (one.verdict === 'recuse') return await runs.call('api', tenant, 'recuse', gate.id, by.userId);
  const whom = one.for === null ? undefined : people[one.for]?.userId;
  const stored = await runs.store(by, gate, 'approve', whom === undefined ? {} : { onBehalfOf: whom });
  return stored.outcome === 'stored' ? await runs.apply(tenant, stored.intent_id) : undefined;
}

it('fills the seats of a gate with different people who have the roles, or leaves it open', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 2 }),
      fc.array(verdict, { minLength: 2, maxLength: 8 }),
      async (minor, verdicts) => {
        const { gates } = await runs.drafted(hand, [expense(minor)]);
        const gate = gates[0] as GateRow & { seat_roles: SeatRole[] };
        await Promise.all(verdicts.map((one) => act(gate, one)));
        const decisions = await database.look<Decision>(
          "select actor_user_id, on_behalf_of, seat_roles from core.decisions where gate_id = $1 and verdict = 'approve'",
          [gate.id],
        );
        const sitting = decisions.flatMap(({ actor_user_id: by, on_behalf_of: whom }) =>
          whom === null ? [by] : [by, whom],
        );
        expect(new Set(sitting).size).toBe(sitting.length);
        const seats = decisions.map(({ seat_roles: roles }) => roles ?? []);
        for (const [place, { actor_user_id: by, on_behalf_of: whom }] of decisions.entries()) {
          const own = ROLES[people.findIndex(({ userId }) => userId === (whom ?? by))] ?? [];
          expect(
            SEAT_ROLES.filter((role) => seats[place]?.includes(role) === true && !own.includes(role)),
          ).toEqual([]);
        }
        expect(areAssignable(gate.seat_roles, seats)).toBe(true);
        const [after] = await runs.gates(tenant, gate.run_id);
        const filled = areFillable(gate.seat_roles, seats);
        expect([filled, after?.outcome, await runs.count('records', { gate_id: gate.id })]).toEqual(
          filled ? [true, 'approved', 1] : [false, null, 0],
        );
      },
    ),
    { numRuns: database.isNative ? 60 : 8 },
  );
}, 240_000);
