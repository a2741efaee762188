import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { runCommand } from '../../stack/command';
import { startPglite } from '../../stack/pglite/start';
import { testDatabase } from '../support/database';
import { handedDatabase } from '../support/target';
import { brokenChains, verifyChains } from './support/chain';
import { everything } from './support/everything';
import { sqlRuns } from './support/runs';

const database = testDatabase();
const runs = sqlRuns(database);
const CLI = join(__dirname, '..', '..', 'dist', 'cli', 'main.js');
const folder = mkdtempSync(join(tmpdir(), 'countersign-dump-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Look = typeof database.look;

/** A dump of the test's database, restored: how to reach the copy, and how to remove it. */
interface Restored {
  readonly url: string;
  drop(): Promise<void>;
}

it('a dump restores into an empty database, and every chain verifies there', async () => {
  const farm = await everything(database, runs);
  const before = await counts(database.look);
  const restored = await (database.isNative ? throughServer() : throughFile());
  const client = new Client({ connectionString: restored.url, options: '-c timezone=UTC' });
  try {
    await client.connect();
    const look = async <Row extends object>(text: string, parameters: readonly unknown[] = []) =>
      (await client.query<Row>(text, [...parameters])).rows;
    const chains = await verifyChains(look);
    expect(brokenChains(chains)).toEqual([]);
    expect([...chains.keys()]).toContain(farm.id);
    expect(await counts(look)).toEqual(before);
    expect(await counts(database.look)).toEqual(before);
  } finally {
    await client.end();
    await restored.drop();
  }
}, 240_000);

/** By `pg_dump` in the role of the backup, and `psql` into a database that was created for it. */
async function throughServer(): Promise<Restored> {
  const handed = handedDatabase();
  if (handed.target === 'pglite') throw new Error('the embedded database has no pg_dump');
  const file = join(folder, 'dump.sql');
  const name = `restored_${randomUUID().replaceAll('-', '')}`;
  const url = database.url('postgres').replace(/test_[0-9a-f]{32}/, name);
  expect(url).toContain(name);
  const program = async (called: string, args: readonly string[]): Promise<unknown> =>
    await runCommand(join(handed.programs, called), args, {
      withinMs: 60_000,
      environment: { PGTZ: 'UTC' },
    });
  await database.look(`create database ${name}`);
  await program('pg_dump', [`--dbname=${database.url('countersign_backup')}`, `--file=${file}`]);
  await program('psql', [
    '--no-psqlrc',
    '--quiet',
    '--set=ON_ERROR_STOP=1',
    `--dbname=${url}`,
    `--file=${file}`,
  ]);
  return {
    url,
    drop: async () => {
      await database.look(`drop database ${name} with (force)`);
    },
  };
}

/** By `countersign dump` of a stopped stack's folder, and `countersign restore` into a new one. */
async function throughFile(): Promise<Restored> {
  const file = join(folder, 'database.tar.gz');
  const home = join(folder, 'home');
  await expect(countersign('dump', file, folder)).rejects.toThrow('holds no database');
  await database.whileStopped(async (from) => {
    await countersign('dump', file, from);
    await expect(countersign('restore', file, from)).rejects.toThrow('is not empty');
  });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const noDump = join(folder, 'no-dump');
  writeFileSync(noDump, 'not a dump');
  await expect(countersign('restore', noDump, home)).rejects.toThrow('holds no dump');
  await countersign('restore', file, home);
  const pglite = await startPglite({ dataFolder: join(home, 'pglite') });
  await expect(countersign('dump', file, home)).rejects.toThrow(`is in use by process ${pglite.pid}`);
  return { url: pglite.url('postgres'), drop: () => pglite.stop() };
}

async function countersign(command: 'dump' | 'restore', file: string, home: string): Promise<unknown> {
  return await runCommand(process.execPath, [CLI, command, file, '--home', home], {
    withinMs: 120_000,
    environment: { DATABASE_URL: '', DATABASE_URL_BACKUP: '' },
  });
}

/** How many rows each table has, and a sum over all that is in them. */
async function counts(look: Look): Promise<Record<string, string>> {
  const tables = await look<{ name: string }>(
    "select tablename::text as name from pg_tables where schemaname = 'core' order by 1",
  );
  const found: Record<string, string> = {};
  for (const { name } of tables) {
    const [row] = await look<{ n: string; sum: string }>(
      `select count(*)::text as n, coalesce(sum(hashtextextended(t::text, 0)), 0)::text as sum from core.${name} t`,
    );
    found[name] = `${row?.n ?? ''} ${row?.sum ?? ''}`;
  }
  return found;
}
