import { testDatabase } from '../support/database';
import { addMember, type Person } from '../support/world';
import { atOnce } from './support/at-once';
import { brokenChains, verifyChains } from './support/chain';
import { grant, sale, sqlRuns, type Answer, type GateRow } from './support/runs';

const database = testDatabase();
const runs = sqlRuns(database);

const GATES = { native: 1_000, embedded: 20 };
const PER_RUN = 20;

describe('two opposite decisions on one gate', () => {
  it('have one winner each, and a conflict that names it', async () => {
    const farm = await runs.farm();
    const rival = await addMember(database, farm.id, ['reviewer']);
    const count = database.isNative ? GATES.native : GATES.embedded;
    const batches = Array.from({ length: count / PER_RUN }, () =>
      Array.from({ length: PER_RUN }, () => sale()),
    );
    const drafted = await atOnce(batches, (items) => runs.drafted(farm.hand, items));
    const gates = drafted.flatMap((one) => one.gates);
    expect(gates).toHaveLength(count);
    // What a running server does by itself within a minute: without statistics any index looks as good as another.
    await database.look('analyze');

    const intents = await atOnce(gates, (gate) =>
      Promise.all([runs.store(farm.owner, gate, 'approve'), runs.store(rival, gate, 'reject')]),
    );
    const races = await atOnce(intents, (pair) =>
      Promise.all(pair.map(({ intent_id: intent }) => runs.apply(farm.id, intent))),
    );

    for (const [at, answers] of races.entries()) {
      const won = answers.filter(({ outcome }) => outcome === 'applied');
      const lost = answers.filter(({ outcome }) => outcome === 'conflict');
      expect([won.length, lost.length]).toEqual([1, 1]);
      const winner = answers.indexOf(won[0] as Answer) === 0 ? farm.owner : rival;
      expect(lost[0]).toMatchObject({
        code: 'gate_closed',
        gate: {
          gate_id: gates[at]?.id,
          gate_outcome: winner === farm.owner ? 'approved' : 'rejected',
          winner_decision_id: won[0]?.decision_id,
          winner_user_id: winner.userId,
        },
      });
    }
    const [totals] = await database.look<{ decisions: string; outcomes: string; settled: string }>(
      `select (select count(*)::text from core.decisions where tenant_id = $1) as decisions,
         (select count(*)::text from core.gate_outcomes where tenant_id = $1) as outcomes,
         (select count(*)::text from core.runs where tenant_id = $1 and state = 'running' and step = 'settle') as settled`,
      [farm.id],
    );
    // Of every run whose gates closed at once, one was the last and has let it go on.
    expect(totals).toEqual({
      decisions: String(count),
      outcomes: String(count),
      settled: String(count / PER_RUN),
    });
    expect(brokenChains(await verifyChains(database.look))).toEqual([]);
  }, 400_000);
});

describe('a decision against time and withdrawal', () => {
  it('is applied when it was stored in time, however it races with the expiry', async () => {
    const farm = await runs.farm();
    const { gates } = await runs.drafted(
      farm.hand,
      Array.from({ length: 20 }, () => sale({ due_at: inHour() })),
    );
    const intents = await atOnce(gates, (gate) => runs.store(farm.owner, gate, 'approve'));
    await runs.shiftClock('2 hours');
    const answers = await atOnce(gates, async (gate) =>
      Promise.all([
        runs.call('worker', farm.id, 'tick_gate', gate.id),
        runs.apply(farm.id, intents[gates.indexOf(gate)]?.intent_id),
      ]),
    );
    await runs.shiftClock('0');
    for (const [ticked, applied] of answers) {
      expect(ticked).toMatchObject({ gate_outcome: 'approved' });
      expect(applied).toMatchObject({ outcome: 'applied' });
    }
  }, 60_000);

  it('or the withdrawal wins, and the other is told', async () => {
    const farm = await runs.farm();
    const drafted = await atOnce(Array.from({ length: 30 }), () => runs.drafted(farm.hand, [sale(), sale()]));
    const outcomes = await atOnce(drafted, async ({ runId, gates }) => {
      const [gate] = gates as [GateRow];
      const stored = await runs.store(farm.owner, gate, 'approve');
      return await Promise.all([
        runs.apply(farm.id, stored.intent_id),
        runs.call('api', farm.id, 'withdraw_run', runId, farm.hand.userId),
      ]);
    });
    for (const [applied, withdrawn] of outcomes) {
      expect(withdrawn.outcome).toBe('withdrawn');
      if (applied.outcome === 'applied')
        expect(applied).toMatchObject({ gate: { gate_outcome: 'approved' } });
      else
        expect(applied).toMatchObject({
          outcome: 'conflict',
          code: 'gate_closed',
          gate: { gate_outcome: 'withdrawn' },
        });
    }
  }, 60_000);

  it('may meet the draft that is just being written, without a deadlock', async () => {
    const farm = await runs.farm();
    const answered = await atOnce(Array.from({ length: 30 }), () => runs.answered(farm.hand));
    const answers = await atOnce(answered, ({ runId, aiRunId }) =>
      Promise.all([
        runs.call('worker', farm.id, 'record_draft', runId, draft(aiRunId)),
        runs.call('api', farm.id, 'withdraw_run', runId, farm.hand.userId),
      ]),
    );
    for (const [drafted, withdrawn] of answers) {
      expect(withdrawn.outcome).toBe('withdrawn');
      expect(['drafted', 'withdrawn']).toContain(drafted.outcome);
    }
    const open = await database.look('select id from core.gates where tenant_id = $1 and closed_at is null', [
      farm.id,
    ]);
    expect(open).toEqual([]);
  }, 60_000);
});

describe('seats', () => {
  const words = { rationale: 'The sources agree.', disposition: 'grant' };

  it('are one person’s once: the same person twice at once holds one', async () => {
    const { hospital } = runs.world;
    const [member] = hospital.members;
    const { gates } = await runs.drafted(hospital.staff, [grant()], 'credentialing.privileging');
    const [gate] = gates as [GateRow];
    const first = await runs.store(member, gate, 'approve', words);
    const second = await runs.store(member, gate, 'approve', words);
    const answers = await atOnce([first, second], ({ intent_id: intent }) => runs.apply(hospital.id, intent));
    expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['applied', 'superseded']);
    expect(await runs.store(member, gate, 'approve', words)).toMatchObject({
      outcome: 'refused',
      code: 'seat_taken',
    });
    expect((await runs.gates(hospital.id, gate.run_id))[0]).toMatchObject({ outcome: null, seats_taken: 1n });
  });

  it('two of three who approve at once close the gate; the third is told who won', async () => {
    const { hospital } = runs.world;
    const drafted = await atOnce(Array.from({ length: 15 }), () =>
      runs.drafted(hospital.staff, [grant()], 'credentialing.privileging'),
    );
    for (const { gates } of drafted) {
      const [gate] = gates as [GateRow];
      const intents = await atOnce(hospital.members, (member: Person) =>
        runs.store(member, gate, 'approve', words),
      );
      const answers = await atOnce(intents, ({ intent_id: intent }) => runs.apply(hospital.id, intent));
      expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['applied', 'applied', 'conflict']);
      expect(await runs.count('decisions', { gate_id: gate.id })).toBe(2);
    }
  }, 60_000);
});

function inHour(): string {
  return new Date(Date.now() + 3_600_000).toISOString();
}

function draft(aiRunId: string): string {
  return JSON.stringify({
    advisory: 'available',
    ai_run_id: aiRunId,
    senior: false,
    items: [sale(), sale()],
  });
}
