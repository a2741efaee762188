import { testDatabase } from '../support/database';
import { sqlRuns } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);

const one = {
  ordinal: 0,
  name: 'a',
  version: 1,
  verdict: 'fail',
  severity: 'block',
  reason: 'Something is off.',
};

it('stores each eval once, with the run’s confidence', async () => {
  const { farm } = runs.world;
  const { runId, aiRunId } = await runs.answered(farm.hand);
  const record = () =>
    runs.call(
      'worker',
      farm.id,
      'record_evaluation',
      runId,
      aiRunId,
      750,
      JSON.stringify([one, { ...one, ordinal: 1 }]),
    );
  expect(await Promise.all([record(), record()])).toEqual([{ outcome: 'recorded' }, { outcome: 'recorded' }]);
  expect(await runs.count('ai_evals', { run_id: runId })).toBe(2);
  expect(await runs.row('runs', { id: runId })).toMatchObject({ step: 'draft', confidence_permille: 750 });
});

it('refuses a verdict that is none, a call of another tenant, and a closed run', async () => {
  const { farm, hospital } = runs.world;
  const { runId, aiRunId } = await runs.answered(farm.hand);
  const record = (tenantId: string, evals: readonly object[], call = aiRunId) =>
    runs.call('worker', tenantId, 'record_evaluation', runId, call, 1, JSON.stringify(evals));
  expect(await stateOf(record(farm.id, [{ ...one, verdict: 'perhaps' }]))).toBe('23514');
  expect(await stateOf(record(hospital.id, [one]))).toBe('P0002');
  const theirs = await runs.answered(hospital.staff, 'credentialing.privileging');
  expect(await stateOf(record(farm.id, [one], theirs.aiRunId))).toBe('23503');
  await runs.call('worker', farm.id, 'close_run', runId, 'step_failed');
  expect(await record(farm.id, [one])).toEqual({ outcome: 'closed' });
});
