import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { builtEntry } from '../built-entry';
import { readyLine } from '../ready-line';
import { pgliteSocketFolder, socketDatabaseUrl } from './socket-folder';

export interface RunningPglite {
  readonly pid: number;
  readonly dataFolder: string;
  readonly socketFolder: string;
  /** The connection string for a role; every role is superuser here, whatever its name. */
  url(role: string): string;
  /** Ends the process and removes a data folder that was made for it. May be called more than once. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export interface PgliteOptions {
  /** Kept after `stop`. Without it a temporary folder is made and removed. */
  readonly dataFolder?: string;
  /** Added to the environment of the process. */
  readonly environment?: Readonly<Record<string, string>>;
}

const READY_MS_MAX = 60_000;

/**
 * Starts one PGlite process for a test or a script; it ends when its starter does. The supervisor starts its own.
 *
 * @throws Error with the process's own message when the folder is in use or does not open
 */
export async function startPglite(options: PgliteOptions = {}): Promise<RunningPglite> {
  const dataFolder = options.dataFolder ?? join(mkdtempSync(join(tmpdir(), 'countersign-pglite-')), 'data');
  const child = spawn(process.execPath, [builtEntry('pglite/main'), dataFolder, '--end-with-parent'], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...options.environment },
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const line = await readyLine(child, READY_MS_MAX);
  const { pid, socketFolder } = z.object({ pid: z.int(), socketFolder: z.string() }).parse(line);
  return {
    pid,
    dataFolder,
    socketFolder,
    url: (role) => socketDatabaseUrl(role, socketFolder),
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      await ended;
      if (options.dataFolder !== undefined) return;
      rmSync(join(dataFolder, '..'), { recursive: true, force: true });
      rmSync(pgliteSocketFolder(dataFolder), { recursive: true, force: true });
    },
  };
}
