import { openDatabase } from '../db/pool';
import { withDatabase } from './database-away';
import { bootstrapPlatformAdmin } from './seed/bootstrap';
import type { SeededPerson } from './seed/token-file';

/**
 * Makes the first admin of an installation, or another key for the one that is there. Every other person is made over the
 * API by an admin.
 *
 * @param databaseUrl the migrator's login: nobody is there yet whose key the database could ask for
 * @returns the person with a key that is shown this once: the database has its hash alone
 */
export async function bootstrapAdmin(databaseUrl: string): Promise<SeededPerson> {
  const database = openDatabase(databaseUrl, 'owner', { connections: 1 });
  try {
    return await withDatabase(() => bootstrapPlatformAdmin(database));
  } finally {
    await database.close();
  }
}
