import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { startPglite, type RunningPglite } from '../../../stack/pglite/start';
import { pgliteSocketFolder, SOCKET_NAME } from '../../../stack/pglite/socket-folder';
import { isRunning, type ProcessIdentity, identify } from '../../../stack/process-identity';
import { temporaryFolder, until } from '../stand-in';

const folder = temporaryFolder();
const running: RunningPglite[] = [];

async function started(name: string, environment: Record<string, string> = {}): Promise<RunningPglite> {
  const pglite = await startPglite({ dataFolder: join(folder, name), environment });
  running.push(pglite);
  return pglite;
}

async function withClient<T>(pglite: RunningPglite, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(pglite.url('countersign_worker'));
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function processOf(pglite: RunningPglite): ProcessIdentity {
  const identity = identify(pglite.pid);
  if (identity === undefined) throw new Error('PGlite does not run');
  return identity;
}

afterAll(async () => {
  await Promise.all(running.map((pglite) => pglite.stop('SIGKILL')));
  rmSync(folder, { recursive: true, force: true });
});

test('serves Postgres with pgvector on a socket that only its user can reach', async () => {
  const pglite = await started('serves');
  expect(statSync(pglite.socketFolder).mode & 0o777).toBe(0o700);
  const near = await withClient(pglite, async (client) => {
    await client.query('CREATE EXTENSION vector');
    return await client.query<{ distance: number }>("SELECT '[1,2]'::vector <-> '[1,5]'::vector AS distance");
  });
  expect(near.rows[0]?.distance).toBe(3);
  await pglite.stop();
  expect(existsSync(join(pglite.socketFolder, SOCKET_NAME))).toBe(false);
});

test('a second process on the same folder is refused and the first goes on', async () => {
  const pglite = await started('second');
  await expect(startPglite({ dataFolder: pglite.dataFolder })).rejects.toThrow(
    `${pglite.dataFolder} is in use by process ${pglite.pid}`,
  );
  await expect(withClient(pglite, (client) => client.query('SELECT 1'))).resolves.toBeDefined();
  await pglite.stop();
});

test('a client that is killed inside a transaction leaves nothing and blocks nobody', async () => {
  const pglite = await started('client');
  await withClient(pglite, (client) => client.query('CREATE TABLE eggs (crates integer)'));
  const script = `const { Client } = require(${JSON.stringify(require.resolve('pg'))});
    const client = new Client(${JSON.stringify(pglite.url('countersign_worker'))});
    client.connect().then(() => client.query('BEGIN')).then(() => client.query('INSERT INTO eggs VALUES (30)'))
      .then(() => console.log('inserted'));`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
  const found = await withClient(pglite, (client) => client.query('SELECT * FROM eggs'));
  expect(found.rows).toEqual([]);
  await pglite.stop();
});

test('killed in the middle of writing, it keeps every commit that was answered', async () => {
  const first = await started('killed');
  await withClient(first, (client) => client.query('CREATE TABLE notes (number integer PRIMARY KEY)'));
  let answered = 0;
  const writing = withClient(first, async (client) => {
    for (let number = 1; ; number += 1) {
      await client.query('INSERT INTO notes VALUES ($1)', [number]);
      answered = number;
    }
  });
  await until(() => answered >= 40, 20_000);
  await Promise.all([first.stop('SIGKILL'), expect(writing).rejects.toThrow()]);
  const second = await started('killed');
  const found = await withClient(second, (client) =>
    client.query<{ count: number }>('SELECT count(*)::integer AS count FROM notes'),
  );
  expect(found.rows[0]?.count).toBeGreaterThanOrEqual(answered);
  await second.stop();
});

test('wedged by a client that holds a transaction open, it ends itself so that it can be started again', async () => {
  const fast = { COUNTERSIGN_PGLITE_PROBE_INTERVAL_MS: '200', COUNTERSIGN_PGLITE_PROBE_TIMEOUT_MS: '1000' };
  const pglite = await started('wedged', fast);
  const identity = processOf(pglite);
  const client = new Client(pglite.url('countersign_worker'));
  client.on('error', () => undefined);
  await client.connect();
  await client.query('CREATE TABLE eggs (crates integer)');
  await client.query('BEGIN');
  await client.query('INSERT INTO eggs VALUES (30)');
  await until(() => !isRunning(identity), 20_000);
  await client.end().catch(() => undefined);
  const again = await started('wedged', fast);
  const found = await withClient(again, (other) => other.query('SELECT * FROM eggs'));
  expect(found.rows).toEqual([]);
  await again.stop();
});

test('a data folder with a long path gets a short socket folder, always the same', () => {
  const long = join(folder, 'a'.repeat(90), 'data');
  const socketFolder = pgliteSocketFolder(long);
  expect(Buffer.byteLength(join(socketFolder, SOCKET_NAME))).toBeLessThan(100);
  expect(pgliteSocketFolder(long)).toBe(socketFolder);
  expect(pgliteSocketFolder(`${long}-other`)).not.toBe(socketFolder);
  expect(pgliteSocketFolder('/farm/data')).toBe('/farm/data.socket');
});
