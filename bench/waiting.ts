import { setTimeout as sleep } from 'node:timers/promises';
import type { GovernedRuns } from './contenders';
import { residentMb } from './memory';
import type { BenchOptions } from './options';
import { median, percentile, rounded } from './statistics';
import type { Surroundings } from './surroundings';
import { table } from './table';

/*
 * `npm run bench -- --waiting 10000`: what it costs that so many runs wait at their gates at once. They are real runs with
 * real gates; beside them the same with ten, on the same server, first. Runs that are decided are spread over all that wait,
 * so most of them are in no worker's memory and are read back from their history.
 */

const FEW = 10;
const WARM = 64;
/** How long the worker may take to give back what starting so many runs has used. */
const CALM_MS = 10_000;
const SAY_EVERY = 500;

interface Figures {
  readonly waiting: number;
  readonly worker_mb: number | null;
  readonly server_mb: number | null;
  readonly to_settled_ms: number;
  readonly to_settled_p95_ms: number;
}

/** Measures and prints; the last line is JSON. */
export async function reportWaiting(
  runs: GovernedRuns,
  around: Surroundings,
  options: BenchOptions,
  say: (line: string) => void,
): Promise<void> {
  const many = options.waiting ?? FEW;
  say('Warming up');
  for (const runId of await begin(runs, WARM, options.atOnce, () => undefined)) await runs.toSettled(runId);
  await around.analyze();
  const few = await measure(runs, around, await begin(runs, FEW, options.atOnce, say), FEW);
  say(`Starting ${many} runs to their gates`);
  const started = performance.now();
  const waiting = await begin(runs, many, options.atOnce, say);
  const startedPerSecond = (many * 1_000) / (performance.now() - started);
  const crowd = await measure(runs, around, waiting, Math.min(options.sample, many));
  const ratioOf = (figure: (one: Figures) => number | null): number | null => {
    const [a, b] = [figure(crowd), figure(few)];
    return a === null || b === null ? null : rounded(a / b);
  };
  process.stdout.write(
    `\nRuns that wait at their gates at once; ${Math.min(options.sample, many)} of them decided one at a time\n\n`,
  );
  process.stdout.write(table([few, crowd].map((one) => ({ ...one }))));
  const grown = crowd.worker_mb === null || few.worker_mb === null ? null : crowd.worker_mb - few.worker_mb;
  const answer = {
    waiting: many,
    worker_mb_ratio: ratioOf((one) => one.worker_mb),
    to_settled_ratio: ratioOf((one) => one.to_settled_ms),
    worker_mb_per_1000_waiting: grown === null ? null : rounded((grown * 1_000) / many, 1),
    started_per_second: rounded(startedPerSecond, 1),
    database: options.database,
    few,
    many: crowd,
  };
  process.stdout.write(`\n${JSON.stringify(answer)}\n`);
}

/** Starts runs, so many at once, until each waits at its gate. */
async function begin(
  runs: GovernedRuns,
  count: number,
  atOnce: number,
  say: (line: string) => void,
): Promise<readonly string[]> {
  const begun: string[] = [];
  let left = count;
  await Promise.all(
    Array.from({ length: Math.min(atOnce, count) }, async () => {
      while (left > 0) {
        left -= 1;
        begun.push(await runs.toGate());
        if (begun.length % SAY_EVERY === 0) say(`${begun.length} wait`);
      }
    }),
  );
  return begun;
}

/** Memory while all of them wait, and then the time from a verdict until its run is settled, for a sample of them. */
async function measure(
  runs: GovernedRuns,
  around: Surroundings,
  waiting: readonly string[],
  sample: number,
): Promise<Figures> {
  await sleep(CALM_MS);
  const [worker, server] = [residentMb(around.pids.worker), residentMb(around.pids.server)];
  const timesMs: number[] = [];
  for (let index = 0; index < sample; index += 1) {
    const runId = waiting[Math.floor((index * waiting.length) / sample)];
    if (runId === undefined) throw new Error('fewer runs wait than are decided');
    const started = performance.now();
    await runs.toSettled(runId);
    timesMs.push(performance.now() - started);
  }
  return {
    waiting: waiting.length,
    worker_mb: worker === null ? null : rounded(worker, 0),
    server_mb: server === null ? null : rounded(server, 0),
    to_settled_ms: rounded(median(timesMs), 1),
    to_settled_p95_ms: rounded(percentile(timesMs, 95), 1),
  };
}
