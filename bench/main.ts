import { batch, type Batch, type Contender } from './contender';
import { apiContender, floorContender, governedContender, governedRuns } from './contenders';
import { cpuMs } from './cpu';
import { measureGateway, type GatewayFigures } from './gateway';
import { benchOptions, type BenchOptions } from './options';
import { median, rounded } from './statistics';
import { surroundings, type Surroundings } from './surroundings';
import { table } from './table';
import { reportWaiting } from './waiting';

/*
 * `npm run bench`: governed runs beside a bare workflow of the same message flow, in the same minute on the same fresh
 * server. Absolute figures depend on the machine and on what else it does; the ratios are what is claimed. The last line
 * is JSON.
 */

interface Measured {
  readonly runsPerSecond: number;
  readonly toGateMs: number;
  readonly toSettledMs: number;
  readonly workerCpuMs: number | null;
  readonly serverCpuMs: number | null;
}

async function main(): Promise<void> {
  const options = benchOptions(process.argv.slice(2));
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const around = await surroundings(options.database, say);
  try {
    const floor = floorContender(around.client, around.listener);
    const runs = governedRuns(around.client, around.listener, around.database, around.owner);
    if (options.waiting !== undefined) {
      await reportWaiting(runs, around, options, say);
      return;
    }
    const governed = governedContender(runs);
    const overHttp = apiContender(around.api);
    const contenders = [floor, governed, overHttp];
    say('Warming up');
    for (const contender of contenders) await batch(contender, options.atOnce * 2, options.atOnce);
    await around.analyze();
    const results = new Map<string, Measured[]>(contenders.map(({ name }) => [name, []]));
    for (let pair = 1; pair <= options.pairs; pair += 1) {
      // Each goes first as often as it goes last, so that a server that fills up favours nobody.
      const order = pair % 2 === 1 ? contenders : [...contenders].reverse();
      for (const contender of order) {
        const measured = await measure(contender, around, options);
        results.get(contender.name)?.push(measured);
        say(`pair ${pair}: ${contender.name} ${measured.runsPerSecond.toFixed(1)} runs/s`);
      }
    }
    say('Calls of a model, straight and through the gateway');
    const { database: api, workerDatabase: worker, owner } = around;
    report(results, await measureGateway({ api, worker }, owner, options.calls), options);
  } finally {
    await around.close();
  }
}

async function measure(contender: Contender, around: Surroundings, options: BenchOptions): Promise<Measured> {
  const worker = contender.name === 'floor' ? around.pids.floorWorker : around.pids.worker;
  const before = { worker: cpuMs(worker), server: cpuMs(around.pids.server) };
  const loaded: Batch = await batch(contender, options.runs, options.atOnce);
  const after = { worker: cpuMs(worker), server: cpuMs(around.pids.server) };
  const alone = await batch(contender, options.alone, 1);
  const perRun = (from: number | null, to: number | null): number | null =>
    from === null || to === null ? null : (to - from) / options.runs;
  return {
    runsPerSecond: loaded.runsPerSecond,
    toGateMs: median(alone.times.map((one) => one.toGateMs)),
    toSettledMs: median(alone.times.map((one) => one.toSettledMs)),
    workerCpuMs: perRun(before.worker, after.worker),
    serverCpuMs: perRun(before.server, after.server),
  };
}

function report(
  results: ReadonlyMap<string, readonly Measured[]>,
  gateway: GatewayFigures,
  options: BenchOptions,
): void {
  const floor = results.get('floor') ?? [];
  const rows = [...results].map(([name, measured]) => ({
    name,
    runs_per_second: rounded(median(measured.map((one) => one.runsPerSecond)), 1),
    ratio: rounded(ratio(measured, floor, (one) => one.runsPerSecond)),
    to_gate_ms: rounded(median(measured.map((one) => one.toGateMs)), 0),
    to_settled_ms: rounded(median(measured.map((one) => one.toSettledMs)), 0),
    worker_cpu_ms_per_run: cpuMedian(measured.map((one) => one.workerCpuMs)),
    server_cpu_ms_per_run: cpuMedian(measured.map((one) => one.serverCpuMs)),
  }));
  process.stdout.write(
    `\nMedians of ${options.pairs} interleaved rounds, ${options.runs} runs each, ${options.atOnce} at once ` +
      `(times: one at a time); database ${options.database}\n\n`,
  );
  process.stdout.write(table(rows));
  process.stdout.write(
    `\nA model call, ${gateway.calls} interleaved pairs, one at a time\n\n${table([gatewayRow(gateway)])}`,
  );
  const governed = rows.find((row) => row.name === 'governed');
  const overHttp = rows.find((row) => row.name === 'governed over HTTP');
  process.stdout.write(
    `\n${JSON.stringify({ ratio: governed?.ratio, ratio_over_http: overHttp?.ratio, database: options.database, contenders: rows, gateway })}\n`,
  );
}

function gatewayRow({
  calls: _calls,
  ...figures
}: GatewayFigures): Readonly<Record<string, string | number>> {
  return { name: 'gateway', ...figures };
}

/** The median over pairs of the same round: what disturbed one of a pair disturbed the other. */
function ratio(
  measured: readonly Measured[],
  floor: readonly Measured[],
  figure: (one: Measured) => number,
): number {
  return median(
    measured.map((one, index) => {
      const beside = floor[index];
      if (!beside) throw new Error('a round has no floor');
      return figure(one) / figure(beside);
    }),
  );
}

function cpuMedian(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : rounded(median(known), 1);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
