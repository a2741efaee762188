import { spawn } from 'node:child_process';
import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Told in one plain sentence what is being done, and how long it takes. */
export type Progress = (sentence: string) => void;

export interface CommandOptions {
  readonly withinMs: number;
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Numeric user and group to run as; only root may ask for that. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Called every `every` milliseconds while the command runs. */
  readonly whileRunning?: { readonly everyMs: number; readonly tell: (seconds: number) => void };
  /** Asked once a second; a true answer ends the command early. */
  readonly isStuck?: () => boolean;
  /** Ends the command early. */
  readonly signal?: AbortSignal;
}

/** Thrown when a command cannot be run, ends with another status than 0, or is ended for taking too long. */
export class CommandError extends Error {
  constructor(command: string, reason: string, output: string) {
    super(`${command} ${reason}${output === '' ? '' : `: ${output}`}`);
    this.name = 'CommandError';
  }
}

/** Runs a program to its end and returns its stdout. @throws CommandError with the end of what it wrote */
export async function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<string> {
  const started = performance.now();
  return await new Promise<string>((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      env: { ...process.env, ...options.environment },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...options.user,
    });
    let output = '';
    let tail = '';
    let ending: string | undefined;
    const end = (reason: string): void => {
      ending ??= reason;
      if (child.pid !== undefined) killGroup(child.pid);
    };
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      tail = (tail + chunk.toString()).slice(-2_000);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      tail = (tail + chunk.toString()).slice(-2_000);
    });
    const timers = [
      setTimeout(() => end(`took longer than ${options.withinMs} ms`), options.withinMs),
      setInterval(() => {
        if (options.isStuck?.() === true) end('made no progress');
      }, 1_000),
    ];
    if (options.whileRunning !== undefined) {
      const { everyMs, tell } = options.whileRunning;
      timers.push(setInterval(() => tell(Math.round((performance.now() - started) / 1_000)), everyMs));
    }
    const killWithUs = (): void => end('outlived its starter');
    process.once('exit', killWithUs);
    const interrupt = (): void => end('was interrupted');
    options.signal?.addEventListener('abort', interrupt);
    if (options.signal?.aborted === true) interrupt();
    const finish = (): void => {
      timers.forEach((timer) => clearTimeout(timer));
      process.off('exit', killWithUs);
      options.signal?.removeEventListener('abort', interrupt);
    };
    child.once('error', (error) => {
      finish();
      reject(new CommandError(program, 'could not be run', error.message));
    });
    child.once('close', (code, signal) => {
      finish();
      if (code === 0) resolve(output);
      else
        reject(new CommandError(program, ending ?? `ended with ${signal ?? `status ${code}`}`, tail.trim()));
    });
  });
}

/** The real path of an executable file found in PATH, or undefined. */
export function findOnPath(name: string): string | undefined {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const file = folder === '' ? undefined : executable(join(folder, name));
    if (file !== undefined) return file;
  }
  return undefined;
}

/** The real path of a file that this user may execute, or undefined. */
export function executable(path: string): string | undefined {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile() ? realpathSync(path) : undefined;
  } catch {
    return undefined;
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The command ended by itself in the meantime.
  }
}
