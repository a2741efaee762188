import { testDatabase } from '../support/database';
import { ANSWERED, sqlRuns } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);

const failed = (more: object) => ({
  status: 'failed',
  code: 'model_timeout',
  may_be_billed: false,
  final: false,
  ...more,
});

it('turns the hold into the actual cost, and freezes the call', async () => {
  const farm = await runs.farm();
  const call = await runs.begin(farm.id, await runs.scrubbed(farm.hand));
  expect(await runs.finish(farm.id, call)).toEqual({ state: 'finished' });
  expect(await runs.row('ai_runs', { id: call.ai_run_id })).toMatchObject({
    status: 'succeeded',
    input_tokens: 10n,
    output_tokens: 5n,
    cost_nano_usd: 20n,
  });
  expect(await runs.row('accounts', { tenant_id: farm.id })).toMatchObject({
    held_nano_usd: 0n,
    spent_nano_usd: 20n,
  });
  expect(await runs.finish(farm.id, call)).toEqual({ state: 'fenced' });
  expect(await runs.row('accounts', { tenant_id: farm.id })).toMatchObject({ spent_nano_usd: 20n });
});

it('takes one of two answers to one attempt', async () => {
  const { farm } = runs.world;
  const call = await runs.begin(farm.id, await runs.scrubbed(farm.hand));
  const states = (await Promise.all([1, 2, 3, 4].map(() => runs.finish(farm.id, call)))).map(
    ({ state }) => state,
  );
  expect(states.sort()).toEqual(['fenced', 'fenced', 'fenced', 'finished']);
});

it('charges the worst case where the vendor may have billed, and nothing where it surely did not', async () => {
  const farm = await runs.farm();
  const runId = await runs.scrubbed(farm.hand);
  expect(await runs.finish(farm.id, await runs.begin(farm.id, runId), failed({}))).toEqual({
    state: 'retry',
  });
  expect(await runs.row('accounts', { tenant_id: farm.id })).toMatchObject({
    held_nano_usd: 0n,
    spent_nano_usd: 0n,
  });
  const call = await runs.begin(farm.id, runId);
  expect(await runs.finish(farm.id, call, failed({ may_be_billed: true, final: true }))).toEqual({
    state: 'failed',
  });
  expect(await runs.row('accounts', { tenant_id: farm.id })).toMatchObject({
    held_nano_usd: 0n,
    spent_nano_usd: 16_000n,
  });
  expect(await runs.row('ai_runs', { id: call.ai_run_id })).toMatchObject({
    status: 'failed',
    error_code: 'model_timeout',
    cost_nano_usd: 16_000n,
  });
  expect(await runs.begin(farm.id, runId)).toEqual({ state: 'failed', code: 'model_timeout' });
});

it('comes too late for a run that was closed: the call has failed, at its worst case', async () => {
  const { farm } = runs.world;
  const runId = await runs.scrubbed(farm.hand);
  const call = await runs.begin(farm.id, runId);
  await runs.call('worker', farm.id, 'close_run', runId, 'step_failed');
  expect(await runs.finish(farm.id, call)).toEqual({ state: 'fenced' });
  expect(await runs.row('ai_runs', { id: call.ai_run_id })).toMatchObject({
    status: 'failed',
    cost_nano_usd: 16_000n,
  });
});

it('refuses counts below nothing, and calls of another tenant', async () => {
  const { farm, hospital } = runs.world;
  const call = await runs.begin(farm.id, await runs.scrubbed(farm.hand));
  expect(await stateOf(runs.finish(farm.id, call, { ...ANSWERED, input_tokens: '-1' }))).toBe('23514');
  expect(await stateOf(runs.finish(hospital.id, call))).toBe('P0002');
  expect((await runs.finish(farm.id, call)).state).toBe('finished');
});

it('charges what a vendor counts beyond all that was held, and pages', async () => {
  const farm = await runs.farm();
  const runId = await runs.scrubbed(farm.hand);
  const call = await runs.begin(farm.id, runId);
  await runs.finish(farm.id, call, { ...ANSWERED, input_tokens: '20000' });
  expect(await runs.row('accounts', { tenant_id: farm.id })).toMatchObject({
    held_nano_usd: 0n,
    spent_nano_usd: 20_010n,
  });
  expect(await runs.row('pages', { tenant_id: farm.id })).toMatchObject({
    code: 'cost_above_hold',
    count: 1n,
  });

  const usual = await runs.scrubbed(farm.hand);
  await runs.finish(farm.id, await runs.begin(farm.id, usual));
  expect(await runs.row('pages', { tenant_id: farm.id })).toMatchObject({ count: 1n });
});
