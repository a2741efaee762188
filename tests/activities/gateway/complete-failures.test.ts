import { CancelledFailure } from '@temporalio/common';
import { createCompleter } from '../../../activities/gateway/complete';
import { ProviderError, type CompletionAnswer, type Provider } from '../../../contract/model';
import { createRegistry } from '../../../packs/registry';
import { testDatabase } from '../../support/database';
import { failureOf, steps, type Farm } from '../support/steps';
import { bedrockServer, type Reply } from './support/bedrock-server';
import { ANSWER, converseAnswer } from './support/converse';

/* What becomes of a call that goes wrong: its attempts, what they cost, and what is never stored. */

const server = bedrockServer();
const database = testDatabase();
const world = steps(database, { bedrockUrl: () => server.url });

const WORST = 16_000n;
const ACTUAL = 140n;
const never = new AbortController().signal;
let farm: Farm;
let asked = 0;

beforeEach(async () => {
  server.forget();
  await world.closeBreakers();
  farm = await world.farm();
});

async function run() {
  const question = `What is to be done about fault ${(asked += 1)}?`;
  return { tenantId: farm.id, runId: await world.scrubbed(farm.hand, 'farm.recommendation', { question }) };
}

function complete(providers: Readonly<Record<string, Provider>> = {}) {
  return createCompleter(world.withProviders(providers), { inFlightMsMax: 0 });
}

describe('by kind of error', () => {
  test('what was surely not billed costs nothing, and the next attempt answers', async () => {
    const reference = await run();
    server.reply(
      { status: 503, body: { __type: 'ServiceUnavailableException' } },
      { status: 429, body: { __type: 'ThrottlingException' }, headers: { 'retry-after': '7' } },
    );
    expect(await failureOf(complete()(reference, 'primary', never))).toEqual({
      code: 'model_unavailable',
      retryable: true,
      retryAfterMs: null,
    });
    expect(await failureOf(complete()(reference, 'primary', never))).toEqual({
      code: 'model_throttled',
      retryable: true,
      retryAfterMs: 7_000,
    });
    expect(await complete()(reference, 'primary', never)).toMatchObject({ outcome: 'answered' });
    expect(await world.attempts(reference.runId)).toMatchObject([
      { attempt: 1, state: 'unbilled', cost_nano_usd: 0n, error_code: 'model_unavailable' },
      { attempt: 2, state: 'unbilled', cost_nano_usd: 0n, error_code: 'model_throttled' },
      { attempt: 3, state: 'answered', cost_nano_usd: ACTUAL },
    ]);
    expect(await world.calls(reference.runId)).toMatchObject([
      { status: 'succeeded', cost_nano_usd: ACTUAL },
    ]);
    expect(await world.account(farm.id)).toMatchObject({ held: 0n, spent: ACTUAL });
  });

  test('a vendor that asks for days gets minutes', async () => {
    const reference = await run();
    server.reply({
      status: 429,
      body: { __type: 'ThrottlingException' },
      headers: { 'retry-after': '999999999' },
    });
    expect(await failureOf(complete()(reference, 'primary', never))).toMatchObject({ retryAfterMs: 300_000 });
  });

  test('what may have been billed is charged at its worst case, tried once more, and then over', async () => {
    const reference = await run();
    const broken: Reply = { manner: 'reset' };
    server.reply(broken, broken);
    expect(await failureOf(complete()(reference, 'primary', never))).toMatchObject({
      code: 'model_unavailable',
    });
    expect(await complete()(reference, 'primary', never)).toEqual({
      outcome: 'failed',
      code: 'model_unavailable',
    });
    expect(await complete()(reference, 'primary', never)).toEqual({
      outcome: 'failed',
      code: 'model_unavailable',
    });
    expect(server.requests).toHaveLength(2);
    expect(await world.attempts(reference.runId)).toMatchObject([
      { state: 'maybe_billed', cost_nano_usd: WORST },
      { state: 'maybe_billed', cost_nano_usd: WORST },
    ]);
    expect(await world.calls(reference.runId)).toMatchObject([
      { status: 'failed', cost_nano_usd: 2n * WORST },
    ]);
    expect(await world.account(farm.id)).toMatchObject({ held: 0n, spent: 2n * WORST });
  });

  test('what asking again does not change is over at once', async () => {
    const reference = await run();
    server.reply({ status: 403, body: { __type: 'AccessDeniedException' } });
    expect(await complete()(reference, 'primary', never)).toEqual({
      outcome: 'failed',
      code: 'model_refused',
    });
    expect(await world.attempts(reference.runId)).toMatchObject([{ state: 'unbilled', cost_nano_usd: 0n }]);
  });
});

describe('a worker that dies in the middle', () => {
  test('leaves an attempt open, which the next one charges at its worst case', async () => {
    const reference = await run();
    const begun = await database.as('worker', farm.id, (transaction) =>
      transaction.value<{ ai_run_id: string; attempt: number }>('select app.begin_call($1, $2)', [
        reference.runId,
        'primary',
      ]),
    );
    expect(await complete()(reference, 'primary', never)).toMatchObject({ outcome: 'answered' });
    expect(await world.attempts(reference.runId)).toMatchObject([
      { attempt: 1, state: 'lost', cost_nano_usd: WORST, error_code: 'attempt_lost' },
      { attempt: 2, state: 'answered', cost_nano_usd: ACTUAL },
    ]);
    expect(await world.calls(reference.runId)).toMatchObject([{ cost_nano_usd: WORST + ACTUAL }]);
    expect(await world.account(farm.id)).toMatchObject({ held: 0n, spent: WORST + ACTUAL });
    expect(begun.attempt).toBe(1);
  });

  test('and comes back as a zombie: its late answer is refused', async () => {
    const reference = await run();
    let release = (): void => undefined;
    const late = { ...ANSWER, confidence_origin: 'late' };
    server.reply({ after: new Promise<void>((resolve) => (release = resolve)), body: converseAnswer(late) });
    const zombie = complete()(reference, 'primary', never);
    await server.received(1);
    expect(await complete()(reference, 'primary', never)).toMatchObject({ outcome: 'answered' });
    release();
    expect(await failureOf(zombie)).toMatchObject({ code: 'call_fenced', retryable: true });
    expect(await world.contents(reference.runId, 'output')).toEqual([JSON.stringify(ANSWER)]);
    expect(await world.attempts(reference.runId)).toMatchObject([{ state: 'lost' }, { state: 'answered' }]);
  });

  test('and the run has ended meanwhile: the answer is refused too', async () => {
    const reference = await run();
    let release = (): void => undefined;
    server.reply({
      after: new Promise<void>((resolve) => (release = resolve)),
      body: converseAnswer(ANSWER),
    });
    const zombie = complete()(reference, 'primary', never);
    await server.received(1);
    await world.activities.audit({ ...reference, code: 'workflow_lost' });
    release();
    expect(await failureOf(zombie)).toMatchObject({ code: 'call_fenced' });
    expect(await world.contents(reference.runId, 'output')).toEqual([]);
    expect(await world.calls(reference.runId)).toMatchObject([{ status: 'failed', cost_nano_usd: WORST }]);
  });
});

describe('an aborted call', () => {
  async function aborted(reason: unknown) {
    const reference = await run();
    const controller = new AbortController();
    server.reply({ manner: 'silent' });
    const called = complete()(reference, 'primary', controller.signal);
    await server.received(1);
    controller.abort(reason);
    return { reference, called };
  }

  test.each(['CANCELLED', 'NOT_FOUND'])('%s is over, and may be billed', async (reason) => {
    const { reference, called } = await aborted(new CancelledFailure(reason));
    expect(await called).toEqual({ outcome: 'failed', code: 'model_timeout' });
    expect(await complete()(reference, 'primary', never)).toEqual({
      outcome: 'failed',
      code: 'model_timeout',
    });
    expect(await world.attempts(reference.runId)).toMatchObject([
      { state: 'maybe_billed', cost_nano_usd: WORST },
    ]);
  });

  test.each(['WORKER_SHUTDOWN', 'TIMED_OUT', 'PAUSED'])(
    '%s leaves the call to another worker',
    async (reason) => {
      const { reference, called } = await aborted(new CancelledFailure(reason));
      expect(await failureOf(called)).toMatchObject({ code: 'model_timeout', retryable: true });
      expect(await complete()(reference, 'primary', never)).toMatchObject({ outcome: 'answered' });
      expect(await world.calls(reference.runId)).toMatchObject([
        { status: 'succeeded', cost_nano_usd: WORST + ACTUAL },
      ]);
    },
  );

  test('before it was sent costs nothing', async () => {
    const reference = await run();
    const signal = AbortSignal.abort(new CancelledFailure('CANCELLED'));
    expect(await complete()(reference, 'primary', signal)).toMatchObject({ outcome: 'failed' });
    expect(server.requests).toHaveLength(0);
    expect(await world.attempts(reference.runId)).toMatchObject([{ state: 'unbilled', cost_nano_usd: 0n }]);
  });
});

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = { a: value };
  return value;
}

/** JSON text, since `JSON.stringify` itself gives up on such depths. */
function deepText(depth: number): string {
  return `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;
}

describe('an answer that must not be stored', () => {
  const withText = (text: string): object => ({ ...ANSWER, confidence_origin: text });
  test.each<[string, unknown]>([
    ['nested 33 deep', nested(33)],
    ['with U+0000', withText('a\u0000b')],
    ['with U+0000 in a key', { ...ANSWER, ['a\u0000']: 1 }],
    ['with half a surrogate pair', withText('\ud83d')],
    ['with the other half in a key', { ...ANSWER, ['\udc69']: 1 }],
  ])('%s is malformed', async (_name, output) => {
    const reference = await run();
    const bad: Reply = { body: converseAnswer(output) };
    server.reply(bad, bad);
    expect(await failureOf(complete()(reference, 'primary', never))).toMatchObject({
      code: 'model_malformed',
      retryable: true,
    });
    expect(await complete()(reference, 'primary', never)).toEqual({
      outcome: 'failed',
      code: 'model_malformed',
    });
    expect(await world.contents(reference.runId, 'output')).toEqual([]);
    expect(await world.attempts(reference.runId)).toMatchObject([
      { state: 'maybe_billed', error_code: 'model_malformed' },
      { state: 'maybe_billed', error_code: 'model_malformed' },
    ]);
  });

  test.each([1_000, 10_000, 100_000])('nested %i deep on the wire is no answer either', async (depth) => {
    const reference = await run();
    const body = JSON.stringify(converseAnswer('DEEP')).replace('"DEEP"', deepText(depth));
    server.reply({ body });
    const failed = await failureOf(complete()(reference, 'primary', never));
    expect(failed.retryable).toBe(true);
    expect(await world.contents(reference.runId, 'output')).toEqual([]);
    expect(await world.attempts(reference.runId)).toMatchObject([{ state: 'maybe_billed' }]);
  });

  test('nested 32 deep is stored', async () => {
    const reference = await run();
    server.reply({ body: converseAnswer(nested(32)) });
    expect(await complete()(reference, 'primary', never)).toMatchObject({ outcome: 'answered' });
  });

  test('text that merely spells an escape is stored as it is', async () => {
    const reference = await run();
    const spelt = withText('the characters \\u0000 and \\ud83d, and a whole 👩🏽‍⚕️');
    server.reply({ body: converseAnswer(spelt) });
    expect(await complete()(reference, 'primary', never)).toMatchObject({ outcome: 'answered' });
    expect(await world.contents(reference.runId, 'output')).toEqual([JSON.stringify(spelt)]);
  });
});

/** A pack may bring a provider of its own; nothing that it does may break a run's accounts. */
describe('a provider of a pack', () => {
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  const usage = { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 };
  const providing = (act: () => unknown): Record<string, Provider> => ({
    bedrock: { vendor: 'bedrock', complete: async () => (await act()) as CompletionAnswer },
  });
  const throwing = (thrown: unknown) => (): never => {
    throw thrown;
  };

  test.each<[string, () => unknown]>([
    ['throws a string', throwing('Emeka Okafor is unwell')],
    ['throws nothing', throwing(undefined)],
    ['throws null', throwing(null)],
    ['throws a circular object', throwing(circular)],
    [
      'throws an error with a code of ours',
      throwing(Object.assign(new Error('x'), { code: 'input_invalid' })),
    ],
    [
      'throws what can not be read',
      throwing(
        new Proxy(
          {},
          {
            get: () => {
              throw new Error('no');
            },
          },
        ),
      ),
    ],
    ['answers nothing', () => undefined],
    ['answers null', () => null],
    ['answers without usage', () => ({ output: ANSWER, providerRequestId: null })],
    ['counts no number', () => ({ output: ANSWER, usage: { ...usage, inputTokens: Number.NaN } })],
    ['counts below zero', () => ({ output: ANSWER, usage: { ...usage, outputTokens: -1 } })],
    ['counts beyond all numbers', () => ({ output: ANSWER, usage: { ...usage, inputTokens: 1e300 } })],
    ['answers with a circle', () => ({ output: circular, usage })],
    ['answers with a function', () => ({ output: () => 1, usage })],
    ['answers with a bigint', () => ({ output: { n: 1n }, usage })],
    ['answers with megabytes', () => ({ output: { text: 'x'.repeat(5_000_000) }, usage })],
  ])('that %s fails by a code of the model', async (_name, act) => {
    const reference = await run();
    const failed = await failureOf(complete(providing(act))(reference, 'primary', never));
    expect(['model_unavailable', 'model_malformed']).toContain(failed.code);
    expect(failed.retryable).toBe(true);
    expect(await complete(providing(act))(reference, 'primary', never)).toMatchObject({ outcome: 'failed' });
    expect(await world.attempts(reference.runId)).toMatchObject([
      { state: 'maybe_billed', cost_nano_usd: WORST },
      { state: 'maybe_billed', cost_nano_usd: WORST },
    ]);
    expect(await world.account(farm.id)).toMatchObject({ held: 0n });
  });

  test('whose request id is no name is stored without it', async () => {
    const reference = await run();
    const odd = providing(() => ({ output: ANSWER, usage, providerRequestId: 'a\u0000b' }));
    expect(await complete(odd)(reference, 'primary', never)).toMatchObject({ outcome: 'answered' });
  });

  test('that says what went wrong is believed', async () => {
    const reference = await run();
    const saying = providing(throwing(new ProviderError('model_refused', 'fail', false)));
    expect(await complete(saying)(reference, 'primary', never)).toEqual({
      outcome: 'failed',
      code: 'model_refused',
    });
    expect(await world.account(farm.id)).toMatchObject({ held: 0n, spent: 0n });
  });
});

test('without a provider of that vendor the call fails, and nothing is owed', async () => {
  const reference = await run();
  const providers = new Map([...world.dependencies.providers].filter(([vendor]) => vendor !== 'bedrock'));
  const completer = createCompleter({ ...world.dependencies, providers });
  expect(await completer(reference, 'primary', never)).toEqual({
    outcome: 'failed',
    code: 'model_unavailable',
  });
  expect(await world.attempts(reference.runId)).toMatchObject([{ state: 'unbilled', cost_nano_usd: 0n }]);
});

test('a worker that does not know the purpose sends nothing, and leaves the call to one that does', async () => {
  const reference = await run();
  const completer = createCompleter({ ...world.dependencies, registry: createRegistry([]) });
  expect(await failureOf(completer(reference, 'primary', never))).toMatchObject({
    code: 'step_failed',
    retryable: true,
  });
  expect(server.requests).toHaveLength(0);
  expect(await world.attempts(reference.runId)).toMatchObject([{ state: 'unbilled', cost_nano_usd: 0n }]);
  expect(await complete()(reference, 'primary', never)).toMatchObject({ outcome: 'answered' });
});
