import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import { builtEntry } from '../../stack/built-entry';
import type { Part } from '../../stack/state-file';
import { until, type StandIn } from './stand-in';

export interface OwnProcess {
  readonly pid: number;
  /** What it has printed so far. */
  printed(): string;
  signal(signal: NodeJS.Signals): void;
  /** Resolves with its exit status, or with the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** Waits until it has printed its addresses. */
  up(): Promise<void>;
}

/**
 * `countersign start` as a process of its own, with stand-ins for worker and API and without database and Temporal, so
 * that a test can interrupt or kill it.
 */
export function startOwnProcess(
  home: string,
  standIns: Partial<Record<'worker' | 'api', Pick<StandIn, 'command'>>>,
): OwnProcess {
  const parts = Object.keys(standIns) as Part[];
  const commands = Object.fromEntries(Object.entries(standIns).map(([part, { command }]) => [part, command]));
  const script = `const { runStack } = require(${JSON.stringify(builtEntry('main'))});
    const options = ${JSON.stringify({ home, parts, commands, ports: { api: 0 } })};
    runStack({ ...options, databaseUrl: (role) => 'postgres://' + role + '@127.0.0.1:9/farm' }).then(process.exit);`;
  const child: ChildProcessByStdio<null, Readable, Readable> = spawn(process.execPath, ['-e', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
    });
  }
  const ended = new Promise<number | NodeJS.Signals>((resolve) =>
    child.once('close', (code, signal) => resolve(signal ?? code ?? -1)),
  );
  return {
    pid: child.pid ?? 0,
    printed: () => printed,
    signal: (signal) => void child.kill(signal),
    ended,
    up: async () => await until(() => printed.includes('Data folder'), 20_000),
  };
}
