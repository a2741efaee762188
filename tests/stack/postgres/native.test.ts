import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { builtEntry } from '../../../stack/built-entry';
import { findPostgres } from '../../../stack/postgres/binaries';
import { startNativePostgres, type NativePostgres } from '../../../stack/postgres/native';
import { identify, isRunning } from '../../../stack/process-identity';
import { until } from '../stand-in';

/* Native PostgreSQL for tests: found or fetched, run as another user than root, and gone with its starter. */

const servers: NativePostgres[] = [];

afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
});

async function ask<Row extends object>(url: string, text: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

test.each([18, 16])(
  'PostgreSQL %i serves with pgvector, and leaves nothing when it is stopped',
  async (major) => {
    const server = await startNativePostgres({ major, settings: { fsync: 'on' } });
    servers.push(server);
    const [found] = await ask<{ version: string; fsync: string; pid: string }>(
      server.url,
      "select current_setting('server_version') as version, current_setting('fsync') as fsync",
    );
    expect(found).toEqual({ version: server.version, fsync: 'on' });
    expect(server.version).toMatch(new RegExp(`^${major}\\.`));
    await ask(server.url, 'create extension vector');
    const [near] = await ask<{ distance: number }>(
      server.url,
      "select '[1,2]'::vector <-> '[1,5]'::vector as distance",
    );
    expect(near?.distance).toBe(3);
    const data = join(dirname(server.socketFolder), 'data');
    const pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
    if (process.getuid?.() === 0) {
      expect(readFileSync(`/proc/${pid}/status`, 'utf8')).not.toMatch(/^Uid:\t0\t/m);
    }
    await server.stop();
    expect(identify(pid)).toBeUndefined();
    expect(existsSync(data)).toBe(false);
  },
  120_000,
);

test('it ends when whoever started it is killed', async () => {
  const script = `require(${JSON.stringify(builtEntry('postgres/native'))}).startNativePostgres({ major: 18 })
    .then(({ socketFolder }) => console.log(socketFolder)); setInterval(() => undefined, 1000);`;
  const starter = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  let socketFolder = '';
  starter.stdout.on('data', (chunk: Buffer) => {
    socketFolder += chunk.toString();
  });
  try {
    await until(() => socketFolder.endsWith('\n'), 60_000);
    const data = join(dirname(socketFolder.trim()), 'data');
    const postmaster = identify(Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]));
    if (postmaster === undefined) throw new Error('the server does not run');
    starter.kill('SIGKILL');
    await until(() => !isRunning(postmaster), 15_000);
  } finally {
    starter.kill('SIGKILL');
  }
}, 120_000);

test('a folder that is named must hold that version', async () => {
  process.env.COUNTERSIGN_POSTGRES_BIN_17 = __dirname;
  try {
    await expect(findPostgres(17, () => undefined)).rejects.toThrow(
      /COUNTERSIGN_POSTGRES_BIN_17 names .*, but it has no postgres, initdb, pg_config/,
    );
  } finally {
    delete process.env.COUNTERSIGN_POSTGRES_BIN_17;
  }
});
