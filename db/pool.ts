import { Pool, types } from 'pg';
import type { PoolClient, PoolConfig } from 'pg';

/** 64-bit integers as bigint, so that money never passes through a float. */
types.setTypeParser(types.builtins.INT8, (text) => BigInt(text));
types.setTypeParser(types.builtins.NUMERIC, (text) => BigInt(text));
/** Times as RFC 3339 text in UTC: a Date would lose the microseconds. */
types.setTypeParser(types.builtins.TIMESTAMPTZ, (text) => toUtc(text));
types.setTypeParser(types.builtins.DATE, (text) => text);

/** Postgres prints "2026-11-22 10:00:00.123456+00" because every connection runs in UTC. */
function toUtc(text: string): string {
  return text.replace(' ', 'T').replace(/\+00$/, 'Z');
}

export type DatabaseRole = 'worker' | 'api' | 'adapter' | 'auditor';

/** Roles of transactions. The owner's is taken by the migrator's login alone, for what comes before anybody can ask. */
export type TransactionRole = DatabaseRole | 'owner';

/** A pool that knows in which role its transactions run. */
export interface Database {
  readonly pool: Pool;
  readonly role: TransactionRole;
  close(): Promise<void>;
}

/**
 * The worker only calls functions that look rows up by their keys, where one plan serves all values. Left to itself, Postgres
 * makes a plan anew for each of the first five uses of a statement on every connection, which was a quarter of a run's work.
 * Lists, which the API reads, are planned for their values.
 */
const SESSION_OPTIONS: Readonly<Record<TransactionRole, string>> = {
  worker: '-c timezone=UTC -c plan_cache_mode=force_generic_plan',
  api: '-c timezone=UTC',
  adapter: '-c timezone=UTC',
  auditor: '-c timezone=UTC',
  owner: '-c timezone=UTC',
};

/**
 * Opens a pool for a role.
 * @param url a `postgres://` URL; a Unix socket by `?host=<folder>`
 * @param options.connections at most this many connections (default 10)
 * @param options.password called once for each new connection, for tokens that expire (IAM)
 */
export function openDatabase(
  url: string,
  role: TransactionRole,
  options: { connections?: number; password?: () => Promise<string>; ssl?: PoolConfig['ssl'] } = {},
): Database {
  const pool = new Pool({
    connectionString: url,
    max: options.connections ?? 10,
    options: SESSION_OPTIONS[role],
    application_name: `countersign-${role}`,
    // What is sent without waiting for an answer goes out at once: a transaction of one statement is one round trip.
    pipeline: true,
    connectionTimeoutMillis: 5_000,
    ...(options.password ? { password: options.password } : {}),
    ...(options.ssl ? { ssl: options.ssl } : {}),
  });
  // An idle connection that the server ends must not end the process; its next user gets an error of its own.
  pool.on('error', () => undefined);
  return { pool, role, close: () => pool.end() };
}

export type { PoolClient };
