import { testDatabase } from '../support/database';
import { addMember, changePolicy, type Person } from '../support/world';
import { atOnce } from './support/at-once';
import { note, sale, sqlRuns, type Answer, type Farm, type GateRow } from './support/runs';

const database = testDatabase();
const runs = sqlRuns(database);

const TWO_SEATS = { seat_rules: [{ record_type: 'sale', from_minor: '0', seats: 2, roles: [] }] };
const PROVED = { reauthenticate_protected_minutes: 5 };

async function openSale(farm: Farm): Promise<GateRow> {
  return (await runs.drafted(farm.hand, [sale()])).gates[0] as GateRow;
}

async function farmOfTwo(): Promise<Farm & { second: Person }> {
  const farm = await runs.farm();
  return { ...farm, second: await addMember(database, farm.id, ['reviewer', 'senior']) };
}

const now = async (gate: GateRow, farm: Farm): Promise<GateRow> =>
  (await runs.gates(farm.id, gate.run_id))[0] as GateRow;

const asksOtherwise = (farm: Farm, gate: GateRow): Promise<boolean> =>
  runs.call<boolean>('worker', farm.id, 'asks_otherwise', gate.run_id);

const retermed = (farm: Farm, gate: GateRow): Promise<number> =>
  runs.call<number>('worker', farm.id, 'reterm_run', gate.run_id);

it('makes the next version of an open gate that a policy asks more of, once, and says what is new', async () => {
  const farm = await farmOfTwo();
  const gate = await openSale(farm);
  expect(await asksOtherwise(farm, gate)).toBe(false);
  await changePolicy(database, farm.owner, { ...TWO_SEATS, ...PROVED });
  expect(await asksOtherwise(farm, gate)).toBe(true);
  expect(await retermed(farm, gate)).toBe(1);
  expect(await retermed(farm, gate)).toBe(0);
  expect(await asksOtherwise(farm, gate)).toBe(false);
  expect(await now(gate, farm)).toMatchObject({ version: 2, seats: 2, reauthenticate_minutes: 5 });
  expect(await runs.row('gate_versions', { gate_id: gate.id })).toMatchObject({
    version: 2,
    cause: 'policy',
    policy_version: 2,
    changed: ['seats', 'reauthenticate_minutes'],
  });
  expect((await runs.events(gate.run_id)).filter((type) => type === 'gate.retermed')).toHaveLength(1);
});

it('changes nothing of a gate by a policy that asks it for nothing else', async () => {
  const farm = await farmOfTwo();
  const gate = await openSale(farm);
  await changePolicy(database, farm.owner, { autonomy_tier: 'suggest' });
  expect(await asksOtherwise(farm, gate)).toBe(false);
  // Rules of another type, and a proof that is asked of protected classes only.
  const routine = (await runs.drafted(farm.hand, [note()])).gates[0];
  await changePolicy(database, farm.owner, {
    ...PROVED,
    seat_rules: [{ record_type: 'expense', from_minor: '0', seats: 2, roles: [] }],
  });
  if (routine) {
    expect(await retermed(farm, routine)).toBe(0);
    expect(await now(routine, farm)).toMatchObject({ version: 1, reauthenticate_minutes: null });
  }
  expect(await retermed(farm, gate)).toBe(1);
  expect(await runs.row('gate_versions', { gate_id: gate.id })).toMatchObject({
    changed: ['reauthenticate_minutes'],
  });
});

it('asks less again when the rule goes, and whoever approved before approves anew', async () => {
  const farm = await farmOfTwo();
  await changePolicy(database, farm.owner, TWO_SEATS);
  const gate = await openSale(farm);
  expect(gate.seats).toBe(2);
  await runs.decide(farm.owner, gate, 'approve');
  await changePolicy(database, farm.owner, { seat_rules: [] });
  await retermed(farm, gate);
  const after = await now(gate, farm);
  expect(after).toMatchObject({ version: 2, seats: 1, seats_taken: 0n, outcome: null });
  // The seat of before is void, but shown.
  expect(await runs.count('decisions', { gate_id: gate.id, gate_version: 1 })).toBe(1);
  await runs.decide(farm.owner, after, 'approve');
  expect((await now(gate, farm)).outcome).toBe('approved');
});

describe('before a sweep has come by', () => {
  it('refuses a verdict on what the gate asked before, and names what has changed', async () => {
    const farm = await farmOfTwo();
    const gate = await openSale(farm);
    const seen = await database.as('api', farm.id, (transaction) =>
      transaction.value<Buffer>('select app.shown_hash($1, $2)', [gate.id, farm.owner.userId]),
    );
    await changePolicy(database, farm.owner, TWO_SEATS);
    const refused = await runs.store(farm.owner, gate, 'approve', { shown: seen });
    expect(refused).toMatchObject({ outcome: 'refused', code: 'gate_changed', now: { gate_version: 2 } });
    expect(refused.changed).toEqual(expect.arrayContaining(['gate_version', 'seats', 'shown_hash']));
  });

  it('answers a verdict that was on its way with gate_changed, and applies none of it', async () => {
    const farm = await farmOfTwo();
    const gate = await openSale(farm);
    const stored = await runs.store(farm.owner, gate, 'approve');
    await changePolicy(database, farm.owner, TWO_SEATS);
    expect(await runs.apply(farm.id, stored.intent_id)).toMatchObject({
      outcome: 'conflict',
      code: 'gate_changed',
    });
    expect(await runs.count('decisions', { gate_id: gate.id })).toBe(0);
    expect(await runs.count('worklist', { kind: 'intent', ref_id: stored.intent_id })).toBe(0);
    expect(await runs.row('intent_outcomes', { intent_id: stored.intent_id })).toMatchObject({
      outcome: 'conflict',
      code: 'gate_changed',
    });
  });
});

it('has one winner when verdicts, their delivery, the sweep and the policy meet', async () => {
  const farm = await farmOfTwo();
  for (let round = 0; round < 6; round += 1) {
    const gate = await openSale(farm);
    const stored = await runs.store(farm.owner, gate, 'approve');
    expect(stored.outcome).toBe('stored');
    const acts: (() => Promise<unknown>)[] = [
      () => changePolicy(database, farm.owner, round % 2 ? { seat_rules: [] } : TWO_SEATS),
      () => runs.apply(farm.id, stored.intent_id),
      () => retermed(farm, gate),
      () => runs.apply(farm.id, stored.intent_id),
      () => retermed(farm, gate),
    ];
    await atOnce(acts, (act) => act());
    const outcome = await runs.row('intent_outcomes', { intent_id: stored.intent_id });
    const decisions = await runs.count('decisions', { gate_id: gate.id });
    const closed = await runs.count('gate_outcomes', { gate_id: gate.id });
    // Applied to the version that it was about, or refused as a whole.
    if (outcome.outcome === 'applied') expect(decisions).toBe(1);
    else expect([outcome.code, decisions, closed]).toEqual(['gate_changed', 0, 0]);
    const records = await runs.count('records', { gate_id: gate.id });
    expect(records).toBe(closed);
  }
});

it('leaves a closed gate as it was', async () => {
  const farm = await farmOfTwo();
  const gate = await openSale(farm);
  const decided: Answer = await runs.decide(farm.owner, gate, 'reject');
  expect(decided.outcome).toBe('applied');
  await changePolicy(database, farm.owner, TWO_SEATS);
  expect(await asksOtherwise(farm, gate)).toBe(false);
  expect(await retermed(farm, gate)).toBe(0);
});
