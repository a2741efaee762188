import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setting } from '../environment/setting';

/**
 * A folder for what is built or downloaded once and can be made again at any time: under `COUNTERSIGN_CACHE` when set,
 * else in the user's own cache folder. It is made when missing.
 */
export function cacheFolder(name: string): string {
  const userCache = setting('XDG_CACHE_HOME') ?? join(homedir(), '.cache');
  const folder = join(setting('COUNTERSIGN_CACHE') ?? join(userCache, 'countersign'), name);
  mkdirSync(folder, { recursive: true });
  return folder;
}
