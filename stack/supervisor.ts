import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Progress } from './command';
import { acquireFolderLock, type FolderLock } from './folder-lock';
import { layOut, LEFT_STOP_MS_MAX, type Layout } from './layout';
import { ManagedProcess } from './managed-process';
import { endGroup, identify, isRunning, type ProcessIdentity } from './process-identity';
import { homeFolder } from './settings';
import type { Stack, StackOptions, StackProcess } from './stack';
import { PART_NAMES, PARTS, readStackState, stackLockFile, writeStackState, type Part } from './state-file';

/**
 * Brings up the stack on a data folder: ends what a killed supervisor left there, starts the embedded Postgres and
 * Temporal, migrates, starts worker and API, and watches them all.
 *
 * @throws FolderLockedError when another stack runs on the folder
 * @throws Error when a part cannot be found or does not start; everything that was started is stopped first
 */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const home = resolve(options.home ?? homeFolder());
  const progress = options.progress ?? (() => undefined);
  for (const folder of [home, join(home, 'logs'), join(home, 'temporal')]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
  const lock = await acquireFolderLock(stackLockFile(home), `The data folder ${home}`);
  let supervisor: Supervisor | undefined;
  try {
    await endWhatWasLeft(home, progress);
    const layout = await unlessAborted(options.signal, layOut(home, options, progress));
    supervisor = new Supervisor(home, layout, progress, lock);
    await unlessAborted(options.signal, bringUp(supervisor, options, progress));
    return supervisor;
  } catch (error) {
    if (supervisor === undefined) lock.release();
    else await supervisor.stop();
    throw error;
  }
}

/** Ends, by number and start time, what a supervisor that was killed left running on this folder. */
async function endWhatWasLeft(home: string, progress: Progress): Promise<void> {
  const left = readStackState(home)?.processes ?? {};
  for (const part of [...PARTS].reverse()) {
    const identity = left[part];
    if (identity === undefined || !isRunning(identity)) continue;
    progress(`Ending ${PART_NAMES[part]} (process ${identity.pid}), left by a stack that was killed`);
    await endGroup(identity, LEFT_STOP_MS_MAX);
  }
}

async function bringUp(supervisor: Supervisor, options: StackOptions, progress: Progress): Promise<void> {
  await supervisor.start(['pglite', 'temporal']);
  if (options.migrate !== undefined) {
    progress('Migrating the database');
    const started = performance.now();
    await options.migrate((role) => supervisor.databaseUrl(role));
    progress(`The database is migrated (${secondsSince(started)} s)`);
  }
  await supervisor.start(['worker', 'api']);
}

class Supervisor implements Stack {
  readonly home: string;
  readonly apiUrl: string;
  readonly temporalAddress: string;
  readonly temporalNamespace: string;
  readonly temporalUiUrl: string | undefined;
  readonly #layout: Layout;
  readonly #progress: Progress;
  readonly #lock: FolderLock;
  readonly #self: ProcessIdentity;
  readonly #processes: ReadonlyMap<Part, ManagedProcess>;
  #stopping: Promise<void> | undefined;

  constructor(home: string, layout: Layout, progress: Progress, lock: FolderLock) {
    this.home = home;
    this.apiUrl = layout.apiUrl;
    this.temporalAddress = layout.temporalAddress;
    this.temporalNamespace = layout.temporalNamespace;
    this.temporalUiUrl = layout.temporalUiUrl;
    this.#layout = layout;
    this.#progress = progress;
    this.#lock = lock;
    this.#self = identify(process.pid) ?? { pid: process.pid, startedAt: 'unknown' };
    this.#processes = new Map(
      layout.plans.map(([part, plan]) => [part, new ManagedProcess(plan, progress, () => this.#note())]),
    );
    this.#note();
  }

  databaseUrl(role: string): string {
    return this.#layout.databaseUrl(role);
  }

  async start(parts: readonly Part[]): Promise<void> {
    const present = parts.filter((part) => this.#processes.has(part));
    await Promise.all(
      present.map(async (part) => {
        const managed = this.#managed(part);
        this.#progress(`Starting ${PART_NAMES[part]}`);
        const started = performance.now();
        await managed.start();
        const pid = managed.identity?.pid ?? 0;
        this.#progress(`${sentence(PART_NAMES[part])} is up (${secondsSince(started)} s, process ${pid})`);
      }),
    );
  }

  async kill(part: Part, signal: NodeJS.Signals): Promise<void> {
    await this.#managed(part).signal(signal, 'up');
  }

  async halt(part: Part, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (signal === 'SIGTERM') await this.#managed(part).stop();
    else await this.#managed(part).signal(signal, 'down');
  }

  async resume(part: Part): Promise<void> {
    await this.#managed(part).start();
  }

  async restart(part: Part): Promise<void> {
    await this.halt(part);
    await this.resume(part);
  }

  async ready(part: Part): Promise<void> {
    await this.#managed(part).whenReady();
  }

  processes(): StackProcess[] {
    const own: StackProcess = {
      part: 'supervisor',
      ...this.#self,
      state: 'ready',
      restarts: 0,
      logFile: undefined,
    };
    const parts = [...this.#processes].flatMap(([part, managed]): StackProcess[] => {
      const { identity, state, restarts } = managed;
      return identity === undefined
        ? []
        : [{ part, ...identity, state, restarts, logFile: managed.plan.logFile }];
    });
    return [own, ...parts];
  }

  async stop(): Promise<void> {
    this.#stopping ??= this.#stopInOrder();
    await this.#stopping;
  }

  async #stopInOrder(): Promise<void> {
    for (const part of [...PARTS].reverse()) {
      const managed = this.#processes.get(part);
      if (managed === undefined) continue;
      const pid = managed.identity?.pid;
      if (pid !== undefined) this.#progress(`Stopping ${PART_NAMES[part]} (process ${pid})`);
      const started = performance.now();
      const outcome = await managed.stop();
      if (outcome === 'killed') {
        this.#progress(`${sentence(PART_NAMES[part])} had to be killed after ${secondsSince(started)} s`);
      }
    }
    this.#lock.release();
  }

  #managed(part: Part): ManagedProcess {
    const managed = this.#processes.get(part);
    if (managed === undefined) throw new Error(`${sentence(PART_NAMES[part])} is not a part of this stack.`);
    return managed;
  }

  #note(): void {
    const running = [...this.#processes].flatMap(([part, { identity }]) =>
      identity === undefined ? [] : [[part, identity] as const],
    );
    const { temporalUiUrl, socketFolder } = this.#layout;
    writeStackState(this.home, {
      supervisor: this.#self,
      parts: [...this.#processes.keys()],
      processes: Object.fromEntries(running),
      apiUrl: this.apiUrl,
      temporalAddress: this.temporalAddress,
      temporalNamespace: this.temporalNamespace,
      ...(temporalUiUrl === undefined ? {} : { temporalUiUrl }),
      ...(socketFolder === undefined ? {} : { socketFolder }),
    });
  }
}

/** Rejects as soon as the start is given up; what is under way is ended by stopping the stack. */
export async function unlessAborted<T>(signal: AbortSignal | undefined, work: Promise<T>): Promise<T> {
  if (signal === undefined) return await work;
  const given = new Promise<never>((_resolve, reject) => {
    const giveUp = (): void => reject(new Error('The start was interrupted.'));
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
  });
  return await Promise.race([work, given]);
}

function secondsSince(startedMs: number): string {
  return ((performance.now() - startedMs) / 1_000).toFixed(1);
}

function sentence(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
