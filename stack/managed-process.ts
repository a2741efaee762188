import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Progress } from './command';
import { endGroup, identify, signalGroup, waitForEnd, type ProcessIdentity } from './process-identity';
import { findReadyLine } from './ready-line';

export interface ProcessPlan {
  /** What it is called in sentences: "the worker". */
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly logFile: string;
  readonly readyMsMax: number;
  /** How long it may take to end after SIGTERM before it is killed. */
  readonly stopMsMax: number;
  /**
   * Resolves when the process serves. Without it, it says so itself: a line `{"ready":true,…}` on stdout.
   * `giveUp` returns a sentence once waiting is pointless.
   */
  readonly probe?: (giveUp: () => string | undefined) => Promise<void>;
}

export type ProcessState = 'down' | 'starting' | 'ready';

/** A log that has grown beyond this is set aside when its process starts again. */
const LOG_BYTES_MAX = 20 * 1024 * 1024;

const BACKOFF_MS_MIN = 200;
const BACKOFF_MS_MAX = 10_000;

/** Ready for this long, the next crash counts as the first again. */
const STEADY_MS = 30_000;

const ENDING_SIGNALS: ReadonlySet<NodeJS.Signals> = new Set(['SIGKILL', 'SIGTERM', 'SIGINT']);

/** One process in a group of its own that is started, watched, started again when it crashes, and stopped. */
export class ManagedProcess {
  readonly plan: ProcessPlan;
  readonly #progress: Progress;
  readonly #changed: () => void;
  #identity: ProcessIdentity | undefined;
  #state: ProcessState = 'down';
  #isWanted = false;
  #crashesInRow = 0;
  #restarts = 0;
  #readyAtMs = 0;
  #lastEnd = '';
  #bringingBack: Promise<void> = Promise.resolve();

  /** @param changed called whenever a process began or ended, before anything else happens */
  constructor(plan: ProcessPlan, progress: Progress, changed: () => void) {
    this.plan = plan;
    this.#progress = progress;
    this.#changed = changed;
  }

  get identity(): ProcessIdentity | undefined {
    return this.#identity;
  }

  get state(): ProcessState {
    return this.#state;
  }

  /** How often it was started again after it had ended unasked. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Starts it and waits until it serves. @throws Error with the end of its log when it does not */
  async start(): Promise<void> {
    this.#isWanted = true;
    this.#crashesInRow = 0;
    try {
      await this.#launch();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Asks it to end, kills its group after the deadline, and leaves it down. */
  async stop(): Promise<'gone' | 'ended' | 'killed'> {
    this.#isWanted = false;
    const identity = this.#identity;
    const outcome = identity === undefined ? 'gone' : await endGroup(identity, this.plan.stopMsMax);
    await this.#untilNoticed(identity);
    await this.#bringingBack;
    return outcome;
  }

  /**
   * Sends a signal to its group, and when that ends it, waits for the end. `up`: it is started again, as after a crash;
   * `down`: it stays down until `start`.
   */
  async signal(signal: NodeJS.Signals, stay: 'up' | 'down'): Promise<void> {
    const identity = this.#identity;
    if (stay === 'down') this.#isWanted = false;
    if (identity === undefined) return;
    signalGroup(identity, signal);
    if (!ENDING_SIGNALS.has(signal)) return;
    if (await waitForEnd(identity, this.plan.stopMsMax)) await this.#untilNoticed(identity);
    if (stay === 'down') await this.#bringingBack;
  }

  /** Waits until it serves (again). @throws Error when it does not within its time */
  async whenReady(): Promise<void> {
    const deadline = performance.now() + this.plan.readyMsMax + BACKOFF_MS_MAX;
    while (this.#state !== 'ready' || this.#identity === undefined) {
      if (performance.now() > deadline)
        throw new Error(`${this.plan.name} did not get ready. ${this.#logTail(0)}`);
      await sleep(20);
    }
  }

  /** A process is gone a moment before its parent hears of it. */
  async #untilNoticed(identity: ProcessIdentity | undefined): Promise<void> {
    while (identity !== undefined && this.#identity === identity) await sleep(5);
  }

  async #launch(): Promise<void> {
    const { plan } = this;
    setAsideLargeLog(plan.logFile);
    const log = openSync(plan.logFile, 'a', 0o600);
    const logStart = statSync(plan.logFile).size;
    const [program, ...args] = plan.command;
    // Detached: a group of its own, which Ctrl-C in the terminal does not reach. Its output goes to a file and not to a
    // pipe, so that it can go on when the supervisor is killed.
    const child = spawn(program, args, {
      stdio: ['ignore', log, log],
      detached: true,
      env: { ...plan.environment },
    });
    closeSync(log);
    let isOver = false;
    child.once('error', (error) => {
      isOver = true;
      this.#lastEnd = error.message;
    });
    if (child.pid !== undefined) {
      const identity = identify(child.pid) ?? { pid: child.pid, startedAt: 'gone' };
      this.#identity = identity;
      this.#state = 'starting';
      this.#changed();
      child.once('exit', (code, signal) => {
        isOver = true;
        this.#lastEnd = signal ?? `status ${code}`;
        this.#onEnd(identity);
      });
    }
    await this.#untilReady(() => (isOver ? `it ended with ${this.#lastEnd}` : undefined), logStart);
  }

  async #untilReady(ended: () => string | undefined, logStart: number): Promise<void> {
    const { plan } = this;
    const fail = (reason: string): Error =>
      new Error(`${plan.name} did not start: ${reason}. ${this.#logTail(logStart)}`.trim());
    if (plan.probe !== undefined) {
      await plan.probe(ended).catch((error: unknown) => {
        throw fail(error instanceof Error ? error.message : String(error));
      });
    } else {
      const deadline = performance.now() + plan.readyMsMax;
      while (findReadyLine(readFrom(plan.logFile, logStart)) === undefined) {
        const reason = ended();
        if (reason !== undefined) throw fail(reason);
        if (performance.now() > deadline) throw fail(`it was not ready within ${plan.readyMsMax} ms`);
        await sleep(25);
      }
    }
    const reason = ended();
    if (reason !== undefined) throw fail(reason);
    this.#state = 'ready';
    this.#readyAtMs = performance.now();
  }

  #onEnd(identity: ProcessIdentity): void {
    const wasReady = this.#state === 'ready';
    this.#identity = undefined;
    this.#state = 'down';
    killRestOfGroup(identity.pid);
    this.#changed();
    // While it is being started, whoever starts it sees its end and decides.
    if (!this.#isWanted || !wasReady) return;
    if (performance.now() - this.#readyAtMs > STEADY_MS) this.#crashesInRow = 0;
    this.#bringingBack = this.#bringBack();
  }

  async #bringBack(): Promise<void> {
    while (this.#isWanted) {
      const pauseMs = Math.min(BACKOFF_MS_MIN * 2 ** this.#crashesInRow, BACKOFF_MS_MAX);
      this.#crashesInRow += 1;
      this.#progress(`${this.plan.name} ended with ${this.#lastEnd}; starting it again in ${pauseMs} ms`);
      const until = performance.now() + pauseMs;
      while (this.#isWanted && performance.now() < until) await sleep(Math.min(pauseMs, 50));
      if (!this.#isWanted) return;
      this.#restarts += 1;
      try {
        await this.#launch();
        this.#progress(`${this.plan.name} is up again (process ${this.#identity?.pid ?? 0})`);
        return;
      } catch (error) {
        this.#progress(error instanceof Error ? error.message : String(error));
        if (this.#identity !== undefined) await endGroup(this.#identity, this.plan.stopMsMax);
      }
    }
  }

  #logTail(from: number): string {
    return readFrom(this.plan.logFile, from).slice(-1_500).trim();
  }
}

/** What a crashed leader may have left behind in its group. */
function killRestOfGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing was left.
  }
}

function setAsideLargeLog(path: string): void {
  if (existsSync(path) && statSync(path).size > LOG_BYTES_MAX) renameSync(path, `${path}.old`);
}

/** What was written to a file from an offset on, at most the first half megabyte of it. */
function readFrom(path: string, offset: number): string {
  if (!existsSync(path)) return '';
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(Math.min(Math.max(statSync(path).size - offset, 0), 512 * 1024));
    return buffer.subarray(0, readSync(file, buffer, 0, buffer.length, offset)).toString();
  } finally {
    closeSync(file);
  }
}
