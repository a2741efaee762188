import { migrationState, type MigrationState } from '../../db/migration-state';
import { socketDatabaseUrl } from '../pglite/socket-folder';
import { givenDatabaseUrl } from '../settings';
import type { StackState } from '../state-file';
import { START, away, fail, ok, reasonOf, type Found } from './check';

const LOGIN = "the migrator's login (DATABASE_URL_MIGRATOR, else DATABASE_URL)";

/** Whether the database answers, has pgvector, and is migrated. */
export async function checkDatabase(state: StackState | undefined): Promise<Found> {
  const embedded = state?.socketFolder;
  const url =
    embedded === undefined
      ? givenDatabaseUrl('countersign_migrator')
      : socketDatabaseUrl('countersign_migrator', embedded);
  if (url === undefined) return away('no database is known', `${START}, or set DATABASE_URL`);
  try {
    return judge(await migrationState(url), embedded !== undefined);
  } catch (error) {
    if (embedded !== undefined)
      return away(`the embedded Postgres does not answer: ${reasonOf(error)}`, START);
    return ofServer(error);
  }
}

function judge(found: MigrationState, isEmbedded: boolean): Found {
  const { serverVersion, vectorVersion, pending, changed } = found;
  const said = `PostgreSQL ${serverVersion}, pgvector ${vectorVersion ?? 'missing'}`;
  const migrate = isEmbedded
    ? 'stop the stack and start it again: each start migrates'
    : `countersign migrate, with ${LOGIN}`;
  if (changed.length > 0)
    return fail(
      `${said}; changed after they were applied: ${changed.join(', ')}`,
      'put these files of sql/migrations back as they were released',
    );
  if (pending.length > 0) return fail(`${said}; not migrated: ${some(pending)}`, migrate);
  if (vectorVersion === undefined) return fail(said, 'install pgvector into this PostgreSQL');
  return ok(`${said}, migrated`);
}

/** SQLSTATEs of a server that is there and lets nobody in. */
const REFUSED: Readonly<Record<string, string>> = {
  '28P01': 'the password is wrong',
  '28000': 'the login is not allowed',
  '3D000': 'there is no such database',
  '42501': 'the login may not become countersign_owner',
};

function ofServer(error: unknown): Found {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const refused = REFUSED[code];
  if (refused !== undefined) return fail(`${refused}: ${reasonOf(error)}`, `look at ${LOGIN}`);
  return away(`it does not answer: ${reasonOf(error)}`, `see that it is up, and look at ${LOGIN}`);
}

function some(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
