import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

export interface GuardedProcess {
  /** Whether it still runs. */
  isRunning(): boolean;
  /** Asks it to end, and kills its whole group when it has not `withinMs` later. May be called more than once. */
  end(withinMs: number): Promise<void>;
  /** Kills its whole group at once, as a power cut would. */
  kill(): Promise<void>;
  /** The end of what it wrote to its log. */
  logTail(): string;
}

export interface GuardedProcessOptions {
  readonly logFile: string;
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly user?: { readonly uid: number; readonly gid: number };
}

/**
 * Interrupts the server when stdin closes, so that it also ends when the process that started it is killed, and ends
 * with the server's own status when the server goes first. `$1` … is the command to run.
 */
const GUARD = `exec 3<&0
"$@" </dev/null 3<&- & server=$!
(cat <&3 >/dev/null; kill -INT "$server" 2>/dev/null) & guard=$!
wait "$server"; status=$?
kill "$guard" 2>/dev/null
exit "$status"`;

/** Starts a server that a test or script needs for its own life only: it never outlives its starter. */
export function startGuarded(
  program: string,
  args: readonly string[],
  options: GuardedProcessOptions,
): GuardedProcess {
  const log = openSync(options.logFile, 'a', 0o600);
  const child = spawn('/bin/sh', ['-c', GUARD, 'guard', program, ...args], {
    stdio: ['pipe', log, log],
    detached: true,
    env: options.environment ?? process.env,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...options.user,
  });
  closeSync(log);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const isRunning = (): boolean =>
    child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  const killGroup = (): void => {
    if (isRunning() && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  };
  return {
    isRunning,
    end: async (withinMs) => {
      child.stdin?.end();
      if (!isRunning()) return;
      const killer = setTimeout(killGroup, withinMs);
      await ended;
      clearTimeout(killer);
    },
    kill: async () => {
      if (!isRunning()) return;
      killGroup();
      await ended;
    },
    logTail: () => readFileSync(options.logFile, 'utf8').slice(-2_000),
  };
}
