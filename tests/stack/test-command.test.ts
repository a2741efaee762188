import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { identify } from '../../stack/process-identity';
import { ROOT } from '../support/source-tree';
import { temporaryFolder } from './stand-in';

/* What `npm test` does with the programs that it starts, and how it ends. */

const folder = temporaryFolder();
const OWN_PROCESSES = pathToFileURL(join(ROOT, 'scripts', 'own-processes.mjs')).href;

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a module of a few lines beside scripts/own-processes.mjs, and returns what it printed as JSON. */
function withOwnProcesses(lines: string): unknown {
  const script = `import { close, endAll, run } from ${JSON.stringify(OWN_PROCESSES)};\n${lines}`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
  });
  if (stderr !== '') throw new Error(stderr);
  return JSON.parse(stdout);
}

test('a program that is left behind in a group of its own is found by its mark, told and ended', () => {
  const file = join(folder, 'left');
  const leaves = `const { spawn } = require('node:child_process');
    const child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { detached: true, stdio: 'ignore' });
    require('node:fs').writeFileSync(${JSON.stringify(file)}, String(child.pid));
    child.unref();`;
  const told = withOwnProcesses(`
    const status = await run(process.execPath, ['-e', ${JSON.stringify(leaves)}], { cwd: '/', withinMs: 10_000 });
    const left = await endAll(500);
    console.log(JSON.stringify({ status, left: left.map(({ pid }) => pid) }));`);
  const pid = Number(readFileSync(file, 'utf8'));
  expect(told).toEqual({ status: 0, left: [pid] });
  expect(identify(pid)).toBeUndefined();
});

test('a program that takes too long is ended with all its children, and its status says so', () => {
  const endless = `require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)']);
    setInterval(() => 0, 1000);`;
  const told = withOwnProcesses(`
    const status = await run(process.execPath, ['-e', ${JSON.stringify(endless)}], { cwd: '/', withinMs: 1_000 });
    console.log(JSON.stringify({ status, left: await endAll(2_000) }));`);
  expect(told).toEqual({ status: 124, left: [] });
});

test('a status is handed on, and processes of others are not ours', () => {
  const told = withOwnProcesses(`
    const status = await run(process.execPath, ['-e', 'process.exit(7)'], { cwd: '/', withinMs: 10_000 });
    console.log(JSON.stringify({ status, left: await endAll(0) }));`);
  expect(told).toEqual({ status: 7, left: [] });
});

test('what cannot be run is counted as failed, and the last line is the sum alone', () => {
  const { status, stdout } = spawnSync(process.execPath, ['scripts/test.mjs', '--only', 'nothing'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stdout.trimEnd().split('\n').at(-1)).toBe('0 passed, 1 failed');
});
