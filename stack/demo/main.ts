import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { builtEntry } from '../built-entry';
import type { Progress } from '../command';
import { EXIT } from '../main';
import { migrateDatabase } from '../migrate';
import { signalGroup } from '../process-identity';
import { seed } from '../seed/seed';
import type { Stack } from '../stack';
import { startStack, unlessAborted } from '../supervisor';
import { readBooks } from './books';
import { UNREACHABLE_BEDROCK } from './failure-scenes';
import { createReport, reportLines, type DemoReport } from './report';
import { playScenes } from './scenes';
import { Stage } from './stage';

export interface DemoOptions {
  /** One JSON document on stdout when all is done; what people read goes to stderr. */
  readonly json: boolean;
  /** An empty folder for the data, which is kept; by default a temporary one, which is removed unless the demo fails. */
  readonly home?: string;
  /** Keeps the temporary folder. */
  readonly keep?: boolean;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Brings up a stack of its own, plays the product's main job with invented people on it, and proves from what the API
 * answers that every invariant holds. Returns the status to exit with: 0 only if they all do.
 */
export async function runDemo(options: DemoOptions): Promise<number> {
  const output = options.json ? process.stderr : process.stdout;
  const say: Progress = (line) => void output.write(`${line}\n`);
  const interruption = new AbortController();
  let stack: Stack | undefined;
  const onSignal = (): void => {
    if (interruption.signal.aborted) {
      for (const { part, ...identity } of stack?.processes() ?? []) {
        if (part !== 'supervisor') signalGroup(identity, 'SIGKILL');
      }
      process.exit(EXIT.interrupted);
    }
    say('Stopping; once more kills what still runs.');
    interruption.abort();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  const started = performance.now();
  let home: string | undefined;
  let status: number = EXIT.failed;
  try {
    home = dataFolder(options, say);
    stack = await startDemoStack(home, say, interruption.signal);
    const report = await unlessAborted(interruption.signal, play(stack, say, started));
    for (const line of reportLines(report)) say(line);
    await stack.stop();
    if (options.json) print(report);
    status = report.holds ? EXIT.stopped : EXIT.failed;
  } catch (error) {
    await stack?.stop();
    if (interruption.signal.aborted) status = EXIT.interrupted;
    else {
      const why = error instanceof Error ? error.message : String(error);
      say(why);
      if (options.json) print({ holds: false, error: why });
    }
  } finally {
    for (const signal of SIGNALS) process.off(signal, onSignal);
    if (home !== undefined) leave(home, options, status, say);
  }
  return status;
}

function print(document: object): void {
  process.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
}

/** A temporary folder is removed, unless somebody will want to look into it. */
function leave(home: string, { home: asked, keep }: DemoOptions, status: number, say: Progress): void {
  if (asked === undefined && keep !== true && status !== EXIT.failed)
    rmSync(home, { recursive: true, force: true });
  else say(`The data folder is kept: ${home}`);
}

async function startDemoStack(home: string, say: Progress, signal: AbortSignal): Promise<Stack> {
  standAlone(say);
  return await startStack({
    home,
    progress: say,
    signal,
    ports: { api: 0, temporal: 0, temporalUi: 0 },
    commands: { worker: [process.execPath, builtEntry('demo/worker-that-stops')] },
    environment: UNREACHABLE_BEDROCK,
    migrate: async (databaseUrl) => {
      await migrateDatabase(databaseUrl);
    },
  });
}

async function play(stack: Stack, say: Progress, started: number): Promise<DemoReport> {
  const people = await seed(stack, say);
  const stage = new Stage(stack, people, say);
  await playScenes(stage);
  say('\nReading the books over HTTP, and verifying every chain');
  const books = await readBooks(stage);
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  return createReport(books, stage.told, stage.scenes, seconds);
}

/** @throws Error when the folder that was asked for holds something: the demo counts what it finds */
function dataFolder({ home }: DemoOptions, say: Progress): string {
  if (home === undefined) return mkdtempSync(join(tmpdir(), 'countersign-demo-'));
  const folder = resolve(home);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (readdirSync(folder).length > 0)
    throw new Error(`The demo needs an empty data folder: ${folder} is not.`);
  say(`The demo's data goes to ${folder}`);
  return folder;
}

/**
 * The demo fills its database with invented people and moves its clock, and its worker takes whatever is on its task
 * queue: so it never works on a database that the environment names, and has a namespace of its own.
 */
function standAlone(say: Progress): void {
  for (const name of Object.keys(process.env).filter((one) => one.startsWith('DATABASE_URL'))) {
    say(`${name} is left alone: the demo works on a database of its own`);
    process.env[name] = '';
  }
  process.env.TEMPORAL_NAMESPACE = `countersign-demo-${process.pid}`;
}
