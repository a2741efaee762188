import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { signalGroup, isRunning, type ProcessIdentity } from '../../stack/process-identity';
import { readStackState, stackLockFile, type StackState } from '../../stack/state-file';
import { startOwnProcess, type OwnProcess } from './own-process';
import { standIn, temporaryFolder, until, withoutGivenParts, type StandIn } from './stand-in';

/* `countersign start` as a process of its own, interrupted and killed as people and machines do. */

const folders: string[] = [];
const homes: string[] = [];
const processes: OwnProcess[] = [];

beforeAll(withoutGivenParts);

afterEach(async () => {
  for (const own of processes.splice(0)) {
    own.signal('SIGKILL');
    await own.ended;
  }
  for (const home of homes.splice(0)) {
    for (const identity of parts(readStackState(home))) signalGroup(identity, 'SIGKILL');
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

interface Scene {
  readonly home: string;
  readonly worker: StandIn;
  readonly api: StandIn;
  start(api?: Pick<StandIn, 'command'>): OwnProcess;
}

/** @param drainMs how long the worker takes to end */
function scene(drainMs = 0): Scene {
  const folder = temporaryFolder();
  folders.push(folder);
  const home = join(folder, 'home');
  homes.push(home);
  const worker = standIn(folder, 'worker', drainMs);
  const api = standIn(folder, 'api');
  const start = (instead: Pick<StandIn, 'command'> = api): OwnProcess => {
    const own = startOwnProcess(home, { worker, api: instead });
    processes.push(own);
    return own;
  };
  return { home, worker, api, start };
}

function parts(state: StackState | undefined): ProcessIdentity[] {
  return Object.values(state?.processes ?? {});
}

test('Ctrl-C stops the API, then the worker, and ends with 0', async () => {
  const { home, worker, start } = scene(300);
  const own = start();
  await own.up();
  own.signal('SIGINT');
  expect(await own.ended).toBe(0);
  const ending = worker.notes().filter((note) => / (SIGTERM|SIGINT|end)$/.test(note));
  expect(ending).toEqual(['api SIGTERM', 'api end', 'worker SIGTERM', 'worker end']);
  expect(own.printed().trimEnd().endsWith('Stopped.')).toBe(true);
  expect(existsSync(stackLockFile(home))).toBe(false);
}, 20_000);

test('Ctrl-C twice kills what still drains, and ends at once', async () => {
  const { home, worker, start } = scene(60_000);
  const own = start();
  await own.up();
  const left = parts(readStackState(home));
  expect(left).toHaveLength(2);
  own.signal('SIGINT');
  await until(() => worker.notes().includes('worker SIGTERM'), 10_000);
  own.signal('SIGINT');
  expect(await own.ended).toBe(130);
  await until(() => left.every((identity) => !isRunning(identity)), 2_000);
  expect(worker.notes()).not.toContain('worker end');
}, 20_000);

test('Ctrl-C twice during a start leaves nothing running either', async () => {
  const { home, worker, start } = scene(60_000);
  const own = start({ command: [process.execPath, '-e', 'setInterval(() => undefined, 1000)'] });
  await until(() => parts(readStackState(home)).length > 0 && worker.notes().length > 0, 10_000);
  const left = parts(readStackState(home));
  own.signal('SIGINT');
  await until(() => own.printed().includes('once more'), 5_000);
  own.signal('SIGINT');
  expect(await own.ended).toBe(130);
  await until(() => left.every((identity) => !isRunning(identity)), 2_000);
  expect(parts(readStackState(home)).filter((identity) => isRunning(identity))).toEqual([]);
}, 20_000);

test('a second start on the same folder ends with 3 and says which process has it', async () => {
  const { worker, start } = scene();
  const first = start();
  await first.up();
  const second = start();
  expect(await second.ended).toBe(3);
  expect(second.printed()).toContain(`is in use by process ${first.pid}`);
  expect(worker.notes().filter((note) => note.startsWith('worker ready'))).toHaveLength(1);
}, 20_000);

test('killed, it leaves its parts running, and its next start ends them and goes on', async () => {
  const { home, worker, start } = scene();
  const first = start();
  await first.up();
  const left = parts(readStackState(home));
  first.signal('SIGKILL');
  expect(await first.ended).toBe('SIGKILL');
  expect(left.map(isRunning)).toEqual([true, true]);
  const second = start();
  await second.up();
  expect(left.map(isRunning)).toEqual([false, false]);
  for (const { pid } of left) expect(second.printed()).toContain(`(process ${pid}), left by a stack`);
  const now = parts(readStackState(home));
  expect(now.map(isRunning)).toEqual([true, true]);
  expect(worker.notes().filter((note) => note.startsWith('worker ready'))).toHaveLength(2);
  second.signal('SIGTERM');
  expect(await second.ended).toBe(0);
}, 30_000);

test('Ctrl-C of a terminal reaches the supervisor alone, which stops its parts in order', async () => {
  const { worker, start } = scene();
  const own = start();
  await own.up();
  // A terminal interrupts its whole foreground group, of which the parts are no members.
  const groups = spawnSync('ps', ['-o', 'pgid=', '-p', String(own.pid)])
    .stdout.toString()
    .trim();
  expect(groups).not.toBe('');
  for (const pid of worker.notes().flatMap((note) => / ready (\d+)$/.exec(note)?.[1] ?? [])) {
    const group = spawnSync('ps', ['-o', 'pgid=', '-p', pid]).stdout.toString().trim();
    expect(group).toBe(pid);
    expect(group).not.toBe(groups);
  }
}, 20_000);
