import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { decideUpdate } from '../../workflows/messages';
import { first } from '../support/first';
import { governedRuns, type GateRow } from '../support/governed';
import { addMember } from '../support/world';

/* Verdicts that come twice, late, for another gate, under another name, or against each other. */

const governed = governedRuns();
let crates = 100;

/** A run that waits for the owner to decide a sale; each sells another number of crates. */
async function waiting(): Promise<{ runId: string; gate: GateRow }> {
  crates += 1;
  const { farm } = governed.world;
  const runId = await governed.start(farm.hand, 'farm.record', {
    note: `Sold ${crates} crates of eggs for ₦${crates * 1500}`,
    occurred_at: '2025-11-10T17:40:00+01:00',
  });
  await governed.settled(farm.id, runId);
  const [gate] = await governed.gates(farm.id, runId);
  if (!gate) throw new Error('no gate');
  return { runId, gate };
}

async function rows<Row extends object>(text: string, id: string): Promise<Row[]> {
  return await governed.database.look<Row>(text, [id]);
}

async function stored(
  gate: GateRow,
  verdict: 'approve' | 'reject' | 'escalate' = 'approve',
): Promise<string> {
  const { intent_id: intentId, code } = await governed.store(governed.world.farm.owner, gate, verdict);
  if (!intentId) throw new Error(code);
  return intentId;
}

/** Waits until an intent has an outcome. */
async function outcomeOf(intentId: string): Promise<{ outcome: string; code: string | null }> {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    const [row] = await rows<{ outcome: string; code: string | null }>(
      'select outcome, code from core.intent_outcomes where intent_id = $1',
      intentId,
    );
    if (row) return row;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('the intent has no outcome');
}

it('applies a verdict once, however often it is delivered', async () => {
  const { runId, gate } = await waiting();
  const intentId = await stored(gate);
  const handle = governed.handle(runId);
  const message = { intentId, gateId: gate.id };
  const answers = await Promise.all([
    ...Array.from({ length: 6 }, () => governed.deliver(runId, gate.id, intentId)),
    handle.signal('approve', message).then(() => undefined),
  ]);
  for (const answer of answers.filter((one) => one !== undefined)) {
    expect(answer).toEqual({ outcome: 'applied', code: null, decisionId: answers[0]?.decisionId });
  }
  await handle.result();
  expect(await rows('select id from core.decisions where run_id = $1', runId)).toHaveLength(1);
  expect(await rows('select id from core.records where run_id = $1', runId)).toHaveLength(1);
});

it('decides by a signal alone, which the Temporal UI or CLI may send', async () => {
  const { runId, gate } = await waiting();
  const intentId = await stored(gate);
  await governed.handle(runId).signal('approve', { intentId, gateId: gate.id });
  expect(await governed.handle(runId).result()).toEqual({ outcome: 'approved', code: null });
});

it('lets one of two opposite verdicts win, and tells the other', async () => {
  const { farm } = governed.world;
  const other = await addMember(governed.database, farm.id, ['reviewer']);
  const races = await Promise.all(Array.from({ length: 12 }, () => waiting()));
  for (const { runId, gate } of races) {
    const [yes, no] = await Promise.all([
      governed.store(farm.owner, gate, 'approve'),
      governed.store(other, gate, 'reject', { reasonCode: 'not_ours' }),
    ]);
    const answers = await Promise.all([
      governed.deliver(runId, gate.id, yes.intent_id),
      governed.deliver(runId, gate.id, no.intent_id),
    ]);
    expect(answers.map((answer) => answer.outcome).sort()).toEqual(['applied', 'conflict']);
    expect(answers.find((answer) => answer.outcome === 'conflict')).toMatchObject({ code: 'gate_closed' });
    const { outcome } = (await governed.handle(runId).result()) as { outcome: string };
    expect(outcome).toBe(answers[0].outcome === 'applied' ? 'approved' : 'rejected');
  }
}, 120_000);

it('refuses a message for a gate of another run, and writes nothing to the history', async () => {
  const [one, two] = [await waiting(), await waiting()];
  const intentId = await stored(two.gate);
  const before = (await governed.handle(one.runId).fetchHistory()).events?.length;
  await expect(governed.deliver(one.runId, two.gate.id, intentId)).rejects.toThrow(WorkflowUpdateFailedError);
  const failure = await governed
    .deliver(one.runId, two.gate.id, randomUUID())
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({ cause: { type: 'gate_not_found' } });
  expect((await governed.handle(one.runId).fetchHistory()).events?.length).toBe(before);
  // The right run still takes it.
  expect(await governed.deliver(two.runId, two.gate.id, intentId)).toMatchObject({ outcome: 'applied' });
});

it('never lets an intent of one gate decide another, whatever the message says', async () => {
  const [one, two] = [await waiting(), await waiting()];
  const intentId = await stored(two.gate);
  await governed.deliver(one.runId, one.gate.id, intentId);
  expect(await governed.run(governed.world.farm.id, one.runId)).toMatchObject({ state: 'waiting' });
  expect(await rows('select id from core.decisions where gate_id = $1', one.gate.id)).toEqual([]);
});

it.each([
  ['no uuid', { intentId: 'nope', gateId: '00000000-0000-7000-8000-000000000000' }],
  ['nothing', undefined],
  ['a number', 7],
])('refuses a message that is %s by the validator', async (_what, message) => {
  const { runId } = await waiting();
  const failure = await governed
    .handle(runId)
    .executeUpdate(decideUpdate, { args: [message as never] })
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({ cause: { type: 'input_invalid' } });
  await governed.handle(runId).signal('approve', message as never);
  expect(await governed.run(governed.world.farm.id, runId)).toMatchObject({ state: 'waiting' });
});

it('takes an intent that does not exist for a conflict', async () => {
  const { runId, gate } = await waiting();
  expect(await governed.deliver(runId, gate.id, randomUUID())).toEqual({
    outcome: 'conflict',
    code: 'intent_not_found',
    decisionId: null,
  });
});

it('takes a signal of another name than the stored verdict for a conflict that changes nothing', async () => {
  const { runId, gate } = await waiting();
  const intentId = await stored(gate, 'approve');
  await governed.handle(runId).signal('reject', { intentId, gateId: gate.id });
  await governed.handle(runId).signal('escalate', { intentId, gateId: gate.id });
  expect(await governed.run(governed.world.farm.id, runId)).toMatchObject({ state: 'waiting' });
  expect(await governed.deliver(runId, gate.id, intentId)).toMatchObject({ outcome: 'applied' });
  expect(await governed.handle(runId).result()).toMatchObject({ outcome: 'approved' });
});

it('answers a verdict on an older version of the gate with gate_changed', async () => {
  const { hospital } = governed.world;
  const packet = JSON.parse(readFileSync('examples/packets/complete.json', 'utf8')) as object;
  const runId = await governed.start(hospital.staff, 'credentialing.privileging', packet);
  await governed.settled(hospital.id, runId);
  const gate = first(await governed.gates(hospital.id, runId));
  const [one, two] = hospital.members;
  const approval = await governed.store(one, gate, 'approve', { disposition: 'grant' });
  expect(await governed.decide(two, gate, 'escalate')).toMatchObject({ outcome: 'applied' });
  expect(await governed.deliver(runId, gate.id, approval.intent_id)).toMatchObject({
    outcome: 'conflict',
    code: 'gate_changed',
  });
  const [raised] = await governed.gates(hospital.id, runId);
  expect(raised).toMatchObject({ version: 2, roles: ['senior'] });
});

it('lets only the last of one person’s verdicts count', async () => {
  const { runId, gate } = await waiting();
  const earlier = await stored(gate, 'approve');
  const later = await stored(gate, 'reject');
  expect(await outcomeOf(earlier)).toMatchObject({ outcome: 'superseded' });
  expect(await governed.deliver(runId, gate.id, earlier)).toMatchObject({ outcome: 'superseded' });
  expect(await governed.deliver(runId, gate.id, later)).toMatchObject({ outcome: 'applied' });
  expect(await governed.handle(runId).result()).toMatchObject({ outcome: 'rejected' });
});

it('applies a verdict that was stored in time although it is delivered after the due time', async () => {
  const { farm } = governed.world;
  const { runId, gate } = await waiting();
  const intentId = await stored(gate);
  await governed.database.asOwner(farm.id, (transaction) =>
    transaction.rows("update core.clock set shift = interval '30 days'"),
  );
  try {
    await governed.handle(runId).signal('withdraw');
    expect(await governed.handle(runId).result()).toMatchObject({ outcome: 'approved' });
    expect(await outcomeOf(intentId)).toMatchObject({ outcome: 'applied' });
  } finally {
    await governed.database.asOwner(farm.id, (transaction) =>
      transaction.rows("update core.clock set shift = interval '0'"),
    );
  }
});
