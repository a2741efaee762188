import { randomUUID } from 'node:crypto';
import { DOCUMENTS_BYTES_MAX, DOCUMENTS_MAX } from '../../contract/document';
import { testDatabase } from '../support/database';
import { remember } from '../support/knowledge';
import { sqlRuns, type Farm } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);
let farm: Farm;

beforeEach(async () => {
  farm = await runs.farm();
});

const add = (key: string, text = 'The well is deep.', by = farm.owner.userId, title = 'Wells') =>
  runs.call('api', farm.id, 'add_document', key, 'text/plain', title, Buffer.from(text), by);

async function events(): Promise<string[]> {
  const rows = await database.look<{ type: string }>(
    "select type from core.audit_log where tenant_id = $1 and type like 'document.%' order by seq",
    [farm.id],
  );
  return rows.map(({ type }) => type);
}

it('keeps what it is given, puts it on the worklist, and tells of it', async () => {
  const added = await add('k-1');
  expect(added.outcome).toBe('accepted');
  const row = await runs.row('documents', { id: added.document_id });
  expect(row).toMatchObject({ state: 'pending', size_bytes: 17n, added_by: farm.owner.userId, code: null });
  expect(await runs.count('worklist', { kind: 'document', ref_id: added.document_id })).toBe(1);
  expect(await events()).toEqual(['document.added']);
});

it('is one document for one key, and refuses the key for another', async () => {
  const first = await add('k-1');
  expect(await add('k-1')).toEqual({ outcome: 'replayed', document_id: first.document_id });
  for (const other of [
    () => add('k-1', 'The well is dry.'),
    () => add('k-1', undefined, undefined, 'Other wells'),
  ])
    expect(await other()).toEqual({ outcome: 'refused', code: 'key_reused' });
  await runs.call('api', farm.id, 'delete_document', first.document_id, farm.owner.userId);
  expect(await add('k-1')).toEqual({ outcome: 'replayed', document_id: first.document_id });
  expect(await runs.count('documents', { tenant_id: farm.id })).toBe(1);
});

it('is asked by those who decide, and refuses a bare requester and an empty document', async () => {
  expect(await stateOf(add('k-1', 'x', farm.hand.userId))).toBe('ZC012');
  expect(await stateOf(add('k-1', ''))).toBe('23514');
  const { documentId } = await remember(database, farm.id, 'Eggs.');
  expect(await stateOf(runs.call('api', farm.id, 'delete_document', documentId, farm.hand.userId))).toBe(
    'ZC012',
  );
});

it('deletes what it says with passages and vectors, keeps the row and the call, once', async () => {
  const { documentId } = await remember(database, farm.id, 'Eggs are sold on Mondays.');
  const remove = () => runs.call('api', farm.id, 'delete_document', documentId, farm.owner.userId);
  expect(await remove()).toEqual({ outcome: 'deleted' });
  expect(await runs.count('document_contents', { document_id: documentId })).toBe(0);
  expect(await runs.count('passages', { document_id: documentId })).toBe(0);
  expect(await runs.count('embeddings', { source_id: documentId })).toBe(0);
  expect(await runs.row('documents', { id: documentId })).toMatchObject({ state: 'deleted' });
  expect(await runs.row('ai_runs', { document_id: documentId })).toMatchObject({ status: 'succeeded' });
  // The call keeps the vector's hash and not the vector.
  const [{ text } = { text: '' }] = await database.look<{ text: string }>(
    `select convert_from(c.bytes, 'UTF8') as text from core.ai_runs r join core.contents c
       on c.tenant_id = r.tenant_id and c.id = r.output_content_id where r.document_id = $1`,
    [documentId],
  );
  expect(Object.keys(JSON.parse(text) as object)).toEqual(['dimensions', 'passage_id', 'vector_sha256']);
  expect(await remove()).toEqual({ outcome: 'refused', code: 'document_not_found' });
  expect(await events()).toEqual(['document.added', 'document.ready', 'document.deleted']);
});

it('deletes no document of another tenant, nor a shared one', async () => {
  const theirs = await remember(database, runs.world.farm.id, 'Theirs.');
  for (const id of [theirs.documentId, randomUUID()])
    expect(await runs.call('api', farm.id, 'delete_document', id, farm.owner.userId)).toEqual({
      outcome: 'refused',
      code: 'document_not_found',
    });
  expect(await runs.count('passages', { document_id: theirs.documentId })).toBe(1);
});

it('changes nothing of what a document says, and takes it from no living one', async () => {
  const { documentId } = await remember(database, farm.id, 'Eggs.');
  for (const statement of [
    "update core.passages set text = 'x' where document_id = $1",
    "update core.document_contents set title = 'x' where document_id = $1",
    "update core.embeddings set model = 'x' where source_id = $1",
    'delete from core.passages where document_id = $1',
    'delete from core.document_contents where document_id = $1',
    'delete from core.embeddings where source_id = $1',
  ]) {
    const done = database.asOwner(farm.id, (transaction) => transaction.rows(statement, [documentId]));
    expect([statement, await stateOf(done)]).toEqual([statement, 'ZC002']);
  }
});

describe('as many and as large as a tenant may have', () => {
  const FULL = { outcome: 'refused', code: 'documents_full' };
  const fill = (count: number, bytes: number, source: 'document' | 'convo_summary' = 'document') =>
    database.asOwner(farm.id, (transaction) =>
      transaction.rows(
        `insert into core.documents (tenant_id, source_type, media_type, size_bytes, commitment, state, passages, added_by, created_at, changed_at)
         select app.tenant(), $3, 'text/plain', $2, sha256('x'), 'ready', 1, $4, app.now(), app.now() from generate_series(1, $1::integer)`,
        [count, bytes, source, farm.owner.userId],
      ),
    );

  it('counts documents and summaries, and not what was deleted', async () => {
    const kept = await add('k-1');
    await fill(DOCUMENTS_MAX - 3, 1, 'convo_summary');
    expect((await add('k-2')).outcome).toBe('accepted');
    const both = await Promise.all([add('k-3'), add('k-4')]);
    expect(both.map(({ outcome }) => outcome).sort()).toEqual(['accepted', 'refused']);
    expect(await add('k-5')).toEqual(FULL);
    expect((await add('k-1')).outcome).toBe('replayed');
    await runs.call('api', farm.id, 'delete_document', kept.document_id, farm.owner.userId);
    expect((await add('k-5')).outcome).toBe('accepted');
  });

  it('adds up their bytes', async () => {
    const largest = 10_485_760;
    await fill(Math.floor(DOCUMENTS_BYTES_MAX / largest), largest);
    await fill(1, (DOCUMENTS_BYTES_MAX % largest) - 17);
    expect((await add('k-1')).outcome).toBe('accepted');
    expect(await add('k-2')).toEqual(FULL);
  });
});
