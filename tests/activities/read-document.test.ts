import { randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createReadDocument, type ReadAnswer } from '../../activities/read-document';
import { ProviderError, type Provider } from '../../contract/model';
import { testDatabase } from '../support/database';
import { share } from '../support/knowledge';
import { pdfOf } from '../support/pdf';
import { changePolicy } from '../support/world';
import { failureOf, steps, type Farm } from './support/steps';

const database = testDatabase();
const world = steps(database);
let farm: Farm;

beforeEach(async () => {
  farm = await world.farm();
});

async function add(bytes: Buffer | string, mediaType = 'text/plain'): Promise<string> {
  const added = await database.as('api', farm.id, (transaction) =>
    transaction.value<{ document_id: string }>('select app.add_document($1, $2, $3, $4, $5)', [
      randomUUID(),
      mediaType,
      'Notes of Emeka Okafor',
      Buffer.from(bytes),
      farm.owner.userId,
    ]),
  );
  return added.document_id;
}

function local(): Required<Provider> {
  const provider = world.dependencies.providers.get('local');
  if (provider?.embed === undefined) throw new Error('there is a local provider, and it embeds');
  return { ...provider, embed: provider.embed };
}

/** Reads with the real local provider, with what a test puts over its embedding. */
async function read(
  documentId: string,
  embed: Required<Provider>['embed'] = (request) => local().embed(request),
  tenantId = farm.id,
): Promise<ReadAnswer> {
  const dependencies = world.withProviders({ local: { ...local(), embed } });
  return await new MockActivityEnvironment().run(createReadDocument(dependencies), { tenantId, documentId });
}

async function row(documentId: string) {
  const [found] = await database.look<Record<string, unknown>>('select * from core.documents where id = $1', [
    documentId,
  ]);
  return found;
}

const count = async (table: string, column: string, id: string): Promise<number> =>
  (await database.look(`select from core.${table} where ${column} = $1`, [id])).length;

async function sent(documentId: string): Promise<string> {
  const rows = await database.look<{ text: string }>(
    `select convert_from(c.bytes, 'UTF8') as text from core.ai_runs r join core.contents c
       on c.tenant_id = r.tenant_id and c.id = r.prompt_content_id where r.document_id = $1`,
    [documentId],
  );
  return rows.map(({ text }) => text).join('\n');
}

const LONG = Array.from({ length: 60 }, (_, at) => `In pen ${at} the litter is turned once a week.`).join(
  '\n',
);

test('a document is split, each passage embedded by a paid call, and then found by a run', async () => {
  const documentId = await add(pdfOf([LONG, 'Pond 3 is the nursery.']), 'application/pdf');
  expect(await read(documentId)).toEqual({ outcome: 'ready' });
  expect(await row(documentId)).toMatchObject({ state: 'ready', pages: 2, code: null });
  const passages = await count('passages', 'document_id', documentId);
  expect(passages).toBeGreaterThan(2);
  expect(await count('embeddings', 'source_id', documentId)).toBe(passages);
  expect(await count('ai_runs', 'document_id', documentId)).toBe(passages);
  const { held, spent } = await world.account(farm.id);
  expect([held, spent > 0n]).toEqual([0n, true]);

  const question = { question: 'Which pond is the nursery?' };
  const runId = await world.accept(farm.hand, 'farm.recommendation', question);
  await world.activities.reserve({ tenantId: farm.id, runId });
  await world.activities.scrub({ tenantId: farm.id, runId });
  const [nearest] = await database.look<{ text: string; page: number }>(
    `select p.text, p.page from core.run_passages r join core.passages p
       on p.tenant_id = r.tenant_id and p.id = r.passage_id where r.run_id = $1 order by r.ordinal`,
    [runId],
  );
  expect(nearest).toMatchObject({ page: 2 });
  expect(nearest?.text).toContain('nursery');
});

test('what is embedded is scrubbed, and no token of it is kept', async () => {
  const documentId = await add('Emeka Okafor (0803 123 4567, emeka@example.org) buys the eggs.');
  const received: string[] = [];
  await read(documentId, (request) => {
    received.push(request.text);
    return local().embed(request);
  });
  for (const text of [...received, await sent(documentId)]) {
    expect(text).not.toMatch(/Okafor|4567|example\.org/);
    expect(text).toMatch(/<person_token_[a-z2-7]{20}>/);
  }
  expect(await count('scrub_tokens', 'tenant_id', farm.id)).toBe(0);
});

test('what the tenant knows of its people is taken out too, whatever it looks like', async () => {
  await database.as('adapter', farm.id, (transaction) =>
    transaction.value('select app.import_trust_record($1, $2, $3, $4, $5)', [
      randomUUID(),
      'hand-zq17',
      'licence',
      '{}',
      1,
    ]),
  );
  const documentId = await add('The ducklings of hand-zq17 are in pen 4.');
  expect(await read(documentId)).toEqual({ outcome: 'ready' });
  expect(await sent(documentId)).toMatch(/^The ducklings of <code_token_[a-z2-7]{20}> are in pen 4\.$/);
});

test('a worker that dies in between is followed by one that goes on where it stopped', async () => {
  const documentId = await add(LONG);
  let calls = 0;
  const dying: Required<Provider>['embed'] = (request) => {
    calls += 1;
    if (calls === 2) throw new ProviderError('model_throttled', 'retry', false);
    return local().embed(request);
  };
  expect(await failureOf(read(documentId, dying))).toMatchObject({
    code: 'model_throttled',
    retryable: true,
  });
  expect(await count('embeddings', 'source_id', documentId)).toBe(1);
  expect(await read(documentId, dying)).toEqual({ outcome: 'ready' });
  const passages = await count('passages', 'document_id', documentId);
  expect(calls).toBe(passages + 1);
  expect(await count('ai_runs', 'document_id', documentId)).toBe(passages);
  expect(await read(documentId, dying)).toEqual({ outcome: 'closed' });
});

test.each<[string, Buffer, string, string]>([
  ['broken', Buffer.from('%PDF-1.7 broken'), 'application/pdf', 'document_unreadable'],
  ['an image', pdfOf(['']), 'application/pdf', 'document_without_text'],
  ['encrypted', pdfOf(['x'], { encrypted: true }), 'application/pdf', 'document_encrypted'],
])('one that is %s is refused for good, and nothing is called', async (_what, bytes, mediaType, code) => {
  const documentId = await add(bytes, mediaType);
  expect(await read(documentId)).toEqual({ outcome: 'refused' });
  expect(await row(documentId)).toMatchObject({ state: 'refused', code });
  expect(await count('ai_runs', 'document_id', documentId)).toBe(0);
  expect(await count('worklist', 'ref_id', documentId)).toBe(0);
});

test.each<[string, object]>([
  ['budget_exhausted', { daily_token_budget_nano_usd: '0' }],
  ['tenant_paused', { paused: true }],
])('%s keeps it waiting, says so, and lets it through when that has changed', async (code, changes) => {
  const documentId = await add('Pond 3 is the nursery.');
  await changePolicy(database, farm.owner, changes as Record<string, unknown>);
  expect(await read(documentId)).toEqual({ outcome: 'pending' });
  expect(await row(documentId)).toMatchObject({ state: 'pending', code });
  expect(await count('worklist', 'ref_id', documentId)).toBe(1);
  await changePolicy(database, farm.owner, { daily_token_budget_nano_usd: '1000000', paused: false });
  expect(await read(documentId)).toEqual({ outcome: 'ready' });
});

test('a model that refuses the text refuses the document', async () => {
  const documentId = await add('Pond 3 is the nursery.');
  const refusing = () => Promise.reject(new ProviderError('model_refused', 'fail', false));
  expect(await read(documentId, refusing)).toEqual({ outcome: 'refused' });
  expect(await row(documentId)).toMatchObject({ state: 'refused', code: 'model_refused' });
});

test('one that was deleted while it was read is closed', async () => {
  const documentId = await add(LONG);
  const answer = await read(documentId, async (request) => {
    const given = await local().embed(request);
    await database.as('api', farm.id, (transaction) =>
      transaction.value('select app.delete_document($1, $2)', [documentId, farm.owner.userId]),
    );
    return given;
  });
  expect(answer).toEqual({ outcome: 'closed' });
  expect(await count('embeddings', 'source_id', documentId)).toBe(0);
});

test('what packs share is embedded as it is written, and by no tenant’s money', async () => {
  const text = 'Newcastle disease vaccines are given in drinking water in May.';
  await share(database, [{ name: 'fact', text }]);
  const [{ id } = { id: '' }] = await database.look<{ id: string }>(
    "select id from core.documents where tenant_id = '__global__'",
  );
  expect(await read(id, undefined, '__global__')).toEqual({ outcome: 'ready' });
  expect(await sent(id)).toBe(text);
  expect(await world.account(farm.id)).toMatchObject({ held: 0n, spent: 0n });
});
