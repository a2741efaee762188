import { ATTEMPTS_MAX, EMBEDDING_MODEL } from '../../contract/model';
import { testDatabase } from '../support/database';
import { randomUUID } from 'node:crypto';
import { changePolicy } from '../support/world';
import { hashOf, sqlRuns, type CallAnswer } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);

it('claims the call and holds its worst case against today, before anything is sent', async () => {
  const farm = await runs.farm();
  const runId = await runs.scrubbed(farm.hand);
  const call = await runs.begin(farm.id, runId);
  expect(call).toMatchObject({
    state: 'call',
    attempt: 1,
    vendor: 'local',
    max_output_tokens: '4000',
    prompt: '{"system": "s", "user": "u"}',
  });
  expect(await runs.row('ai_runs', { id: call.ai_run_id })).toMatchObject({
    status: 'claimed',
    kind: 'primary',
    requested_by: farm.hand.userId,
  });
  expect(await runs.row('ai_run_attempts', { ai_run_id: call.ai_run_id })).toMatchObject({
    state: 'open',
    held_nano_usd: 16_000n,
  });
  expect(await runs.row('accounts', { tenant_id: farm.id })).toMatchObject({ held_nano_usd: 16_000n });
  expect(await runs.row('run_calls', { run_id: runId })).toMatchObject({ billed: true });
});

it('gives the next attempt a number of its own, and charges the one that never answered at its worst case', async () => {
  const farm = await runs.farm();
  const runId = await runs.scrubbed(farm.hand);
  const first = await runs.begin(farm.id, runId);
  const second = await runs.begin(farm.id, runId);
  expect(second).toMatchObject({ state: 'call', attempt: 2, ai_run_id: first.ai_run_id });
  expect(await runs.row('ai_run_attempts', { ai_run_id: first.ai_run_id, attempt: 1 })).toMatchObject({
    state: 'lost',
    cost_nano_usd: 16_000n,
  });
  expect(await runs.row('accounts', { tenant_id: farm.id })).toMatchObject({
    held_nano_usd: 16_000n,
    spent_nano_usd: 16_000n,
  });
  expect((await runs.finish(farm.id, first)).state).toBe('fenced');
  expect((await runs.finish(farm.id, second)).state).toBe('finished');
});

it.each([
  [
    'by the code of the last one',
    { status: 'failed', code: 'model_throttled', may_be_billed: false, final: false },
  ],
  ['as a failed step, when it never answered', undefined],
])('fails a call for good after as many attempts as the contract says, %s', async (_how, result) => {
  const farm = await runs.farm();
  const runId = await runs.scrubbed(farm.hand);
  const code = result?.code ?? 'step_failed';
  for (let attempt = 1; attempt <= ATTEMPTS_MAX.retry; attempt += 1) {
    const call = await runs.begin(farm.id, runId);
    expect(call).toMatchObject({ state: 'call', attempt });
    if (result) expect(await runs.finish(farm.id, call, result)).toEqual({ state: 'retry' });
  }
  const over = { state: 'failed', code };
  expect(await runs.begin(farm.id, runId)).toEqual(over);
  expect(await runs.begin(farm.id, runId)).toEqual(over);
  expect(await runs.row('ai_runs', { run_id: runId })).toMatchObject({ status: 'failed', error_code: code });
  expect(await runs.count('ai_run_attempts', { tenant_id: farm.id })).toBe(ATTEMPTS_MAX.retry);
  expect(await runs.row('accounts', { tenant_id: farm.id })).toMatchObject({
    held_nano_usd: 0n,
    spent_nano_usd: result ? 0n : 16_000n * BigInt(ATTEMPTS_MAX.retry),
  });
});

it('links a later run with the same call key to the stored answer, unbilled', async () => {
  const farm = await runs.farm();
  const keyOf = randomUUID();
  const first = await runs.scrubbed(farm.hand, 'farm.record', keyOf);
  const call = await runs.begin(farm.id, first);
  const meanwhile = await runs.scrubbed(farm.hand, 'farm.record', keyOf);
  expect((await runs.begin(farm.id, meanwhile)).state).toBe('in_flight');
  await runs.finish(farm.id, call);
  expect(await runs.begin(farm.id, meanwhile)).toEqual({
    state: 'answered',
    ai_run_id: call.ai_run_id,
    output: null,
  });
  expect(await runs.row('run_calls', { run_id: meanwhile })).toMatchObject({ billed: false });
  expect(await runs.count('ai_runs', { tenant_id: farm.id })).toBe(1);
});

it('lets one of ten runs with one call key call, at once', async () => {
  const farm = await runs.farm();
  const keyOf = randomUUID();
  const ids = await Promise.all(
    Array.from({ length: 10 }, () => runs.scrubbed(farm.hand, 'farm.record', keyOf)),
  );
  const states = (await Promise.all(ids.map((id) => runs.begin(farm.id, id))))
    .map(({ state }) => state)
    .sort();
  expect(states).toEqual(['call', ...Array.from({ length: 9 }, () => 'in_flight')]);
});

it.each([
  ['tenant_paused', { paused: true }],
  ['vendor_paused', { paused_vendors: ['local'] }],
  ['budget_exhausted', { daily_token_budget_nano_usd: '1' }],
])('checks again at the door: %s', async (code, change) => {
  const farm = await runs.farm();
  const runId = await runs.scrubbed(farm.hand);
  await changePolicy(database, farm.owner, change);
  expect(await runs.begin(farm.id, runId)).toEqual({ state: 'refused', code });
  expect(await runs.count('ai_runs', { run_id: runId })).toBe(0);
  expect(await runs.row('accounts', { tenant_id: farm.id })).toMatchObject({ held_nano_usd: 0n });
});

it('calls a model for embeddings by the key and text that it is given, and answers them with their text', async () => {
  const { hand, id } = runs.world.farm;
  const runId = await runs.reserved(hand);
  const { vendor, model, region } = EMBEDDING_MODEL;
  const embed = () =>
    runs.call<CallAnswer>(
      'worker',
      id,
      'begin_call',
      runId,
      'embedding',
      hashOf(runId),
      'a query',
      vendor,
      model,
      region,
    );
  const call = await embed();
  expect(call.state).toBe('call');
  await runs.finish(id, call, {
    status: 'answered',
    output: '[0.1]',
    input_tokens: '1',
    output_tokens: '0',
    cache_read_tokens: '0',
    cache_write_tokens: '0',
    latency_ms: '1',
  });
  expect(await embed()).toMatchObject({ state: 'answered', output: '[0.1]' });
});

describe('is refused', () => {
  it('for a run that holds no credit', async () => {
    const { farm } = runs.world;
    const runId = await runs.accept(farm.hand);
    expect(await stateOf(runs.begin(farm.id, runId))).toBe('ZC004');
  });

  it('without a key or a model', async () => {
    const { farm } = runs.world;
    const runId = await runs.reserved(farm.hand);
    expect(await stateOf(runs.begin(farm.id, runId))).toBe('ZC004');
  });

  it('for a run that is closed, settled or taken back', async () => {
    const { farm } = runs.world;
    const [closed, settled, withdrawn] = [
      await runs.scrubbed(farm.hand),
      await runs.scrubbed(farm.hand),
      await runs.scrubbed(farm.hand),
    ];
    await runs.call('worker', farm.id, 'close_run', closed, 'step_failed');
    await runs.call('worker', farm.id, 'settle_run', settled);
    await runs.call('api', farm.id, 'withdraw_run', withdrawn, farm.hand.userId);
    for (const runId of [closed, settled, withdrawn])
      expect(await runs.begin(farm.id, runId)).toEqual({ state: 'closed' });
  });

  it('for a run of another tenant', async () => {
    const runId = await runs.scrubbed(runs.world.farm.hand);
    expect(await stateOf(runs.begin(runs.world.hospital.id, runId))).toBe('P0002');
  });
});
