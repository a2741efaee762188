import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createCompleter } from '../activities/gateway/complete';
import { createOpenAiCompatibleProvider } from '../activities/gateway/providers/openai-compatible';
import { config } from '../countersign.config';
import type { Provider } from '../contract/model';
import type { Database } from '../db/pool';
import { inTenant } from '../db/transaction';
import { createRegistry } from '../packs/registry';
import type { Person } from './contenders';
import { percentile, rounded } from './statistics';

/** What the gateway adds to a model call: claim, hold, attempt, cost and answer, committed before and after. */
export interface GatewayFigures {
  readonly calls: number;
  readonly straight_p50_ms: number;
  readonly straight_p99_ms: number;
  readonly through_p50_ms: number;
  readonly through_p99_ms: number;
  /** Of each call through the gateway, what is not the model's. */
  readonly gateway_p50_ms: number;
  readonly gateway_p99_ms: number;
}

export interface GatewayDatabases {
  readonly api: Database;
  readonly worker: Database;
}

const PURPOSE = 'farm.record';
const REF = { vendor: 'local', model: 'farm-notes-1', region: 'local' };
const WARM_UP = 20;
const never = new AbortController().signal;

/**
 * Measures calls of a loopback endpoint that speaks OpenAI's wire: straight, and through the gateway, in interleaved pairs
 * and one at a time. The endpoint stands where the local model is, so that its matrix row and price are used.
 */
export async function measureGateway(
  databases: GatewayDatabases,
  person: Person,
  calls: number,
): Promise<GatewayFigures> {
  const server = await listen();
  try {
    const { port } = server.address() as AddressInfo;
    const provider = createOpenAiCompatibleProvider({
      vendor: REF.vendor,
      region: REF.region,
      baseUrl: `http://127.0.0.1:${port}/v1`,
    });
    const { port: timed, lastMs } = stopwatch(provider);
    const complete = createCompleter({
      database: databases.worker,
      registry: createRegistry(config.packs),
      providers: new Map([[REF.vendor, timed]]),
    });
    const runIds = await readyRuns(databases, person, calls + WARM_UP);
    const straight: number[] = [];
    const through: number[] = [];
    const gateway: number[] = [];
    for (const [at, runId] of runIds.entries()) {
      const callStraight = async (): Promise<number> => await elapsed(() => provider.complete(request()));
      const callThrough = async (): Promise<number> =>
        await elapsed(async () => {
          const { outcome } = await complete({ tenantId: person.tenantId, runId }, 'primary', never);
          if (outcome !== 'answered') throw new Error(`the gateway did not answer: ${outcome}`);
        });
      // Each goes first as often as it goes last.
      const first = at % 2 === 0 ? await callStraight() : await callThrough();
      const second = at % 2 === 0 ? await callThrough() : await callStraight();
      if (at < WARM_UP) continue;
      const [alone, whole] = at % 2 === 0 ? [first, second] : [second, first];
      straight.push(alone);
      through.push(whole);
      gateway.push(whole - lastMs());
    }
    await closeRuns(databases.worker, person, runIds);
    return {
      calls,
      straight_p50_ms: rounded(percentile(straight, 50)),
      straight_p99_ms: rounded(percentile(straight, 99)),
      through_p50_ms: rounded(percentile(through, 50)),
      through_p99_ms: rounded(percentile(through, 99)),
      gateway_p50_ms: rounded(percentile(gateway, 50)),
      gateway_p99_ms: rounded(percentile(gateway, 99)),
    };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** A model that answers at once: what is left is the way to it. */
async function listen(): Promise<Server> {
  const output = { proposals: [], confidence_permille: 1000, confidence_origin: 'for a bench' };
  const call = { type: 'function', function: { name: 'answer', arguments: JSON.stringify(output) } };
  const body = JSON.stringify({
    choices: [{ finish_reason: 'stop', message: { tool_calls: [call] } }],
    usage: { prompt_tokens: 100, completion_tokens: 20 },
  });
  const server = createServer((incoming, response) => {
    incoming.resume().once('end', () => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** The provider, and how long its last call took. */
function stopwatch(provider: Provider): { readonly port: Provider; lastMs(): number } {
  let last = 0;
  return {
    port: {
      vendor: provider.vendor,
      complete: async (asked) => {
        const started = performance.now();
        const answer = await provider.complete(asked);
        last = performance.now() - started;
        return answer;
      },
    },
    lastMs: () => last,
  };
}

function request(): Parameters<Provider['complete']>[0] {
  return {
    ref: REF,
    purpose: PURPOSE,
    prompt: { system: 'You read notes.', user: JSON.stringify({ nonce: randomUUID() }) },
    outputSchema: { type: 'object' },
    maxOutputTokens: 4_000,
    signal: never,
  };
}

/** Runs whose next step is the call, each with a prompt and a call key of its own. */
async function readyRuns(
  { api, worker }: GatewayDatabases,
  person: Person,
  count: number,
): Promise<string[]> {
  const { tenantId, userId, proof } = person;
  const input = JSON.stringify({ note: 'All quiet.', occurred_at: new Date().toISOString() });
  const accepted = await inTenant(
    api,
    tenantId,
    (transaction) =>
      transaction.rows<{ id: string }>(
        `select app.accept_run('bench', gen_random_uuid()::text, '{}', $1, $2, $3, null) ->> 'run_id' as id
         from generate_series(1, $4::integer)`,
        [PURPOSE, input, userId, count],
      ),
    proof,
  );
  for (const { id } of accepted) {
    const scrubbed = {
      prompt: JSON.stringify({ system: 'You read notes.', user: JSON.stringify({ nonce: id }) }),
      primary_call_key: randomBytes(32).toString('hex'),
      advisor_call_key: null,
      tokens: [],
    };
    await inTenant(worker, tenantId, async (transaction) => {
      await transaction.value('select app.reserve($1)', [id]);
      await transaction.value('select app.store_prompt($1, $2)', [id, JSON.stringify(scrubbed)]);
    });
  }
  return accepted.map(({ id }) => id);
}

async function closeRuns(worker: Database, { tenantId }: Person, runIds: readonly string[]): Promise<void> {
  await inTenant(worker, tenantId, (transaction) =>
    transaction.rows('select app.close_run(r) from unnest($1::uuid[]) as r', [runIds]),
  );
}

async function elapsed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
