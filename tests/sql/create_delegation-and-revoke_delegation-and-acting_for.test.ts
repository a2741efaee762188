import { randomUUID } from 'node:crypto';
import type { Role } from '../../contract/states';
import { testDatabase } from '../support/database';
import { addMember, changePolicy, type Person } from '../support/world';
import {
  grant,
  hashOf,
  inHours,
  item,
  sale,
  sqlRuns,
  type Answer,
  type Farm,
  type GateRow,
} from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);

interface Team extends Farm {
  readonly senior: Person;
  readonly clerk: Person;
  readonly other: Person;
}

async function team(): Promise<Team> {
  const farm = await runs.farm();
  const member = (roles: readonly Role[]): Promise<Person> => addMember(database, farm.id, roles);
  return {
    ...farm,
    senior: await member(['senior', 'reviewer']),
    clerk: await member(['reviewer', 'requester']),
    other: await member(['reviewer']),
  };
}

interface Terms {
  readonly by?: Person;
  readonly roles?: readonly string[] | null;
  readonly from?: string | null;
  readonly until?: string | null;
  readonly reason?: string;
}

const lend = async (from: Person, to: Person, terms: Terms = {}): Promise<Answer> => {
  const by = terms.by ?? from;
  const until = terms.until === undefined ? inHours(48) : terms.until;
  const period = [terms.from ?? null, until, terms.reason ?? 'On leave.'];
  const people = [from.userId, to.userId, terms.roles ?? null];
  return await runs.call('api', from.tenantId, 'create_delegation', ...people, ...period, by.userId);
};

const two = (): ReturnType<typeof grant> => grant();

async function open(farm: Farm, drafted = sale(), by: Person = farm.hand): Promise<GateRow> {
  const purpose = drafted.record_type === 'privilege_grant' ? 'credentialing.privileging' : 'farm.record';
  const { gates } = await runs.drafted(by, [drafted], purpose);
  return gates[0] as GateRow;
}

const WORDS = { rationale: 'The sources agree.', disposition: 'grant' };
const forWhom = (person: Person, words: object = {}): object => ({ ...words, onBehalfOf: person.userId });
const present = async (farm: Farm, gate: GateRow): Promise<GateRow> =>
  (await runs.gates(farm.id, gate.run_id)).find(({ id }) => id === gate.id) as GateRow;

describe('creating a delegation', () => {
  let farm: Team;
  beforeAll(async () => {
    farm = await team();
  });

  it('lends all roles of gates that the member has, and says so in the chain without the reason', async () => {
    const made = await lend(farm.owner, farm.clerk, { reason: 'Unseen words' });
    const row = await runs.row('delegations', { id: made.id });
    expect(row).toMatchObject({ roles: ['admin', 'reviewer'], created_by: farm.owner.userId });
    const [event] = await database.look<{ payload: string }>(
      "select payload from core.audit_log where tenant_id = $1 and type = 'delegation.created' order by seq desc limit 1",
      [farm.id],
    );
    expect(event?.payload).toContain(farm.clerk.userId);
    expect(event?.payload).not.toContain('Unseen');
  });

  it.each<readonly [string, (team: Team) => readonly [Person, Person, Terms?]]>([
    ['not_allowed', (t) => [t.senior, t.clerk, { by: t.other }]],
    ['delegation_to_yourself', (t) => [t.senior, t.senior]],
    ['delegation_to_yourself', (t) => [t.senior, t.owner, { by: t.owner }]],
    ['delegation_of_role', (t) => [t.clerk, t.other, { roles: ['senior'] }]],
    ['delegation_of_role', (t) => [t.clerk, t.other, { roles: ['requester'] }]],
    ['delegation_of_role', (t) => [t.clerk, t.other, { roles: [] }]],
    ['delegate_unfit', (t) => [t.clerk, t.hand]],
    ['period_invalid', (t) => [t.clerk, t.other, { until: inHours(-1) }]],
    ['period_invalid', (t) => [t.clerk, t.other, { from: inHours(5), until: inHours(4) }]],
    ['period_invalid', (t) => [t.clerk, t.other, { until: inHours(24 * 400) }]],
    ['period_invalid', (t) => [t.clerk, t.other, { until: null }]],
    ['rationale_empty', (t) => [t.clerk, t.other, { reason: ' … ' }]],
    ['member_not_found', (t) => [t.clerk, { ...t.other, userId: randomUUID() }]],
    ['member_not_found', (t) => [t.clerk, runs.world.hospital.senior]],
  ])('is refused: %s', async (code, asked) => {
    const [from, to, terms] = asked(farm);
    expect(await lend(from, to, terms)).toEqual({ outcome: 'refused', code });
  });

  it.each(['hand', 'owner'] as const)(
    'needs a key of whoever is named, with a role that decides: %s',
    async (who) => {
      const asked = [farm.senior.userId, farm.clerk.userId, null, null, inHours(4), 'x', farm[who].userId];
      const call = database.as(
        'api',
        farm.id,
        (transaction) => transaction.value('select app.create_delegation($1, $2, $3, $4, $5, $6, $7)', asked),
        who === 'owner' ? null : undefined,
      );
      expect(await stateOf(call)).toBe('ZC012');
    },
  );

  it('by an admin lends for somebody else, and a service lends nothing', async () => {
    expect(await lend(farm.senior, farm.clerk, { by: farm.owner })).toMatchObject({ outcome: 'created' });
    const robot = await addMember(database, farm.id, ['reviewer'], 'service');
    expect(await lend(robot, farm.clerk)).toMatchObject({ code: 'member_not_found' });
    expect(await lend(farm.senior, robot)).toMatchObject({ code: 'member_not_found' });
  });

  it('is ended by either of the two or an admin, once, and by nobody else', async () => {
    const end = async (id: unknown, by: Person): Promise<Answer> =>
      await runs.call('api', farm.id, 'revoke_delegation', id, by.userId);
    const { id } = await lend(farm.senior, farm.clerk);
    expect(await end(id, farm.other)).toMatchObject({ code: 'not_allowed' });
    expect(await end(id, farm.clerk)).toEqual({ outcome: 'revoked' });
    expect(await end(id, farm.senior)).toMatchObject({ code: 'delegation_ended' });
    expect(await end(randomUUID(), farm.owner)).toMatchObject({ code: 'delegation_not_found' });
    expect(await end((await lend(farm.senior, farm.clerk)).id, farm.owner)).toEqual({ outcome: 'revoked' });
  });
});

describe('a verdict in somebody’s place', () => {
  it('counts with that person’s roles, and says for whom', async () => {
    const farm = await team();
    const rules = [{ record_type: 'sale', from_minor: '0', seats: 1, roles: ['senior'] }];
    await changePolicy(database, farm.owner, { seat_rules: rules });
    await lend(farm.senior, farm.clerk, { roles: ['senior'] });
    const gate = await open(farm);
    expect(await runs.store(farm.clerk, gate, 'approve')).toMatchObject({ code: 'role_missing' });
    expect(await runs.call('api', farm.id, 'acting_for', gate.id, farm.clerk.userId)).toEqual([
      farm.senior.userId,
    ]);
    expect(await runs.call('api', farm.id, 'acting_for', gate.id, farm.other.userId)).toEqual([]);
    await runs.decide(farm.clerk, gate, 'approve', forWhom(farm.senior));
    const decision = await runs.row('decisions', { gate_id: gate.id });
    expect(decision).toMatchObject({
      actor_user_id: farm.clerk.userId,
      on_behalf_of: farm.senior.userId,
      self_confirmed: false,
    });
    const [event] = await database.look<{ payload: string }>(
      "select payload from core.audit_log where tenant_id = $1 and type = 'decision.recorded' order by seq desc limit 1",
      [farm.id],
    );
    expect(event?.payload).toContain(`"on_behalf_of":"${farm.senior.userId}"`);
  });

  it('is self-confirmed when it is in the place of whoever asked', async () => {
    const farm = await team();
    await lend(farm.clerk, farm.other);
    const gate = await open(farm, sale(), farm.clerk);
    await runs.decide(farm.other, gate, 'approve', forWhom(farm.clerk));
    expect(await runs.row('decisions', { gate_id: gate.id })).toMatchObject({ self_confirmed: true });
  });

  it.each<readonly [string, (team: Team) => Promise<{ for: Person; by: Person }>, string]>([
    ['without a delegation', async (t) => ({ for: t.senior, by: t.clerk }), 'delegation_missing'],
    [
      'of one to somebody else',
      async (t) => (await lend(t.senior, t.other), { for: t.senior, by: t.clerk }),
      'delegation_missing',
    ],
    [
      'the other way round',
      async (t) => (await lend(t.clerk, t.senior), { for: t.senior, by: t.clerk }),
      'delegation_missing',
    ],
    [
      'before it begins',
      async (t) => (await lend(t.senior, t.clerk, { from: inHours(1) }), { for: t.senior, by: t.clerk }),
      'delegation_missing',
    ],
    [
      'of another role',
      async (t) => (await lend(t.owner, t.clerk, { roles: ['admin'] }), { for: t.owner, by: t.clerk }),
      'role_missing',
    ],
    ['in one’s own', async (t) => ({ for: t.clerk, by: t.clerk }), 'delegation_missing'],
    [
      'along a chain',
      async (t) => (
        await lend(t.senior, t.other),
        await lend(t.other, t.clerk),
        { for: t.senior, by: t.clerk }
      ),
      'delegation_missing',
    ],
    [
      'of a member who has left',
      async (t) => {
        await lend(t.other, t.clerk);
        await runs.call(
          'api',
          t.id,
          'set_member',
          t.other.userId,
          'Left',
          'person',
          ['reviewer'],
          false,
          t.owner.userId,
        );
        return { for: t.other, by: t.clerk };
      },
      'delegation_missing',
    ],
    [
      'of a role that was taken from them',
      async (t) => {
        await lend(t.other, t.clerk);
        await runs.call(
          'api',
          t.id,
          'set_member',
          t.other.userId,
          'Lower',
          'person',
          ['requester'],
          true,
          t.owner.userId,
        );
        return { for: t.other, by: t.clerk };
      },
      'role_missing',
    ],
  ])('is refused %s', async (_what, made, code) => {
    const farm = await team();
    const { for: whom, by } = await made(farm);
    expect(await runs.store(by, await open(farm), 'approve', forWhom(whom))).toMatchObject({
      outcome: 'refused',
      code,
    });
  });

  it('lends no role of a chain: what was lent to the delegator is not theirs to lend', async () => {
    const farm = await team();
    const rules = [{ record_type: 'sale', from_minor: '0', seats: 1, roles: ['senior'] }];
    await changePolicy(database, farm.owner, { seat_rules: rules });
    await lend(farm.senior, farm.other);
    await lend(farm.other, farm.clerk);
    const gate = await open(farm);
    expect(await runs.store(farm.clerk, gate, 'approve', forWhom(farm.other))).toMatchObject({
      code: 'role_missing',
    });
    expect(await lend(farm.other, farm.clerk, { roles: ['senior'] })).toMatchObject({
      code: 'delegation_of_role',
    });
  });

  it('is judged by the clock after the lock: the last moment counts, the one after it does not', async () => {
    const farm = await team();
    await lend(farm.senior, farm.clerk, { until: inHours(2) });
    const [first, second] = [await open(farm), await open(farm)];
    const stored = await runs.store(farm.clerk, first, 'approve', forWhom(farm.senior));
    await runs.shiftClock('2 hours 1 second');
    expect(await runs.store(farm.clerk, second, 'approve', forWhom(farm.senior))).toMatchObject({
      code: 'delegation_missing',
    });
    expect(await runs.call('api', farm.id, 'acting_for', second.id, farm.clerk.userId)).toEqual([]);
    // In time when it was stored, as with the deadline of a gate.
    expect(await runs.apply(farm.id, stored.intent_id)).toMatchObject({ outcome: 'applied' });
    await runs.shiftClock('0');
  });

  it('is taken back with its delegation, and nothing is stored under one that is being revoked', async () => {
    const farm = await team();
    const { id } = await lend(farm.senior, farm.clerk);
    const gate = await open(farm);
    const stored = await runs.store(farm.clerk, gate, 'approve', forWhom(farm.senior));
    await runs.call('api', farm.id, 'revoke_delegation', id, farm.senior.userId);
    expect(await runs.apply(farm.id, stored.intent_id)).toMatchObject({ outcome: 'taken_back' });
    expect(await runs.store(farm.clerk, gate, 'approve', forWhom(farm.senior))).toMatchObject({
      code: 'delegation_missing',
    });
    expect(await present(farm, gate)).toMatchObject({ outcome: null });
  });

  it('races its revocation: either it is applied, or taken back, and never after', async () => {
    const farm = await team();
    for (let round = 0; round < 12; round += 1) {
      const { id } = await lend(farm.senior, farm.clerk);
      const gate = await open(farm);
      const stored = await runs.store(farm.clerk, gate, 'approve', forWhom(farm.senior));
      const [applied, revoked] = await Promise.all([
        runs.apply(farm.id, stored.intent_id),
        runs.call('api', farm.id, 'revoke_delegation', id, farm.senior.userId),
      ]);
      expect(revoked.outcome).toBe('revoked');
      expect(['applied', 'taken_back']).toContain(applied.outcome);
      expect((await present(farm, gate)).outcome).toBe(applied.outcome === 'applied' ? 'approved' : null);
    }
  }, 60_000);
});

describe('nobody holds two seats through a delegation', () => {
  async function gated(): Promise<{ farm: Team; gate: GateRow; third: Person }> {
    const farm = await team();
    const third = await addMember(database, farm.id, ['reviewer']);
    return { farm, gate: await open(farm, two()), third };
  }
  const approve = async (by: Person, gate: GateRow, whom?: Person): Promise<Answer> =>
    await runs.store(by, gate, 'approve', whom === undefined ? WORDS : forWhom(whom, WORDS));
  const sit = async (by: Person, gate: GateRow, whom?: Person): Promise<void> => {
    await runs.apply(by.tenantId, (await approve(by, gate, whom)).intent_id);
  };

  it('nor whoever lent it, nor whoever took it, nor another in either’s place', async () => {
    const { farm, gate, third } = await gated();
    await lend(farm.senior, farm.clerk);
    await lend(farm.clerk, farm.other);
    await lend(farm.senior, farm.other);
    await sit(farm.clerk, gate, farm.senior);
    for (const [by, whom] of [
      [farm.senior],
      [farm.clerk],
      [farm.other, farm.clerk],
      [farm.other, farm.senior],
    ] as const)
      expect(await approve(by, gate, whom)).toMatchObject({ outcome: 'refused', code: 'seat_taken' });
    expect(await present(farm, gate)).toMatchObject({ outcome: null });
    await sit(third, gate);
    expect(await present(farm, gate)).toMatchObject({ outcome: 'approved' });
  });

  it('nor whoever sits already, in another’s place', async () => {
    const { farm, gate } = await gated();
    await lend(farm.senior, farm.clerk);
    await sit(farm.clerk, gate);
    expect(await approve(farm.clerk, gate, farm.senior)).toMatchObject({ code: 'seat_taken' });
  });

  it('nor two verdicts for one person that were stored before either was applied', async () => {
    const { farm, gate } = await gated();
    await lend(farm.senior, farm.clerk);
    await lend(farm.senior, farm.other);
    const stored = [
      await approve(farm.clerk, gate, farm.senior),
      await approve(farm.other, gate, farm.senior),
      await approve(farm.senior, gate),
    ];
    const outcomes: unknown[] = [];
    for (const { intent_id: id } of stored) outcomes.push((await runs.apply(farm.id, id)).outcome);
    expect(outcomes).toEqual(['applied', 'conflict', 'conflict']);
    expect(await present(farm, gate)).toMatchObject({ outcome: null });
  });

  it('not where the delegator may not sit: who asked, is spoken of, has a conflict, or has escalated', async () => {
    const farm = await team();
    await lend(farm.clerk, farm.other);
    await lend(farm.senior, farm.other);
    const asked = await open(farm, two(), farm.clerk);
    expect(await approve(farm.other, asked, farm.clerk)).toMatchObject({ code: 'requester_holds_no_seat' });
    const recused = await open(farm, two());
    await runs.call('api', farm.id, 'recuse', recused.id, farm.senior.userId);
    expect(await approve(farm.other, recused, farm.senior)).toMatchObject({ code: 'recused' });
    const escalated = await open(farm, two());
    await runs.decide(farm.senior, escalated, 'escalate', { rationale: 'Above me.' });
    await lend(farm.senior, farm.owner);
    expect(await approve(farm.owner, await present(farm, escalated), farm.senior)).toMatchObject({
      code: 'escalator_holds_no_seat',
    });
    const named = JSON.stringify({ subject: { id: 'somebody', user_id: farm.senior.userId } });
    const request = [randomUUID(), named, 'credentialing.privileging', named, farm.hand.userId];
    const { run_id: runId } = await runs.call('api', farm.id, 'accept_run', 'POST /v1/runs', ...request);
    await runs.call('worker', farm.id, 'reserve', runId);
    const draft = { advisory: 'unavailable', ai_run_id: null, senior: false };
    const items = [item('manual', 'privilege_grant', { by: 'hand' }, { confidence_permille: null })];
    await runs.call('worker', farm.id, 'record_draft', runId, JSON.stringify({ ...draft, items }));
    const [about] = await runs.gates(farm.id, String(runId));
    expect(await approve(farm.other, about as GateRow, farm.senior)).toMatchObject({
      code: 'subject_of_run',
    });
    expect(await approve(farm.senior, about as GateRow)).toMatchObject({ code: 'subject_of_run' });
  });

  it('not through a key: who made one of theirs, or made the delegation for others', async () => {
    const { farm, gate } = await gated();
    const keyId = randomUUID().replaceAll('-', '').slice(0, 16);
    const key = [
      keyId,
      farm.other.userId,
      'made by the owner',
      hashOf(keyId),
      'oidc',
      null,
      farm.owner.userId,
    ];
    await runs.call('api', farm.id, 'create_key', ...key);
    await lend(farm.owner, farm.clerk, { roles: ['reviewer'] });
    // The clerk sits for the owner, who has held the other's key.
    await sit(farm.clerk, gate, farm.owner);
    const under = await runs.store({ ...farm.other, keyId, token: '' }, gate, 'approve', WORDS);
    expect(under).toMatchObject({ code: 'key_maker_holds_seat' });

    const second = await open(farm, two());
    await lend(farm.senior, farm.clerk, { by: farm.owner });
    await sit(farm.clerk, second, farm.senior);
    expect(await approve(farm.owner, second)).toMatchObject({ code: 'key_maker_holds_seat' });
    const third = await open(farm, two());
    await sit(farm.owner, third);
    expect(await approve(farm.clerk, third, farm.senior)).toMatchObject({ code: 'key_maker_holds_seat' });
  });
});
