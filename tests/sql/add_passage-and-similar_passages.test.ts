import { testDatabase } from '../support/database';
import { randomUUID } from 'node:crypto';
import { sqlRuns } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);

/** A direction: the nearer to the first axis, the nearer to what is asked. */
const vector = (away: number): string =>
  `[${Array.from({ length: 1024 }, (_, at) => (at === 0 ? 1 : at === 1 ? away : 0)).join(',')}]`;

const add = (tenantId: string, text: string, away: number) =>
  database.asOwner(tenantId, (transaction) =>
    transaction.value('select app.add_passage($1, $2, $3, $4, $5)', [
      'document',
      randomUUID(),
      text,
      'm',
      vector(away),
    ]),
  );
const similar = async (tenantId: string | null, limit = 4) =>
  (
    await runs.call<readonly { text: string }[]>('worker', tenantId, 'similar_passages', vector(0), limit)
  ).map(({ text }) => text);

it('finds a tenant’s own and the shared ones, nearest first, although another tenant has many nearer ones', async () => {
  const { farm, hospital } = runs.world;
  for (let at = 0; at < 20; at += 1) await add(hospital.id, `theirs ${at}`, 0.001 * at);
  await add(farm.id, 'far', 9);
  await add(farm.id, 'near', 1);
  await add('__global__', 'shared', 3);
  expect(await similar(farm.id)).toEqual(['near', 'shared', 'far']);
  expect(await similar(farm.id, 1)).toEqual(['near']);
  expect(await similar(hospital.id, 2)).toEqual(['theirs 0', 'theirs 1']);
  expect(await similar(null)).toEqual([]);
});

it('refuses a vector of another length, and to write the shared knowledge from a tenant', async () => {
  const { farm } = runs.world;
  const short = database.asOwner(farm.id, (transaction) =>
    transaction.value("select app.add_passage('document', $1, 't', 'm', '[1, 2]')", [randomUUID()]),
  );
  expect(await stateOf(short)).toBe('22000');
  const shared = database.asOwner(farm.id, (transaction) =>
    transaction.rows("delete from core.embeddings where tenant_id = '__global__' returning id"),
  );
  expect(await shared).toEqual([]);
});
