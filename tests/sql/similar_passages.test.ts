import { testDatabase } from '../support/database';
import { remember, share } from '../support/knowledge';
import { allowModel } from '../support/world';
import { sqlRuns } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);

/** A direction: the nearer to the first axis, the nearer to what is asked. */
const direction = (away: number): readonly number[] =>
  Array.from({ length: 1024 }, (_, at) => (at === 0 ? 1 : at === 1 ? away : 0));
const MODEL = 'hashed-features-1';

const similar = async (tenantId: string | null, limit = 4, model = MODEL) =>
  (
    await runs.call<readonly { text: string }[]>(
      'worker',
      tenantId,
      'similar_passages',
      JSON.stringify(direction(0)),
      model,
      limit,
    )
  ).map(({ text }) => text);

it('finds a tenant’s own and the shared ones, nearest first, although another tenant has many nearer ones', async () => {
  const { farm, hospital } = runs.world;
  for (let at = 0; at < 20; at += 1)
    await remember(database, hospital.id, `theirs ${at}`, direction(0.001 * at));
  await remember(database, farm.id, 'far', direction(9));
  await remember(database, farm.id, 'near', direction(1));
  await share(database, []);
  await remember(database, '__global__', 'shared', direction(3));
  expect(await similar(farm.id)).toEqual(['near', 'shared', 'far']);
  expect(await similar(farm.id, 1)).toEqual(['near']);
  expect(await similar(hospital.id, 2)).toEqual(['theirs 0', 'theirs 1']);
  expect(await similar(null)).toEqual([]);
});

it('compares vectors of one model alone: those of two say nothing of one another', async () => {
  const farm = await runs.farm();
  await allowModel(database, runs.world.platformAdmin, {
    vendor: 'local',
    model: 'other-1',
    region: 'local',
  });
  await remember(database, farm.id, 'old', direction(0), 'other-1');
  await remember(database, farm.id, 'new', direction(2));
  expect(await similar(farm.id, 1)).toEqual(['new']);
  expect(await similar(farm.id, 4, 'other-1')).toEqual(['old']);
});

it('finds nothing of a document that was deleted', async () => {
  const farm = await runs.farm();
  const { documentId } = await remember(database, farm.id, 'gone', direction(0));
  expect(await similar(farm.id, 1)).toEqual(['gone']);
  await runs.call('api', farm.id, 'delete_document', documentId, farm.owner.userId);
  expect(await similar(farm.id, 1)).not.toEqual(['gone']);
});

it('takes no vector of another length, and lets no tenant delete the shared ones', async () => {
  const { farm } = runs.world;
  expect(await stateOf(remember(database, farm.id, 'short', [1, 2]))).toBe('22000');
  const removed = await database.asOwner(farm.id, (transaction) =>
    transaction.rows("delete from core.embeddings where tenant_id = '__global__' returning id"),
  );
  expect(removed).toEqual([]);
});
