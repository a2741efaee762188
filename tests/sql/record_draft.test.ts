import { testDatabase } from '../support/database';
import { changePolicy } from '../support/world';
import { grant, note, sale, sqlRuns, type DraftItem, type GateRow } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);

const draft = (aiRunId: string | null, items: readonly DraftItem[], more: object = {}) =>
  JSON.stringify({ advisory: 'available', ai_run_id: aiRunId, senior: false, items, ...more });

it('writes proposals, drafts, gates and the sealed advisory, and waits', async () => {
  const { farm } = runs.world;
  const { runId, gates } = await runs.drafted(farm.hand, [sale(), note()]);
  expect(gates.map(({ roles, seats, outcome }) => ({ roles, seats, outcome }))).toEqual([
    { roles: ['reviewer'], seats: 1, outcome: null },
    { roles: ['reviewer'], seats: 1, outcome: null },
  ]);
  expect(
    await runs.count('assistant_drafts', { tenant_id: farm.id, status: 'pending', record_type: 'sale' }),
  ).toBeGreaterThan(0);
  expect(await runs.row('runs', { id: runId })).toMatchObject({
    state: 'waiting',
    step: 'await',
    advisory: 'available',
  });
  expect(await runs.events(runId)).toContain('advisory.recorded');
  expect(await runs.count('outbox', { run_id: runId, topic: 'gate.opened' })).toBe(2);
});

it('is once: at once or later, the same gates are answered', async () => {
  const { farm } = runs.world;
  const { runId, aiRunId } = await runs.answered(farm.hand);
  const record = () => runs.call('worker', farm.id, 'record_draft', runId, draft(aiRunId, [sale()]));
  const answers = [...(await Promise.all([record(), record(), record()])), await record()];
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(await runs.count('gates', { run_id: runId })).toBe(1);
});

describe('the auto tier', () => {
  it('applies what is routine and listed, as a system act under a named authority', async () => {
    const farm = await runs.farm();
    await changePolicy(database, farm.owner, { autonomy_tier: 'auto', auto_categories: ['note'] });
    const { runId } = await runs.drafted(farm.hand, [note(), sale()]);
    const decision = await runs.row('decisions', { run_id: runId });
    expect(decision).toMatchObject({
      actor_kind: 'system',
      actor_user_id: farm.owner.userId,
      authority_policy_version: 2,
      verdict: 'approve',
      intent_id: null,
    });
    expect(await runs.row('records', { run_id: runId })).toMatchObject({
      record_type: 'note',
      decision_id: decision.id,
    });
    expect(await runs.row('gate_outcomes', { decision_id: decision.id })).toMatchObject({
      outcome: 'applied',
      actor_kind: 'system',
    });
    expect(await runs.row('proposals', { run_id: runId, record_type: 'sale' })).toMatchObject({
      outcome: null,
    });
  });

  it('applies nothing that is incomplete, doubtful, or not listed', async () => {
    const farm = await runs.farm();
    await changePolicy(database, farm.owner, { autonomy_tier: 'auto', auto_categories: ['note'] });
    const doubtful = { ...note(), doubtful: true };
    const task = note({ record_type: 'task', payload: '{"title": "Mend the fence"}' });
    const { runId } = await runs.drafted(farm.hand, [
      note({ payload: '{"text": "No day."}' }),
      doubtful,
      task,
    ]);
    expect(await runs.count('decisions', { run_id: runId })).toBe(0);
    expect(await runs.count('gates', { run_id: runId })).toBe(3);
  });
});

it('opens no gate and writes no draft at tier suggest', async () => {
  const farm = await runs.farm();
  await changePolicy(database, farm.owner, { autonomy_tier: 'suggest', record_autonomy: { note: 'auto' } });
  const { runId, gates } = await runs.drafted(farm.hand, [note(), sale()]);
  expect(gates).toEqual([]);
  expect(await runs.count('proposals', { run_id: runId, outcome: 'advised' })).toBe(2);
  expect(await runs.count('assistant_drafts', { tenant_id: farm.id })).toBe(0);
  expect(await runs.row('runs', { id: runId })).toMatchObject({ state: 'running', step: 'settle' });
});

it('keeps what an eval blocked from view, and opens a manual gate beside it', async () => {
  const { farm } = runs.world;
  const manual = sale({ kind: 'manual', payload: '{}', confidence_permille: null });
  const { runId, gates } = await runs.drafted(farm.hand, [sale({ shown: false }), manual]);
  expect(gates).toHaveLength(1);
  expect(await runs.row('gates', { run_id: runId })).toMatchObject({ manual: true });
  expect(await runs.row('proposals', { run_id: runId, shown: false })).toMatchObject({ outcome: 'blocked' });
  const shown = await database.as('api', farm.id, (transaction) =>
    transaction.rows('select id from app.proposals_content where run_id = $1', [runId]),
  );
  expect(shown).toHaveLength(1);
});

it('tells of an equal proposal of the last day, and merges nothing', async () => {
  const farm = await runs.farm();
  const first = await runs.drafted(farm.hand, [sale()]);
  const second = await runs.drafted(farm.hand, [sale()]);
  const original = await runs.row('proposals', { run_id: first.runId });
  expect(await runs.row('proposals', { run_id: second.runId })).toMatchObject({
    possible_duplicate_of: original.id,
  });
  await runs.shiftClock('25 hours');
  const third = await runs.drafted(farm.hand, [sale({ due_at: new Date(Date.now() + 1e9).toISOString() })]);
  await runs.shiftClock('0');
  expect(await runs.row('proposals', { run_id: third.runId })).toMatchObject({ possible_duplicate_of: null });
});

it('logs what the AI advised on privileges, as advice', async () => {
  const { hospital } = runs.world;
  const { runId, gates } = await runs.drafted(hospital.staff, [grant()], 'credentialing.privileging');
  expect(gates).toMatchObject([{ seats: 2, roles: ['reviewer'] }]);
  expect(await runs.row('privileging_recommendation_log', { run_id: runId })).toMatchObject({
    actor_kind: 'ai_advisory',
  });
});

it('asks the senior where confidence stayed low', async () => {
  const { hospital } = runs.world;
  const { runId, aiRunId } = await runs.answered(hospital.staff, 'credentialing.privileging');
  await runs.call('worker', hospital.id, 'record_draft', runId, draft(aiRunId, [grant()], { senior: true }));
  expect((await runs.gates(hospital.id, runId))[0] as GateRow).toMatchObject({ roles: ['senior'] });
});

it('refuses a type that the purpose may not propose', async () => {
  const { farm } = runs.world;
  const { runId, aiRunId } = await runs.answered(farm.hand);
  expect(await stateOf(runs.call('worker', farm.id, 'record_draft', runId, draft(aiRunId, [grant()])))).toBe(
    'ZC004',
  );
});

it('comes too late for a run that is closed or taken back, and knows none of another tenant', async () => {
  const { farm, hospital } = runs.world;
  const [closed, withdrawn] = [await runs.answered(farm.hand), await runs.answered(farm.hand)];
  await runs.call('worker', farm.id, 'close_run', closed.runId, 'step_failed');
  await runs.call('api', farm.id, 'withdraw_run', withdrawn.runId, farm.hand.userId);
  const record = (tenantId: string, { runId, aiRunId }: typeof closed) =>
    runs.call('worker', tenantId, 'record_draft', runId, draft(aiRunId, [sale()]));
  expect(await record(farm.id, closed)).toEqual({ outcome: 'closed', gates: [] });
  expect(await record(farm.id, withdrawn)).toEqual({ outcome: 'withdrawn', gates: [] });
  expect(await stateOf(record(hospital.id, closed))).toBe('P0002');
});

it('applies nothing of a purpose with health data while the policy has a person review it', async () => {
  // The same purpose once more, as one that carries health data.
  await database.asOwner('__platform__', async (transaction) => {
    await transaction.rows(
      `insert into core.purposes select (r).* from (
         select jsonb_populate_record(p, jsonb_build_object('version', 99, 'phi', true)) as r
         from core.purposes p where name = 'farm.record' order by version desc limit 1) n`,
    );
    await transaction.rows(
      `insert into core.purpose_record_types (purpose, purpose_version, record_type)
       select distinct purpose, 99, record_type from core.purpose_record_types where purpose = 'farm.record'`,
    );
  });
  const farm = await runs.farm();
  const auto = { autonomy_tier: 'auto', auto_categories: ['note'] };
  await changePolicy(database, farm.owner, { ...auto, require_human_review_for_phi_extraction: true });
  const reviewed = await runs.drafted(farm.hand, [note()]);
  await changePolicy(database, farm.owner, { ...auto, require_human_review_for_phi_extraction: false });
  const applied = await runs.drafted(farm.hand, [note()]);
  expect(await runs.count('decisions', { run_id: reviewed.runId })).toBe(0);
  expect(await runs.count('decisions', { run_id: applied.runId })).toBe(1);
});
