import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { executable } from '../../../stack/command';
import { findTemporal } from '../../../stack/temporal/find';
import {
  prepareNamespace,
  readNamespace,
  RETENTION_DAYS,
  SEARCH_ATTRIBUTES,
  TEMPORAL_NAMESPACE,
} from '../../../stack/temporal/namespace';
import { devServerArguments, startTemporal, type RunningTemporal } from '../../../stack/temporal/server';
import { temporaryFolder, withoutGivenParts } from '../stand-in';

/* The Temporal dev server as the stack runs it: found, prepared, and with its data on disk. */

const folder = temporaryFolder();
const servers: RunningTemporal[] = [];

beforeAll(withoutGivenParts);

afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  rmSync(folder, { recursive: true, force: true });
});

afterEach(() => {
  delete process.env.TEMPORAL_ADDRESS;
});

async function started(options: Parameters<typeof startTemporal>[0] = {}): Promise<RunningTemporal> {
  const server = await startTemporal(options);
  servers.push(server);
  return server;
}

async function withClient<T>(server: RunningTemporal, use: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address: server.address });
  try {
    return await use(new Client({ connection, namespace: server.namespace }));
  } finally {
    await connection.close();
  }
}

test('keeps its namespace, retention, search attributes and runs over a kill and a restart', async () => {
  const databaseFile = join(folder, 'kept', 'temporal.db');
  const first = await started({ databaseFile });
  const wanted = { retentionDays: RETENTION_DAYS, searchAttributesMissing: [] };
  expect(await readNamespace(first.address, TEMPORAL_NAMESPACE)).toMatchObject(wanted);
  await withClient(first, async (client) => {
    await client.workflow.start('waits', { workflowId: 'kept-run', taskQueue: 'nobody' });
  });
  await first.stop();
  const second = await started({ databaseFile });
  expect(await readNamespace(second.address, TEMPORAL_NAMESPACE)).toMatchObject(wanted);
  const status = await withClient(second, async (client) => {
    const handle = client.workflow.getHandle('kept-run');
    const description = await handle.describe();
    await handle.terminate('the test is over');
    return description.status.name;
  });
  expect(status).toBe('RUNNING');
}, 60_000);

test('gives a server that somebody else runs what is missing there, and does not stop it', async () => {
  const theirs = await started();
  await expect(readNamespace(theirs.address, 'another')).rejects.toThrow();
  process.env.TEMPORAL_ADDRESS = theirs.address;
  expect(await findTemporal({ progress: () => undefined })).toEqual({
    kind: 'address',
    address: theirs.address,
  });
  const borrowed = await startTemporal({ namespace: 'another' });
  expect(await readNamespace(theirs.address, 'another')).toMatchObject({
    retentionDays: RETENTION_DAYS,
    searchAttributesMissing: [],
  });
  await borrowed.stop();
  expect((await prepareNamespace(theirs.address, 'another', 5_000)).serverVersion).toBe(theirs.serverVersion);
}, 60_000);

test('a server that does not answer is given up in time, and with the reason when there is one', async () => {
  await expect(prepareNamespace('127.0.0.1:9', 'countersign', 300)).rejects.toThrow(
    'Temporal at 127.0.0.1:9 was not ready within 0.3 s (Failed to connect before the deadline): see that it is up',
  );
  const died = prepareNamespace('127.0.0.1:9', 'countersign', 60_000, () => 'its process died');
  await expect(died).rejects.toThrow('its process died');
}, 30_000);

test('a file is written with the pragmas without which steps run twice; in memory there are none', () => {
  const settings = { port: 1, namespace: 'countersign' };
  const words = devServerArguments({ ...settings, databaseFile: '/farm/temporal.db' }).join(' ');
  expect(words).toContain('--db-filename /farm/temporal.db');
  expect(words).toContain('--sqlite-pragma journal_mode=wal --sqlite-pragma synchronous=normal');
  expect(words).toContain('--ip 127.0.0.1');
  for (const [name, kind] of Object.entries(SEARCH_ATTRIBUTES))
    expect(words).toContain(`--search-attribute ${name}=${kind}`);
  expect(devServerArguments(settings).join(' ')).not.toContain('sqlite');
  expect(devServerArguments(settings)).toContain('--headless');
});

test('a temporal on PATH is used before everything else, when it is one', async () => {
  const bin = join(folder, 'bin');
  const path = process.env.PATH;
  mkdirSync(bin);
  const program = join(bin, 'temporal');
  writeFileSync(program, '#!/bin/sh\necho "temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)"\n');
  chmodSync(program, 0o755);
  process.env.PATH = `${bin}:${path ?? ''}`;
  try {
    expect(await findTemporal({ progress: () => undefined })).toEqual({
      kind: 'program',
      path: executable(program),
      origin: 'found on PATH',
    });
    writeFileSync(program, '#!/bin/sh\necho "a calendar"\n');
    const found = await findTemporal({ progress: () => undefined });
    expect(found.kind === 'program' && found.path).not.toBe(executable(program));
  } finally {
    process.env.PATH = path;
  }
}, 30_000);
