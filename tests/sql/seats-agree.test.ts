import fc from 'fast-check';
import {
  areAssignable,
  areFillable,
  mergedSeats,
  SEAT_ROLES,
  seatTerms,
  type SeatDemand,
  type SeatRule,
} from '../../contract/policy/seats';
import type { Role } from '../../contract/states';
import { testDatabase } from '../support/database';
import { sqlRuns } from './support/runs';

const database = testDatabase();
const runs = sqlRuns(database);

const asOwner = async <Result>(sql: string, ...parameters: readonly unknown[]): Promise<Result> =>
  await database.asOwner(runs.world.farm.id, (transaction) => transaction.value<Result>(sql, parameters));

const role = fc.constantFrom(...SEAT_ROLES);
const roles = fc.array(role, { maxLength: 3 });
const seats = fc.array(role, { minLength: 1, maxLength: 5 });
const people = fc.array(fc.uniqueArray(role, { maxLength: 3 }), { maxLength: 6 });
const demand: fc.Arbitrary<SeatDemand> = roles.chain((named) =>
  fc.record({ seats: fc.integer({ min: Math.max(1, named.length), max: 4 }), roles: fc.constant(named) }),
);

interface Terms {
  readonly seats: number;
  readonly seat_roles: readonly Role[] | null;
  readonly role: Role;
}

/** The role of each seat, as the workflow of a gate would have it. */
const listed = (terms: Terms): readonly Role[] =>
  terms.seat_roles ?? Array.from({ length: terms.seats }, () => terms.role);

describe('the pure policy and the database', () => {
  it('seat the same people: every one on a seat, and every seat with somebody', async () => {
    const cases: { seats: Role[]; people: Role[][] }[] = fc.sample(fc.record({ seats, people }), 3000);
    const found = await asOwner<{ assignable: boolean; fillable: boolean }[]>(
      `select jsonb_agg(jsonb_build_object(
         'assignable', core.seats_assignable(array(select jsonb_array_elements_text(c.one -> 'seats')), c.one -> 'people'),
         'fillable', core.seats_fillable(array(select jsonb_array_elements_text(c.one -> 'seats')), c.one -> 'people')) order by c.place)
       from jsonb_array_elements($1::jsonb) with ordinality as c (one, place)`,
      JSON.stringify(cases),
    );
    expect(found).toEqual(
      cases.map((one) => ({
        assignable: areAssignable(one.seats, one.people),
        fillable: areFillable(one.seats, one.people),
      })),
    );
    // The table holds all four of them.
    expect(new Set(found.map((one) => JSON.stringify(one))).size).toBe(4);
  });

  it('merge demands alike', async () => {
    const cases = fc.sample(
      fc.record({ demands: fc.array(demand, { minLength: 1, maxLength: 3 }), role }),
      1500,
    );
    const found = await asOwner<Terms[]>(
      `select jsonb_agg(to_jsonb(m) order by c.place)
       from jsonb_array_elements($1::jsonb) with ordinality as c (one, place)
         cross join lateral core.merge_seats(c.one -> 'demands', c.one ->> 'role') m`,
      JSON.stringify(cases),
    );
    expect(found.map(listed)).toEqual(cases.map(({ demands, role: own }) => mergedSeats(demands, own)));
  });

  it('ask the same seats of a type, its rules and an amount', async () => {
    const rule: fc.Arbitrary<SeatRule> = fc
      .record({ from: fc.integer({ min: 0, max: 4 }), demand })
      .map(({ from, demand: asked }) => ({ from_minor: String(from * 250_000), ...asked }));
    const amount = fc.option(fc.integer({ min: 0, max: 1_250_000 }));
    const declared = fc.record({
      role,
      demand,
      own: fc.array(rule, { maxLength: 2 }),
      rules: fc.array(rule, { maxLength: 2 }),
      amount,
    });
    const cases = fc.sample(declared, 1500);
    const found = await asOwner<Terms[]>(
      `select jsonb_agg(to_jsonb(s) order by c.place)
       from jsonb_array_elements($1::jsonb) with ordinality as c (one, place)
         cross join lateral core.seat_terms(jsonb_populate_record(null::core.record_types, c.one -> 'type'), c.one -> 'rules',
           c.one ->> 'role', c.one -> 'payload') s`,
      JSON.stringify(
        cases.map((one) => ({
          role: one.role,
          rules: [
            ...one.rules.map((asked) => ({ record_type: 'expense', ...asked })),
            { record_type: 'sale', from_minor: '0', seats: 9, roles: [] },
          ],
          payload:
            one.amount === null
              ? { total_minor: 'a lot' }
              : { total_minor: String(one.amount), currency: 'NGN' },
          type: {
            name: 'expense',
            role: one.role,
            seats: one.demand.seats,
            definition: {
              amount: { field: 'total_minor', currency_field: 'currency' },
              seat_roles: one.demand.roles,
              seat_rules: one.own,
            },
          },
        })),
      ),
    );
    expect(found.map(listed)).toEqual(
      cases.map((one) =>
        seatTerms(
          { role: one.role, seats: one.demand.seats, seatRoles: one.demand.roles },
          [...one.own, ...one.rules],
          one.amount === null ? null : BigInt(one.amount),
        ),
      ),
    );
  });

  it('meet every demand that an amount has come to, and all of them where nobody can tell it', () => {
    const rule = fc.record({ from_minor: fc.bigInt(0n, 9n).map(String), seats: fc.constant(3), roles });
    const amount = fc.option(fc.bigInt(0n, 9n));
    fc.assert(
      fc.property(demand, role, fc.array(rule, { maxLength: 4 }), amount, (own, of, rules, at) => {
        const terms = seatTerms({ role: of, seats: own.seats, seatRoles: own.roles }, rules, at);
        const times = (list: readonly Role[], name: Role): number =>
          list.filter((one) => one === name).length;
        const met = rules.filter(({ from_minor: from }) => at === null || BigInt(from) <= at);
        for (const asked of [own, ...met]) {
          expect(terms.length).toBeGreaterThanOrEqual(asked.seats);
          for (const name of SEAT_ROLES.filter((one) => one !== 'reviewer'))
            expect(times(terms, name)).toBeGreaterThanOrEqual(times(asked.roles, name));
        }
      }),
    );
  });
});

it.each<readonly [string, unknown, string | null]>([
  ['digits in the currency of the tenant', { total_minor: '500000', currency: 'NGN' }, '500000'],
  ['no currency', { total_minor: '500000' }, null],
  ['another currency', { total_minor: '500000', currency: 'USD' }, null],
  ['a number', { total_minor: 500000, currency: 'NGN' }, null],
  ['a sign', { total_minor: '-5', currency: 'NGN' }, null],
  ['a fraction', { total_minor: '5.0', currency: 'NGN' }, null],
  ['more than fits', { total_minor: '9'.repeat(19), currency: 'NGN' }, null],
  ['a list', { total_minor: ['1'], currency: 'NGN' }, null],
  ['other digits', { total_minor: '٥٠٠', currency: 'NGN' }, null],
  ['nothing', {}, null],
])('reads an amount, or none at all: %s', async (_what, payload, amount) => {
  const type = { definition: { amount: { field: 'total_minor', currency_field: 'currency' } } };
  expect(
    await asOwner<string | null>(
      'select core.amount_minor(jsonb_populate_record(null::core.record_types, $1), $2)::text',
      JSON.stringify(type),
      JSON.stringify(payload),
    ),
  ).toBe(amount);
});
