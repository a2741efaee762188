import { testDatabase } from '../support/database';
import { randomUUID } from 'node:crypto';
import { addMember } from '../support/world';
import { grant, inHours, note, sale, sqlRuns, type GateRow } from './support/runs';

const database = testDatabase();
const runs = sqlRuns(database);

const words = { rationale: 'The sources agree.', disposition: 'grant' };

async function grantGate(changes = {}): Promise<GateRow> {
  const { gates } = await runs.drafted(
    runs.world.hospital.staff,
    [grant(changes)],
    'credentialing.privileging',
  );
  return gates[0] as GateRow;
}

it('writes decision, outcome, record, draft and events in one transaction', async () => {
  const { farm } = runs.world;
  const { runId, gates } = await runs.drafted(farm.hand, [sale()]);
  const gate = gates[0] as GateRow;
  const decided = await runs.decide(farm.owner, gate, 'approve', {
    edits: { ...(JSON.parse(sale().payload) as object), quantity: '31' },
  });
  expect(decided).toMatchObject({
    outcome: 'applied',
    code: null,
    gate: { gate_outcome: 'approved', winner_user_id: farm.owner.userId },
  });
  expect(await runs.row('decisions', { gate_id: gate.id })).toMatchObject({
    actor_kind: 'human',
    self_confirmed: false,
    manual: false,
    verdict: 'approve',
  });
  const record = await runs.row('records', { run_id: runId });
  expect(record).toMatchObject({ record_type: 'sale', decision_id: decided.decision_id });
  const content = await runs.row('contents', { id: record.content_id });
  expect(JSON.parse(String(content.bytes))).toMatchObject({ quantity: '31' });
  expect(await runs.row('assistant_drafts', { proposal_id: gate.proposal_id })).toMatchObject({
    status: 'confirmed',
  });
  expect(await runs.row('runs', { id: runId })).toMatchObject({ state: 'running', step: 'settle' });
  expect(await runs.events(runId)).toContain('decision.recorded');
});

it('says so where whoever asked confirms', async () => {
  const { farm } = runs.world;
  const { gates } = await runs.drafted(farm.owner, [note()]);
  await runs.decide(farm.owner, gates[0] as GateRow, 'approve');
  expect(await runs.row('decisions', { gate_id: gates[0]?.id })).toMatchObject({ self_confirmed: true });
});

it('is answered the same, however often and by whom it is delivered', async () => {
  const { farm } = runs.world;
  const { gates } = await runs.drafted(farm.hand, [sale()]);
  const stored = await runs.store(farm.owner, gates[0] as GateRow, 'reject');
  const answers = await Promise.all([1, 2, 3, 4].map(() => runs.apply(farm.id, stored.intent_id)));
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(await runs.count('decisions', { gate_id: gates[0]?.id })).toBe(1);
  expect(await runs.count('records', { proposal_id: gates[0]?.proposal_id })).toBe(0);
});

it('changes nothing by a signal of another name, and none of another tenant’s', async () => {
  const { farm, hospital } = runs.world;
  const { gates } = await runs.drafted(farm.hand, [sale()]);
  const stored = await runs.store(farm.owner, gates[0] as GateRow, 'reject');
  expect(await runs.apply(farm.id, stored.intent_id, 'approve')).toMatchObject({
    outcome: 'conflict',
    code: 'verdict_differs',
    decision_id: null,
  });
  expect(await runs.apply(hospital.id, stored.intent_id)).toEqual({
    outcome: 'conflict',
    code: 'intent_not_found',
    decision_id: null,
    gate: null,
  });
  expect(await runs.apply(farm.id, randomUUID())).toMatchObject({ code: 'intent_not_found' });
  expect(await runs.apply(farm.id, stored.intent_id, 'reject')).toMatchObject({ outcome: 'applied' });
});

it('counts a verdict that was stored in time and applied late', async () => {
  const { farm } = runs.world;
  const { gates } = await runs.drafted(farm.hand, [sale({ due_at: inHours(1) })]);
  const stored = await runs.store(farm.owner, gates[0] as GateRow, 'approve');
  await runs.shiftClock('5 hours');
  const applied = await runs.apply(farm.id, stored.intent_id);
  await runs.shiftClock('0');
  expect(applied).toMatchObject({ outcome: 'applied', gate: { gate_outcome: 'approved' } });
});

it('applies nothing of a person who has left since', async () => {
  const { farm } = runs.world;
  const leaver = await addMember(database, farm.id, ['reviewer']);
  const { gates } = await runs.drafted(farm.hand, [sale()]);
  const stored = await runs.store(leaver, gates[0] as GateRow, 'approve');
  await runs.call('api', farm.id, 'set_member', leaver.userId, 'Left', 'person', ['reviewer'], false, null);
  expect(await runs.apply(farm.id, stored.intent_id)).toMatchObject({
    outcome: 'taken_back',
    code: null,
    gate: { gate_outcome: null },
  });
});

describe('two seats', () => {
  it('close the gate by the second one, with one disposition', async () => {
    const gate = await grantGate();
    const [first, second] = runs.world.hospital.members;
    expect(await runs.decide(first, gate, 'approve', words)).toMatchObject({
      outcome: 'applied',
      gate: { gate_outcome: null },
    });
    expect(await runs.decide(second, gate, 'approve', words)).toMatchObject({
      gate: { gate_outcome: 'approved' },
    });
    expect(await runs.count('records', { run_id: gate.run_id })).toBe(1);
  });

  it('that were stored at once with two dispositions leave one', async () => {
    const { hospital } = runs.world;
    const gate = await grantGate();
    const [first, second] = hospital.members;
    const intents = [
      await runs.store(first, gate, 'approve', words),
      await runs.store(second, gate, 'approve', {
        ...words,
        disposition: 'defer',
        rationaleParts: { awaited: 'A reference.' },
      }),
    ];
    const answers = await Promise.all(
      intents.map(({ intent_id: intent }) => runs.apply(hospital.id, intent)),
    );
    expect(answers.map(({ code }) => code).sort()).toEqual(['disposition_differs', null]);
  });

  it('that were stored at once with two records leave one: nobody approves what they have not seen', async () => {
    const { hospital } = runs.world;
    const { gates } = await runs.drafted(
      hospital.staff,
      [grant({ kind: 'manual', payload: '{}' })],
      'credentialing.privileging',
    );
    const gate = gates[0] as GateRow;
    const [first, second] = hospital.members;
    const record = JSON.parse(grant().payload) as Record<string, unknown>;
    const intents = [
      await runs.store(first, gate, 'approve', { ...words, edits: record }),
      await runs.store(second, gate, 'approve', {
        ...words,
        edits: { ...record, privilege_code: 'another' },
      }),
    ];
    const answers = await Promise.all(
      intents.map(({ intent_id: intent }) => runs.apply(hospital.id, intent)),
    );
    expect(answers.map(({ code }) => code).sort()).toEqual(['edits_differ', null]);
    expect(await runs.count('records', { run_id: gate.run_id })).toBe(0);
  });

  it('end by a rejection of anyone', async () => {
    const gate = await grantGate();
    const [first, second] = runs.world.hospital.members;
    await runs.decide(first, gate, 'approve', words);
    expect(await runs.decide(second, gate, 'reject', { rationale: 'No.' })).toMatchObject({
      gate: { gate_outcome: 'rejected' },
    });
  });
});

describe('escalation', () => {
  it('raises the role, voids earlier seats but shows them, and leaves the escalator none', async () => {
    const { hospital } = runs.world;
    const [first, second] = hospital.members;
    const gate = await grantGate();
    await runs.decide(first, gate, 'approve', words);
    expect(await runs.decide(second, gate, 'escalate', { rationale: 'Not for us.' })).toMatchObject({
      outcome: 'applied',
      gate: { version: 2, role: 'senior', gate_outcome: null },
    });
    const [raised] = (await runs.gates(hospital.id, gate.run_id)) as [GateRow];
    expect(raised).toMatchObject({ version: 2, roles: ['senior'], seats_taken: 0n });
    expect(await runs.count('decisions', { gate_id: gate.id })).toBe(2);
    expect(await runs.store(first, gate, 'approve', words)).toMatchObject({ code: 'gate_changed' });
    expect(await runs.store(first, raised, 'approve', words)).toMatchObject({ code: 'role_missing' });
    const both = await addMember(database, hospital.id, ['senior', 'reviewer']);
    expect(await runs.store(both, raised, 'escalate', words)).toMatchObject({ code: 'no_higher_role' });
    for (const person of [hospital.senior, both]) await runs.decide(person, raised, 'approve', words);
    expect((await runs.gates(hospital.id, gate.run_id))[0]).toMatchObject({ outcome: 'approved' });
  });

  it('lets the escalator hold no seat, although their role would', async () => {
    const { hospital } = runs.world;
    const both = await addMember(database, hospital.id, ['senior', 'reviewer']);
    const gate = await grantGate();
    await runs.decide(both, gate, 'escalate', { rationale: 'To the seniors.' });
    const [raised] = (await runs.gates(hospital.id, gate.run_id)) as [GateRow];
    expect(await runs.store(both, raised, 'approve', words)).toMatchObject({
      code: 'escalator_holds_no_seat',
    });
  });

  it('lapses a verdict that was stored for the version before', async () => {
    const { hospital } = runs.world;
    const [first, second] = hospital.members;
    const gate = await grantGate();
    const waiting = await runs.store(first, gate, 'approve', words);
    await runs.decide(second, gate, 'escalate', { rationale: 'To the seniors.' });
    expect(await runs.apply(hospital.id, waiting.intent_id)).toMatchObject({
      outcome: 'conflict',
      code: 'gate_changed',
    });
  });

  it('climbs the chain one role at a time, whatever a timer has added meanwhile', async () => {
    const { hospital } = runs.world;
    const chain = [
      { kind: 'escalation' as const, at: inHours(1), role: 'senior' },
      { kind: 'escalation' as const, at: inHours(20), role: 'admin' },
    ];
    const gate = await grantGate({ instants: chain });
    await runs.shiftClock('2 hours');
    await runs.call('worker', hospital.id, 'tick_gate', gate.id);
    await runs.shiftClock('0');
    expect((await runs.gates(hospital.id, gate.run_id))[0]).toMatchObject({
      roles: ['reviewer', 'senior'],
      version: 1,
    });
    expect(await runs.decide(hospital.members[0], gate, 'escalate', { rationale: 'Up.' })).toMatchObject({
      gate: { role: 'senior', version: 2 },
    });
    const [raised] = (await runs.gates(hospital.id, gate.run_id)) as [GateRow];
    expect(await runs.decide(hospital.senior, raised, 'escalate', { rationale: 'Up.' })).toMatchObject({
      gate: { role: 'admin', version: 3 },
    });
    const [highest] = (await runs.gates(hospital.id, gate.run_id)) as [GateRow];
    expect(await runs.store(hospital.admin, highest, 'escalate', { rationale: 'Up.' })).toMatchObject({
      code: 'no_higher_role',
    });
  });
});

it('writes what the disposition grants: facts that are fresh become approved, by the decision', async () => {
  const { hospital } = runs.world;
  const [fresh, plain, receipt] = [randomUUID(), randomUUID(), randomUUID()];
  for (const id of [fresh, plain])
    await runs.call('adapter', hospital.id, 'import_trust_record', id, 'provider-1', 'licence', '{}', 3);
  await runs.call(
    'adapter',
    hospital.id,
    'store_receipt',
    receipt,
    'board',
    'provider-1',
    '{}',
    inHours(-1),
    inHours(48),
  );
  await runs.call('adapter', hospital.id, 'verify_trust_record', fresh, receipt, inHours(24));
  // Another person's fact, named by mistake or on purpose.
  const [foreign, theirs] = [randomUUID(), randomUUID()];
  await runs.call('adapter', hospital.id, 'import_trust_record', foreign, 'provider-2', 'licence', '{}', 3);
  const theirReceipt = [theirs, 'board', 'provider-2', '{}', inHours(-1), inHours(48)];
  await runs.call('adapter', hospital.id, 'store_receipt', ...theirReceipt);
  await runs.call('adapter', hospital.id, 'verify_trust_record', foreign, theirs, inHours(24));
  const { gates } = await runs.drafted(
    hospital.staff,
    [grant({}, [fresh, plain, foreign])],
    'credentialing.privileging',
  );
  const gate = gates[0] as GateRow;
  const [first, second] = hospital.members;
  await runs.decide(first, gate, 'approve', words);
  const decided = await runs.decide(second, gate, 'approve', words);
  expect(await runs.row('worker_trust_records', { id: fresh })).toMatchObject({
    tier: 5,
    approved_by_decision_id: decided.decision_id,
  });
  expect(await runs.row('worker_trust_records', { id: plain })).toMatchObject({ tier: 3 });
  expect(await runs.row('worker_trust_records', { id: foreign })).toMatchObject({ tier: 4 });
});
