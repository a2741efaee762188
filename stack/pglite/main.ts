import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { FolderLockedError, type FolderLock } from '../folder-lock';
import { wholeNumberSetting } from '../../environment/setting';
import { lockDataFolder } from './data-folder';
import type { ProbeSettings } from './probe';
import { makePrivateFolder, pgliteSocketFolder, SOCKET_NAME } from './socket-folder';

/*
 * The process that owns one PGlite data folder: `node main.js <data folder> [--end-with-parent]`. It says
 * {"ready":true,"socketFolder":…} on stdout when it answers. Not for production: every login is superuser, all sockets
 * share one session, and data is not flushed to disk at each commit.
 */

/** More than the sum of all pools that the product opens; beyond it PGlite drops connections without a message. */
const CONNECTIONS_MAX = 100;

const CLOSE_MS_MAX = 8_000;
const LOCK_CHECK_MS = 5_000;
/** What a setting in milliseconds may be: up to an hour. */
const MS = { min: 1, max: 3_600_000 };

interface Server {
  close(): Promise<void>;
}

async function serve(dataFolder: string, lock: FolderLock): Promise<Server> {
  const socketFolder = pgliteSocketFolder(dataFolder);
  makePrivateFolder(socketFolder);
  const socketPath = join(socketFolder, SOCKET_NAME);
  // We hold the lock, so a socket that is already there was left by a killed owner.
  rmSync(socketPath, { force: true });
  const database = await PGlite.create({ dataDir: dataFolder, extensions: { vector } });
  const server = new PGLiteSocketServer({ db: database, path: socketPath, maxConnections: CONNECTIONS_MAX });
  await server.start();
  const settings: ProbeSettings = {
    socketFolder,
    intervalMs: wholeNumberSetting('COUNTERSIGN_PGLITE_PROBE_INTERVAL_MS', MS, 3_000),
    timeoutMs: wholeNumberSetting('COUNTERSIGN_PGLITE_PROBE_TIMEOUT_MS', MS, 10_000),
    analyzeIntervalMs: wholeNumberSetting('COUNTERSIGN_PGLITE_ANALYZE_INTERVAL_MS', MS, 30_000),
  };
  const probe = new Worker(join(__dirname, 'probe.js'), { workerData: settings });
  const lockCheck = setInterval(() => {
    if (lock.isHeld()) return;
    process.stderr.write(
      `The lock of ${dataFolder} was taken away; ending before two processes write to it.\n`,
    );
    process.exit(1);
  }, LOCK_CHECK_MS);
  process.stdout.write(`${JSON.stringify({ ready: true, socketFolder, pid: process.pid })}\n`);
  return {
    close: async () => {
      clearInterval(lockCheck);
      await probe.terminate();
      await server.stop();
      await database.close();
      rmSync(socketPath, { force: true });
      lock.release();
    },
  };
}

async function main(): Promise<void> {
  const [folder, ...flags] = process.argv.slice(2);
  if (folder === undefined) throw new Error('Give the data folder as the first argument.');
  process.umask(0o077);
  const { dataFolder, lock } = await lockDataFolder(folder);
  const server = await serve(dataFolder, lock).catch((error: unknown) => {
    lock.release();
    throw error;
  });
  let isClosing = false;
  const close = (): void => {
    if (isClosing) return;
    isClosing = true;
    setTimeout(() => process.exit(1), CLOSE_MS_MAX).unref();
    server.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', close);
  process.on('SIGINT', close);
  if (flags.includes('--end-with-parent')) process.stdin.on('close', close).resume();
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(error instanceof FolderLockedError ? 3 : 1);
});
