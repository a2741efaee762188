import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FolderLockedError } from '../../stack/folder-lock';
import { identify, isRunning } from '../../stack/process-identity';
import type { Stack, StackOptions, StackProcess } from '../../stack/stack';
import { readStackState, stackLockFile, writeStackState } from '../../stack/state-file';
import { startStack } from '../../stack/supervisor';
import { standIn, temporaryFolder, until, withoutGivenParts, type StandIn } from './stand-in';

/* The supervisor with programs of a few lines in the place of worker and API, and without database and Temporal. */

const folders: string[] = [];
const stacks: Stack[] = [];
const strangers: ChildProcess[] = [];

beforeAll(withoutGivenParts);

afterEach(async () => {
  await Promise.all(stacks.splice(0).map((stack) => stack.stop()));
  for (const stranger of strangers.splice(0)) stranger.kill('SIGKILL');
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

interface Scene {
  readonly home: string;
  readonly worker: StandIn;
  readonly api: StandIn;
  readonly said: string[];
  start(options?: StackOptions): Promise<Stack>;
}

/** A folder with two stand-ins. `drainMs`: how long the worker takes to end. */
function scene(drainMs = 0): Scene {
  const folder = temporaryFolder();
  folders.push(folder);
  const home = join(folder, 'home');
  const worker = standIn(folder, 'worker', drainMs);
  const api = standIn(folder, 'api');
  const said: string[] = [];
  const start = async (options: StackOptions = {}): Promise<Stack> => {
    const stack = await startStack({
      home,
      parts: ['worker', 'api'],
      commands: { worker: worker.command, api: api.command },
      databaseUrl: (role) => `postgres://${role}@127.0.0.1:9/farm`,
      ports: { api: 0 },
      progress: (sentence) => said.push(sentence),
      ...options,
    });
    stacks.push(stack);
    return stack;
  };
  return { home, worker, api, said, start };
}

function processOf(stack: Stack, part: StackProcess['part']): StackProcess {
  const found = stack.processes().find((one) => one.part === part);
  if (found === undefined) throw new Error(`${part} does not run`);
  return found;
}

function stranger(): { readonly pid: number; readonly startedAt: string } {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], {
    stdio: 'ignore',
    detached: true,
  });
  strangers.push(child);
  const identity = identify(child.pid ?? 0);
  if (identity === undefined) throw new Error('the stranger did not start');
  return identity;
}

test('worker and API start after the migration, each with its own login, and stop in order', async () => {
  const { worker, api, home, start } = scene(200);
  const stack = await start({
    migrate: async (databaseUrl) => {
      expect(databaseUrl('countersign_migrator')).toBe('postgres://countersign_migrator@127.0.0.1:9/farm');
      expect(worker.notes()).toEqual([]);
      await Promise.resolve();
    },
    environment: { COUNTERSIGN_LOG_LEVEL: 'warn' },
  });
  for (const [name, program] of Object.entries({ worker, api })) {
    const line = program.notes().find((note) => note.startsWith(`${name} environment `));
    expect(JSON.parse(line?.replace(`${name} environment `, '') ?? '{}')).toMatchObject({
      DATABASE_URL: `postgres://countersign_${name}@127.0.0.1:9/farm`,
      TEMPORAL_ADDRESS: stack.temporalAddress,
      TEMPORAL_NAMESPACE: 'countersign',
      COUNTERSIGN_HOME: home,
      COUNTERSIGN_API_PORT: new URL(stack.apiUrl).port,
      COUNTERSIGN_PROFILE: 'local',
      COUNTERSIGN_LOG_LEVEL: 'warn',
    });
  }
  await stack.stop();
  const ending = worker.notes().filter((note) => / (SIGTERM|end)$/.test(note));
  expect(ending).toEqual(['api SIGTERM', 'api end', 'worker SIGTERM', 'worker end']);
  expect(readStackState(home)?.processes).toEqual({});
  expect(existsSync(stackLockFile(home))).toBe(false);
});

test('worker and API get no login of another role, and the API no key of the vault', async () => {
  const secrets = {
    DATABASE_URL_MIGRATOR: 'postgres://countersign_migrator:m@127.0.0.1/farm',
    COUNTERSIGN_MASTER_KEY: 'a2V5',
    COUNTERSIGN_MASTER_KEYS_EARLIER: 'b2xk',
    COUNTERSIGN_KEY: 'cs_of_a_person',
  };
  Object.assign(process.env, secrets);
  const { worker, api, start } = scene();
  try {
    await start();
  } finally {
    for (const name of Object.keys(secrets)) Reflect.deleteProperty(process.env, name);
  }
  const given = (program: StandIn, name: string): object => {
    const line = program.notes().find((note) => note.startsWith(`${name} environment `));
    return JSON.parse(line?.split(' environment ')[1] ?? '{}') as object;
  };
  expect(given(worker, 'worker')).toMatchObject({ COUNTERSIGN_MASTER_KEY: 'a2V5' });
  for (const name of Object.keys(secrets)) expect(given(api, 'api')).not.toHaveProperty(name);
  for (const name of ['DATABASE_URL_MIGRATOR', 'COUNTERSIGN_KEY'])
    expect(given(worker, 'worker')).not.toHaveProperty(name);
});

test('each part leads a process group of its own and is noted in the data folder', async () => {
  const { home, start } = scene();
  const stack = await start();
  const { worker, api } = readStackState(home)?.processes ?? {};
  for (const identity of [worker, api]) {
    expect(identity !== undefined && isRunning(identity)).toBe(true);
    expect(() => process.kill(-(identity?.pid ?? 0), 0)).not.toThrow();
  }
  expect(readStackState(home)?.supervisor.pid).toBe(process.pid);
  expect(stack.processes().map(({ part, state }) => [part, state])).toEqual([
    ['supervisor', 'ready'],
    ['worker', 'ready'],
    ['api', 'ready'],
  ]);
});

test('a part that ends unasked is started again, later each time it does so in a row', async () => {
  const { said, start } = scene();
  const stack = await start();
  const first = processOf(stack, 'worker');
  for (const restarts of [1, 2]) {
    await stack.kill('worker', 'SIGKILL');
    await stack.ready('worker');
    expect(processOf(stack, 'worker')).toMatchObject({ state: 'ready', restarts });
  }
  expect(processOf(stack, 'worker').pid).not.toBe(first.pid);
  expect(said.filter((sentence) => sentence.includes('starting it again'))).toEqual([
    'the worker ended with SIGKILL; starting it again in 200 ms',
    'the worker ended with SIGKILL; starting it again in 400 ms',
  ]);
});

test('a part that was halted stays down until it is resumed', async () => {
  const { worker, start } = scene();
  const stack = await start();
  await stack.halt('worker');
  expect(stack.processes().map(({ part }) => part)).toEqual(['supervisor', 'api']);
  expect(worker.notes()).toContain('worker end');
  await stack.halt('api', 'SIGKILL');
  expect(stack.processes().map(({ part }) => part)).toEqual(['supervisor']);
  await stack.resume('worker');
  expect(processOf(stack, 'worker').state).toBe('ready');
});

test('a part that does not obey is killed with its children when its time is over', async () => {
  const { home, said, start } = scene();
  const script = `process.on('SIGTERM', () => undefined);
    const stubborn = 'process.on("SIGTERM", () => 0); setInterval(() => 0, 1000); console.log("here")';
    const child = require('node:child_process').spawn(process.execPath, ['-e', stubborn]);
    child.stdout.once('data', () => {
      require('node:fs').writeFileSync(${JSON.stringify(`${home}.child`)}, String(child.pid));
      console.log(JSON.stringify({ ready: true }));
    });`;
  const stack = await start({
    commands: { worker: [process.execPath, '-e', script] },
    parts: ['worker'],
    stopMsMax: { worker: 300 },
  });
  const child = identify(Number(readFileSync(`${home}.child`, 'utf8')));
  const parent = processOf(stack, 'worker');
  await stack.stop();
  expect(isRunning(parent)).toBe(false);
  if (child === undefined) throw new Error('the child did not start');
  await until(() => !isRunning(child), 2_000);
  expect(said.at(-1)).toMatch(/^The worker had to be killed after 0\.\d s$/);
});

test('a part that ends before it serves stops the start, and everything that was started', async () => {
  const { worker, home, start } = scene();
  // Not before the worker listens to signals, so that its notes tell how it was ended.
  const failing = [
    process.execPath,
    '-e',
    `const { existsSync, readFileSync } = require('node:fs');
    const notes = ${JSON.stringify(join(home, '..', 'notes.txt'))};
    setInterval(() => {
      if (!existsSync(notes) || !readFileSync(notes, 'utf8').includes('worker ready')) return;
      console.error('no such farm');
      process.exit(7);
    }, 20);`,
  ];
  await expect(start({ commands: { worker: worker.command, api: failing } })).rejects.toThrow(
    /the API did not start: it ended with status 7. .*no such farm/s,
  );
  expect(worker.notes()).toContain('worker end');
  expect(readStackState(home)?.processes).toEqual({});
  expect(existsSync(stackLockFile(home))).toBe(false);
});

test('a part that never gets ready stops the start, and everything that was started', async () => {
  const { worker, home, start } = scene();
  const silent = [process.execPath, '-e', 'setInterval(() => undefined, 1000)'];
  await expect(
    start({ commands: { worker: worker.command, api: silent }, readyMsMax: 4_000 }),
  ).rejects.toThrow('the API did not start: it was not ready within 4000 ms');
  expect(worker.notes()).toContain('worker end');
  expect(readStackState(home)?.processes).toEqual({});
});

test('a migration that fails stops the start before worker and API run', async () => {
  const { worker, home, start } = scene();
  const migrate = async (): Promise<void> => await Promise.reject(new Error('no such table'));
  await expect(start({ migrate })).rejects.toThrow('no such table');
  expect(worker.notes()).toEqual([]);
  expect(existsSync(stackLockFile(home))).toBe(false);
});

test('a second start on the same folder is refused, and the first goes on', async () => {
  const { home, start } = scene();
  const stack = await start();
  await expect(start()).rejects.toThrow(FolderLockedError);
  await expect(start()).rejects.toThrow(`${home} is in use by process ${process.pid}`);
  expect(processOf(stack, 'worker').state).toBe('ready');
});

test('what is noted under a number that is another process by now is left alone', async () => {
  const { home, start } = scene();
  const first = await start();
  await first.stop();
  const living = stranger();
  writeStackState(home, {
    supervisor: { pid: living.pid, startedAt: 'before' },
    parts: ['worker'],
    processes: { worker: { pid: living.pid, startedAt: 'before' } },
  });
  await start();
  expect(isRunning(living)).toBe(true);
});

test('what a killed supervisor left is ended by number and start time', async () => {
  const { home, said, start } = scene();
  const first = await start();
  await first.stop();
  const left = stranger();
  writeStackState(home, {
    supervisor: { pid: left.pid, startedAt: 'before' },
    parts: ['worker'],
    processes: { worker: left },
  });
  writeFileSync(stackLockFile(home), '{"pid":');
  await start();
  expect(isRunning(left)).toBe(false);
  expect(said).toContain(`Ending the worker (process ${left.pid}), left by a stack that was killed`);
});

test('a start that is aborted stops what it had started', async () => {
  const { worker, home, start } = scene();
  const abort = new AbortController();
  const starting = start({
    signal: abort.signal,
    commands: { worker: worker.command, api: [process.execPath, '-e', 'setInterval(() => undefined, 1000)'] },
  });
  const outcome = expect(starting).rejects.toThrow();
  await until(() => worker.notes().length > 0, 10_000);
  abort.abort();
  await outcome;
  expect(worker.notes()).toContain('worker end');
  expect(readStackState(home)?.processes).toEqual({});
});
