import { randomUUID } from 'node:crypto';
import { testDatabase } from '../support/database';
import { remember } from '../support/knowledge';
import { sqlRuns, type Farm } from './support/runs';

const database = testDatabase();
const runs = sqlRuns(database);
let farm: Farm;
let documentId: string;

beforeEach(async () => {
  farm = await runs.farm();
  const bytes = Buffer.from('The well is deep. The pond is not.');
  const added = await runs.call(
    'api',
    farm.id,
    'add_document',
    randomUUID(),
    'text/plain',
    'Water',
    bytes,
    farm.owner.userId,
  );
  documentId = String(added.document_id);
});

interface Loaded {
  readonly bytes: Buffer | null;
  readonly is_split: boolean;
  readonly passages: readonly { readonly ordinal: number; readonly text: string }[];
  readonly known: { readonly values: readonly { readonly kind: string }[] };
}

async function load(id = documentId, tenantId = farm.id): Promise<Loaded | undefined> {
  const rows = await database.as('worker', tenantId, (transaction) =>
    transaction.rows<Loaded>('select * from app.load_document($1, $2)', [id, 'hashed-features-1']),
  );
  return rows[0];
}

const READING = {
  pages: 1,
  characters: 34,
  passages: [
    { page: 1, start: 0, end: 17, text: 'The well is deep.' },
    { page: 1, start: 18, end: 34, text: 'The pond is not.' },
  ],
};
const store = (reading: object = READING) =>
  runs.call('worker', farm.id, 'store_passages', documentId, JSON.stringify(reading));

it('hands out the bytes until they are split, then the passages that have no vector', async () => {
  const before = await load();
  expect(before).toMatchObject({ is_split: false, passages: [] });
  expect(before?.bytes?.toString()).toBe('The well is deep. The pond is not.');
  expect(before?.known.values.map(({ kind }) => kind)).toEqual(['person', 'person']);
  expect(await store()).toEqual({ outcome: 'stored' });
  expect(await load()).toMatchObject({
    bytes: null,
    is_split: true,
    passages: [
      { ordinal: 0, text: 'The well is deep.' },
      { ordinal: 1, text: 'The pond is not.' },
    ],
  });
});

it('keeps the first splitting', async () => {
  await store();
  expect(await store({ ...READING, pages: 9, passages: [] })).toEqual({ outcome: 'kept' });
  expect(await runs.row('documents', { id: documentId })).toMatchObject({
    pages: 1,
    passages: 2,
    characters: 34n,
  });
});

it('hands out nothing of a deleted document, or of another tenant, and splits neither', async () => {
  const theirs = await remember(database, runs.world.farm.id, 'Theirs.');
  expect(await load(theirs.documentId)).toBeUndefined();
  await runs.call('api', farm.id, 'delete_document', documentId, farm.owner.userId);
  expect(await load()).toBeUndefined();
  expect(await store()).toEqual({ outcome: 'closed' });
});
