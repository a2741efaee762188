import { testDatabase } from '../support/database';
import { randomUUID } from 'node:crypto';
import { inHours, sale, sqlRuns, type GateRow } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);

const refusal = (gate: GateRow, userId: string) =>
  runs.call<string | null>('api', runs.world.farm.id, 'gate_refusal', gate.id, userId);
const recuse = (tenantId: string, gateId: string, userId: string) =>
  runs.call('api', tenantId, 'recuse', gateId, userId);

async function openGate(): Promise<GateRow> {
  return (await runs.drafted(runs.world.farm.hand, [sale({ due_at: inHours(1) })])).gates[0] as GateRow;
}

it('says why somebody could not decide, as storing the verdict would', async () => {
  const { owner, hand } = runs.world.farm;
  const gate = await openGate();
  expect(await refusal(gate, owner.userId)).toBeNull();
  expect(await refusal(gate, hand.userId)).toBe('role_missing');
  expect(await refusal({ ...gate, id: randomUUID() }, owner.userId)).toBe('gate_not_found');
  await runs.shiftClock('2 hours');
  const late = await refusal(gate, owner.userId);
  await runs.shiftClock('0');
  expect(late).toBe('gate_late');
  await runs.decide(owner, gate, 'approve');
  expect(await refusal(gate, owner.userId)).toBe('gate_closed');
});

it('a declared conflict holds for the gate, with one event', async () => {
  const { id, owner } = runs.world.farm;
  const gate = await openGate();
  await Promise.all([recuse(id, gate.id, owner.userId), recuse(id, gate.id, owner.userId)]);
  expect(await refusal(gate, owner.userId)).toBe('recused');
  expect(await runs.store(owner, gate, 'approve')).toMatchObject({ code: 'recused' });
  expect((await runs.events(gate.run_id)).filter((type) => type === 'gate.recused')).toHaveLength(1);
});

it('is refused on a closed gate and for a person of another tenant', async () => {
  const { farm, hospital } = runs.world;
  const gate = await openGate();
  expect(await stateOf(recuse(farm.id, gate.id, hospital.senior.userId))).toBe('ZC012');
  expect(await recuse(hospital.id, gate.id, hospital.senior.userId)).toEqual({
    outcome: 'refused',
    code: 'gate_not_found',
  });
  await runs.decide(farm.owner, gate, 'approve');
  expect(await recuse(farm.id, gate.id, farm.owner.userId)).toMatchObject({
    code: 'gate_closed',
    now: { gate_outcome: 'approved' },
  });
});
