import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Pool } from 'pg';
import { openDatabase, type Database, type DatabaseRole } from '../../db/pool';
import { inTenant, type KeyProof, type Transaction } from '../../db/transaction';
import { pgliteSocketFolder, socketDatabaseUrl } from '../../stack/pglite/socket-folder';
import { startPglite } from '../../stack/pglite/start';
import { presenting } from './proofs';
import { handedDatabase, type HandedDatabase, type TestTarget } from './target';

/** Logins that are no {@link DatabaseRole}. */
export type AdminLogin = 'postgres' | 'countersign_migrator' | 'countersign_backup';

/**
 * A migrated database of one test file's own, on the target that `COUNTERSIGN_TEST_DATABASE` names. Its connections may
 * be used inside tests and hooks only.
 */
export interface TestDatabase {
  readonly target: TestTarget;
  /** Races, roles and kills are proven on native Postgres; the embedded one runs one transaction at a time. */
  readonly isNative: boolean;
  /** Where a role logs in. On native Postgres it is that role from the first statement on. */
  url(role: DatabaseRole | AdminLogin): string;
  /** A pool for a role, opened once. */
  open(role: DatabaseRole): Database;
  /**
   * A transaction of a tenant in a role. With a proof it presents that key, or none for `null`; left out, each statement
   * presents the key of the person whom it names, as the API does for its callers.
   */
  as<Result>(
    role: DatabaseRole,
    tenantId: string | null,
    work: (transaction: Transaction) => Promise<Result>,
    proof?: KeyProof | null,
  ): Promise<Result>;
  /** A transaction as `countersign_owner`, whom row level security binds too; for what tests must do to tables. */
  asOwner<Result>(
    tenantId: string | null,
    work: (transaction: Transaction) => Promise<Result>,
  ): Promise<Result>;
  /** On the embedded database alone: stops its process for as long as something works with its data folder's home. */
  whileStopped<Result>(work: (home: string) => Promise<Result>): Promise<Result>;
  /** Rows as the superuser, past row level security: for tests that must look at tables of all tenants. */
  look<Row extends object>(text: string, parameters?: readonly unknown[]): Promise<Row[]>;
}

interface Started {
  readonly handed: HandedDatabase;
  url(login: string): string;
  drop(): Promise<void>;
  whileStopped: TestDatabase['whileStopped'];
}

/** More than a pool of the product has, so that races meet in the database and not in the pool's queue. */
const CONNECTIONS_NATIVE = 24;

/**
 * Gives the test file that calls it, at its top level, a database that lives from before its first test until after its
 * last one. A connection that is still in use then fails the file.
 */
export function testDatabase(): TestDatabase {
  let started: Started | undefined;
  const pools = new Map<DatabaseRole, Database>();
  let superuser: Pool | undefined;
  const here = (): Started => {
    if (started === undefined) throw new Error('The database is there inside hooks and tests only.');
    return started;
  };
  const look = (): Pool => {
    if (superuser === undefined) {
      superuser = new Pool({ connectionString: here().url('postgres'), max: 4, options: '-c timezone=UTC' });
      // A database that ends fails the test that asks it, and not the whole file.
      superuser.on('error', () => undefined);
    }
    return superuser;
  };

  beforeAll(async () => {
    started = await startDatabase(handedDatabase());
  }, 120_000);

  afterAll(async () => {
    if (started === undefined) return;
    const held = [...pools.values()].filter(({ pool }) => pool.totalCount > pool.idleCount);
    const roles = held.map(({ role }) => role);
    // A pool with a connection in use would never end; the server ends those with the database.
    for (const database of pools.values()) if (!held.includes(database)) await database.close();
    await superuser?.end();
    const foreign = await connectionsLeft(started);
    await started.drop();
    if (roles.length > 0) throw new Error(`connections were never released: ${roles.join(', ')}`);
    if (foreign.length > 0) throw new Error(`connections were never closed: ${foreign.join(', ')}`);
  }, 60_000);

  const open = (role: DatabaseRole): Database => {
    const known = pools.get(role);
    if (known !== undefined) return known;
    const connections = here().handed.target === 'pglite' ? 4 : CONNECTIONS_NATIVE;
    const database = openDatabase(here().url(`countersign_${role}`), role, { connections });
    pools.set(role, database);
    return database;
  };
  return {
    get target() {
      return here().handed.target;
    },
    get isNative() {
      return here().handed.target !== 'pglite';
    },
    url: (login) => here().url(isRole(login) ? `countersign_${login}` : login),
    open,
    as: (role, tenantId, work, proof) =>
      inTenant(
        open(role),
        tenantId,
        (transaction) => work(proof === undefined ? presenting(transaction) : transaction),
        proof ?? undefined,
      ),
    asOwner: (tenantId, work) => asOwner(look(), tenantId, work),
    async look<Row extends object>(text: string, parameters: readonly unknown[] = []) {
      const result = await look().query<Row>(text, [...parameters]);
      return result.rows;
    },
    whileStopped: (work) => here().whileStopped(work),
  };
}

function isRole(login: DatabaseRole | AdminLogin): login is DatabaseRole {
  return ['worker', 'api', 'adapter', 'auditor'].includes(login);
}

async function startDatabase(handed: HandedDatabase): Promise<Started> {
  if (handed.target === 'pglite') {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-test-'));
    // Where a stack would have it, so that `folder` is the home of one.
    const dataFolder = join(folder, 'pglite');
    cpSync(handed.templateFolder, dataFolder, { recursive: true });
    let pglite = await startPglite({ dataFolder });
    return {
      handed,
      url: (login) => pglite.url(login),
      drop: async () => {
        await pglite.stop();
        rmSync(folder, { recursive: true, force: true });
        rmSync(pgliteSocketFolder(dataFolder), { recursive: true, force: true });
      },
      whileStopped: async (work) => {
        await pglite.stop();
        try {
          return await work(folder);
        } finally {
          pglite = await startPglite({ dataFolder });
        }
      },
    };
  }
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const url = (login: string, database = name): string =>
    socketDatabaseUrl(login, handed.socketFolder, handed.port, database);
  await runOnce(url('postgres', 'postgres'), `create database ${name} template ${handed.template}`);
  return {
    handed,
    url,
    drop: () => runOnce(url('postgres', 'postgres'), `drop database ${name} with (force)`),
    whileStopped: () => Promise.reject(new Error('A server is not stopped for one test file.')),
  };
}

async function runOnce(url: string, text: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

/** Names of programs that are still connected to a native database whose pools have all been closed. */
async function connectionsLeft(started: Started): Promise<string[]> {
  if (started.handed.target === 'pglite') return [];
  const client = new Client({ connectionString: started.url('postgres') });
  await client.connect();
  try {
    // A connection that was closed a moment ago may still be on its way out.
    for (let attempt = 0; ; attempt += 1) {
      const result = await client.query<{ name: string }>(
        `select coalesce(nullif(application_name, ''), usename, 'unnamed') as name from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
      );
      if (result.rows.length === 0 || attempt === 40) return result.rows.map((row) => row.name);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  } finally {
    await client.end();
  }
}

async function asOwner<Result>(
  pool: Pool,
  tenantId: string | null,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('set local role countersign_owner');
    await client.query("select set_config('app.tenant', $1, true)", [tenantId ?? '']);
    const result = await work({
      async rows<Row extends object>(text: string, parameters: readonly unknown[] = []) {
        return (await client.query<Row>(text, [...parameters])).rows;
      },
      async value<Value>(text: string, parameters: readonly unknown[] = []) {
        const { rows } = await client.query<[Value]>({ text, values: [...parameters], rowMode: 'array' });
        if (rows[0] === undefined) throw new Error('a query for one value returned no row');
        return rows[0][0];
      },
    });
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}
