import { createCompleter } from '../../../activities/gateway/complete';
import { isReachable, spreadMs } from '../../../activities/gateway/vendor-health';
import { ProviderError } from '../../../contract/model';
import { testDatabase } from '../../support/database';
import { failureOf, steps, type Farm } from '../support/steps';
import { bedrockServer, type Reply } from './support/bedrock-server';

/* An outage, over the wire: how it is noticed, what it spares the vendor and the budget, and how it ends. */

const server = bedrockServer();
const database = testDatabase();
const world = steps(database, { bedrockUrl: () => server.url });
const never = new AbortController().signal;
const DOWN: Reply = { status: 503, body: { __type: 'ServiceUnavailableException' } };
let farm: Farm;
let asked = 0;

async function shiftClock(by: string): Promise<void> {
  await database.asOwner(null, (transaction) =>
    transaction.rows('select app.shift_clock($1::interval)', [by]),
  );
}

beforeEach(async () => {
  server.forget();
  await world.closeBreakers();
  farm = await world.farm();
});
afterEach(async () => await shiftClock('0'));

async function run() {
  const question = `What is to be done about outage ${(asked += 1)}?`;
  return { tenantId: farm.id, runId: await world.scrubbed(farm.hand, 'farm.recommendation', { question }) };
}

async function complete(reference: Awaited<ReturnType<typeof run>>) {
  return await createCompleter(world.dependencies, { inFlightMsMax: 0 })(reference, 'primary', never);
}

async function breaker() {
  const [row] = await database.look<{ failures: number; openings: number; is_open: boolean }>(
    'select failures, openings, open_until is not null as is_open from core.vendor_breakers',
  );
  return row;
}

/** Ten failures in a row, of two runs. */
async function outage() {
  server.answer(() => DOWN);
  const [first, second] = [await run(), await run()];
  for (const reference of [first, second])
    for (let attempt = 1; attempt <= 5; attempt += 1)
      expect(await failureOf(complete(reference))).toMatchObject({ code: 'model_unavailable' });
  expect(server.requests).toHaveLength(10);
  return { first, second };
}

test('asks nobody while the breaker is open, holds nothing, and says when to come back', async () => {
  const { first } = await outage();
  const another = await run();
  for (const reference of [first, another]) {
    const { code, retryable, retryAfterMs } = await failureOf(complete(reference));
    expect([code, retryable]).toEqual(['model_unavailable', true]);
    expect(Number(retryAfterMs)).toBeGreaterThan(20_000);
    expect(Number(retryAfterMs)).toBeLessThanOrEqual(45_000);
  }
  expect(server.requests).toHaveLength(10);
  expect(await world.attempts(another.runId)).toEqual([]);
  expect(await world.calls(another.runId)).toEqual([]);
  expect(await world.account(farm.id)).toMatchObject({ held: 0n, spent: 0n });
});

test('ends with the first answer, for all workers', async () => {
  const { first, second } = await outage();
  expect(await breaker()).toEqual({ failures: 10, openings: 1, is_open: true });
  await shiftClock('31 seconds');
  server.forget();
  expect(await complete(first)).toMatchObject({ outcome: 'answered' });
  expect(await breaker()).toEqual({ failures: 0, openings: 0, is_open: false });
  expect(await complete(second)).toMatchObject({ outcome: 'answered' });
});

test('goes on when whoever finds out fails too', async () => {
  const { second } = await outage();
  await shiftClock('31 seconds');
  await failureOf(complete(await run()));
  expect(await breaker()).toMatchObject({ openings: 2, is_open: true });
  await failureOf(complete(second));
  expect(server.requests).toHaveLength(11);
});

test('a model that throttles is there: its breaker closes', async () => {
  await outage();
  await shiftClock('31 seconds');
  server.answer(() => ({ status: 429, body: { __type: 'ThrottlingException' } }));
  expect(await failureOf(complete(await run()))).toMatchObject({ code: 'model_throttled' });
  expect(await breaker()).toMatchObject({ failures: 0, is_open: false });
});

test('a call that was withdrawn, and a vendor that nobody speaks to, say nothing of the model', async () => {
  const reference = await run();
  const controller = new AbortController();
  server.reply({ manner: 'silent' });
  const called = createCompleter(world.dependencies, { inFlightMsMax: 0 })(
    reference,
    'primary',
    controller.signal,
  );
  await server.received(1);
  controller.abort();
  await called.catch(() => undefined);
  expect(await breaker()).toBeUndefined();
  expect(isReachable(new ProviderError('model_unavailable', 'fail', false))).toBeUndefined();
});

test('what answers, throttles, refuses or is unreadable is reachable; what is away or silent is not', () => {
  expect(isReachable(new ProviderError('model_refused', 'fail', true))).toBe(true);
  expect(isReachable(new ProviderError('model_malformed', 'retry_once', true))).toBe(true);
  expect(isReachable(new ProviderError('model_unavailable', 'retry', false))).toBe(false);
  expect(isReachable(new ProviderError('model_timeout', 'retry_once', true))).toBe(false);
});

test('spreads those who wait over half as long again', () => {
  expect([spreadMs(1_000, 0), spreadMs(1_000, 0.5), spreadMs(1_000, 1)]).toEqual([1_000, 1_250, 1_500]);
});
