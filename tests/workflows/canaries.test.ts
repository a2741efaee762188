import fs from 'node:fs';
import { randomBytes, randomUUID } from 'node:crypto';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { MockActivityEnvironment } from '@temporalio/testing';
import * as fc from 'fast-check';
import { createReadDocument } from '../../activities/read-document';
import { createProviders } from '../../activities/gateway/create-providers';
import { ProviderError, type Provider } from '../../contract/model';
import type { Purpose } from '../../contract/pack';
import { CANARIES, type Canary } from '../activities/scrubber/support/canaries';
import { testApi } from '../api/support/server';
import { governedRuns } from '../support/governed';
import { remember } from '../support/knowledge';
import { allowModel, type Person } from '../support/world';

/*
 * Real runs of every purpose, with canaries of all classes in every field that takes text, and in whatever people and vendors
 * say besides. Then everything is read that leaves the database or is meant for other eyes: what models and embeddings are
 * sent, logs, problems, histories, metrics, and every table that is not content's own. None of them may hold one.
 */

/** Seen before the loggers are made, which write as soon as they are told. */
const written: string[] = [];
process.env.COUNTERSIGN_LOG_LEVEL = 'trace';
const writeSync = jest.spyOn(fs, 'writeSync');
writeSync.mockImplementation((_fd: number, data: string | NodeJS.ArrayBufferView) => {
  const text =
    typeof data === 'string' ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString();
  written.push(text);
  return Buffer.byteLength(text);
});
const streams = [process.stdout, process.stderr].map((stream) =>
  jest.spyOn(stream, 'write').mockImplementation((data) => written.push(String(data)) > 0),
);
afterAll(() => {
  for (const spy of [writeSync, ...streams]) spy.mockRestore();
});

const governed = governedRuns({ worker: false });
const api = testApi(() => ({
  database: governed.database,
  world: governed.world,
  temporal: { ...governed.temporal, taskQueue: governed.taskQueue },
}));

const PLANTED: readonly (readonly [string, Canary])[] = Object.entries(CANARIES).map(([name, canary], at) => [
  name,
  fc.sample(canary, { seed: 20_261_124 + at, numRuns: 1 })[0] as Canary,
]);
/** A number of a few digits stands in many places; in its sentence it stands in one. */
const NEEDLES = PLANTED.map(([, { value, sentence }]) => (value.length >= 7 ? value : sentence));
const ALL_SENTENCES = PLANTED.map(([, { sentence }]) => sentence).join(' ');

function found(text: string): string[] {
  return NEEDLES.filter(
    (needle) => text.includes(needle) || text.includes(JSON.stringify(needle).slice(1, -1)),
  );
}

/** What models were sent, by purpose or as an embedding. */
const sent: { readonly to: string; readonly text: string }[] = [];
const problems: string[] = [];

/** The product's own local model, listened to. */
const local = ((): Provider => {
  const own = createProviders().get('local');
  if (own?.embed === undefined) throw new Error('there is a local provider, and it embeds');
  const { embed } = own;
  return {
    vendor: 'local',
    complete: async (request) => {
      sent.push({ to: request.purpose, text: JSON.stringify([request.prompt, request.outputSchema]) });
      return await own.complete(request);
    },
    embed: async (request) => {
      sent.push({ to: 'embedding', text: request.text });
      return await embed(request);
    },
  };
})();

/** A vendor whose errors tell everything that it should never have known. */
const telling: Provider = {
  vendor: 'bedrock',
  complete: async ({ prompt, purpose }) => {
    sent.push({ to: purpose, text: JSON.stringify(prompt) });
    const refusal = new ProviderError('model_refused', 'fail', false);
    const words = `400: we do not answer "${ALL_SENTENCES}"`;
    return await Promise.reject(
      Object.assign(refusal, { message: words, stack: words, cause: new Error(words) }),
    );
  },
};

/** Long texts take all canaries at once; short fields take them by turns. */
const RUNS_OF_EACH = 3;

const PURPOSES: readonly string[] = [
  'farm.record',
  'farm.recommendation',
  'farm.memory',
  'credentialing.extraction',
  'credentialing.privileging',
  'credentialing.committee_response',
];

/** Sets `value` at a path of an allow-list, in each element of the arrays that are there. */
function plant(node: unknown, [step, ...rest]: readonly string[], value: string): void {
  if (step === undefined || typeof node !== 'object' || node === null) return;
  if (step === '[]') {
    for (const one of node as unknown[]) plant(one, rest, value);
    return;
  }
  const members = node as Record<string, unknown>;
  if (!(step in members)) return;
  if (rest.length === 0) members[step] = value;
  else plant(members[step], rest, value);
}

/** What its fields leave out is declared: days in a farm's texts and in the pages of documents. */
function sentencesFor(purpose: Purpose, path: string): readonly string[] {
  const rule = purpose.allowList[path];
  const daysPass = rule?.rule === 'text' && rule.dates === 'pass';
  return PLANTED.filter(([name]) => !(daysPass && name === 'date')).map(([, { sentence }]) => sentence);
}

/** The purpose's example with canaries in every field that takes text: as many as fit, and by turns where few do. */
function plantedInputs(purpose: Purpose): Record<string, unknown>[] {
  const paths = Object.entries(purpose.allowList).filter(([, { rule }]) => rule !== 'pass');
  return PLANTED.map(([, { value }], turn) => {
    let input = purpose.example as Record<string, unknown>;
    for (const [path, { rule }] of paths) {
      const sentences = sentencesFor(purpose, path);
      const one = sentences[turn % sentences.length] ?? '';
      for (const text of rule === 'text' ? [sentences.join(' '), one] : [value]) {
        const planted = structuredClone(input);
        plant(planted, path.replaceAll('[]', '.[]').split('.'), text);
        if (!purpose.input.safeParse(planted).success) continue;
        input = planted;
        break;
      }
    }
    return input;
  });
}

async function asked(
  by: Person,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<string> {
  const response = await api.raw(path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${by.token}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (response.status >= 400) problems.push(text);
  return text;
}

beforeAll(async () => {
  const { farm, hospital, registry, platformAdmin } = governed.world;
  for (const name of PURPOSES) {
    const { model } = newest(name);
    if (model.vendor === 'bedrock')
      await allowModel(governed.database, platformAdmin, model).catch(() => undefined);
  }
  // A farm's passages keep their days, as its questions do.
  const undated = PLANTED.filter(([name]) => name !== 'date').map(([, { sentence }]) => sentence);
  await remember(governed.database, farm.id, `Of the birds and their feed: ${undated.join(' ')}`);
  await remember(governed.database, hospital.id, `Of the file and its searches: ${ALL_SENTENCES}`);
  let failures = 0;
  await governed.startWorker({
    providers: { local, bedrock: telling },
    // A step that fails twice with words that it should not say, and is tried again.
    wrap: (activities) => ({
      ...activities,
      evaluate: async (argument) => {
        if ((failures += 1) <= 2) throw new Error(`could not write (${ALL_SENTENCES})`);
        return await activities.evaluate(argument);
      },
    }),
  });
  expect(registry.purposes.map(({ name }) => name)).toEqual(expect.arrayContaining([...PURPOSES]));

  for (const name of PURPOSES) {
    const by = name.startsWith('farm.') ? farm.hand : hospital.staff;
    for (const input of plantedInputs(newest(name)).slice(0, RUNS_OF_EACH)) await wholeRun(by, name, input);
  }
  await ingest(farm.owner);
  await problemsOf(farm.hand);
}, 120_000);

function newest(name: string): Purpose {
  const purpose = governed.world.registry.purposes
    .filter((one) => one.name === name)
    .sort((a, b) => b.version - a.version)[0];
  if (purpose === undefined) throw new Error(`no purpose ${name}`);
  return purpose;
}

/** From the request to a verdict in words, over HTTP. */
async function wholeRun(by: Person, purpose: string, input: object): Promise<void> {
  const { farm, hospital } = governed.world;
  const [reviewer] = hospital.members;
  const decider = by.tenantId === farm.id ? farm.owner : reviewer;
  const text = await asked(by, '/v1/runs', { purpose, input }, { 'idempotency-key': randomUUID() });
  const { id } = JSON.parse(text) as { id?: string };
  if (id === undefined) throw new Error(`not accepted: ${text}`);
  await governed.settled(by.tenantId, id);
  await asked(by, `/v1/runs/${id}/feedback`, { thumb: 'down', comment: ALL_SENTENCES });
  const { items } = JSON.parse(await asked(decider, `/v1/gates?run_id=${id}`)) as {
    items: { id: string; version: number; proposal_hash: string }[];
  };
  for (const { id: gateId } of items) {
    await asked(by, `/v1/gates/${gateId}/comments`, { text: ALL_SENTENCES });
    const gate = JSON.parse(await asked(decider, `/v1/gates/${gateId}`)) as Record<string, unknown>;
    const verdict = {
      verdict: 'reject',
      rationale: ALL_SENTENCES.slice(0, 1_500),
      gate_version: gate.version,
      proposal_hash: gate.proposal_hash,
      shown_hash: gate.shown_hash,
    };
    // Once of another version, which is a conflict that tells what changed.
    await asked(decider, `/v1/gates/${gateId}/decisions`, { ...verdict, gate_version: 99 });
    await asked(decider, `/v1/gates/${gateId}/decisions`, verdict);
  }
}

/** A document of the tenant, read as the worker reads it. */
async function ingest(by: Person): Promise<void> {
  const added = await governed.database.as('api', by.tenantId, (transaction) =>
    transaction.value<{ document_id: string }>('select app.add_document($1, $2, $3, $4, $5)', [
      randomUUID(),
      'text/plain',
      'Notes',
      Buffer.from(PLANTED.map(([, { sentence }]) => sentence).join('\n')),
      by.userId,
    ]),
  );
  const read = createReadDocument({
    database: governed.database.open('worker'),
    providers: new Map([['local', local]]),
  });
  const reference = { tenantId: by.tenantId, documentId: added.document_id };
  expect(await new MockActivityEnvironment().run(read, reference)).toEqual({ outcome: 'ready' });
}

/** Requests that fit nothing, with canaries as values, as names of members, in keys, queries and addresses. */
async function problemsOf(by: Person): Promise<void> {
  const key = (): Record<string, string> => ({ 'idempotency-key': randomUUID() });
  const reused = key();
  for (const [, { value, sentence }] of PLANTED) {
    const input = { note: sentence, occurred_at: sentence, [value]: sentence };
    await asked(by, '/v1/runs', { purpose: 'farm.record', input }, key());
    await asked(by, '/v1/runs', { purpose: sentence, input: {} }, key());
    await asked(by, '/v1/runs', { purpose: 'farm.record', input: {}, [value]: 1 }, reused);
    await asked(by, `/v1/runs/${encodeURIComponent(value)}`);
    await asked(by, `/v1/runs?state=${encodeURIComponent(sentence)}`);
    await asked(by, `/${encodeURIComponent(sentence)}`);
  }
}

test('the matrix is whole: every class reached every purpose, and every model', () => {
  for (const name of PURPOSES) {
    const inputs = JSON.stringify(plantedInputs(newest(name)).slice(0, RUNS_OF_EACH));
    const missing = PLANTED.filter(
      ([, { sentence }]) => !inputs.includes(JSON.stringify(sentence).slice(1, -1)),
    );
    expect([name, missing.map(([of]) => of).filter((of) => of !== 'date')]).toEqual([name, []]);
  }
  for (const name of [...PURPOSES, 'embedding'])
    expect([name, sent.filter(({ to }) => to === name).length > 0]).toEqual([name, true]);
});

test('no prompt and no embedded text holds one, passages included', () => {
  const leaks = sent.flatMap(({ to, text }) => found(text).map((canary) => `${to}: ${canary}`));
  expect([...new Set(leaks)]).toEqual([]);
  expect(sent.some(({ text }) => text.includes('_token_'))).toBe(true);
});

test('no line of a log holds one, of worker and API, with everything told', () => {
  const log = written.join('\n');
  for (const line of ['"part":"worker"', '"part":"api"', 'activity failed'])
    expect([line, log.includes(line)]).toEqual([line, true]);
  expect(found(log)).toEqual([]);
});

test('no problem holds one', () => {
  expect(problems.length).toBeGreaterThan(PLANTED.length * 4);
  const leaks = problems.filter((text) => found(text).length > 0);
  expect(leaks.slice(0, 3)).toEqual([]);
});

test('no history holds one, however it is encoded', async () => {
  let count = 0;
  for await (const { workflowId, runId } of governed.client.workflow.list()) {
    const history = historyToJSON(await governed.client.workflow.getHandle(workflowId, runId).fetchHistory());
    const decoded = Array.from(history.matchAll(/"([A-Za-z0-9+/]{8,}={0,2})"/g), ([, text]) =>
      Buffer.from(text ?? '', 'base64').toString('utf8'),
    );
    expect(found([history, ...decoded].join('\n'))).toEqual([]);
    count += 1;
  }
  expect(count).toBeGreaterThanOrEqual(PURPOSES.length);
});

test('no metric holds one', async () => {
  const metrics = await (await api.raw('/metrics')).text();
  expect(metrics).toContain('countersign_http_requests_total');
  expect(found(metrics)).toEqual([]);
});

test('no table but those of content, of people and of what is known holds one: no event, no page, no notice', async () => {
  const held = ['contents', 'document_contents', 'passages', 'known_values', 'members'];
  const tables = await governed.database.look<{ name: string }>(
    "select tablename::text as name from pg_tables where schemaname = 'core'",
  );
  const leaks: string[] = [];
  for (const { name } of tables.filter((table) => !held.includes(table.name))) {
    const rows = await governed.database.look<{ row: string }>(
      `select to_jsonb(t)::text as row from core.${name} t`,
    );
    const text = rows.map(({ row }) => row).join('\n');
    // Bytes are hex there.
    const bytes = Array.from(text.matchAll(/\\\\x([0-9a-f]{8,})/g), ([, hex]) =>
      Buffer.from(hex ?? '', 'hex').toString(),
    );
    leaks.push(...found([text, ...bytes].join('\n')).map((canary) => `${name}: ${canary}`));
  }
  expect(leaks).toEqual([]);
});

test('and the look itself sees one, in each of these forms', () => {
  const [needle = ''] = NEEDLES;
  expect(found(`x${needle}y`)).toContain(needle);
  expect(found(JSON.stringify({ text: ALL_SENTENCES }))).toHaveLength(NEEDLES.length);
  expect(found(randomBytes(2_000).toString('hex'))).toEqual([]);
});
