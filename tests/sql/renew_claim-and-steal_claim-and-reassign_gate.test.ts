import fc from 'fast-check';
import { testDatabase } from '../support/database';
import { addMember, type Person } from '../support/world';
import { atOnce } from './support/at-once';
import { grant, sale, sqlRuns, type Answer, type Farm, type GateRow } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);
const WHY = 'She is at the market all day.';

let farm: Farm;
let rival: Person;
let third: Person;
let senior: Person;
beforeAll(async () => {
  farm = await runs.farm();
  rival = await addMember(database, farm.id, ['reviewer']);
  third = await addMember(database, farm.id, ['reviewer']);
  senior = await addMember(database, farm.id, ['senior']);
});
afterEach(() => runs.shiftClock('0'));

const act = (name: string, ...parameters: readonly unknown[]) =>
  runs.call('api', farm.id, name, ...parameters);
const claim = (gate: GateRow, by: Person, lease = '5 minutes') =>
  act('claim_gate', gate.id, by.userId, lease);
const renew = (gate: GateRow, by: Person, lease = '5 minutes') =>
  act('renew_claim', gate.id, by.userId, lease);
const steal = (gate: GateRow, from: Person, by: Person, reason = WHY) =>
  act('steal_claim', gate.id, from.userId, reason, '5 minutes', by.userId);
const reassign = (gate: GateRow, to: Person, by: Person, reason = WHY, lease = '8 hours') =>
  act('reassign_gate', gate.id, to.userId, reason, lease, by.userId);
const release = (gate: GateRow, by: Person) => act('release_gate', gate.id, by.userId);

async function openGate(): Promise<GateRow> {
  return (await runs.drafted(farm.hand, [sale()])).gates[0] as GateRow;
}

async function holderOf(gate: GateRow): Promise<string | null> {
  const [row] = await database.as('worker', farm.id, (transaction) =>
    transaction.rows<{ claimed_by: string | null }>('select claimed_by from app.gates where id = $1', [
      gate.id,
    ]),
  );
  return row?.claimed_by ?? null;
}

describe('a heartbeat', () => {
  it('holds on for whoever holds, never for less than is held, and for nobody else', async () => {
    const gate = await openGate();
    expect(await renew(gate, farm.owner)).toMatchObject({ code: 'claim_lost', now: { claimed_by: null } });
    const claimed = await claim(gate, farm.owner, '1 hour');
    const renewed = await renew(gate, farm.owner, '30 seconds');
    expect(renewed).toEqual({ outcome: 'renewed', until: claimed.until });
    expect(await renew(gate, rival)).toMatchObject({
      outcome: 'refused',
      code: 'claim_lost',
      now: { claimed_by: farm.owner.userId, claimed_until: claimed.until },
    });
  });

  it('is refused after the lease has run out, although nobody else has claimed the gate since', async () => {
    const gate = await openGate();
    await claim(gate, farm.owner);
    await runs.shiftClock('5 minutes');
    expect(await holderOf(gate)).toBeNull();
    expect(await renew(gate, farm.owner)).toMatchObject({ code: 'claim_lost', now: { claimed_by: null } });
    expect(await claim(gate, farm.owner)).toMatchObject({ outcome: 'claimed' });
  });

  it('is refused after a theft, with who holds the gate now', async () => {
    const gate = await openGate();
    await claim(gate, farm.owner);
    expect(await steal(gate, farm.owner, rival)).toMatchObject({
      outcome: 'stolen',
      from_user_id: farm.owner.userId,
    });
    expect(await renew(gate, farm.owner)).toMatchObject({
      code: 'claim_lost',
      now: { claimed_by: rival.userId },
    });
    expect(await release(gate, farm.owner)).toEqual({ outcome: 'not_held' });
    expect(await renew(gate, rival)).toMatchObject({ outcome: 'renewed' });
  });

  it('is refused on a closed gate, on one that is due, and to who may no longer decide', async () => {
    const { gates } = await runs.drafted(farm.hand, [sale(), sale(), sale()]);
    const [closed, due, mine] = gates as [GateRow, GateRow, GateRow];
    const leaver = await addMember(database, farm.id, ['reviewer']);
    for (const gate of [closed, due]) await claim(gate, farm.owner, '1 hour');
    await claim(mine, leaver);
    await runs.decide(rival, closed, 'reject');
    expect(await renew(closed, farm.owner)).toMatchObject({
      code: 'gate_closed',
      now: { gate_outcome: 'rejected' },
    });
    await act('recuse', mine.id, leaver.userId);
    expect(await holderOf(mine)).toBeNull();
    expect(await claim(mine, leaver)).toMatchObject({ code: 'recused' });
    await runs.shiftClock('25 hours');
    expect(await renew(due, farm.owner)).toMatchObject({ code: 'gate_late' });
    expect(await claim(due, farm.owner)).toMatchObject({ code: 'gate_late' });
  });

  it('and a claim reach no gate of another tenant, nor last longer than an hour', async () => {
    const { hospital } = runs.world;
    const gate = await openGate();
    await claim(gate, farm.owner);
    const fromThere = runs.call(
      'api',
      hospital.id,
      'renew_claim',
      gate.id,
      hospital.senior.userId,
      '5 minutes',
    );
    expect(await fromThere).toEqual({ outcome: 'refused', code: 'gate_not_found' });
    expect(
      await stateOf(runs.call('api', hospital.id, 'renew_claim', gate.id, farm.owner.userId, '5 minutes')),
    ).toBe('ZC012');
    for (const lease of ['61 minutes', '29 seconds', '-1 hour', null]) {
      expect(await stateOf(act('claim_gate', gate.id, farm.owner.userId, lease))).toBe('ZC004');
      expect(await stateOf(act('renew_claim', gate.id, farm.owner.userId, lease))).toBe('ZC004');
    }
  });
});

describe('a theft', () => {
  it('says why, to the former holder too, with an event that has no word of it', async () => {
    const gate = await openGate();
    await claim(gate, farm.owner);
    await steal(gate, farm.owner, rival);
    const [shown] = await database.as('api', farm.id, (transaction) =>
      transaction.rows(
        `select h.act, h.from_user_id, h.to_user_id, h.by_user_id, c.reason
         from app.handovers h join app.handovers_content c using (tenant_id, id) where h.gate_id = $1`,
        [gate.id],
      ),
    );
    expect(shown).toEqual({
      act: 'stolen',
      from_user_id: farm.owner.userId,
      to_user_id: rival.userId,
      by_user_id: rival.userId,
      reason: WHY,
    });
    const [event] = await database.look<{ payload: string; actor_user_id: string }>(
      "select payload, actor_user_id from core.audit_log where run_id = $1 and type = 'gate.stolen'",
      [gate.run_id],
    );
    expect(event?.actor_user_id).toBe(rival.userId);
    const handover = await runs.row('gate_handovers', { gate_id: gate.id });
    const reason = await runs.row('contents', { id: handover.reason_content_id });
    expect(event?.payload).toContain((reason.commitment as Buffer).toString('hex'));
    expect(event?.payload).not.toContain('market');
  });

  it('needs a reason, a holder, and to know whom it takes from', async () => {
    const gate = await openGate();
    expect(await steal(gate, farm.owner, rival)).toMatchObject({ code: 'gate_not_claimed' });
    await claim(gate, farm.owner);
    expect(await steal(gate, farm.owner, rival, ' ?! ')).toMatchObject({ code: 'rationale_empty' });
    expect(await steal(gate, farm.owner, farm.owner)).toMatchObject({ code: 'gate_not_claimed' });
    expect(await steal(gate, third, rival)).toMatchObject({
      code: 'gate_claimed',
      now: { claimed_by: farm.owner.userId },
    });
    expect(await steal(gate, farm.owner, farm.hand)).toMatchObject({ code: 'role_missing' });
    expect(await runs.count('gate_handovers', { gate_id: gate.id })).toBe(0);
  });

  it('has one winner of two at once: the other is told of the new holder', async () => {
    const { gates } = await runs.drafted(
      farm.hand,
      Array.from({ length: 10 }, () => sale()),
    );
    await atOnce(gates, async (gate) => {
      await claim(gate, farm.owner);
      const thieves = [rival, third];
      const answers = await Promise.all(thieves.map((thief) => steal(gate, farm.owner, thief)));
      expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['refused', 'stolen']);
      const winner = thieves[answers.findIndex(({ outcome }) => outcome === 'stolen')];
      expect(answers.find(({ outcome }) => outcome === 'refused')).toMatchObject({
        code: 'gate_claimed',
        now: { claimed_by: winner?.userId },
      });
    });
  });
});

describe('an assignment', () => {
  it('is made by a senior, an admin or the holder, to somebody who could decide', async () => {
    const gate = await openGate();
    expect(await reassign(gate, third, rival)).toMatchObject({ code: 'not_the_holder' });
    expect(await reassign(gate, rival, senior)).toMatchObject({ outcome: 'reassigned', from_user_id: null });
    expect(await reassign(gate, third, rival)).toMatchObject({
      outcome: 'reassigned',
      from_user_id: rival.userId,
    });
    expect(await reassign(gate, rival, rival)).toMatchObject({ code: 'not_the_holder' });
    expect(await reassign(gate, farm.hand, farm.owner)).toMatchObject({ code: 'assignee_ineligible' });
    expect(await reassign(gate, runs.world.hospital.senior, farm.owner)).toMatchObject({
      code: 'assignee_ineligible',
    });
    expect(await reassign(gate, rival, farm.owner, '…')).toMatchObject({ code: 'rationale_empty' });
    expect(await holderOf(gate)).toBe(third.userId);
    expect(await stateOf(reassign(gate, rival, farm.owner, WHY, '25 hours'))).toBe('ZC004');
    expect(await stateOf(reassign(gate, rival, farm.hand))).toBe('ZC012');
    const events = await runs.events(gate.run_id);
    expect(events.filter((type) => type === 'gate.reassigned')).toHaveLength(2);
  });

  it('to who holds the gate lengthens the lease and says nothing twice', async () => {
    const gate = await openGate();
    const first = await reassign(gate, rival, farm.owner);
    expect(await reassign(gate, rival, farm.owner, WHY, '1 hour')).toMatchObject({ until: first.until });
    expect(await runs.count('gate_handovers', { gate_id: gate.id })).toBe(1);
  });

  it('is not for whom the run is about, nor for who has declared a conflict', async () => {
    const { hospital } = runs.world;
    const { gates } = await runs.drafted(hospital.staff, [grant()], 'credentialing.privileging');
    const [gate] = gates as [GateRow];
    const about = await addMember(database, hospital.id, ['senior']);
    const named = await runs.call(
      'api',
      hospital.id,
      'set_subject_member',
      'provider-1',
      about.userId,
      hospital.admin.userId,
    );
    expect(named).toMatchObject({ outcome: 'saved' });
    const give = (by: Person) =>
      runs.call(
        'api',
        hospital.id,
        'reassign_gate',
        gate.id,
        hospital.members[0].userId,
        WHY,
        '1 hour',
        by.userId,
      );
    expect(await give(about)).toMatchObject({ code: 'subject_of_run' });
    await runs.call('api', hospital.id, 'recuse', gate.id, hospital.senior.userId);
    expect(await give(hospital.senior)).toMatchObject({ code: 'recused' });
    expect(await give(hospital.admin)).toMatchObject({ outcome: 'reassigned' });
  });
});

it('leaves the gate to the next seat, once its holder has taken one', async () => {
  const { hospital } = runs.world;
  const [first, second] = hospital.members;
  const { gates } = await runs.drafted(hospital.staff, [grant()], 'credentialing.privileging');
  const [gate] = gates as [GateRow];
  await runs.call('api', hospital.id, 'claim_gate', gate.id, first.userId, '1 hour');
  const words = { rationale: 'The sources agree.', disposition: 'grant' };
  await runs.decide(first, gate, 'approve', words);
  expect(await runs.call('api', hospital.id, 'claim_gate', gate.id, second.userId, '1 hour')).toMatchObject({
    outcome: 'claimed',
  });
});

/** What may be done to a claim, as a model of one gate predicts it: at most one holder, until a time. */
type Step =
  | { readonly kind: 'claim' | 'renew' | 'release'; readonly who: number; readonly minutes: number }
  | { readonly kind: 'steal' | 'reassign'; readonly who: number; readonly other: number }
  | { readonly kind: 'wait'; readonly minutes: number };

const who = fc.nat(2);
const minutes = fc.integer({ min: 1, max: 60 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom('claim', 'renew', 'release'), who, minutes }),
  fc.record({ kind: fc.constantFrom('steal', 'reassign'), who, other: who }),
  fc.record({ kind: fc.constant('wait'), minutes }),
);

it('has at most one holder at any time, who is the one that the last answer named', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
      await runs.shiftClock('0');
      const gate = await openGate();
      const people = [farm.owner, rival, third] as const;
      let holder: { by: number; until: number } | undefined;
      let now = 0;
      for (const one of steps) {
        if (one.kind === 'wait') {
          now += one.minutes;
          await runs.shiftClock(`${now} minutes`);
        } else {
          const held = holder !== undefined && holder.until > now ? holder : undefined;
          const by = people[one.who] as Person;
          const done = await perform(gate, by, one);
          const [expected, next] = predict(one, held, now);
          expect([one, done.outcome]).toEqual([one, expected]);
          holder = next;
        }
        const live = holder !== undefined && holder.until > now ? people[holder.by]?.userId : null;
        expect(await holderOf(gate)).toBe(live);
      }
    }),
    { numRuns: database.isNative ? 40 : 8 },
  );
}, 120_000);

async function perform(gate: GateRow, by: Person, one: Exclude<Step, { kind: 'wait' }>): Promise<Answer> {
  const people = [farm.owner, rival, third] as const;
  switch (one.kind) {
    case 'claim':
      return await claim(gate, by, `${one.minutes} minutes`);
    case 'renew':
      return await renew(gate, by, `${one.minutes} minutes`);
    case 'release':
      return await release(gate, by);
    case 'steal':
      return await steal(gate, people[one.other] as Person, by);
    case 'reassign':
      return await reassign(gate, people[one.other] as Person, by, WHY, '10 minutes');
  }
}

type Held = { readonly by: number; readonly until: number } | undefined;

/** The outcome of a step and who holds the gate after it. The owner, person 0, is an admin. */
function predict(one: Exclude<Step, { kind: 'wait' }>, held: Held, now: number): readonly [string, Held] {
  const mine = held?.by === one.who;
  switch (one.kind) {
    case 'claim':
      return held === undefined || mine
        ? ['claimed', { by: one.who, until: Math.max(now + one.minutes, held?.until ?? 0) }]
        : ['refused', held];
    case 'renew':
      return mine
        ? ['renewed', { by: one.who, until: Math.max(now + one.minutes, held.until) }]
        : ['refused', held];
    case 'release':
      return mine ? ['released', undefined] : ['not_held', held];
    case 'steal':
      return held === undefined || mine || held.by !== one.other
        ? ['refused', held]
        : ['stolen', { by: one.who, until: now + 5 }];
    case 'reassign':
      if (one.who !== 0 && !mine) return ['refused', held];
      return [
        'reassigned',
        { by: one.other, until: held?.by === one.other ? Math.max(now + 10, held.until) : now + 10 },
      ];
  }
}
