import { resolve } from 'node:path';
import { FolderLockedError } from './folder-lock';
import { signalGroup } from './process-identity';
import { homeFolder } from './settings';
import type { Stack, StackOptions } from './stack';
import { readStackState } from './state-file';
import { RUNS_QUERY } from './temporal/namespace';
import { startStack, unlessAborted } from './supervisor';

export interface RunStackOptions extends StackOptions {
  /** Called once when the stack is up and before its addresses are printed, e.g. to seed. */
  readonly prepare?: (stack: Stack) => Promise<void>;
  readonly print?: (line: string) => void;
}

/** Exit statuses of `runStack`. */
export const EXIT = { stopped: 0, failed: 1, inUse: 3, interrupted: 130 } as const;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Brings the stack up, keeps it up until SIGINT, SIGTERM or SIGHUP, and stops it in order. A second signal kills what
 * still runs. Returns the status to exit with; errors are printed.
 */
export async function runStack(options: RunStackOptions = {}): Promise<number> {
  const print = options.print ?? ((line: string) => void process.stdout.write(`${line}\n`));
  // A closed terminal must not keep the stack from stopping.
  process.stdout.on('error', () => undefined);
  const home = resolve(options.home ?? homeFolder());
  const interruption = new AbortController();
  let stack: Stack | undefined;
  const onSignal = (): void => {
    if (!interruption.signal.aborted) {
      print('Stopping; once more kills what still runs.');
      interruption.abort();
      return;
    }
    killWhatWeStarted(home);
    process.exit(EXIT.interrupted);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  try {
    stack = await startStack({ progress: print, ...options, home, signal: interruption.signal });
    if (options.prepare !== undefined) await unlessAborted(interruption.signal, options.prepare(stack));
    for (const line of addressLines(stack)) print(line);
    print('\nCtrl-C stops all of it; the data stays, and the next start goes on from there.');
    await aborted(interruption.signal);
    await stack.stop();
    print('Stopped.');
    return EXIT.stopped;
  } catch (error) {
    print(error instanceof Error ? error.message : String(error));
    await stack?.stop();
    if (interruption.signal.aborted) return EXIT.interrupted;
    return error instanceof FolderLockedError ? EXIT.inUse : EXIT.failed;
  } finally {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  }
}

/** From the notes in the data folder, since a start that is under way has not handed its stack over yet. */
function killWhatWeStarted(home: string): void {
  const state = readStackState(home);
  if (state === undefined || state.supervisor.pid !== process.pid) return;
  for (const identity of Object.values(state.processes)) signalGroup(identity, 'SIGKILL');
}

/** Where a person finds what runs. */
export function addressLines(stack: Stack): string[] {
  const ui = stack.temporalUiUrl;
  return [
    `API          ${stack.apiUrl}`,
    `API docs     ${stack.apiUrl}/docs`,
    `Temporal     ${stack.temporalAddress}`,
    ...(ui === undefined ? [] : [`Temporal UI  ${runsInUi(ui, stack.temporalNamespace)}`]),
    `Data folder  ${stack.home}`,
  ];
}

function runsInUi(uiUrl: string, namespace: string): string {
  return `${uiUrl}/namespaces/${namespace}/workflows?query=${encodeURIComponent(RUNS_QUERY)}`;
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
