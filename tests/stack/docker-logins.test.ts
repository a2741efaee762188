import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { Client } from 'pg';
import { migrate } from '../../db/migrate';
import { findPostgres } from '../../stack/postgres/binaries';
import { startNativePostgres, type NativePostgres } from '../../stack/postgres/native';
import { ROOT } from '../support/source-tree';

/* What docker/create-logins.sh makes in a new database, run here by hand as the Postgres image would run it. */

const DATABASE = 'countersign';
let server: NativePostgres;

beforeAll(async () => {
  server = await startNativePostgres({ major: 18 });
  await ask(server.url, `create database ${DATABASE}`);
  const { folder } = await findPostgres(18, () => undefined);
  execFileSync('sh', [join(ROOT, 'docker', 'create-logins.sh')], {
    env: {
      PATH: `${folder}:${process.env.PATH ?? ''}`,
      PGHOST: server.socketFolder,
      PGPORT: String(server.port),
      POSTGRES_USER: 'postgres',
      POSTGRES_DB: DATABASE,
      COUNTERSIGN_MIGRATOR_PASSWORD: 'ofMigrator',
      COUNTERSIGN_WORKER_PASSWORD: "of'Worker",
      COUNTERSIGN_API_PASSWORD: 'ofApi',
      TEMPORAL_DATABASE_PASSWORD: 'ofTemporal',
    },
  });
  await migrate(server.urlOf('postgres', DATABASE));
}, 60_000);

afterAll(async () => {
  await server.stop();
});

async function ask(url: string, text: string): Promise<object[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<object>(text)).rows;
  } finally {
    await client.end();
  }
}

function over(login: string, password: string, database = DATABASE): string {
  return `postgres://${login}:${encodeURIComponent(password)}@127.0.0.1:${server.port}/${database}`;
}

test.each([
  ['countersign_migrator', 'ofMigrator'],
  ['countersign_worker', "of'Worker"],
  ['countersign_api', 'ofApi'],
])(
  '%s signs in with its own password only, and has no more rights than the migration gave',
  async (login, own) => {
    const [rights] = await ask(
      over(login, own),
      'select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolinherit from pg_roles where rolname = current_user',
    );
    expect(rights).toEqual({
      rolsuper: false,
      rolbypassrls: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolinherit: false,
    });
    await expect(ask(over(login, 'another'), 'select 1')).rejects.toThrow('password authentication failed');
  },
);

test('Temporal makes databases of its own, and cannot enter ours', async () => {
  await expect(ask(over('temporal', 'ofTemporal'), 'select 1')).rejects.toThrow('permission denied');
  await ask(over('temporal', 'ofTemporal', 'postgres'), 'create database temporal');
  expect(await ask(over('temporal', 'ofTemporal', 'temporal'), 'create table shards (id integer)')).toEqual(
    [],
  );
});

test('the migrator migrates again by itself, and finds nothing to do', async () => {
  expect(await migrate(over('countersign_migrator', 'ofMigrator'))).toEqual({
    applied: [],
    refreshed: false,
  });
});
