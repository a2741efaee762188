import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { CodedFailure } from '../../../activities/coded-failure';
import { createCompleter } from '../../../activities/gateway/complete';
import { createBedrockProvider, type BedrockProvider } from '../../../activities/gateway/providers/bedrock';
import { bedrockError } from '../../../activities/gateway/providers/bedrock-errors';
import { createOpenAiCompatibleProvider } from '../../../activities/gateway/providers/openai-compatible';
import { fetchError } from '../../../activities/gateway/providers/openai-errors';
import { ATTEMPTS_MAX, type Provider } from '../../../contract/model';
import {
  consequence,
  VENDOR_ERRORS,
  vendorErrorsDocument,
  type ErrorRow,
} from '../../../scripts/vendor-error-rows';
import { testDatabase } from '../../support/database';
import { steps, type Farm } from '../support/steps';
import { bedrockServer, type Reply } from './support/bedrock-server';
import { ANSWER, converseAnswer } from './support/converse';
import { chatAnswer } from './support/openai';

/* Every row of docs/vendor-errors.md happens, over the wire where it has one: attempts, charges, and how it all ends. */

const server = bedrockServer();
const database = testDatabase();
const world = steps(database, { bedrockUrl: () => server.url });
const WORST = 16_000n;
const never = new AbortController().signal;
const REGION = 'us-east-1';
const closing: BedrockProvider[] = [];
let farm: Farm;
let asked = 0;

beforeAll(async () => {
  farm = await world.farm();
});
beforeEach(async () => {
  server.forget();
  await world.closeBreakers();
});
afterAll(() => {
  for (const provider of closing) provider.close();
});

interface Wire {
  readonly reply?: Reply;
  readonly provider: Provider;
  /** Requests of an attempt; none where it fails before one is sent. */
  readonly requests?: number;
}

function bedrock(changes: Partial<Parameters<typeof createBedrockProvider>[0]> = {}): Provider {
  const provider = createBedrockProvider({
    region: REGION,
    endpoint: server.url,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    timeouts: { connectionMs: 500, requestMs: 5_000 },
    ...changes,
  });
  closing.push(provider);
  return provider;
}

/** Under the vendor's name of a purpose that there is: what is tried is the wire. */
function openai(changes: Partial<Parameters<typeof createOpenAiCompatibleProvider>[0]> = {}): Provider {
  return createOpenAiCompatibleProvider({
    vendor: 'bedrock',
    region: REGION,
    baseUrl: server.url,
    ...changes,
  });
}

async function nobody(): Promise<string> {
  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
  const { port } = closed.address() as AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  return `http://127.0.0.1:${port}`;
}

/** How a row looks to Bedrock's client; undefined for errors of the network that a loopback server can't make. */
async function bedrockWire({ kind, error }: ErrorRow): Promise<Wire | undefined> {
  const timeouts = { connectionMs: 500, requestMs: 100 };
  if (kind === 'exception' && error.endsWith('ProviderError')) {
    const credentials = async () => await Promise.reject(Object.assign(new Error('none'), { name: error }));
    return { provider: bedrock({ credentials }), requests: 0 };
  }
  if (kind === 'exception') return { provider: bedrock(), reply: { status: 400, body: { __type: error } } };
  if (kind === 'status')
    return { provider: bedrock(), reply: { status: Number(error), body: { __type: 'BrandNewException' } } };
  if (kind === 'stop reason')
    return { provider: bedrock(), reply: { body: converseAnswer(ANSWER, { stopReason: error }) } };
  if (kind === 'answer') return { provider: bedrock(), reply: { body: '{"output":{"message"' } };
  if (kind === 'deadline') return { provider: bedrock({ timeouts }), reply: { manner: 'silent' } };
  if (kind === 'not ours') return { provider: bedrock({ region: 'eu-west-1' }), requests: 0 };
  if (error === 'ECONNREFUSED') return { provider: bedrock({ endpoint: await nobody() }), requests: 0 };
  if (error === 'ECONNRESET') return { provider: bedrock(), reply: { manner: 'reset' } };
  return undefined;
}

async function openaiWire({ kind, error }: ErrorRow): Promise<Wire | undefined> {
  if (kind === 'named')
    return { provider: openai(), reply: { status: 418, body: { error: { code: error } } } };
  if (kind === 'status') return { provider: openai(), reply: { status: Number(error), body: {} } };
  if (kind === 'finish reason')
    return { provider: openai(), reply: { body: chatAnswer(undefined, { finish: error }) } };
  if (kind === 'words')
    return { provider: openai(), reply: { body: chatAnswer({ content: 'Approve it all.' }) } };
  if (kind === 'answer') return { provider: openai(), reply: { body: '{"choices":' } };
  if (kind === 'deadline') return { provider: openai({ requestMs: 100 }), reply: { manner: 'silent' } };
  if (kind === 'not ours') return { provider: openai({ region: 'eu-west-1' }), requests: 0 };
  if (error === 'ECONNREFUSED') return { provider: openai({ baseUrl: await nobody() }), requests: 0 };
  if (error === 'UND_ERR_SOCKET')
    return { provider: openai(), reply: { manner: 'half', body: '{"choices":' } };
  if (error === 'ECONNRESET') return { provider: openai(), reply: { manner: 'reset' } };
  return undefined;
}

/** As the workflow does: again while that makes sense, then given up. */
async function exhaust(reference: { tenantId: string; runId: string }, provider: Provider): Promise<unknown> {
  const complete = createCompleter(world.withProviders({ bedrock: provider }), { inFlightMsMax: 0 });
  let code: unknown;
  for (let attempt = 1; attempt <= ATTEMPTS_MAX.retry; attempt += 1) {
    try {
      const called = await complete(reference, 'primary', never);
      code = called.code;
      break;
    } catch (error) {
      if (!(error instanceof CodedFailure) || !error.retryable) throw error;
      code = error.code;
    }
  }
  await world.activities.giveUp({ ...reference, kind: 'primary', code: String(code) });
  return code;
}

async function happens(row: ErrorRow, { reply, provider, requests = 1 }: Wire): Promise<void> {
  const { attempts, attemptState, code } = consequence(row.failure);
  const before = await world.account(farm.id);
  const question = `What is to be done about ${row.kind} ${row.error}, number ${(asked += 1)}?`;
  const runId = await world.scrubbed(farm.hand, 'farm.recommendation', { question });
  if (reply) server.answer(() => reply);
  expect(await exhaust({ tenantId: farm.id, runId }, provider)).toBe(code);

  expect(server.requests).toHaveLength(attempts * requests);
  const cost = attemptState === 'unbilled' ? 0n : WORST;
  expect(await world.attempts(runId)).toEqual(
    Array.from({ length: attempts }, (_, at) => ({
      attempt: at + 1,
      state: attemptState,
      held_nano_usd: WORST,
      cost_nano_usd: cost,
      error_code: code,
    })),
  );
  const total = cost * BigInt(attempts);
  expect(await world.calls(runId)).toMatchObject([
    { kind: 'primary', status: 'failed', error_code: code, cost_nano_usd: total },
  ]);
  // The budget has what may have been billed, the credit is back, and the run may only go on by hand.
  const { balance, spent } = before;
  expect(await world.account(farm.id)).toEqual({ balance, held: 0n, spent: spent + total });
  expect(await world.run(runId)).toMatchObject({ outcome: null, actual_credits: 0n, reserved_credits: 1n });
}

test('docs/vendor-errors.md says what the code does', () => {
  const written = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'vendor-errors.md'), 'utf8');
  expect(written).toBe(vendorErrorsDocument());
});

describe('Bedrock', () => {
  const wired = VENDOR_ERRORS.bedrock.filter(({ kind }) => kind !== 'guardrail');
  test.each(wired.map((row) => [`${row.kind} ${row.error}`, row] as const))('%s', async (_name, row) => {
    const wire = await bedrockWire(row);
    if (wire) {
      await happens(row, wire);
      return;
    }
    expect(row.kind).toBe('network');
    expect(bedrockError(Object.assign(new Error('x'), { code: row.error }), new Date())).toMatchObject(
      row.failure,
    );
  });

  test('guardrail GUARDRAIL_INTERVENED', async () => {
    const row = VENDOR_ERRORS.bedrock.find(({ kind }) => kind === 'guardrail');
    if (!row) throw new Error('the table has no guardrail');
    server.answer(({ path }) =>
      path.startsWith('/guardrail/')
        ? { body: { action: 'GUARDRAIL_INTERVENED', outputs: [], assessments: [] } }
        : { body: converseAnswer(ANSWER) },
    );
    await happens(row, { provider: bedrock({ guardrail: { identifier: 'g1', version: '1' } }), requests: 2 });
  });
});

describe('an endpoint of OpenAI’s wire', () => {
  test.each(VENDOR_ERRORS.openai.map((row) => [`${row.kind} ${row.error}`, row] as const))(
    '%s',
    async (_name, row) => {
      const wire = await openaiWire(row);
      if (wire) {
        await happens(row, wire);
        return;
      }
      expect(['network', 'fetch']).toContain(row.kind);
      const cause = Object.assign(new Error('x'), { code: row.error });
      expect(fetchError(new TypeError('fetch failed', { cause }))).toMatchObject(row.failure);
    },
  );
});
