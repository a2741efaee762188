import { Client } from 'pg';
import { sqlSources, type SqlFile } from './sql-sources';

export interface MigrationReport {
  /** Names of the migrations that this call applied. */
  readonly applied: readonly string[];
  /** Whether functions, triggers, views and grants were made anew. */
  readonly refreshed: boolean;
}

/**
 * Brings a database to the schema of this version: roles, pending migrations in order, then everything that is repeatable
 * (functions, triggers, row security, views, grants) if any of it changed; one transaction for all of it.
 * @param url a login that may become `countersign_owner` (the migrator), or a superuser who may also create roles and
 *   the vector extension on a new database
 * @throws when a migration that was applied has changed since, or the database is older than PostgreSQL 15
 */
export async function migrate(url: string): Promise<MigrationReport> {
  const { roles, migrations, repeatable, fingerprint } = await sqlSources();
  const client = new Client({
    connectionString: url,
    options: '-c timezone=UTC',
    application_name: 'countersign-migrate',
  });
  await client.connect();
  try {
    await requireVersion(client);
    await client.query('begin');
    // Two migrators wait for one another; on an embedded Postgres the transaction itself keeps everybody else out.
    await client.query("select pg_advisory_xact_lock(hashtextextended('countersign migrate', 0))");
    await prepare(client, roles);
    const known = await appliedMigrations(client);
    const applied: string[] = [];
    for (const file of migrations) {
      const sha256 = known.get(file.name);
      if (sha256 === file.sha256) continue;
      if (sha256 !== undefined)
        throw new Error(`migration ${file.name} was changed after it had been applied`);
      await client.query(file.text);
      await client.query('insert into core.migrations (name, sha256) values ($1, $2)', [
        file.name,
        file.sha256,
      ]);
      applied.push(file.name);
    }
    // Noted where every role may read it: worker and API are not ready on an older schema than theirs.
    const reached = [...known.keys(), ...migrations.map(({ name }) => name)].filter((name) =>
      /^\d/.test(name),
    );
    await client.query(`comment on schema app is '${reached.sort().at(-1) ?? ''}'`);
    const refreshed = known.get('repeatable') !== fingerprint;
    if (refreshed) {
      await client.query('set local check_function_bodies = off');
      for (const file of repeatable) await client.query(file.text);
      await client.query(
        `insert into core.migrations (name, sha256) values ('repeatable', $1)
         on conflict (name) do update set sha256 = excluded.sha256, applied_at = clock_timestamp()`,
        [fingerprint],
      );
    }
    await client.query('commit');
    return { applied, refreshed };
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    await client.end();
  }
}

async function requireVersion(client: Client): Promise<void> {
  const result = await client.query<{ version: string }>(
    "select current_setting('server_version_num') as version",
  );
  const version = Number(result.rows[0]?.version);
  if (!(version >= 150000)) throw new Error('Countersign needs PostgreSQL 15 or newer');
}

/** Roles, extension and schemas' owner. What needs more than the owner's rights is skipped when it is there already. */
async function prepare(client: Client, roles: SqlFile): Promise<void> {
  const owner = await client.query("select from pg_roles where rolname = 'countersign_owner'");
  const superuser = await client.query<{ is: boolean }>(
    'select rolsuper or rolcreaterole as is from pg_roles where rolname = current_user',
  );
  if (owner.rowCount === 0 || superuser.rows[0]?.is === true) await client.query(roles.text);
  const vector = await client.query("select from pg_extension where extname = 'vector'");
  if (vector.rowCount === 0) await client.query('create extension vector');
  const create = await client.query<{ may: boolean }>(
    "select has_database_privilege('countersign_owner', current_database(), 'create') as may",
  );
  if (create.rows[0]?.may !== true) {
    await client.query(
      "do $$ begin execute format('grant create on database %I to countersign_owner', current_database()); end $$",
    );
  }
  await client.query('set local role countersign_owner');
}

/** Names and hashes of what was applied; makes the table that remembers them where it is missing. */
async function appliedMigrations(client: Client): Promise<Map<string, string>> {
  const exists = await client.query(
    "select from pg_tables where schemaname = 'core' and tablename = 'migrations'",
  );
  if (exists.rowCount === 0) {
    await client.query('create schema if not exists core');
    await client.query(
      'create table core.migrations (name text primary key, sha256 text not null, applied_at timestamptz not null default clock_timestamp())',
    );
  }
  const rows = await client.query<{ name: string; sha256: string }>(
    'select name, sha256 from core.migrations',
  );
  return new Map(rows.rows.map((row) => [row.name, row.sha256]));
}
