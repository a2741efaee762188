import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { migrate } from '../../../db/migrate';
import { startPglite, type RunningPglite } from '../../../stack/pglite/start';
import { temporaryFolder, until } from '../stand-in';

/* The embedded Postgres has nobody who analyses but its host, which looks once in a while. */

const folder = temporaryFolder();
let pglite: RunningPglite;
let client: Client;

beforeAll(async () => {
  pglite = await startPglite({
    dataFolder: join(folder, 'data'),
    environment: {
      COUNTERSIGN_PGLITE_PROBE_INTERVAL_MS: '50',
      COUNTERSIGN_PGLITE_ANALYZE_INTERVAL_MS: '100',
    },
  });
  await migrate(pglite.url('postgres'));
  client = new Client(pglite.url('postgres'));
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await pglite.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What the planner takes a table's rows for; -1 says that nobody has analysed it. */
async function rowsByPlanner(table: string): Promise<number> {
  const found = await client.query<{ reltuples: number }>(
    'select reltuples from pg_class where oid = $1::regclass',
    [table],
  );
  return found.rows[0]?.reltuples ?? Number.NaN;
}

async function untilPlannerCounts(table: string, rows: number): Promise<void> {
  await until(async () => (await rowsByPlanner(table)) === rows, 20_000);
}

test('tables that grow get statistics, and what hardly changes is left alone', async () => {
  await client.query('create table crates (number integer, eggs integer)');
  await client.query('create table farms (number integer)');
  await client.query('insert into farms select generate_series(1, 20)');
  await client.query('insert into crates select n, n % 30 from generate_series(1, 5000) n');
  await untilPlannerCounts('crates', 5_000);
  const seen = await client.query<{ columns: number }>(
    "select count(*)::integer as columns from pg_stats where tablename = 'crates'",
  );
  expect(seen.rows[0]?.columns).toBe(2);
  expect(await rowsByPlanner('farms')).toBe(-1);
  await client.query('insert into crates select n, n % 30 from generate_series(1, 5000) n');
  await untilPlannerCounts('crates', 10_000);
});

test('so do the tables of the product, when enough has happened in them', async () => {
  await client.query(`
    begin;
    select set_config('app.tenant', '__platform__', true);
    select core.put_content(null, 'reason', 'crate ' || n) from generate_series(1, 300) n;
    select core.emit('credits.granted', 'system', null, null, '{}') from generate_series(1, 200) n;
    commit`);
  await untilPlannerCounts('core.contents', 300);
  await until(async () => (await rowsByPlanner('core.audit_log')) >= 200, 20_000);
  expect(await rowsByPlanner('core.chain_heads')).toBe(1);
});
