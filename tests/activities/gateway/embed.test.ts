import { randomBytes } from 'node:crypto';
import { createEmbedder } from '../../../activities/gateway/embed';
import { embedHashedFeatures } from '../../../activities/gateway/providers/local/embedding';
import { ProviderError, type EmbeddingAnswer, type Provider } from '../../../contract/model';
import { testDatabase } from '../../support/database';
import { changePolicy } from '../../support/world';
import { failureOf, steps, type Farm } from '../support/steps';

/* The one door for embeddings, with the real local provider. The test world's price is 1 nano-dollar a token. */

const database = testDatabase();
const world = steps(database);
const TEXT = 'Why do layers eat less?';
let farm: Farm;

beforeEach(async () => {
  farm = await world.farm();
});

async function run() {
  const reference = {
    tenantId: farm.id,
    runId: await world.accept(farm.hand, 'farm.recommendation', { question: TEXT }),
  };
  await world.activities.reserve(reference);
  return reference;
}

/** The real one. */
function local(): Required<Provider> {
  const provider = world.dependencies.providers.get('local');
  if (provider?.embed === undefined) throw new Error('there is a local provider, and it embeds');
  return { ...provider, embed: provider.embed };
}

/** The local provider, with what a test puts over its embedding. */
function providing(embed: Provider['embed']): Record<string, Provider> {
  const { embed: _own, ...rest } = local();
  return { local: embed === undefined ? rest : { ...rest, embed } };
}

function embedder(providers: Record<string, Provider> = {}) {
  return createEmbedder(world.withProviders(providers));
}

/** Counts what reaches the model. */
function counting() {
  let count = 0;
  const providers = providing((request) => {
    count += 1;
    return local().embed(request);
  });
  return { embed: embedder(providers), count: () => count };
}

test('one embedding is one row, one attempt and one call; the same again is the stored vector', async () => {
  const reference = await run();
  const key = randomBytes(32);
  const { embed, count } = counting();
  const first = await embed(reference, TEXT, key);
  expect(first).toEqual(embedHashedFeatures(TEXT));
  expect(await embed(reference, TEXT, key)).toEqual(first);
  expect(count()).toBe(1);
  expect(await world.calls(reference.runId)).toMatchObject([
    {
      kind: 'embedding',
      status: 'succeeded',
      input_tokens: 6n,
      output_tokens: 0n,
      cost_nano_usd: 6n,
      billed: true,
    },
  ]);
  expect(await world.attempts(reference.runId)).toMatchObject([{ attempt: 1, state: 'answered' }]);
  expect(await world.account(farm.id)).toMatchObject({ held: 0n, spent: 6n });
  expect(await world.contents(reference.runId, 'prompt')).toEqual([TEXT]);
});

test('costs no credit: it is not what the tenant asked for', async () => {
  const reference = await run();
  await embedder()(reference, TEXT, randomBytes(32));
  expect(await world.activities.settle(reference)).toMatchObject({ outcome: 'settled', actual: '0' });
});

test('another run makes a row of its own', async () => {
  const [one, other] = [await run(), await run()];
  await embedder()(one, TEXT, randomBytes(32));
  await embedder()(other, TEXT, randomBytes(32));
  const [a, b] = [await world.calls(one.runId), await world.calls(other.runId)];
  expect([a.length, b.length]).toEqual([1, 1]);
  expect(a[0]?.id).not.toBe(b[0]?.id);
});

test.each<[string, object]>([
  ['tenant_paused', { paused: true }],
  ['vendor_paused', { paused_vendors: ['local'] }],
  ['budget_exhausted', { daily_token_budget_nano_usd: '11999' }],
])('%s refuses, and says so', async (code, changes) => {
  const reference = await run();
  await changePolicy(database, farm.owner, changes as Record<string, unknown>);
  const { embed, count } = counting();
  expect(await failureOf(embed(reference, TEXT, randomBytes(32)))).toMatchObject({ code, retryable: false });
  expect(count()).toBe(0);
  expect(await world.calls(reference.runId)).toEqual([]);
});

test('a run that has ended embeds nothing', async () => {
  const reference = await run();
  await world.activities.audit({ ...reference, code: 'run_withdrawn' });
  const { embed, count } = counting();
  expect(await failureOf(embed(reference, TEXT, randomBytes(32)))).toMatchObject({
    code: 'run_withdrawn',
    retryable: false,
  });
  expect(count()).toBe(0);
});

test('an attempt that a dead worker left open is charged, and the next one answers', async () => {
  const reference = await run();
  const key = randomBytes(32);
  await database.as('worker', farm.id, (transaction) =>
    transaction.value('select app.begin_call($1, $2, $3, $4, $5, $6, $7)', [
      reference.runId,
      'embedding',
      key,
      TEXT,
      'local',
      'hashed-features-1',
      'local',
    ]),
  );
  expect(await embedder()(reference, TEXT, key)).toHaveLength(1024);
  expect(await world.attempts(reference.runId)).toMatchObject([
    { attempt: 1, state: 'lost', cost_nano_usd: 12_000n },
    { attempt: 2, state: 'answered', cost_nano_usd: 6n },
  ]);
});

describe('a provider that fails', () => {
  const usage = { inputTokens: 1, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };
  const answering = (embedding: unknown) => (): Promise<EmbeddingAnswer> =>
    Promise.resolve({ embedding, usage, providerRequestId: null } as EmbeddingAnswer);

  test.each<[string, Provider['embed']]>([
    ['throws', () => Promise.reject(new Error('Emeka Okafor'))],
    ['answers too few numbers', answering([1, 0])],
    ['answers no numbers', answering(new Array(1024).fill('1'))],
    ['answers beyond all numbers', answering(new Array(1024).fill(Number.POSITIVE_INFINITY))],
    ['answers nothing', answering(undefined)],
  ])('and %s is tried once more, then the call has failed', async (_name, embed) => {
    const reference = await run();
    const key = randomBytes(32);
    const failing = embedder(providing(embed));
    const first = await failureOf(failing(reference, TEXT, key));
    expect(['model_unavailable', 'model_malformed']).toContain(first.code);
    expect(first.retryable).toBe(true);
    expect(await failureOf(failing(reference, TEXT, key))).toMatchObject({
      code: first.code,
      retryable: false,
    });
    expect(await failureOf(failing(reference, TEXT, key))).toMatchObject({
      code: first.code,
      retryable: false,
    });
    expect(await world.attempts(reference.runId)).toMatchObject([
      { state: 'maybe_billed' },
      { state: 'maybe_billed' },
    ]);
    expect(await world.calls(reference.runId)).toMatchObject([{ status: 'failed' }]);
    expect(await world.contents(reference.runId, 'embedding')).toEqual([]);
    expect(await world.account(farm.id)).toMatchObject({ held: 0n });
  });

  test('for a while is asked again later', async () => {
    const reference = await run();
    const key = randomBytes(32);
    const busy = providing(() => Promise.reject(new ProviderError('model_throttled', 'retry', false, 5_000)));
    expect(await failureOf(embedder(busy)(reference, TEXT, key))).toEqual({
      code: 'model_throttled',
      retryable: true,
      retryAfterMs: 5_000,
    });
    expect(await embedder()(reference, TEXT, key)).toHaveLength(1024);
    expect(await world.attempts(reference.runId)).toMatchObject([
      { state: 'unbilled' },
      { state: 'answered' },
    ]);
  });

  test('because it has no embeddings fails for good, and nothing is owed', async () => {
    const reference = await run();
    expect(await failureOf(embedder(providing(undefined))(reference, TEXT, randomBytes(32)))).toMatchObject({
      code: 'model_unavailable',
      retryable: false,
    });
    expect(await world.attempts(reference.runId)).toMatchObject([{ state: 'unbilled', cost_nano_usd: 0n }]);
  });
});
