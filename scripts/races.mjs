// `npm run races -- --count 10000 --seed 7`: people and time at one gate at once, thousands of times, over HTTP with a real
// Temporal server and worker, or with --database against the database alone, which is ten times as fast. Without a seed
// each time others. A failure prints seed and path; `--seed … --path …` begins there. Ends by itself.
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { close, endAll, killAll, run } from './own-processes.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const load = createRequire(import.meta.url);

const COUNT_MAX = 1_000_000;
const MINUTES_MAX = 240;

function wholeNumber(name, given, max) {
  if (!/^\d{1,10}$/.test(given) || Number(given) > max)
    throw new Error(`--${name} takes a whole number, at most ${max}`);
  return Number(given);
}

function settings() {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: '1000' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 0x7fffffff)) },
      path: { type: 'string' },
      database: { type: 'boolean', default: false },
    },
  });
  const { path, database } = values;
  const count = Math.max(1, wholeNumber('count', values.count, COUNT_MAX));
  const seed = wholeNumber('seed', values.seed, 0x7fffffff);
  return {
    file: `tests/races/${database ? 'database' : 'live'}`,
    races: { count, seed, ...(path ? { path } : {}) },
  };
}

async function main() {
  const { file, races } = settings();
  if ((await run(process.execPath, ['scripts/build.mjs'], { cwd: root, withinMs: 600_000 })) !== 0) return 1;
  const args = [
    load.resolve('jest/bin/jest'),
    '--config',
    'jest.config.cjs',
    '--runInBand',
    '-t',
    'every race',
    file,
  ];
  return await run(process.execPath, args, {
    cwd: root,
    environment: { COUNTERSIGN_TEST_RACES: JSON.stringify(races) },
    withinMs: MINUTES_MAX * 60_000,
  });
}

let isInterrupted = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (isInterrupted) {
      killAll();
      process.exit(130);
    }
    isInterrupted = true;
    close();
    void endAll().then(() => process.exit(130));
  });
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
await endAll();
