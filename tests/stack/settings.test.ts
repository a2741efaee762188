import { createServer } from 'node:net';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { choosePorts, givenDatabaseUrl, homeFolder, type Ports } from '../../stack/settings';

const before = { ...process.env };

afterEach(() => {
  process.env = { ...before };
});

async function withTakenPort(use: (port: number) => Promise<void>): Promise<void> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  try {
    await use(address !== null && typeof address === 'object' ? address.port : 0);
  } finally {
    server.close();
  }
}

const ALL = new Set<keyof Ports>(['api', 'temporal', 'temporalUi']);

test('a port that was asked for and is taken is refused, and one that is not started is not looked at', async () => {
  await withTakenPort(async (port) => {
    const asked = { api: port, temporal: 0, temporalUi: 0 };
    await expect(choosePorts(asked, ALL, () => undefined)).rejects.toThrow(
      `Port ${port}, which was asked for the API, is taken.`,
    );
    const others = new Set<keyof Ports>(['temporal', 'temporalUi']);
    expect((await choosePorts(asked, others, () => undefined)).api).toBe(port);
  });
});

test('a setting names a port as an option does', async () => {
  await withTakenPort(async (port) => {
    process.env.COUNTERSIGN_TEMPORAL_PORT = String(port);
    await expect(choosePorts({ api: 0 }, ALL, () => undefined)).rejects.toThrow('asked for Temporal');
  });
  process.env.COUNTERSIGN_TEMPORAL_PORT = 'seven';
  await expect(choosePorts({ api: 0 }, ALL, () => undefined)).rejects.toThrow(
    'COUNTERSIGN_TEMPORAL_PORT must be a whole number from 0 to 65535.',
  );
});

test('two starts at once get ports of their own', async () => {
  const any = { api: 0, temporal: 0, temporalUi: 0 };
  const { api, temporal, temporalUi } = await choosePorts(any, ALL, () => undefined);
  expect(new Set([api, temporal, temporalUi]).size).toBe(3);
});

test('each role has a connection string of its own where one is given', () => {
  delete process.env.DATABASE_URL;
  expect(givenDatabaseUrl('countersign_worker')).toBeUndefined();
  process.env.DATABASE_URL = 'postgres://all@127.0.0.1/farm';
  process.env.DATABASE_URL_WORKER = 'postgres://countersign_worker@127.0.0.1/farm';
  process.env.DATABASE_URL_API = '';
  expect(givenDatabaseUrl('countersign_worker')).toBe('postgres://countersign_worker@127.0.0.1/farm');
  expect(givenDatabaseUrl('countersign_api')).toBe('postgres://all@127.0.0.1/farm');
});

test('the data folder is the named one, else beside where the command runs', () => {
  process.env.COUNTERSIGN_HOME = '/farm/data';
  expect(homeFolder()).toBe('/farm/data');
  process.env.COUNTERSIGN_HOME = '';
  expect(homeFolder()).toBe(resolve('.countersign'));
});
