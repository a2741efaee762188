import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The name that PostgreSQL clients look for in a folder given as `host`. */
export const SOCKET_NAME = '.s.PGSQL.5432';

/** A Unix socket's path may have about 104 bytes (macOS) or 108 (Linux), the terminating zero included. */
const SOCKET_PATH_BYTES_MAX = 99;

/**
 * The folder of the Unix socket that serves a PGlite data folder: beside the data folder, or, when that path would be
 * too long for a socket, in the system's folder for temporary files under a name derived from the data folder.
 * The same data folder always gives the same socket folder, so that a restart keeps every client's address.
 */
export function pgliteSocketFolder(dataFolder: string): string {
  const data = resolve(dataFolder);
  const name = `countersign-${createHash('sha256').update(data).digest('hex').slice(0, 16)}`;
  const candidates = [`${data}.socket`, join(tmpdir(), name), join('/tmp', name)];
  const fitting = candidates.find(
    (folder) => Buffer.byteLength(join(folder, SOCKET_NAME)) <= SOCKET_PATH_BYTES_MAX,
  );
  if (fitting === undefined)
    throw new Error('No folder with a path short enough for a Unix socket was found.');
  return fitting;
}

/**
 * Makes a folder that only this user may enter. Whoever can enter it is the database's superuser.
 *
 * @throws Error when the path exists and is a link, no folder, or another user's
 */
export function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  const isOurs = process.getuid === undefined || found.uid === process.getuid();
  if (!found.isDirectory() || !isOurs) {
    throw new Error(`${folder} is not a folder of this user, so no database socket is put into it.`);
  }
  chmodSync(folder, 0o700);
}

/** The connection string for a role (`countersign_worker` …) at a server that listens in a socket folder. */
export function socketDatabaseUrl(
  role: string,
  socketFolder: string,
  port = 5432,
  database = 'postgres',
): string {
  const portPart = port === 5432 ? '' : `&port=${port}`;
  return `postgres://${role}@/${database}?host=${encodeURIComponent(socketFolder)}${portPart}`;
}
