import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { builtEntry } from '../../stack/built-entry';
import { anyFreePort } from '../../stack/free-port';
import { readyLine } from '../../stack/ready-line';
import { until } from '../stack/stand-in';
import { testDatabase } from '../support/database';
import { buildWorld, type World } from '../support/world';

const database = testDatabase();
let world: World;
beforeAll(async () => {
  world = await buildWorld(database);
}, 60_000);

interface Started {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  /** What it has written to stderr so far. */
  readonly log: () => string;
  readonly ended: Promise<number | null>;
}

/** The API as the supervisor starts it, from the build, with no Temporal to be found. */
function start(environment: Readonly<Record<string, string>> = {}): Started {
  const child = spawn(process.execPath, [builtEntry('../api/main')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: database.url('api'),
      TEMPORAL_ADDRESS: '127.0.0.1:9',
      TEMPORAL_NAMESPACE: 'countersign',
      COUNTERSIGN_API_PORT: '0',
      COUNTERSIGN_LOG_LEVEL: 'trace',
      ...environment,
    },
  });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, log: () => log, ended };
}

const CANARY = 'canary-7f3a91';

it('serves on loopback, logs nothing of what people send, and drains on SIGTERM', async () => {
  const { child, log, ended } = start();
  const { url } = (await readyLine(child, 20_000)) as { url?: unknown };
  if (typeof url !== 'string') throw new Error('the ready line names no address');
  expect(new URL(url).hostname).toBe('127.0.0.1');
  const headers = {
    authorization: `Bearer ${world.farm.hand.token}`,
    'content-type': 'application/json',
    'idempotency-key': `${CANARY}-key`,
    'x-canary': CANARY,
  };
  const post = async (body: string, path = '/v1/runs'): Promise<number> => {
    const response = await fetch(url + path, { method: 'POST', headers, body });
    await response.arrayBuffer();
    return response.status;
  };
  const input = { note: `12 died ${CANARY}`, occurred_at: '2026-11-24T08:00:00Z' };
  expect(await post(JSON.stringify({ purpose: 'farm.record', input }))).toBe(202);
  expect(await post(JSON.stringify({ purpose: 'farm.record', input: { ...input, [CANARY]: CANARY } }))).toBe(
    400,
  );
  expect(await post(`{"${CANARY}"`)).toBe(400);
  expect(await post('{}', `/v1/${CANARY}?q=${CANARY}`)).toBe(404);
  await fetch(`${url}/v1/runs?cursor=${CANARY}`, { headers });
  await fetch(`${url}/v1/me`, { headers: { authorization: `Bearer ${CANARY}` } });

  // A stream and a caller who waits are let go; a second signal changes nothing.
  const stream = await fetch(`${url}/v1/events`, {
    headers: { authorization: `Bearer ${world.farm.owner.token}` },
  });
  const waiting = fetch(`${url}/v1/runs`, {
    method: 'POST',
    headers: { ...headers, 'idempotency-key': randomUUID(), prefer: 'wait=30' },
    body: JSON.stringify({ purpose: 'farm.record', input }),
  });
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const began = performance.now();
  child.kill('SIGTERM');
  child.kill('SIGTERM');
  expect(await stream.text()).toContain('retry: 2000');
  expect((await waiting).status).toBe(202);
  expect(await ended).toBe(0);
  expect(performance.now() - began).toBeLessThan(8_000);
  await expect(fetch(`${url}/healthz`)).rejects.toThrow();

  const lines = log()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.length).toBeGreaterThan(4);
  expect(log()).not.toContain(CANARY);
  expect(log()).not.toContain(world.farm.hand.token.slice(20));
  const allowed = ['level', 'time', 'part', 'msg', 'route', 'method', 'status', 'ms', 'code', 'of', 'run_id'];
  for (const line of lines) expect(Object.keys(line).filter((key) => !allowed.includes(key))).toEqual([]);
});

it.each([
  ['a listener that others reach', { COUNTERSIGN_API_HOST: '0.0.0.0' }, 'listens on loopback only'],
  [
    'a database elsewhere',
    { DATABASE_URL: 'postgres://api@db.example.org/x' },
    'a database on this machine only',
  ],
  [
    'a database elsewhere by parameter',
    { DATABASE_URL: 'postgres://api@127.0.0.1/x?host=db.example.org' },
    'a database on this machine only',
  ],
  ['no database', { DATABASE_URL: '' }, 'Set DATABASE_URL.'],
  [
    'a port that is none',
    { COUNTERSIGN_API_PORT: 'many' },
    'COUNTERSIGN_API_PORT must be a whole number from 0 to 65535',
  ],
])('does not start the profile local with %s', async (_what, environment, message) => {
  const { log, ended } = start(environment);
  expect(await ended).toBe(1);
  expect(log()).toContain(message);
  expect(log()).not.toContain('    at ');
});

it('is not ready while the database is away: says 503 with when to come back, and at last ends with what to do', async () => {
  const port = await anyFreePort();
  const { child, log, ended } = start({
    DATABASE_URL: 'postgres://countersign_api@127.0.0.1:9/nothing',
    COUNTERSIGN_API_PORT: String(port),
    COUNTERSIGN_DATABASE_WAIT_SECONDS: '5',
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const url = `http://127.0.0.1:${port}`;
  await until(() => isListening(url), 20_000);
  const response = await fetch(`${url}/v1/me`, {
    headers: { authorization: `Bearer ${world.farm.hand.token}` },
  });
  expect(response.status).toBe(503);
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await response.json()).toMatchObject({ code: 'unavailable', retryable: true });
  expect(await readiness(url)).toEqual([503, 'unavailable']);
  expect(await ended).toBe(1);
  expect(log()).toContain('The database did not answer for 5 s: is it up, and does DATABASE_URL name it');
  expect(said).toBe('');
});

it('is not ready on the schema of an older version, and is once that is migrated', async () => {
  const noted = await database.asOwner(null, (transaction) =>
    transaction.value<string>("select obj_description('app'::regnamespace, 'pg_namespace')"),
  );
  const note = async (name: string): Promise<void> => {
    await database.asOwner(null, (transaction) => transaction.rows(`comment on schema app is '${name}'`));
  };
  await note('0001_an_older_one.sql');
  const port = await anyFreePort();
  const { child, ended } = start({ COUNTERSIGN_API_PORT: String(port) });
  const ready = readyLine(child, 30_000);
  const url = `http://127.0.0.1:${port}`;
  await until(() => isListening(url), 20_000);
  expect(await readiness(url)).toEqual([503, 'unavailable']);
  const outdated = start({ COUNTERSIGN_DATABASE_WAIT_SECONDS: '0' });
  expect(await outdated.ended).toBe(1);
  expect(outdated.log()).toContain('run "countersign migrate"');
  await note(noted);
  expect(await ready).toMatchObject({ url, temporal: 'unavailable' });
  expect(await readiness(url)).toEqual([503, 'ok']);
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});

async function isListening(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/healthz`)).ok;
  } catch {
    return false;
  }
}

/** The status of /readyz, and what it says of the database. */
async function readiness(url: string): Promise<[number, string | undefined]> {
  const response = await fetch(`${url}/readyz`);
  const { parts } = (await response.json()) as { parts: Record<string, string> };
  return [response.status, parts.database];
}
