import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { builtEntry } from '../../../stack/built-entry';
import { anyFreePort } from '../../../stack/free-port';
import { startGuarded, type GuardedProcess } from '../../../stack/guarded-process';
import { findReadyLine } from '../../../stack/ready-line';

export interface KillableApi {
  readonly url: string;
  /** Starts the built API in a process group of its own, and waits until it says that it serves. */
  start(): Promise<void>;
  /** SIGKILL of the whole group. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

const READY_MS_MAX = 30_000;
const LOOK_MS = 10;

/** The product's own API as the supervisor starts it, at an address that it keeps when it is started again. */
export async function killableApi(environment: () => Readonly<Record<string, string>>): Promise<KillableApi> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-api-'));
  const port = await anyFreePort();
  let started = 0;
  let api: GuardedProcess | undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    async start() {
      started += 1;
      const logFile = join(folder, `${started}.log`);
      const running = startGuarded(process.execPath, [builtEntry('../api/main')], {
        logFile,
        environment: {
          PATH: process.env.PATH,
          COUNTERSIGN_PROFILE: 'local',
          COUNTERSIGN_API_PORT: String(port),
          COUNTERSIGN_LOG_LEVEL: 'error',
          ...environment(),
        },
      });
      api = running;
      const until = performance.now() + READY_MS_MAX;
      while (findReadyLine(readFileSync(logFile, 'utf8')) === undefined) {
        if (!running.isRunning() || performance.now() > until)
          throw new Error(`the API did not start: ${running.logTail()}`);
        await sleep(LOOK_MS);
      }
    },
    kill: async () => await api?.kill(),
    async close() {
      await api?.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
