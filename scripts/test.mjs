// `npm test`: builds, finds or fetches what the tests need, and runs all checks and tests. The last line is the sum,
// "N passed, N failed". With --only types,lint,schema,jest some of it; with --database 18,16,pglite some of the
// databases; further arguments choose test files, as jest does.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { close, endAll, killAll, run } from './own-processes.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const load = createRequire(import.meta.url);
const started = performance.now();

const LEGS = ['types', 'lint', 'schema', 'jest'];
const DATABASES = ['18', '16', 'pglite'];

/** The whole is given up in time for somebody who waits three quarters of an hour. */
const MINUTES_MAX = 44;

/** Run once, on the first database: they take minutes, or prove what no database changes. */
const ONCE = new RegExp(
  '^tests/((faults|load|stack|cli|bench)/|races/live|worker/versioning|' +
    'workflows/(go-on|mail|many-updates|time/|two-releases|webhooks))',
);

const total = { passed: 0, failed: 0 };
const notes = [];

function say(sentence) {
  const seconds = Math.round((performance.now() - started) / 1_000);
  process.stderr.write(
    `[${String(Math.floor(seconds / 60)).padStart(2)}:${String(seconds % 60).padStart(2, '0')}] ${sentence}\n`,
  );
}

function msLeft() {
  return MINUTES_MAX * 60_000 - (performance.now() - started);
}

/** Counts one check, and says how long it took. */
async function check(name, program, args) {
  say(`${name} …`);
  const began = performance.now();
  const status = await run(program, args, { cwd: root, withinMs: msLeft() });
  count(
    status === 0,
    `${name} ${status === 0 ? 'passed' : `failed with status ${status}`} (${secondsSince(began)} s)`,
  );
  return status === 0;
}

function count(isPassed, sentence) {
  total[isPassed ? 'passed' : 'failed'] += 1;
  if (isPassed) say(sentence);
  else note(sentence);
}

/** Says something that is said again at the end. */
function note(sentence) {
  say(sentence);
  notes.push(sentence);
}

function secondsSince(began) {
  return Math.round((performance.now() - began) / 1_000);
}

const node = (packageBin) => [process.execPath, [load.resolve(packageBin)]];

async function types() {
  const [program, args] = node('typescript/bin/tsc');
  await check('Types', program, [...args, '--noEmit']);
}

async function lint() {
  await check('Lint', process.execPath, [binOf('eslint'), '.']);
  await check('Format', process.execPath, [binOf('prettier'), '--check', '--log-level', 'warn', '.']);
}

function binOf(name) {
  const { bin } = load(`${name}/package.json`);
  return join(dirname(load.resolve(`${name}/package.json`)), typeof bin === 'string' ? bin : bin[name]);
}

async function schema() {
  const { findPostgres } = load(join(root, 'dist/stack/postgres/binaries.js'));
  try {
    await findPostgres(18, say);
  } catch (error) {
    note(`The schema dump was not compared: ${error.message}`);
    return;
  }
  await check('The schema dump is what the migrations produce', process.execPath, [
    'dist/scripts/schema-dump.js',
    '--check',
  ]);
}

/** Finds or fetches the servers that tests start, here and not inside the first test that waits for them. */
async function prepare(databases) {
  const { findTemporal } = load(join(root, 'dist/stack/temporal/find.js'));
  const { timeSkippingServer } = load(join(root, 'dist/stack/temporal/time-skipping.js'));
  const { findPostgres } = load(join(root, 'dist/stack/postgres/binaries.js'));
  const found = await findTemporal({ progress: say });
  say(`Temporal: ${found.kind === 'program' ? `${found.path} (${found.origin})` : found.address}`);
  say(`Time-skipping Temporal: ${await timeSkippingServer(say)}`);
  const usable = [];
  for (const database of databases) {
    if (database === 'pglite') usable.push(database);
    else {
      try {
        const { folder, version } = await findPostgres(Number(database), say);
        say(`PostgreSQL ${version}: ${folder}`);
        usable.push(database);
      } catch (error) {
        note(`Not tested on PostgreSQL ${database}: ${error.message}`);
      }
    }
  }
  return usable.length === 0 ? ['pglite'] : usable;
}

/** On the first database everything, on the others what uses a database. */
async function jest(databases, patterns) {
  const [first, ...others] = await prepare(databases);
  await jestOn(first, patterns);
  for (const database of others) {
    const chosen = databaseTests().filter(
      (file) => patterns.length === 0 || patterns.some((one) => file.includes(one)),
    );
    if (chosen.length > 0) await jestOn(database, chosen);
  }
}

function databaseTests() {
  return readdirSync(join(root, 'tests'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `tests/${name}`)
    .filter((name) => !ONCE.test(name))
    .filter((name) =>
      /support\/(database|faulty-runs|governed|world)'/.test(readFileSync(join(root, name), 'utf8')),
    )
    .sort();
}

async function jestOn(database, patterns) {
  const where = database === 'pglite' ? 'the embedded Postgres' : `PostgreSQL ${database}`;
  say(`Tests on ${where} …`);
  const began = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'countersign-jest-'));
  try {
    const report = join(folder, 'report.json');
    const args = [
      '--config',
      'jest.config.cjs',
      '--ci',
      '--maxWorkers',
      '2',
      '--json',
      '--outputFile',
      report,
    ];
    const status = await run(process.execPath, [binOf('jest'), ...args, ...patterns], {
      cwd: root,
      environment: { COUNTERSIGN_TEST_DATABASE: database },
      withinMs: msLeft(),
    });
    countReport(report, status, where, secondsSince(began));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const left = await endAll();
  const names = left.map(({ pid, command }) => `\n  ${pid} ${command}`).join('');
  count(
    left.length === 0,
    left.length === 0 ? 'Nothing was left running' : `Left running, and ended now:${names}`,
  );
}

function countReport(path, status, where, seconds) {
  let report;
  try {
    report = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    count(false, `The tests on ${where} ended with status ${status} and without a report (${seconds} s)`);
    return;
  }
  const { numPassedTests: passed, numFailedTests: failedTests, numPendingTests: skipped } = report;
  const failed = failedTests + report.numRuntimeErrorTestSuites;
  total.passed += passed;
  total.failed += failed;
  if (status !== 0 && failed === 0) count(false, `jest ended with status ${status} although no test failed`);
  const sentence = `On ${where}: ${passed} passed, ${failed} failed, ${skipped} skipped (${seconds} s)`;
  note(sentence);
}

function chosenOf(given, all, name) {
  if (given === undefined) return all;
  const chosen = given.split(',');
  const unknown = chosen.filter((one) => !all.includes(one));
  if (unknown.length > 0) throw new Error(`--${name} knows ${all.join(', ')}, not ${unknown.join(', ')}`);
  return all.filter((one) => chosen.includes(one));
}

async function main() {
  const options = { only: { type: 'string' }, database: { type: 'string' } };
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const legs = chosenOf(values.only, LEGS, 'only');
  const databases = chosenOf(values.database, DATABASES, 'database');
  if (await check('Build', process.execPath, ['scripts/build.mjs'])) {
    if (legs.includes('types')) await types();
    if (legs.includes('lint')) await lint();
    if (legs.includes('schema')) await schema();
    if (legs.includes('jest')) await jest(databases, positionals);
  }
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
    say('Ending what was started; once more kills it.');
    void endAll().then(() => process.exit(130));
  });
}

try {
  await main();
} catch (error) {
  count(false, error instanceof Error ? error.message : String(error));
}
for (const sentence of notes) say(sentence);
say(`${Math.round((performance.now() - started) / 60_000)} minutes`);
process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);
