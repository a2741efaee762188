import { testDatabase } from '../support/database';
import { sqlRuns } from './support/runs';

const database = testDatabase();
const runs = sqlRuns(database);

it('fails the claim, keeps what may have been billed, frees the key and releases the credit', async () => {
  const farm = await runs.farm(2n);
  const runId = await runs.scrubbed(farm.hand);
  const call = await runs.begin(farm.id, runId);
  expect(await runs.call('worker', farm.id, 'give_up_call', runId, 'primary', 'model_unavailable')).toEqual({
    outcome: 'released',
  });
  expect(await runs.row('ai_runs', { id: call.ai_run_id })).toMatchObject({
    status: 'failed',
    error_code: 'model_unavailable',
    cost_nano_usd: 16_000n,
  });
  expect(await runs.row('accounts', { tenant_id: farm.id })).toMatchObject({
    balance_credits: 2n,
    held_nano_usd: 0n,
    spent_nano_usd: 16_000n,
  });
  expect(await runs.row('pages', { tenant_id: farm.id })).toMatchObject({ code: 'model_unavailable' });
  expect(await runs.call('worker', farm.id, 'give_up_call', runId, 'primary', 'model_unavailable')).toEqual({
    outcome: 'released',
  });
  expect(await runs.count('credit_ledger', { run_id: runId })).toBe(2);
});

it('keeps the credit for an advisor that does not answer, and for a primary that did', async () => {
  const { hospital } = runs.world;
  const { runId } = await runs.answered(hospital.staff, 'credentialing.privileging');
  await runs.begin(hospital.id, runId, 'advisor');
  for (const kind of ['advisor', 'primary'])
    expect(await runs.call('worker', hospital.id, 'give_up_call', runId, kind, 'model_timeout')).toEqual({
      outcome: 'given_up',
    });
  expect(await runs.row('runs', { id: runId })).toMatchObject({ settled_at: null });
});
