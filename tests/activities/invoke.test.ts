import { CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { testDatabase } from '../support/database';
import { bedrockServer } from './gateway/support/bedrock-server';
import { ANSWER, converseAnswer } from './gateway/support/converse';
import { activityEnvironment, failureOf, inActivity, note, output, proposal, steps } from './support/steps';

const server = bedrockServer();
const database = testDatabase();
const world = steps(database, { bedrockUrl: () => server.url });
let asked = 0;

afterEach(() => server.forget());

async function run() {
  const farm = await world.farm();
  const question = { question: `Is it time to look at house ${(asked += 1)}?` };
  const runId = await world.scrubbed(farm.hand, 'farm.recommendation', question);
  return { tenantId: farm.id, runId, kind: 'primary' as const };
}

test('calls the model of the purpose and stores its answer', async () => {
  const request = await run();
  expect(await inActivity(() => world.activities.invoke(request))).toEqual({
    outcome: 'answered',
    code: null,
  });
  expect(await world.contents(request.runId, 'output')).toEqual([JSON.stringify(ANSWER)]);
  expect(await world.run(request.runId)).toMatchObject({ step: 'evaluate' });
});

test('reads a note with the local rules, for one call and no cost beyond its price', async () => {
  const farm = await world.farm();
  const runId = await world.scrubbed(farm.hand, 'farm.record', note('12 broilers died in House 3'));
  await inActivity(() => world.activities.invoke({ tenantId: farm.id, runId, kind: 'primary' }));
  const [text] = await world.contents(runId, 'output');
  expect(JSON.parse(text ?? '')).toMatchObject({
    proposals: [{ record_type: 'mortality', payload: { count: 12 } }],
  });
  expect(server.requests).toHaveLength(0);
});

test('tells Temporal that it is alive for as long as the model thinks', async () => {
  const request = await run();
  server.reply({ after: new Promise((resolve) => setTimeout(resolve, 4_500)), body: converseAnswer(ANSWER) });
  const environment = activityEnvironment();
  let beats = 0;
  environment.on('heartbeat', () => (beats += 1));
  await inActivity(() => world.activities.invoke(request), environment);
  expect(beats).toBe(2);
  await new Promise((resolve) => setTimeout(resolve, 2_200));
  expect(beats).toBe(2);
});

test('a withdrawal reaches the call, and what it may have cost is recorded', async () => {
  const request = await run();
  server.reply({ manner: 'silent' });
  const environment = activityEnvironment();
  const called = inActivity(() => world.activities.invoke(request), environment);
  await server.received(1);
  environment.cancel('CANCELLED');
  expect(await called).toEqual({ outcome: 'failed', code: 'model_timeout' });
  expect(await world.attempts(request.runId)).toMatchObject([{ state: 'maybe_billed' }]);
});

test('a worker that drains leaves the call to another', async () => {
  const request = await run();
  server.reply({ manner: 'silent' });
  const environment = activityEnvironment();
  const called = inActivity(() => world.activities.invoke(request), environment);
  await server.received(1);
  environment.cancel('WORKER_SHUTDOWN');
  const failed = await failureOf(called);
  expect(failed).toMatchObject({ code: 'model_timeout', retryable: true });
  expect(await inActivity(() => world.activities.invoke(request))).toMatchObject({ outcome: 'answered' });
  expect(await world.calls(request.runId)).toMatchObject([{ status: 'succeeded' }]);
});

test('no error of it carries anything but a code', async () => {
  const request = await run();
  server.reply({ status: 503, body: { __type: 'ServiceUnavailableException', message: 'CANARY' } });
  const thrown: unknown = await inActivity(() => world.activities.invoke(request)).catch(
    (error: unknown) => error,
  );
  expect(thrown).not.toBeInstanceOf(CancelledFailure);
  expect(String(thrown)).toBe('CodedFailure: model_unavailable');
  expect((thrown as Error).cause).toBeUndefined();
});

describe('a call that can not begin, because its model is known to be down', () => {
  const UNBEGUN_MS_MAX = 600_000;

  beforeEach(async () => {
    await world.closeBreakers();
    const { vendor, model, region } = world.world.registry.purpose('farm.recommendation', 1).model;
    await database.asOwner('__platform__', (transaction) =>
      transaction.rows(
        `insert into core.vendor_breakers (vendor, model, region, failures, openings, open_until, changed_at)
         values ($1, $2, $3, 10, 4, app.now() + interval '5 minutes', app.now())`,
        [vendor, model, region],
      ),
    );
  });
  afterEach(() => world.closeBreakers());

  /** An activity task whose predecessor has told since when the call can't begin. */
  function environmentAfter(waitedMs: number | undefined): MockActivityEnvironment {
    const heartbeatDetails = waitedMs === undefined ? undefined : Date.now() - waitedMs;
    return new MockActivityEnvironment({ heartbeatDetails }, { logger: new DefaultLogger('ERROR') });
  }

  test('tells the next task since when, and comes back', async () => {
    const request = await run();
    const environment = environmentAfter(undefined);
    const beats: unknown[] = [];
    environment.on('heartbeat', (details) => beats.push(details));
    const before = Date.now();
    expect(await failureOf(inActivity(() => world.activities.invoke(request), environment))).toMatchObject({
      code: 'model_unavailable',
      retryable: true,
    });
    expect(beats).toHaveLength(1);
    expect(Number(beats[0])).toBeGreaterThanOrEqual(before);
    expect(Number(beats[0])).toBeLessThanOrEqual(Date.now());
  });

  test('comes back no later than its patience ends', async () => {
    const request = await run();
    const { retryable, retryAfterMs } = await failureOf(
      inActivity(() => world.activities.invoke(request), environmentAfter(UNBEGUN_MS_MAX - 30_000)),
    );
    expect(retryable).toBe(true);
    expect(Number(retryAfterMs)).toBeGreaterThan(20_000);
    expect(Number(retryAfterMs)).toBeLessThanOrEqual(30_000);
  });

  test('is given up after ten minutes: nothing was claimed, sent or held', async () => {
    const request = await run();
    const called = inActivity(() => world.activities.invoke(request), environmentAfter(UNBEGUN_MS_MAX));
    expect(await called).toEqual({ outcome: 'failed', code: 'model_unavailable' });
    expect(await world.calls(request.runId)).toEqual([]);
    expect(server.requests).toHaveLength(0);
    await world.activities.giveUp({ ...request, code: 'model_unavailable' });
    expect(await world.run(request.runId)).toMatchObject({ actual_credits: 0n, reserved_credits: 1n });
  });

  test('begins after all when the model is back, however long that took', async () => {
    const request = await run();
    await world.closeBreakers();
    const called = inActivity(() => world.activities.invoke(request), environmentAfter(2 * UNBEGUN_MS_MAX));
    expect(await called).toEqual({ outcome: 'answered', code: null });
  });
});

describe('the advisor', () => {
  test('is a call of its own, linked to the primary one', async () => {
    const { hospital, registry } = world.world;
    const purpose = registry.purpose('credentialing.privileging', 1);
    const runId = await world.scrubbed(hospital.staff, purpose.name, purpose.example);
    const request = { tenantId: hospital.id, runId };
    await inActivity(() => world.activities.invoke({ ...request, kind: 'primary' }));
    await inActivity(() => world.activities.invoke({ ...request, kind: 'advisor' }));
    const [primary, advisor] = await database.look<{ id: string; kind: string; parent_id: string | null }>(
      'select id, kind, parent_id from core.ai_runs where run_id = $1 order by claimed_at',
      [runId],
    );
    expect(primary).toMatchObject({ kind: 'primary', parent_id: null });
    expect(advisor).toMatchObject({ kind: 'advisor', parent_id: primary?.id });
  });

  test('of a purpose that has none is a fault of the caller', async () => {
    const request = { ...(await run()), kind: 'advisor' as const };
    await expect(inActivity(() => world.activities.invoke(request))).rejects.toMatchObject({ code: 'ZC004' });
  });
});

test('the answer of a model that was called by another run under the same key is shared', async () => {
  const farm = await world.farm();
  const input = note('Nothing special was seen in House 3, says nobody.');
  const first = await world.answered(
    farm.hand,
    input,
    output([proposal('note', { text: 'x', occurred_on: '2025-11-10' })]),
  );
  const second = await world.answered(farm.hand, input, output([]));
  const [one, two] = [await world.calls(first), await world.calls(second)];
  expect(two[0]?.id).toBe(one[0]?.id);
  expect(two[0]?.billed).toBe(false);
});
