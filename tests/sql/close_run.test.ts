import { testDatabase } from '../support/database';
import { note, sale, sqlRuns, type GateRow } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);

const close = (tenantId: string, runId: string, code: string | null = null) =>
  runs.call('worker', tenantId, 'close_run', runId, code);

it('closes with the proposals’ outcome, or mixed, and names by hash all that the run produced', async () => {
  const { farm } = runs.world;
  const { runId, gates } = await runs.drafted(farm.hand, [sale(), note()]);
  await runs.decide(farm.owner, gates[0] as GateRow, 'approve');
  expect(await stateOf(close(farm.id, runId))).toBe('ZC004');
  await runs.decide(farm.owner, gates[1] as GateRow, 'reject');
  expect(await close(farm.id, runId)).toEqual({ outcome: 'mixed', code: null });
  expect(await close(farm.id, runId, 'step_failed')).toEqual({ outcome: 'mixed', code: null });
  const closing = await runs.row('audit_log', { run_id: runId, type: 'run.closed' });
  const { body } = JSON.parse(String(closing.payload)) as { body: Record<string, readonly unknown[]> };
  expect([body.calls, body.proposals, body.decisions, body.records].map((list) => list?.length)).toEqual([
    1, 2, 2, 1,
  ]);
  expect(await runs.count('worklist', { ref_id: runId })).toBe(0);
});

it('closes a run without proposals as nothing, and one that could not go on as failed, with its code', async () => {
  const { farm } = runs.world;
  expect(await close(farm.id, (await runs.answered(farm.hand)).runId)).toEqual({
    outcome: 'nothing',
    code: null,
  });
  const failed = await runs.reserved(farm.hand);
  expect(await close(farm.id, failed, 'prompt_too_long')).toEqual({
    outcome: 'failed',
    code: 'prompt_too_long',
  });
  expect(await runs.row('runs', { id: failed })).toMatchObject({
    state: 'closed',
    step: 'audit',
    actual_credits: 0n,
  });
});

it('does not count what an eval kept from view', async () => {
  const { farm } = runs.world;
  const manual = sale({ kind: 'manual', payload: '{}', confidence_permille: null });
  const { runId, gates } = await runs.drafted(farm.hand, [sale({ shown: false }), manual]);
  await runs.decide(farm.owner, gates[0] as GateRow, 'reject');
  expect(await close(farm.id, runId)).toEqual({ outcome: 'rejected', code: null });
});

it('settles the hold, and loses a call that is still open', async () => {
  const farm = await runs.farm(1n);
  const runId = await runs.scrubbed(farm.hand);
  const call = await runs.begin(farm.id, runId);
  expect(await close(farm.id, runId, 'workflow_lost')).toMatchObject({ outcome: 'failed' });
  expect(await runs.row('ai_runs', { id: call.ai_run_id })).toMatchObject({
    status: 'failed',
    error_code: 'workflow_lost',
  });
  expect(await runs.row('accounts', { tenant_id: farm.id })).toMatchObject({
    balance_credits: 1n,
    held_nano_usd: 0n,
  });
});

it('is once, at once, and knows no run of another tenant', async () => {
  const { farm, hospital } = runs.world;
  const { runId } = await runs.answered(farm.hand);
  expect(await stateOf(close(hospital.id, runId))).toBe('P0002');
  const answers = await Promise.all([
    close(farm.id, runId),
    close(farm.id, runId),
    close(farm.id, runId, 'step_failed'),
  ]);
  expect(new Set(answers.map(({ outcome }) => outcome)).size).toBe(1);
  expect((await runs.events(runId)).filter((type) => type === 'run.closed')).toHaveLength(1);
});
