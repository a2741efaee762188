import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RUN_OUTCOMES } from '../../contract/states';
import { first } from '../support/first';
import { governedRuns, type GateRow, type RunRow } from '../support/governed';
import { recordHistory } from '../support/histories';
import { allowModel, changePolicy, type Person } from '../support/world';

/*
 * One run for each way in which a run can end. What must hold of every one of them is checked by `ended`; the history of
 * each can be recorded (`RECORD_HISTORIES=1`) for tests/workflows/replay.test.ts.
 */

const governed = governedRuns();
const PRIVILEGING = 'credentialing.privileging';
const RECORD = 'farm.record';

function packet(name: string): object {
  return JSON.parse(readFileSync(join(__dirname, '..', '..', 'examples', 'packets', name), 'utf8')) as object;
}

function note(text: string): object {
  return { note: text, occurred_at: '2025-11-10T17:40:00+01:00' };
}

/** Starts a run and waits until it waits for a person or is closed. */
async function begin(by: Person, purpose: string, input: object) {
  const runId = await governed.start(by, purpose, input);
  const row = await governed.settled(by.tenantId, runId);
  return { runId, row, gates: await governed.gates(by.tenantId, runId) };
}

/** Waits for the end of a run and checks what holds of every ended run. */
async function ended(tenantId: string, runId: string, name: string): Promise<RunRow> {
  const result = (await governed.handle(runId).result()) as { outcome: string; code: string | null };
  const row = await governed.run(tenantId, runId);
  expect(row).toMatchObject({ state: 'closed', outcome: result.outcome, code: result.code });
  const [facts] = await governed.database.look<{
    legs: string[];
    settled: boolean;
    open_gates: string;
    open_attempts: string;
    claimed: string;
    closings: string;
    undecided: string;
    work: string;
  }>(
    `select
       array(select kind from core.credit_ledger where run_id = $1 order by seq) as legs,
       (select settled_at is not null from core.runs where id = $1) as settled,
       (select count(*) from core.gates where run_id = $1 and closed_at is null)::text as open_gates,
       (select count(*) from core.ai_run_attempts a join core.ai_runs c on c.id = a.ai_run_id where c.run_id = $1 and a.state = 'open')::text as open_attempts,
       (select count(*) from core.ai_runs where run_id = $1 and status = 'claimed')::text as claimed,
       (select count(*) from core.audit_log where run_id = $1 and type = 'run.closed')::text as closings,
       (select count(*) from core.records r where run_id = $1 and not exists (select from core.decisions d where d.id = r.decision_id))::text as undecided,
       (select count(*) from core.worklist w where w.ref_id = $1)::text as work`,
    [runId],
  );
  const refused = row.outcome === 'refused';
  expect(facts).toEqual({
    legs: refused ? [] : ['reserve', 'settle'],
    settled: !refused,
    open_gates: '0',
    open_attempts: '0',
    claimed: '0',
    closings: refused ? '0' : '1',
    undecided: '0',
    work: '0',
  });
  await recordHistory(governed.handle(runId), name);
  return row;
}

async function eventsOf(runId: string): Promise<string[]> {
  const rows = await governed.database.look<{ type: string }>(
    'select type from core.audit_log where run_id = $1 order by seq',
    [runId],
  );
  return rows.map((row) => row.type);
}

async function historyLength(runId: string): Promise<number> {
  const history = await governed.handle(runId).fetchHistory();
  return history.events?.length ?? 0;
}

function only(gates: readonly GateRow[]): GateRow {
  const [gate] = gates;
  if (!gate || gates.length !== 1) throw new Error(`${gates.length} gates`);
  return gate;
}

it('approves one proposal that one person has approved, in 30 events or fewer', async () => {
  const { farm } = governed.world;
  const { runId, row, gates } = await begin(farm.hand, RECORD, note('We sold 30 crates of eggs for ₦45,000'));
  expect(row).toMatchObject({ state: 'waiting', step: 'await', advisory: 'available', reserved_credits: 1n });
  const gate = only(gates);
  expect(gate).toMatchObject({ record_type: 'sale', record_class: 'financial', seats: 1, manual: false });

  expect(await governed.decide(farm.owner, gate, 'approve')).toMatchObject({
    outcome: 'applied',
    code: null,
  });
  expect(await ended(farm.id, runId, 'approved')).toMatchObject({
    outcome: 'approved',
    actual_credits: 1n,
    deducted_credits: 0n,
    calls: 1n,
  });
  expect(await historyLength(runId)).toBeLessThanOrEqual(30);
  expect(await eventsOf(runId)).toEqual([
    'run.accepted',
    'credit.reserved',
    'advisory.recorded',
    'decision.recorded',
    'credit.settled',
    'run.closed',
  ]);
});

it('asks two people about a privilege, with at most 8 events more', async () => {
  const { hospital } = governed.world;
  const { runId, gates } = await begin(hospital.staff, PRIVILEGING, packet('complete.json'));
  const gate = only(gates);
  expect(gate).toMatchObject({ seats: 2, record_class: 'privileging' });
  const [one, two] = hospital.members;
  expect(await governed.decide(one, gate, 'approve', { disposition: 'grant' })).toMatchObject({
    outcome: 'applied',
  });
  expect(await governed.run(hospital.id, runId)).toMatchObject({ state: 'waiting' });
  expect(await governed.decide(two, gate, 'approve', { disposition: 'grant' })).toMatchObject({
    outcome: 'applied',
  });
  expect(await ended(hospital.id, runId, 'approved-by-two')).toMatchObject({ outcome: 'approved' });
  expect(await historyLength(runId)).toBeLessThanOrEqual(38);
});

it('rejects', async () => {
  const { farm } = governed.world;
  const { runId, gates } = await begin(farm.hand, RECORD, note('Sold 4 crates of eggs for ₦6,000'));
  await governed.decide(farm.owner, only(gates), 'reject', { reasonCode: 'not_ours' });
  expect(await ended(farm.id, runId, 'rejected')).toMatchObject({ outcome: 'rejected', actual_credits: 1n });
});

it('ends mixed when two proposals of one note end differently', async () => {
  const { farm } = governed.world;
  const { runId, gates } = await begin(
    farm.hand,
    RECORD,
    note('12 broilers died in House 3. We sold 7 crates of eggs for ₦10,500'),
  );
  expect(gates.map((gate) => gate.record_type).sort()).toEqual(['mortality', 'sale']);
  const [one, two] = [first(gates), first(gates.slice(1))];
  await governed.decide(farm.owner, one, 'approve');
  await governed.decide(farm.owner, two, 'reject', { reasonCode: 'wrong_number' });
  expect(await ended(farm.id, runId, 'mixed')).toMatchObject({ outcome: 'mixed' });
});

it('applies a routine record by the auto tier, and still asks about money', async () => {
  const { farm } = governed.world;
  await changePolicy(governed.database, farm.owner, {
    autonomy_tier: 'auto',
    auto_categories: ['feed_use', 'note', 'water', 'weight'],
  });
  const { runId } = await begin(farm.hand, RECORD, note('Fed 3 bags of layer mash in House 2'));
  expect(await ended(farm.id, runId, 'applied')).toMatchObject({ outcome: 'applied', actual_credits: 1n });
  const [decision] = await governed.database.look<{ actor_kind: string; authority: number; who: string }>(
    'select actor_kind, authority_policy_version as authority, actor_user_id as who from core.decisions where run_id = $1',
    [runId],
  );
  expect(decision).toMatchObject({ actor_kind: 'system', who: farm.owner.userId });

  const { row } = await begin(farm.hand, RECORD, note('Sold 9 crates of eggs for ₦13,500'));
  expect(row).toMatchObject({ state: 'waiting' });
});

it('advises and writes nothing in tier suggest', async () => {
  const { farm } = governed.world;
  await changePolicy(governed.database, farm.owner, { autonomy_tier: 'suggest' });
  const { runId, gates } = await begin(farm.hand, RECORD, note('Sold 11 crates of eggs for ₦16,500'));
  expect(gates).toEqual([]);
  expect(await ended(farm.id, runId, 'advised')).toMatchObject({ outcome: 'advised' });
  const drafts = await governed.database.look(
    'select from core.assistant_drafts d join core.proposals p on p.id = d.proposal_id where p.run_id = $1',
    [runId],
  );
  expect(drafts).toEqual([]);
  await changePolicy(governed.database, farm.owner, { autonomy_tier: 'draft' });
});

it('ends with nothing when there is nothing to record', async () => {
  const { farm } = governed.world;
  const { runId } = await begin(farm.hand, RECORD, note('All quiet today.'));
  expect(await ended(farm.id, runId, 'nothing')).toMatchObject({ outcome: 'nothing', actual_credits: 1n });
});

it('refuses a model that the matrix does not list, and holds nothing', async () => {
  const { hospital } = governed.world;
  const { purposes } = governed.world.registry;
  const committee = first(purposes.filter((one) => one.name === 'credentialing.committee_response'));
  const { runId } = await begin(hospital.staff, committee.name, committee.example);
  expect(await ended(hospital.id, runId, 'refused')).toMatchObject({
    outcome: 'refused',
    code: 'model_not_listed',
    reserved_credits: 0n,
  });
  expect(await eventsOf(runId)).toEqual(
    expect.arrayContaining(['policy_violation', 'run.refused', 'ops.page']),
  );
});

it('fails with a full refund when the input can not be read', async () => {
  const { farm } = governed.world;
  const { runId } = await begin(farm.hand, RECORD, { note: '', occurred_at: 'never' });
  expect(await ended(farm.id, runId, 'failed')).toMatchObject({
    outcome: 'failed',
    code: 'input_unreadable',
    actual_credits: 0n,
    calls: 0n,
  });
});

it('withdraws a run that waits', async () => {
  const { farm } = governed.world;
  const { runId } = await begin(farm.hand, RECORD, note('Sold 5 crates of eggs for ₦7,500'));
  await governed.database.as('api', farm.id, (transaction) =>
    transaction.value('select app.withdraw_run($1, $2)', [runId, farm.hand.userId]),
  );
  await governed.handle(runId).signal('withdraw');
  expect(await ended(farm.id, runId, 'withdrawn')).toMatchObject({
    outcome: 'withdrawn',
    actual_credits: 1n,
  });
});

it('expires, which is no decision', async () => {
  const { farm } = governed.world;
  const { runId, gates } = await begin(farm.hand, RECORD, note('Sold 6 crates of eggs for ₦9,000'));
  await governed.database.asOwner(farm.id, (transaction) =>
    transaction.rows("update core.clock set shift = interval '30 days'"),
  );
  try {
    // The workflow looks when it is told to; its own clock has not moved.
    await governed.handle(runId).signal('withdraw');
    expect(await ended(farm.id, runId, 'expired')).toMatchObject({ outcome: 'expired' });
  } finally {
    await governed.database.asOwner(farm.id, (transaction) =>
      transaction.rows("update core.clock set shift = interval '0'"),
    );
  }
  expect(await governed.gates(farm.id, runId)).toMatchObject([{ id: first(gates).id, outcome: 'expired' }]);
  const decisions = await governed.database.look('select from core.decisions where run_id = $1', [runId]);
  expect(decisions).toEqual([]);
});

it('opens a manual gate when the model is down, and a person writes what is so', async () => {
  const { farm, platformAdmin, registry } = governed.world;
  const purpose = first(registry.purposes.filter((one) => one.model.vendor === 'bedrock' && !one.phi));
  await allowModel(governed.database, platformAdmin, purpose.model);
  const { runId, row, gates } = await begin(farm.hand, purpose.name, purpose.example);
  expect(row).toMatchObject({ state: 'waiting', advisory: 'unavailable' });
  const gate = only(gates);
  expect(gate.manual).toBe(true);
  expect(gate.question.question).toContain('AI advisory unavailable, proceed manually');
  await governed.decide(farm.owner, gate, 'approve', {
    edits: { title: 'Look at the water', advice: 'Clean the drinkers.', sources: [{ field: 'question' }] },
  });
  expect(await ended(farm.id, runId, 'approved-by-hand')).toMatchObject({
    outcome: 'approved',
    actual_credits: 0n,
    cost_nano_usd: 0n,
  });
});

it('asks the advisor and then the senior, and deducts what they cost', async () => {
  const { hospital } = governed.world;
  const { runId, row, gates } = await begin(hospital.staff, PRIVILEGING, packet('advisor.json'));
  expect(row).toMatchObject({ state: 'waiting', calls: 2n });
  const gate = only(gates);
  expect(gate.roles).toEqual(['senior']);
  await governed.decide(hospital.senior, gate, 'reject', { rationale: 'Two criteria are open.' });
  expect(await ended(hospital.id, runId, 'rejected-by-senior')).toMatchObject({
    outcome: 'rejected',
    reserved_credits: 1n,
    actual_credits: 3n,
    deducted_credits: 2n,
    shortfall_credits: 0n,
  });
});

it('has a test above for every outcome', () => {
  const covered = readFileSync(__filename, 'utf8');
  for (const outcome of RUN_OUTCOMES) expect(covered).toContain(`outcome: '${outcome}'`);
});
