import { indexLargeTenants } from '../../db/index-large-tenants';
import { testDatabase } from '../support/database';
import { remember } from '../support/knowledge';
import { sqlRuns } from './support/runs';

const database = testDatabase();
const runs = sqlRuns(database);
const VECTORS = 200;

/** Many passages of one tenant, each with a direction of its own: the further on, the further away. */
async function many(tenantId: string): Promise<void> {
  const { documentId } = await remember(database, tenantId, 'The first of many.', direction(5_000));
  await database.asOwner(tenantId, (transaction) =>
    transaction.rows(
      `with p as (
         insert into core.passages (tenant_id, document_id, ordinal, page, start_at, end_at, text)
         select app.tenant(), $1, g, 1, 0, 9, 'number ' || g from generate_series(1, $2::integer) g returning id, ordinal)
       insert into core.embeddings (tenant_id, id, source_type, source_id, ai_run_id, model, embedding, created_at)
       select app.tenant(), p.id, 'document', $1, (select id from core.ai_runs where document_id = $1), 'hashed-features-1',
         (array[1, p.ordinal / 100.0] || array_fill(0.0, array[1022]))::vector, app.now() from p`,
      [documentId, VECTORS],
    ),
  );
}

const direction = (away: number): readonly number[] =>
  Array.from({ length: 1024 }, (_, at) => (at === 0 ? 1 : at === 1 ? away : 0));

const similar = async (tenantId: string) =>
  (
    await runs.call<readonly { text: string }[]>(
      'worker',
      tenantId,
      'similar_passages',
      JSON.stringify(direction(0)),
      'hashed-features-1',
      4,
    )
  ).map(({ text }) => text);

const indexes = async () =>
  (
    await database.look<{ definition: string }>(
      "select indexdef as definition from pg_indexes where schemaname = 'core' and indexname like 'embeddings_of_%'",
    )
  ).map(({ definition }) => definition);

it('gives a tenant with very many passages an index of its own, once, which serves it and no other', async () => {
  const [large, small] = [await runs.farm(), await runs.farm()];
  await many(large.id);
  await remember(database, small.id, 'The only one.', direction(900));
  const before = await similar(large.id);
  expect(before).toEqual(['number 1', 'number 2', 'number 3', 'number 4']);

  expect(await indexLargeTenants(database.url('postgres'), VECTORS)).toEqual([large.id]);
  expect(await indexLargeTenants(database.url('postgres'), VECTORS)).toEqual([]);
  expect(await indexes()).toEqual([expect.stringContaining(`tenant_id = '${large.id}'`)]);
  await database.look('analyze core.embeddings');
  expect(await similar(large.id)).toEqual(before);
  expect(await similar(small.id)).toEqual(['The only one.']);
  expect(await plan(large.id)).toContain('Index Scan using embeddings_of_');
  expect(await plan(small.id)).not.toContain('embeddings_of_');
});

/** How the statement of similar_passages is served for a tenant when reading the whole table is out of the question. */
async function plan(tenantId: string): Promise<string> {
  const rows = await database.asOwner(tenantId, async (transaction) => {
    await transaction.rows('set local enable_seqscan = off; set local enable_sort = off');
    return await transaction.rows<Record<string, string>>(
      `explain select e.id, e.embedding <=> '${JSON.stringify(direction(0))}' as distance from core.embeddings e
       where e.tenant_id = '${tenantId}' and e.model = 'hashed-features-1'
       order by e.embedding <=> '${JSON.stringify(direction(0))}' limit 4`,
    );
  });
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}
