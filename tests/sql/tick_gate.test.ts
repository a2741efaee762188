import { testDatabase } from '../support/database';
import { inHours, sale, sqlRuns, type GateRow } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);

async function gateWith(changes: object): Promise<GateRow> {
  const { gates } = await runs.drafted(runs.world.farm.hand, [sale(changes)]);
  return gates[0] as GateRow;
}

const tick = (gate: GateRow) =>
  runs.call<Record<string, unknown>>('worker', runs.world.farm.id, 'tick_gate', gate.id);

afterEach(() => runs.shiftClock('0'));

it('fires nothing when it is called early, and says when to come back', async () => {
  const at = inHours(2);
  const gate = await gateWith({ instants: [{ kind: 'reminder', at, role: null }] });
  const answer = await tick(gate);
  expect(answer).toMatchObject({ gate_outcome: null, version: 1 });
  expect(new Date(String(answer.wake_at)).getTime()).toBe(new Date(at).getTime());
  expect(await runs.events(gate.run_id)).not.toContain('gate.reminded');
});

it('reminds once, and adds the next role once, without voiding anything', async () => {
  const { farm } = runs.world;
  const gate = await gateWith({
    instants: [
      { kind: 'reminder', at: inHours(1), role: null },
      { kind: 'escalation', at: inHours(2), role: 'admin' },
    ],
  });
  await runs.shiftClock('3 hours');
  await Promise.all([tick(gate), tick(gate), tick(gate)]);
  expect((await runs.events(gate.run_id)).filter((type) => type.startsWith('gate.'))).toEqual([
    'gate.reminded',
    'gate.escalated',
  ]);
  expect((await runs.gates(farm.id, gate.run_id))[0]).toMatchObject({
    version: 1,
    roles: ['reviewer', 'admin'],
  });
  expect(await runs.count('outbox', { gate_id: gate.id })).toBe(3);
});

it('expires a gate past its due time, once, as nobody’s decision', async () => {
  const gate = await gateWith({ due_at: inHours(1) });
  await runs.shiftClock('2 hours');
  const answers = await Promise.all([tick(gate), tick(gate)]);
  for (const answer of answers)
    expect(answer).toMatchObject({ gate_outcome: 'expired', winner_decision_id: null });
  expect(await runs.row('gate_outcomes', { gate_id: gate.id })).toMatchObject({
    actor_kind: 'system',
    decision_id: null,
  });
  expect(await runs.row('proposals', { id: gate.proposal_id })).toMatchObject({ outcome: 'expired' });
  expect(await runs.row('assistant_drafts', { proposal_id: gate.proposal_id })).toMatchObject({
    status: 'discarded',
  });
  expect(await runs.count('records', { run_id: gate.run_id })).toBe(0);
  expect((await runs.events(gate.run_id)).filter((type) => type === 'gate.expired')).toHaveLength(1);
});

it('first applies what was stored in time', async () => {
  const { farm } = runs.world;
  const gate = await gateWith({ due_at: inHours(1) });
  const stored = await runs.store(farm.owner, gate, 'approve');
  await runs.shiftClock('2 hours');
  expect(await tick(gate)).toMatchObject({ gate_outcome: 'approved', winner_user_id: farm.owner.userId });
  expect(await runs.row('intent_outcomes', { intent_id: stored.intent_id })).toMatchObject({
    outcome: 'applied',
  });
});

it('answers a closed gate with its outcome, and knows none of another tenant', async () => {
  const { farm, hospital } = runs.world;
  const gate = await gateWith({});
  await runs.decide(farm.owner, gate, 'reject');
  expect(await tick(gate)).toMatchObject({ gate_outcome: 'rejected' });
  expect(await stateOf(runs.call('worker', hospital.id, 'tick_gate', gate.id))).toBe('P0002');
});
