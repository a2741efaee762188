import { mkdirSync, realpathSync } from 'node:fs';
import { acquireFolderLock, type FolderLock } from '../folder-lock';

export interface LockedDataFolder {
  /** The real path, so that one folder under two names is still one lock. */
  readonly dataFolder: string;
  readonly lock: FolderLock;
}

/**
 * Takes a data folder for this process, and makes it when it is missing: two processes that open one lose data in silence.
 *
 * @throws FolderLockedError when another living process has it
 */
export async function lockDataFolder(folder: string): Promise<LockedDataFolder> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const dataFolder = realpathSync(folder);
  const lock = await acquireFolderLock(`${dataFolder}.lock`, `The database folder ${dataFolder}`);
  return { dataFolder, lock };
}
