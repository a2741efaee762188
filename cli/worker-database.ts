import { socketDatabaseUrl } from '../stack/pglite/socket-folder';
import { givenDatabaseUrl } from '../stack/settings';
import { readStackState } from '../stack/state-file';
import { UsageError } from './exit-codes';

/**
 * The worker's database, for commands that do its work without it: of the stack that runs in this data folder, else the one
 * that is set.
 * @throws UsageError when there is neither
 */
export function workerDatabaseUrl(home: string): string {
  const embedded = readStackState(home)?.socketFolder;
  const url =
    embedded === undefined
      ? givenDatabaseUrl('countersign_worker')
      : socketDatabaseUrl('countersign_worker', embedded);
  if (url === undefined)
    throw new UsageError('Set DATABASE_URL_WORKER or DATABASE_URL, or start the stack of the data folder.');
  return url;
}
