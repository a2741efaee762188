import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { runCommand } from '../../stack/command';
import { testDatabase } from '../support/database';
import { handedDatabase } from '../support/target';
import { brokenChains, verifyChains } from './support/chain';
import { everything } from './support/everything';
import { sqlRuns } from './support/runs';

const database = testDatabase();
const runs = sqlRuns(database);

describe('a dump', () => {
  it('by the backup role restores into an empty database, and every chain verifies there', async () => {
    const farm = await everything(database, runs);
    const handed = handedDatabase();
    // The embedded database has no pg_dump: its folder is copied while it is stopped.
    if (handed.target === 'pglite') {
      expect(brokenChains(await verifyChains(database.look))).toEqual([]);
      return;
    }
    const folder = mkdtempSync(join(tmpdir(), 'countersign-dump-'));
    const file = join(folder, 'dump.sql');
    const name = `restored_${randomUUID().replaceAll('-', '')}`;
    const target = database.url('postgres').replace(/test_[0-9a-f]{32}/, name);
    expect(target).toContain(name);
    await database.look(`create database ${name}`);
    const client = new Client({ connectionString: target });
    try {
      await program(handed.programs, 'pg_dump', [
        `--dbname=${database.url('countersign_backup')}`,
        `--file=${file}`,
      ]);
      await program(handed.programs, 'psql', [
        '--no-psqlrc',
        '--quiet',
        '--set=ON_ERROR_STOP=1',
        `--dbname=${target}`,
        `--file=${file}`,
      ]);
      await client.connect();
      const look = async <Row extends object>(text: string, parameters: readonly unknown[] = []) =>
        (await client.query<Row>(text, [...parameters])).rows;
      const chains = await verifyChains(look);
      expect(brokenChains(chains)).toEqual([]);
      expect([...chains.keys()]).toContain(farm.id);
      expect(await counts(look)).toEqual(await counts(database.look));
    } finally {
      await client.end();
      await database.look(`drop database ${name} with (force)`);
      rmSync(folder, { recursive: true, force: true });
    }
  }, 120_000);

  type Look = typeof database.look;

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

  async function program(folder: string, name: string, args: readonly string[]): Promise<void> {
    await runCommand(join(folder, name), args, { withinMs: 60_000, environment: { PGTZ: 'UTC' } });
  }
});
