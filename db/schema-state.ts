import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from './pool';
import { newestMigration } from './sql-sources';
import { callInTenant } from './transaction';

/** How the database that a program stands on is: away, of an older version than the program, or right. */
export type SchemaState = 'unreachable' | 'outdated' | 'current';

const LOOK_MS = 250;

/**
 * Asks the database for the migration that it came to, which `migrate` notes where every role may read it. One that is
 * ahead of this program is right: migrations come before the programs that need them.
 */
export async function schemaState(database: Database): Promise<SchemaState> {
  try {
    const reached = await callInTenant<string | null>(
      database,
      null,
      "select obj_description('app'::regnamespace, 'pg_namespace')",
    );
    return (reached ?? '') >= (await newestMigration()) ? 'current' : 'outdated';
  } catch (error) {
    return isOfServer(error) ? 'outdated' : 'unreachable';
  }
}

/**
 * Waits until the database answers and has the schema of this program.
 *
 * @returns false when `signal` ended the wait
 * @throws Error that says what is wrong and what to do when it does not within the time
 */
export async function whenSchemaIsCurrent(
  database: Database,
  withinSeconds: number,
  signal?: AbortSignal,
): Promise<boolean> {
  const deadline = performance.now() + withinSeconds * 1_000;
  for (;;) {
    const state = await schemaState(database);
    if (state === 'current') return true;
    if (signal?.aborted === true) return false;
    if (performance.now() > deadline) throw new Error(complaint(state, withinSeconds));
    await sleep(LOOK_MS, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  }
}

function complaint(state: SchemaState, seconds: number): string {
  return state === 'outdated'
    ? `The database does not have the schema of this version after ${seconds} s: run "countersign migrate" with the migrator's login.`
    : `The database did not answer for ${seconds} s: is it up, and does DATABASE_URL name it, with a login that it knows?`;
}

/** Schema or role that are not there: the server answers, and was never migrated. */
const NOT_MIGRATED = new Set(['3F000', '22023', '42704', '42501']);

function isOfServer(error: unknown): boolean {
  return error instanceof Error && 'code' in error && NOT_MIGRATED.has(String(error.code));
}
