import { testDatabase } from '../support/database';
import { remember } from '../support/knowledge';
import { sqlRuns } from './support/runs';

const database = testDatabase();
const runs = sqlRuns(database);

it('puts back what has no vector of the model, of the tenant alone, and leaves the rest', async () => {
  const [farm, other] = [await runs.farm(), await runs.farm()];
  const [mine, theirs] = [
    await remember(database, farm.id, 'Mine.'),
    await remember(database, other.id, 'Theirs.'),
  ];
  const gone = await remember(database, farm.id, 'Gone.');
  await runs.call('api', farm.id, 'delete_document', gone.documentId, farm.owner.userId);
  expect(await runs.call<bigint>('worker', farm.id, 'reread_documents', 'hashed-features-1')).toBe(0n);
  expect(await runs.call<bigint>('worker', farm.id, 'reread_documents', 'another')).toBe(1n);
  expect(await runs.row('documents', { id: mine.documentId })).toMatchObject({ state: 'pending' });
  expect(await runs.count('worklist', { ref_id: mine.documentId })).toBe(1);
  for (const { documentId, state } of [
    { ...theirs, state: 'ready' },
    { ...gone, state: 'deleted' },
  ])
    expect(await runs.row('documents', { id: documentId })).toMatchObject({ state });
});
