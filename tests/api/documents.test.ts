import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Provider } from '../../contract/model';
import type { Document } from '../../contract/wire/document';
import type { Run } from '../../contract/wire/run';
import { DOCUMENT_BYTES_MAX } from '../../contract/document';
import { registerKnowledge } from '../../db/register-packs';
import { RECONCILE_WORKFLOW } from '../../workflows/reconcile-names';
import { governedRuns } from '../support/governed';
import { remember } from '../support/knowledge';
import { pdfOf } from '../support/pdf';
import { addMember, allowModel, type Person } from '../support/world';
import { testApi } from './support/server';

const governed = governedRuns({ worker: false });
const api = testApi(() => ({
  database: governed.database,
  world: governed.world,
  temporal: { ...governed.temporal, taskQueue: governed.taskQueue },
}));

const base64 = (content: string | Buffer): string => Buffer.from(content).toString('base64');

async function add(
  by: Person,
  content: string | Buffer,
  mediaType = 'text/plain',
  key: string = randomUUID(),
) {
  return await api.ask(by, 'documents.create', {
    body: { title: 'The pens', media_type: mediaType, content: base64(content) },
    headers: { 'idempotency-key': key },
  });
}

/** Has the reconciler look once, as its schedule does, and waits until the document is read. */
async function afterReading(by: Person, id: string): Promise<Document> {
  await governed.client.workflow.execute(RECONCILE_WORKFLOW, {
    taskQueue: governed.taskQueue,
    workflowId: `reconcile-${randomUUID()}`,
    args: [{ rounds: 1 }],
  });
  for (let time = 0; time < 200; time += 1) {
    const { body } = await api.ask(by, 'documents.get', { params: { id } });
    if (body.state !== 'pending' || body.code !== null) return body;
    await sleep(50);
  }
  throw new Error('the document is still pending');
}

/** Stands where Bedrock would: advises by the nearest passage that it is shown, or by another one that a test names. */
function adviser(): Provider {
  return {
    vendor: 'bedrock',
    complete: async ({ prompt }) => {
      const { passages } = JSON.parse(prompt.user) as { passages: { id: string; text: string }[] };
      const { id: passage_id, text: quote } = cited ?? passages[0] ?? { id: randomUUID(), text: 'nothing' };
      const sources = [{ passage_id, quote }];
      const payload = { title: 'As your notes say', advice: quote, sources };
      return await Promise.resolve({
        output: {
          proposals: [
            { record_type: 'recommendation', payload, confidence_permille: 1000, sources, missing: [] },
          ],
          confidence_permille: 1000,
          confidence_origin: 'share of statements that a passage supports',
        },
        usage: { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 },
        providerRequestId: null,
      });
    },
  };
}
let cited: { readonly id: string; readonly text: string } | undefined;

beforeAll(async () => {
  const { registry, platformAdmin } = governed.world;
  await allowModel(governed.database, platformAdmin, registry.purpose('farm.recommendation', 1).model);
  await governed.startWorker({ providers: { bedrock: adviser() } });
}, 60_000);

/** Asks for advice, and answers with the run and what it was shown. */
async function advice(question: string): Promise<{ readonly run: Run; readonly shown: readonly string[] }> {
  const { hand, owner } = governed.world.farm;
  const { body: run } = await api.ask(hand, 'runs.create', {
    body: { purpose: 'farm.recommendation', input: { question } },
    headers: { 'idempotency-key': randomUUID(), prefer: 'wait=20' },
  });
  if (run.outcome === 'failed') throw new Error(`the run failed: ${run.code ?? ''}`);
  const { body: calls } = await api.ask(owner, 'runs.calls', { params: { id: run.id } });
  const primary = calls.items.find(({ kind }) => kind === 'primary');
  const { body: call } = await api.ask(owner, 'calls.get', { params: { id: primary?.id ?? '' } });
  return { run, shown: call.passage_ids };
}

it('is accepted, read by a worker, found by a run, and named by its passages until it is deleted', async () => {
  const { farm } = governed.world;
  const pdf = pdfOf(['Pens one to three hold layers.', 'Pen four is the nursery of the ducklings.']);
  const added = await add(farm.owner, pdf, 'application/pdf');
  expect(added.status).toBe(202);
  expect(added.headers.get('location')).toBe(`/v1/documents/${added.body.id}`);
  expect(added.body).toMatchObject({ state: 'pending', title: 'The pens', added_by: farm.owner.userId });

  const ready = await afterReading(farm.owner, added.body.id);
  expect(ready).toMatchObject({
    state: 'ready',
    pages: 2,
    passages: 2,
    calls: '2',
    model: 'hashed-features-1',
  });
  expect(BigInt(ready.cost_nano_usd)).toBeGreaterThan(0n);

  const listed = await api.ask(farm.owner, 'documents.passages', {
    params: { id: ready.id },
    query: { limit: 1 },
  });
  expect(listed.body).toMatchObject({ items: [{ page: 1, text: 'Pens one to three hold layers.' }] });
  const { run, shown } = await advice('Which pen is the nursery of the ducklings?');
  expect(run.advisory).toBe('available');
  expect(run.proposals).toMatchObject([{ sources: [{ passage_id: shown[0] }] }]);
  const { body: passage } = await api.ask(farm.hand, 'passages.get', { params: { id: shown[0] ?? '' } });
  expect(passage).toMatchObject({
    document_id: added.body.id,
    title: 'The pens',
    page: 2,
    start: 0,
    text: 'Pen four is the nursery of the ducklings.',
    shared: false,
  });

  await api.ask(farm.owner, 'documents.delete', { params: { id: added.body.id } });
  for (const name of ['documents.get', 'documents.passages', 'documents.delete'] as const) {
    const { body } = await api.refused(farm.owner, name, { params: { id: added.body.id } });
    expect(body.code).toBe('document_not_found');
  }
  const gone = await api.refused(farm.hand, 'passages.get', { params: { id: passage.id } });
  expect(gone.body.code).toBe('passage_not_found');
  const { body: left } = await api.ask(farm.owner, 'documents.list');
  expect(left.items.map(({ id }) => id)).not.toContain(added.body.id);
}, 90_000);

it('takes the summary of a conversation as a third source, scrubbed, cited by its id and deleted like the others', async () => {
  const { farm } = governed.world;
  const summary = (mediaType: string) => ({
    body: {
      source_type: 'convo_summary' as const,
      title: 'Talk about the incubator',
      media_type: mediaType,
      content: base64(
        'The incubator in the quail shed holds a humidity of sixty. Write to ada@talk.example.',
      ),
    },
    headers: { 'idempotency-key': randomUUID() },
  });
  const pdf = await api.refused(farm.owner, 'documents.create', summary('application/pdf'));
  expect(pdf.body.code).toBe('document_unsupported');
  const { body: added } = await api.ask(farm.owner, 'documents.create', summary('text/plain'));
  expect(await afterReading(farm.owner, added.id)).toMatchObject({
    state: 'ready',
    source_type: 'convo_summary',
  });
  const { run, shown } = await advice('What humidity does the incubator in the quail shed hold?');
  expect(run.proposals).toMatchObject([{ sources: [{ passage_id: shown[0] }] }]);
  const { body: passage } = await api.ask(farm.hand, 'passages.get', { params: { id: shown[0] ?? '' } });
  expect(passage).toMatchObject({ document_id: added.id, source_type: 'convo_summary' });
  const sent = await governed.database.look<{ text: string }>(
    `select convert_from(c.bytes, 'UTF8') as text from core.ai_runs a
       join core.contents c on c.tenant_id = a.tenant_id and c.id = a.prompt_content_id where a.document_id = $1`,
    [added.id],
  );
  expect(sent.map(({ text }) => text).join()).toContain('incubator');
  expect(sent.map(({ text }) => text).join()).not.toContain('ada@talk');
  await api.ask(farm.owner, 'documents.delete', { params: { id: added.id } });
  const left = await governed.database.look('select from core.embeddings where source_id = $1', [added.id]);
  expect(left).toEqual([]);
}, 90_000);

it('lets no advice stand that names a passage which was not shown, be it of another tenant or of its own', async () => {
  const { farm, hospital } = governed.world;
  const theirs = await remember(governed.database, hospital.id, 'Eggs are sold on Mondays at the market.');
  cited = { id: theirs.passageId, text: 'Eggs are sold on Mondays at the market.' };
  const foreign = await advice('When are eggs sold at the market?');
  expect(foreign.shown).not.toContain(theirs.passageId);
  expect(foreign.run).toMatchObject({ advisory: 'blocked' });

  for (const near of ['a', 'b', 'c', 'd'])
    await remember(governed.database, farm.id, `Ducks are sold on Mondays at the market, says note ${near}.`);
  const far = await remember(governed.database, farm.id, 'Zebra crossings are painted white.');
  cited = { id: far.passageId, text: 'Zebra crossings are painted white.' };
  const own = await advice('When are ducks sold at the market?');
  expect(own.shown).toHaveLength(4);
  expect(own.run).toMatchObject({ advisory: 'blocked' });
  cited = undefined;
}, 60_000);

it('says why one can not be read', async () => {
  const { owner } = governed.world.farm;
  const { body } = await add(owner, pdfOf(['x'], { encrypted: true }), 'application/pdf');
  expect(await afterReading(owner, body.id)).toMatchObject({ state: 'refused', code: 'document_encrypted' });
}, 60_000);

it.each<[string, string, Buffer, string, number]>([
  ['a picture', 'image/png', Buffer.from('\u0089PNG'), 'document_unsupported', 415],
  ['no PDF', 'application/pdf', Buffer.from('PK'), 'document_unreadable', 422],
  ['no UTF-8', 'text/plain', Buffer.from([0xff]), 'document_unreadable', 422],
  ['no letter', 'text/plain', Buffer.from(' --- '), 'document_without_text', 422],
  ['too large', 'text/plain', Buffer.alloc(DOCUMENT_BYTES_MAX + 1, 'a'), 'document_too_large', 413],
  ['far too large', 'text/plain', Buffer.alloc(DOCUMENT_BYTES_MAX + 600_000, 'a'), 'body_too_large', 413],
])('refuses what is %s, and keeps nothing of it', async (_what, mediaType, bytes, code, status) => {
  const { owner, id } = governed.world.farm;
  const count = async (): Promise<number> =>
    (await governed.database.look('select from core.documents where tenant_id = $1', [id])).length;
  const before = await count();
  const refused = await api.refused(owner, 'documents.create', {
    body: { title: 'x', media_type: mediaType, content: base64(bytes) },
    headers: { 'idempotency-key': randomUUID() },
  });
  expect([refused.status, refused.body.code]).toEqual([status, code]);
  expect(await count()).toBe(before);
});

it('takes ten megabytes, and nothing that is no base64', async () => {
  const owner = governed.world.hospital.admin;
  const { body } = await add(owner, Buffer.alloc(DOCUMENT_BYTES_MAX, 'a'));
  expect(body.size_bytes).toBe(String(DOCUMENT_BYTES_MAX));
  const refused = await api.refused(owner, 'documents.create', {
    body: { title: 'x', media_type: 'text/plain', content: 'not base64!' },
    headers: { 'idempotency-key': randomUUID() },
  });
  expect(refused.body).toMatchObject({ code: 'input_invalid', errors: [{ pointer: '/content' }] });
});

it('is one document for one key', async () => {
  const { owner } = governed.world.farm;
  const key = randomUUID();
  const first = await add(owner, 'The well is deep.', 'text/plain', key);
  expect((await add(owner, 'The well is deep.', 'text/plain', key)).body.id).toBe(first.body.id);
  const other = await api.refused(owner, 'documents.create', {
    body: { title: 'The pens', media_type: 'text/plain', content: base64('The well is dry.') },
    headers: { 'idempotency-key': key },
  });
  expect(other.body.code).toBe('key_reused');
});

it('shows titles to those who read content, and nothing to another tenant', async () => {
  const { farm, hospital } = governed.world;
  const { body } = await add(farm.owner, 'The well is deep.');
  const auditor = await addMember(governed.database, farm.id, ['auditor']);
  const seen = await api.ask(auditor, 'documents.get', { params: { id: body.id } });
  expect(seen.body).toMatchObject({ title: null, id: body.id });
  for (const by of [hospital.admin, hospital.members[0]]) {
    const foreign = await api.refused(by, 'documents.get', { params: { id: body.id } });
    expect(foreign.body.code).toBe('document_not_found');
    expect((await api.ask(by, 'documents.list')).body.items.map(({ id }) => id)).not.toContain(body.id);
  }
});

it('shows every tenant what is shared with its public source, and lets none delete it', async () => {
  const { farm, hospital, registry } = governed.world;
  await registerKnowledge(governed.database.url('postgres'), registry.knowledge);
  const { body } = await api.ask(hospital.admin, 'documents.list', { query: { shared: 'true', limit: 200 } });
  expect(body.items).toHaveLength(registry.knowledge.length);
  const [fact] = body.items;
  expect(fact).toMatchObject({ shared: true, address: expect.stringMatching(/^https:\/\//) as unknown });
  const refused = await api.refused(farm.owner, 'documents.delete', { params: { id: fact?.id ?? '' } });
  expect(refused.body.code).toBe('document_not_found');
  const own = await api.ask(hospital.admin, 'documents.list');
  expect(own.body.items.every(({ shared }) => !shared)).toBe(true);
});
