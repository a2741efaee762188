import { randomUUID } from 'node:crypto';
import { testDatabase } from '../support/database';
import { addMember, type Person } from '../support/world';
import { note, output, proposal, steps, type Farm, type GateRow } from './support/steps';

const database = testDatabase();
const world = steps(database);
const DEATHS = proposal('mortality', { count: 12, occurred_on: '2025-11-10', place: 'House 3' });
let farm: Farm;

beforeEach(async () => {
  farm = await world.farm();
});

async function waiting() {
  const runId = await world.evaluated(farm.hand, note('12 broilers died in House 3'), output([DEATHS]));
  const { gates } = await world.activities.draft({
    tenantId: farm.id,
    runId,
    advisory: 'available',
    senior: false,
  });
  const [gate] = await world.gates(runId);
  if (gate === undefined) throw new Error('there is a gate');
  return { runId, gate, answer: gates[0] };
}

/** Stores a verdict as the API does for somebody who has signed in. */
async function store(by: Person, gate: GateRow, verdict: 'approve' | 'reject'): Promise<string> {
  const stored = await database.as('api', by.tenantId, (transaction) =>
    transaction.value<{ outcome: string; intent_id: string; code?: string }>(
      'select app.store_intent($1, $2, $3, app.shown_hash($1, $6), $4, null, $5, null, null, $6, $7, clock_timestamp())',
      [
        gate.id,
        gate.version,
        gate.proposal_hash,
        verdict,
        verdict === 'approve' ? 'correct' : 'wrong_number',
        by.userId,
        by.keyId,
      ],
    ),
  );
  if (stored.outcome !== 'stored') throw new Error(stored.code ?? stored.outcome);
  return stored.intent_id;
}

async function records(runId: string): Promise<number> {
  return (await database.look('select from core.records where run_id = $1', [runId])).length;
}

test('applies a stored verdict: decision, effect and event, once', async () => {
  const { runId, gate } = await waiting();
  const request = { tenantId: farm.id, intentId: await store(farm.owner, gate, 'approve'), named: null };
  const applied = await world.activities.decide(request);
  expect(applied).toMatchObject({
    outcome: 'applied',
    code: null,
    gate: { gateId: gate.id, closed: true, role: 'reviewer' },
  });
  expect(await world.activities.decide(request)).toEqual(applied);
  expect(await records(runId)).toBe(1);
  expect((await world.events(runId)).filter((type) => type === 'decision.recorded')).toHaveLength(1);
});

test('a rejection writes no record', async () => {
  const { runId, gate } = await waiting();
  const intentId = await store(farm.owner, gate, 'reject');
  expect(await world.activities.decide({ tenantId: farm.id, intentId, named: 'reject' })).toMatchObject({
    outcome: 'applied',
    gate: { closed: true },
  });
  expect(await records(runId)).toBe(0);
});

test('a message that names another verdict than the stored one is a conflict, and the verdict stays good', async () => {
  const { runId, gate } = await waiting();
  const intentId = await store(farm.owner, gate, 'reject');
  expect(await world.activities.decide({ tenantId: farm.id, intentId, named: 'approve' })).toMatchObject({
    outcome: 'conflict',
    code: 'verdict_differs',
  });
  expect(await records(runId)).toBe(0);
});

test('of two opposite verdicts at once one wins, and the other is told', async () => {
  const { runId, gate } = await waiting();
  const second = await addMember(database, farm.id, ['reviewer']);
  const [approve, reject] = [await store(farm.owner, gate, 'approve'), await store(second, gate, 'reject')];
  const answers = await Promise.all(
    [approve, reject].map((intentId) =>
      world.activities.decide({ tenantId: farm.id, intentId, named: null }),
    ),
  );
  expect(answers.filter(({ outcome }) => outcome === 'applied')).toHaveLength(1);
  expect(answers.map(({ gate: closed }) => closed?.closed)).toContain(true);
  expect(await database.look('select from core.gate_outcomes where gate_id = $1', [gate.id])).toHaveLength(1);
  expect(await records(runId)).toBeLessThanOrEqual(1);
});

test("a verdict that nobody stored, or that is another tenant's, is not found", async () => {
  const { gate } = await waiting();
  const intentId = await store(farm.owner, gate, 'approve');
  const other = await world.farm();
  for (const [tenantId, id] of [
    [farm.id, randomUUID()],
    [other.id, intentId],
  ] as const) {
    const answer = await world.activities
      .decide({ tenantId, intentId: id, named: null })
      .catch((error: unknown) => error);
    expect(JSON.stringify(answer)).not.toContain('"outcome":"applied"');
  }
  expect((await world.gates((await waiting()).runId))[0]).toMatchObject({ closed_at: null });
});

describe('time', () => {
  const shift = async (by: string): Promise<void> => {
    await database.asOwner(farm.id, (transaction) =>
      transaction.rows('update core.clock set shift = $1::interval', [by]),
    );
  };
  afterEach(async () => {
    await shift('0');
  });
  const tick = (gateId: string) => world.activities.tick({ tenantId: farm.id, gateId });

  test('that has not come yet does nothing, and says when to look again', async () => {
    const { gate, answer } = await waiting();
    expect(await tick(gate.id)).toEqual({ ...answer, closed: false });
  });

  test('reminds, asks the next role, and closes the gate without a decision', async () => {
    const { runId, gate } = await waiting();
    await shift('25 hours');
    const reminded = await tick(gate.id);
    expect(reminded).toMatchObject({ closed: false, role: 'reviewer' });
    await shift('73 hours');
    expect(await tick(gate.id)).toMatchObject({ closed: false, role: 'admin' });
    await shift('15 days');
    expect(await tick(gate.id)).toMatchObject({ closed: true });
    expect(await tick(gate.id)).toMatchObject({ closed: true });
    expect(await world.events(runId)).toEqual(
      expect.arrayContaining(['gate.reminded', 'gate.escalated', 'gate.expired']),
    );
    expect(await database.look('select from core.decisions where run_id = $1', [runId])).toEqual([]);
    expect(await records(runId)).toBe(0);
  });

  test('applies first what was stored in time', async () => {
    const { runId, gate } = await waiting();
    await store(farm.owner, gate, 'approve');
    await shift('15 days');
    expect(await tick(gate.id)).toMatchObject({ closed: true });
    expect(await records(runId)).toBe(1);
  });
});

test('withdrawing closes what is open, and nothing that is decided', async () => {
  const { runId, gate } = await waiting();
  await world.activities.withdraw({ tenantId: farm.id, runId });
  await world.activities.withdraw({ tenantId: farm.id, runId });
  expect(await database.look('select outcome from core.gate_outcomes where gate_id = $1', [gate.id])).toEqual(
    [{ outcome: 'withdrawn' }],
  );
  const decided = await waiting();
  const intentId = await store(farm.owner, decided.gate, 'approve');
  await world.activities.decide({ tenantId: farm.id, intentId, named: null });
  await world.activities.withdraw({ tenantId: farm.id, runId: decided.runId });
  expect(await records(decided.runId)).toBe(1);
});
