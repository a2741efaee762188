import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = mkdtempSync(join(tmpdir(), 'countersign-build-lock-'));
const lock = join(folder, 'lock');
const log = join(folder, 'log');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const MODULE = pathToFileURL(join(__dirname, '..', '..', 'scripts', 'build-lock.mjs')).href;

/** A process that holds the lock for a moment, and notes when it enters and leaves. */
async function holder(name: string, failing = false): Promise<number> {
  const program = `
    import { appendFileSync } from 'node:fs';
    import { setTimeout as sleep } from 'node:timers/promises';
    import { withLock } from ${JSON.stringify(MODULE)};
    await withLock(${JSON.stringify(lock)}, async () => {
      appendFileSync(${JSON.stringify(log)}, 'in ${name}\\n');
      await sleep(120);
      appendFileSync(${JSON.stringify(log)}, 'out ${name}\\n');
      if (${failing}) throw new Error('the build failed');
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'ignore' });
  return await new Promise((resolve) => child.once('exit', (status) => resolve(status ?? -1)));
}

const noted = (): string[] => readFileSync(log, 'utf8').trim().split('\n');

beforeEach(() => writeFileSync(log, ''));
afterEach(() => expect(existsSync(lock)).toBe(false));

it('lets one build in at a time', async () => {
  const statuses = await Promise.all(['a', 'b', 'c', 'd'].map((name) => holder(name)));
  expect(statuses).toEqual([0, 0, 0, 0]);
  const lines = noted();
  expect(lines).toHaveLength(8);
  for (let place = 0; place < lines.length; place += 2)
    expect(lines[place + 1]).toBe(lines[place]?.replace('in', 'out'));
});

it('takes over from a build that was killed', async () => {
  const gone = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => gone.once('exit', resolve));
  writeFileSync(lock, String(gone.pid));
  expect(await Promise.all([holder('a'), holder('b')])).toEqual([0, 0]);
  expect(noted()).toHaveLength(4);
});

it('is free again after a build that failed', async () => {
  expect(await holder('a', true)).toBe(1);
  expect(await holder('b')).toBe(0);
});
