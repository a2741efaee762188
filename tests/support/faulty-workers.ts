import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Activities } from '../../activities/create';
import { readyLine } from '../../stack/ready-line';

export type Moment = 'before' | 'after';

/** An order to the workers of one folder: what shall happen to an activity of a run, or to the decision of an intent. */
export interface Order {
  /** Waits until an activity has come to the instant. */
  met(): Promise<void>;
  /** Lets whoever is held go on; one that was not met never will be. */
  lift(): void;
}

export interface FaultyWorker {
  readonly pid: number;
  /** Resolves when the process is gone, however it ended. */
  readonly gone: Promise<void>;
  /** SIGKILL of its process group. */
  kill(): Promise<void>;
  /** SIGSTOP and SIGCONT: it lies still with all its sockets open, and then goes on as if no time had passed. */
  pause(): void;
  resume(): void;
  /** Drains. */
  stop(): Promise<void>;
}

export interface WorkerPlace {
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly temporalNamespace: string;
  readonly taskQueue: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Workers as processes of their own that share a data folder, and orders to them. */
export interface FaultyWorkers {
  /** @param id of the run or intent, or `any` for whichever comes first */
  order(what: 'kill' | 'hold', name: keyof Activities, moment: Moment, id: string): Order;
  start(place: WorkerPlace): Promise<FaultyWorker>;
  /** Kills what still runs and removes the folder. */
  close(): Promise<void>;
}

const PROGRAM = join(__dirname, 'faulty-worker.cjs');
const READY_MS_MAX = 60_000;
const MET_MS_MAX = 45_000;
const LOOK_MS = 10;

/** A vendor that is down, and keys that open nothing. */
const NO_VENDOR = {
  AWS_ENDPOINT_URL_BEDROCK_RUNTIME: 'http://127.0.0.1:9',
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
};

export function faultyWorkers(): FaultyWorkers {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-faults-'));
  const running = new Set<FaultyWorker>();
  return {
    order(what, name, moment, id) {
      const file = join(folder, `${name}.${moment}.${id}`);
      // As a whole: a worker may look at any time.
      writeFileSync(`${file}.draft`, what);
      renameSync(`${file}.draft`, file);
      return {
        async met() {
          const until = performance.now() + MET_MS_MAX;
          while (!existsSync(`${file}.met`)) {
            if (performance.now() > until) throw new Error(`no activity came to ${name}, ${moment}`);
            await sleep(LOOK_MS);
          }
        },
        lift: () => rmSync(file, { force: true }),
      };
    },

    async start(place) {
      const worker = await startProcess(place, folder);
      running.add(worker);
      void worker.gone.then(() => running.delete(worker));
      return worker;
    },

    async close() {
      await Promise.all([...running].map((worker) => worker.kill()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startProcess(place: WorkerPlace, folder: string): Promise<FaultyWorker> {
  const child = spawn(process.execPath, [PROGRAM], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    env: {
      ...process.env,
      ...NO_VENDOR,
      DATABASE_URL: place.databaseUrl,
      TEMPORAL_ADDRESS: place.temporalAddress,
      TEMPORAL_NAMESPACE: place.temporalNamespace,
      COUNTERSIGN_HOME: join(folder, 'home'),
      COUNTERSIGN_PROFILE: 'local',
      FAULTS_FOLDER: folder,
      FAULTS_TASK_QUEUE: place.taskQueue,
      ...place.environment,
    },
  });
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await readyLine(child, READY_MS_MAX);
  const { pid } = child;
  if (pid === undefined) throw new Error('a process that is ready has a number');
  return {
    pid,
    gone,
    kill: async () => {
      if (child.exitCode === null && child.signalCode === null) process.kill(-pid, 'SIGKILL');
      await gone;
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    stop: async () => {
      child.kill('SIGTERM');
      await gone;
    },
  };
}
