import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import { lockDataFolder } from './data-folder';

/** What every header of a tar archive says, and where. */
const MAGIC = 'ustar';
const MAGIC_AT = 257;

/**
 * Writes everything that a data folder's database holds into one file, while no process serves it. The file is for its
 * user alone: content is in it. It is read by the same version of PGlite; a server's `pg_dump` is not needed.
 *
 * @returns the file's bytes
 * @throws FolderLockedError while a stack runs on the folder
 * @throws Error when the folder holds no database
 */
export async function dumpPglite(folder: string, file: string): Promise<number> {
  if (!holdsDatabase(folder)) throw new Error(`${folder} holds no database.`);
  const { dataFolder, lock } = await lockDataFolder(folder);
  try {
    const database = await PGlite.create({ dataDir: dataFolder, extensions: { vector } });
    try {
      await database.exec('checkpoint');
      const dump = await database.dumpDataDir('none');
      const bytes = gzipSync(await dump.arrayBuffer());
      // A file that is there is whole, also when this process is killed meanwhile.
      writeFileSync(`${file}.part`, bytes, { mode: 0o600, flush: true });
      renameSync(`${file}.part`, file);
      return bytes.length;
    } finally {
      await database.close();
    }
  } finally {
    lock.release();
  }
}

/**
 * Makes a database of a dump in a data folder that holds none.
 *
 * @throws FolderLockedError while a stack runs on the folder
 * @throws Error when something is in the folder already, or the file is no dump; the folder is then as it was
 */
export async function restorePglite(file: string, folder: string): Promise<void> {
  const { dataFolder, lock } = await lockDataFolder(folder);
  const draft = `${dataFolder}.draft`;
  try {
    if (readdirSync(dataFolder).length > 0)
      throw new Error(`${dataFolder} is not empty, so nothing is restored into it.`);
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(draft, { mode: 0o700 });
    try {
      const database = await PGlite.create({
        dataDir: draft,
        loadDataDir: new Blob([archiveOf(readFileSync(file))]),
        extensions: { vector },
      });
      await database.close();
    } catch (error) {
      throw new Error(`${file} holds no dump of an embedded database.`, { cause: error });
    }
    renameSync(draft, dataFolder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
    lock.release();
  }
}

/** Unpacked and looked at here, since PGlite takes what is no archive for a packed one, and fails where nobody can catch it. */
function archiveOf(packed: Buffer): Buffer {
  const archive = gunzipSync(packed);
  if (archive.toString('latin1', MAGIC_AT, MAGIC_AT + MAGIC.length) !== MAGIC) throw new Error('no archive');
  return archive;
}

function holdsDatabase(folder: string): boolean {
  return existsSync(join(folder, 'PG_VERSION'));
}
