import { createCompleter } from '../../../activities/gateway/complete';
import { openDatabase } from '../../../db/pool';
import { testDatabase } from '../../support/database';
import { changePolicy } from '../../support/world';
import { failureOf, steps, type Farm } from '../support/steps';
import { bedrockServer } from './support/bedrock-server';
import { ANSWER, converseAnswer } from './support/converse';

/* The one door, over a real database and Bedrock's wire. Prices of the test world: 1 nano-dollar a token in, 2 out. */

const server = bedrockServer();
const database = testDatabase();
const world = steps(database, { bedrockUrl: () => server.url });

const PURPOSE = 'farm.recommendation';
/** 12,000 tokens in and 2,000 out: the purpose's bounds. */
const WORST = 16_000n;
/** 100 tokens in and 20 out: what the loopback service counts. */
const ACTUAL = 140n;
const never = new AbortController().signal;

let farm: Farm;
let asked = 0;

beforeEach(async () => {
  server.forget();
  farm = await world.farm();
});

/** A run whose prompt is its own, so that no earlier call answers it. */
async function run(question = `Which house is the quietest, number ${(asked += 1)}?`) {
  return { tenantId: farm.id, runId: await world.scrubbed(farm.hand, PURPOSE, { question }) };
}

function complete(inFlightMsMax = 0) {
  return createCompleter(world.dependencies, { inFlightMsMax });
}

test('one call is one row, one attempt and one request, and a repetition is none of them', async () => {
  const reference = await run();
  expect(await complete()(reference, 'primary', never)).toEqual({ outcome: 'answered', code: null });
  expect(await complete()(reference, 'primary', never)).toEqual({ outcome: 'answered', code: null });
  expect(server.requests).toHaveLength(1);
  expect(await world.calls(reference.runId)).toMatchObject([
    {
      kind: 'primary',
      status: 'succeeded',
      input_tokens: 100n,
      output_tokens: 20n,
      cost_nano_usd: ACTUAL,
      billed: true,
    },
  ]);
  expect(await world.attempts(reference.runId)).toMatchObject([
    { attempt: 1, state: 'answered', held_nano_usd: WORST, cost_nano_usd: ACTUAL, error_code: null },
  ]);
  expect(await world.account(farm.id)).toMatchObject({ held: 0n, spent: ACTUAL });
  expect(await world.contents(reference.runId, 'output')).toEqual([JSON.stringify(ANSWER)]);
});

test('while it is under way its worst case is held, and committed before anything is sent', async () => {
  const reference = await run();
  let seen: unknown;
  server.reply({
    after: (async () => {
      await server.received(1);
      seen = await world.account(farm.id);
    })(),
    body: converseAnswer(ANSWER),
  });
  await complete()(reference, 'primary', never);
  expect(seen).toMatchObject({ held: WORST, spent: 0n });
});

test('sends the prompt as it was scrubbed and stored, and nothing that the scrubber took out', async () => {
  const reference = await run('Emeka Okafor (0803 123 4567, emeka@example.com) asks why House 2 eats less.');
  await complete()(reference, 'primary', never);
  const [stored] = await world.contents(reference.runId, 'prompt');
  const { system, user } = JSON.parse(stored ?? '') as { system: string; user: string };
  expect(server.requests[0]?.body).toMatchObject({
    system: [{ text: system }],
    messages: [{ role: 'user', content: [{ text: user }] }],
    inferenceConfig: { maxTokens: 2_000 },
  });
  const sent = JSON.stringify(server.requests);
  expect(sent).toContain('House 2');
  for (const canary of ['Emeka', 'Okafor', '0803', '4567', 'emeka@example.com'])
    expect(sent).not.toContain(canary);
  for (const id of [farm.id, farm.hand.userId, reference.runId]) expect(sent).not.toContain(id);
});

describe('the call key', () => {
  test('links a later run with the same prompt to the stored call, at no cost', async () => {
    const question = 'What do layers eat in the harmattan?';
    const first = await run(question);
    const second = await run(question);
    await complete()(first, 'primary', never);
    expect(await complete()(second, 'primary', never)).toEqual({ outcome: 'answered', code: null });
    expect(server.requests).toHaveLength(1);
    const [call] = await world.calls(first.runId);
    expect(await world.calls(second.runId)).toMatchObject([{ id: call?.id, billed: false }]);
    expect(await world.account(farm.id)).toMatchObject({ spent: ACTUAL });
  });

  test('is of one tenant: another with the same prompt makes its own call', async () => {
    const question = 'What do layers eat in the rains?';
    await complete()(await run(question), 'primary', never);
    farm = await world.farm();
    await complete()(await run(question), 'primary', never);
    expect(server.requests).toHaveLength(2);
  });

  test('lets one of two at once call, and tells the other to come back', async () => {
    const question = 'Two ask this at once: how warm for day-old chicks?';
    const first = await run(question);
    const second = await run(question);
    let release = (): void => undefined;
    server.reply({
      after: new Promise<void>((resolve) => (release = resolve)),
      body: converseAnswer(ANSWER),
    });
    const calling = complete()(first, 'primary', never);
    await server.received(1);
    expect(await failureOf(complete()(second, 'primary', never))).toMatchObject({
      code: 'call_in_flight',
      retryable: true,
    });
    expect(await world.calls(second.runId)).toEqual([]);
    const givingUp = complete()(second, 'primary', never, () => 0);
    expect(await givingUp).toEqual({ outcome: 'failed', code: 'call_in_flight' });
    const waiting = complete(10_000)(second, 'primary', never);
    release();
    expect(await calling).toMatchObject({ outcome: 'answered' });
    expect(await waiting).toMatchObject({ outcome: 'answered' });
    expect(server.requests).toHaveLength(1);
  });

  test('lets the second call when the first has failed for good', async () => {
    const question = 'The first to ask this is refused: when to vaccinate?';
    const first = await run(question);
    const second = await run(question);
    server.reply({ status: 400, body: { __type: 'ValidationException' } });
    expect(await complete()(first, 'primary', never)).toEqual({ outcome: 'failed', code: 'model_refused' });
    expect(await complete()(second, 'primary', never)).toMatchObject({ outcome: 'answered' });
    expect(await complete()(first, 'primary', never)).toMatchObject({ outcome: 'answered' });
    expect(server.requests).toHaveLength(2);
  });
});

describe('right before each attempt', () => {
  const withPolicy = async (changes: object): Promise<void> =>
    await changePolicy(database, farm.owner, changes as Record<string, unknown>);

  test.each<[string, object]>([
    ['tenant_paused', { paused: true }],
    ['purpose_paused', { paused_purposes: [PURPOSE] }],
    ['vendor_paused', { paused_vendors: ['bedrock'] }],
    ['budget_exhausted', { daily_token_budget_nano_usd: String(WORST - 1n) }],
  ])('%s refuses: nothing is sent, held or claimed', async (code, changes) => {
    const reference = await run();
    await withPolicy(changes);
    expect(await complete()(reference, 'primary', never)).toEqual({ outcome: 'refused', code });
    expect(server.requests).toHaveLength(0);
    expect(await world.calls(reference.runId)).toEqual([]);
    expect(await world.account(farm.id)).toMatchObject({ held: 0n, spent: 0n });
  });

  test('a budget of exactly the worst case is enough', async () => {
    const reference = await run();
    await withPolicy({ daily_token_budget_nano_usd: String(WORST) });
    expect(await complete()(reference, 'primary', never)).toMatchObject({ outcome: 'answered' });
  });

  test('what was allowed for the first attempt is asked again for the second', async () => {
    const reference = await run();
    server.reply({ status: 503, body: { __type: 'ServiceUnavailableException' } });
    expect(await failureOf(complete()(reference, 'primary', never))).toMatchObject({
      code: 'model_unavailable',
    });
    await withPolicy({ paused: true });
    expect(await complete()(reference, 'primary', never)).toEqual({
      outcome: 'refused',
      code: 'tenant_paused',
    });
    expect(server.requests).toHaveLength(1);
    expect(await world.calls(reference.runId)).toMatchObject([
      { status: 'failed', error_code: 'tenant_paused' },
    ]);
    expect(await world.attempts(reference.runId)).toMatchObject([{ attempt: 1, state: 'unbilled' }]);
  });

  describe('the vendor matrix', () => {
    const setVendor = async (changes: object): Promise<void> => {
      await database.asOwner('__platform__', (transaction) =>
        transaction.rows(
          `insert into core.ai_vendor_baa_matrix
           select (r).* from (
             select jsonb_populate_record(v, $1::jsonb || jsonb_build_object('version', v.version + 1)) as r
             from core.ai_vendor_baa_matrix v where vendor = 'bedrock' order by version desc limit 1) n`,
          [JSON.stringify(changes)],
        ),
      );
    };
    const IN_ORDER = {
      listed: true,
      baa_active: true,
      baa_expires_at: null,
      zdr_active: true,
      leaves_perimeter: true,
    };
    afterEach(async () => {
      await setVendor(IN_ORDER);
    });

    test('a model that was taken off since is not called', async () => {
      const reference = await run();
      await setVendor({ listed: false });
      expect(await complete()(reference, 'primary', never)).toEqual({
        outcome: 'refused',
        code: 'model_not_listed',
      });
      expect(server.requests).toHaveLength(0);
      expect(await world.events(reference.runId)).toContain('policy_violation');
    });

    test.each<[string, object]>([
      ['agreement_inactive', { baa_active: false }],
      ['agreement_expired', { baa_expires_at: '2020-01-01T00:00:00Z' }],
      ['retention_not_zero', { zdr_active: false }],
    ])('%s keeps health data in', async (code, changes) => {
      const { hospital, registry } = world.world;
      const purpose = registry.purpose('credentialing.committee_response', 1);
      const runId = await world.scrubbed(hospital.staff, purpose.name, purpose.example);
      await setVendor(changes);
      expect(await complete()({ tenantId: hospital.id, runId }, 'primary', never)).toEqual({
        outcome: 'refused',
        code,
      });
      expect(server.requests).toHaveLength(0);
    });
  });

  test('a model without a price that is valid now is not called', async () => {
    const reference = await run();
    const shift = async (by: string): Promise<void> => {
      await database.asOwner(farm.id, (transaction) =>
        transaction.rows('update core.clock set shift = $1::interval', [by]),
      );
    };
    // Yesterday there was no price yet.
    await shift('-1 day');
    try {
      expect(await complete()(reference, 'primary', never)).toEqual({
        outcome: 'refused',
        code: 'price_missing',
      });
      expect(server.requests).toHaveLength(0);
    } finally {
      await shift('0');
    }
  });
});

test('a run that was withdrawn, or has ended, calls nothing', async () => {
  const reference = await run();
  await database.as('api', farm.id, (transaction) =>
    transaction.value('select app.withdraw_run($1, $2)', [reference.runId, farm.hand.userId]),
  );
  expect(await complete()(reference, 'primary', never)).toEqual({ outcome: 'closed', code: null });
  await world.activities.audit({ ...reference, code: 'run_withdrawn' });
  expect(await complete()(reference, 'primary', never)).toEqual({ outcome: 'closed', code: null });
  expect(server.requests).toHaveLength(0);
});

test('that the database is away is no reason to give a call up, however long it lasts', async () => {
  const reference = await run();
  const nowhere = openDatabase('postgres://nobody@127.0.0.1:9/none', 'worker');
  const completer = createCompleter({ ...world.dependencies, database: nowhere });
  await expect(completer(reference, 'primary', never, () => 0)).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  });
  await nowhere.close();
});

test('a database whose connections all break while the model thinks still gets the answer', async () => {
  if (!database.isNative) return;
  const reference = await run();
  server.reply({
    after: (async () => {
      await server.received(1);
      await database.look(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'countersign-worker' and datname = current_database()",
      );
    })(),
    body: converseAnswer(ANSWER),
  });
  expect(await complete()(reference, 'primary', never)).toMatchObject({ outcome: 'answered' });
  expect(await world.attempts(reference.runId)).toMatchObject([{ attempt: 1, state: 'answered' }]);
});
