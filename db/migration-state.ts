import { Client } from 'pg';
import { sqlSources } from './sql-sources';

/** How a database stands to the schema of this version. */
export interface MigrationState {
  readonly serverVersion: string;
  /** Undefined when the extension is not there. */
  readonly vectorVersion: string | undefined;
  /** What `migrate` would apply; "functions and views" for what is repeatable. */
  readonly pending: readonly string[];
  /** Migrations that were changed after they had been applied, which `migrate` refuses. */
  readonly changed: readonly string[];
}

/**
 * Compares a database with sql/, and changes nothing.
 * @param url a login that may become `countersign_owner` (the migrator), or a superuser
 */
export async function migrationState(url: string): Promise<MigrationState> {
  const { migrations, fingerprint } = await sqlSources();
  const client = new Client({
    connectionString: url,
    application_name: 'countersign-doctor',
    connectionTimeoutMillis: 5_000,
  });
  await client.connect();
  try {
    await client.query('begin read only');
    const { rows } = await client.query<{ server: string; vector: string | null; is_new: boolean }>(
      `select current_setting('server_version') as server,
         (select extversion from pg_extension where extname = 'vector') as vector,
         not exists (select from pg_tables where schemaname = 'core' and tablename = 'migrations') as is_new`,
    );
    const [facts] = rows;
    const known = facts?.is_new === false ? await appliedMigrations(client) : new Map<string, string>();
    await client.query('commit');
    const pending = migrations.filter(({ name }) => !known.has(name)).map(({ name }) => name);
    return {
      serverVersion: facts?.server ?? 'unknown',
      vectorVersion: facts?.vector ?? undefined,
      pending: known.get('repeatable') === fingerprint ? pending : [...pending, 'functions and views'],
      changed: migrations
        .filter(({ name, sha256 }) => known.has(name) && known.get(name) !== sha256)
        .map(({ name }) => name),
    };
  } finally {
    await client.end();
  }
}

async function appliedMigrations(client: Client): Promise<Map<string, string>> {
  await client.query('set local role countersign_owner');
  const { rows } = await client.query<{ name: string; sha256: string }>(
    'select name, sha256 from core.migrations',
  );
  return new Map(rows.map(({ name, sha256 }) => [name, sha256]));
}
