import { createCompleter } from '../../../activities/gateway/complete';
import { testDatabase } from '../../support/database';
import { steps, type Farm } from '../support/steps';
import { bedrockServer } from './support/bedrock-server';
import { ANSWER, converseAnswer } from './support/converse';

/* What a call costs, in whole nano-dollars, from the vendor's own counts to the row. */

const server = bedrockServer();
const database = testDatabase();
const world = steps(database, { bedrockUrl: () => server.url });
const never = new AbortController().signal;

/** Claude Sonnet 4.5 with the five-minute cache: $3 in, $15 out, $0.30 read, $3.75 written, for a million tokens. */
const SONNET = { input: '3000', output: '15000', cache_read: '300', cache_write: '3750' };
/** 12,000 tokens in at the dearest price, that of the cache, and 2,000 out. */
const WORST = 12_000n * 3_750n + 2_000n * 15_000n;
let farm: Farm;

beforeAll(async () => {
  const { platformAdmin, registry } = world.world;
  const { model } = registry.purpose('farm.recommendation', 1);
  const price = Object.fromEntries(
    Object.entries(SONNET).map(([name, nanoUsd]) => [`${name}_nano_usd_per_token`, nanoUsd]),
  );
  await database.as('api', '__platform__', (transaction) =>
    transaction.value('select app.set_price($1, $2, $3, $4, $5)', [
      model.vendor,
      model.model,
      model.region,
      JSON.stringify(price),
      platformAdmin.userId,
    ]),
  );
  farm = await world.farm();
});

afterEach(() => server.forget());

test.each<[string, readonly [number, number, number?, number?], bigint]>([
  ['nothing', [0, 0], 0n],
  ['one of each', [1, 1, 1, 1], 22_050n],
  ['a short question', [812, 164], 4_896_000n],
  ['a prompt from the cache', [50, 200, 10_000], 6_150_000n],
  ['a prompt into the cache', [50, 200, 0, 10_000], 40_650_000n],
  ['a million tokens in', [1_000_000, 0], 3_000_000_000n],
  ['more than a float could hold', [2_000_000_000_001, 3], 6_000_000_000_048_000n],
])('%s', async (name, [inputTokens, outputTokens, cacheRead, cacheWrite], cost) => {
  const runId = await world.scrubbed(farm.hand, 'farm.recommendation', { question: `What costs ${name}?` });
  const before = await world.account(farm.id);
  server.reply({
    body: converseAnswer(ANSWER, {
      usage: {
        inputTokens,
        outputTokens,
        totalTokens: inputTokens + outputTokens,
        ...(cacheRead === undefined ? {} : { cacheReadInputTokens: cacheRead }),
        ...(cacheWrite === undefined ? {} : { cacheWriteInputTokens: cacheWrite }),
      },
    }),
  });
  await createCompleter(world.dependencies)({ tenantId: farm.id, runId }, 'primary', never);
  expect(await world.calls(runId)).toMatchObject([{ status: 'succeeded', cost_nano_usd: cost }]);
  expect(await world.attempts(runId)).toMatchObject([{ held_nano_usd: WORST, cost_nano_usd: cost }]);
  expect(await world.account(farm.id)).toMatchObject({ held: 0n, spent: before.spent + cost });
});
