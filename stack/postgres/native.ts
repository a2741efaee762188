import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { runCommand, type Progress } from '../command';
import { anyFreePort } from '../free-port';
import { startGuarded, type GuardedProcess } from '../guarded-process';
import { socketDatabaseUrl } from '../pglite/socket-folder';
import { findPostgres, openTemporaryFolder, type PostgresBinaries } from './binaries';

export interface NativePostgres {
  /** Connection string of the superuser `postgres` over the socket. */
  readonly url: string;
  /** Connection string for a role of this server over the socket, where every role is trusted. */
  urlOf(role: string, database?: string): string;
  readonly socketFolder: string;
  /** Also listens on 127.0.0.1 at this port, where a password is asked for. */
  readonly port: number;
  readonly majorVersion: number;
  readonly version: string;
  /** Ends the server and removes its folder. May be called more than once. */
  stop(): Promise<void>;
}

export interface NativePostgresOptions {
  /** 16 or 18 come with the wheel; others when installed with pgvector. */
  readonly major: number;
  readonly progress?: Progress;
  /** Server settings that replace or extend those for tests, e.g. `{ fsync: 'on' }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

const TEST_SETTINGS: Readonly<Record<string, string>> = {
  fsync: 'off',
  full_page_writes: 'off',
  max_connections: '200',
  shared_buffers: '128MB',
  timezone: 'UTC',
};

const READY_MS_MAX = 30_000;
const STOP_MS_MAX = 15_000;

/**
 * Starts a native PostgreSQL in a temporary folder, for tests and the bench. As root it runs as `nobody`, since
 * PostgreSQL refuses root.
 *
 * @throws Error when no server of that version with pgvector can be found, or it does not start (with its log's end)
 */
export async function startNativePostgres(options: NativePostgresOptions): Promise<NativePostgres> {
  const progress = options.progress ?? (() => undefined);
  const binaries = await findPostgres(options.major, progress);
  const user = process.getuid?.() === 0 ? lookUpUser('nobody') : undefined;
  const home = mkdtempSync(join(openTemporaryFolder(), 'countersign-postgres-'));
  try {
    const paths = { data: join(home, 'data'), sockets: join(home, 'sockets'), log: join(home, 'log') };
    mkdirSync(paths.data, { mode: 0o700 });
    mkdirSync(paths.sockets, { mode: 0o700 });
    if (user !== undefined) {
      for (const path of [home, paths.data, paths.sockets]) chownSync(path, user.uid, user.gid);
    }
    const layout = ['--username=postgres', '--encoding=UTF8', '--no-locale', '--no-sync'];
    const access = ['--auth-local=trust', '--auth-host=scram-sha-256'];
    await runCommand(join(binaries.folder, 'initdb'), [...layout, ...access, '--pgdata', paths.data], {
      withinMs: 60_000,
      cwd: home,
      ...(user === undefined ? {} : { user }),
    });
    return await launch(options, binaries, home, paths, user);
  } catch (error) {
    rmSync(home, { recursive: true, force: true });
    throw error;
  }
}

async function launch(
  options: NativePostgresOptions,
  binaries: PostgresBinaries,
  home: string,
  paths: { readonly data: string; readonly sockets: string; readonly log: string },
  user: { readonly uid: number; readonly gid: number } | undefined,
): Promise<NativePostgres> {
  const port = await anyFreePort();
  const settings = {
    ...TEST_SETTINGS,
    ...options.settings,
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: paths.sockets,
    unix_socket_permissions: '0700',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = startGuarded(join(binaries.folder, 'postgres'), ['-D', paths.data, ...args], {
    logFile: paths.log,
    cwd: home,
    ...(user === undefined ? {} : { user }),
  });
  const stop = async (): Promise<void> => {
    await server.end(STOP_MS_MAX);
    rmSync(home, { recursive: true, force: true });
  };
  const url = socketDatabaseUrl('postgres', paths.sockets, port);
  try {
    await waitUntilReady(url, server);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    urlOf: (role, database) => socketDatabaseUrl(role, paths.sockets, port, database),
    socketFolder: paths.sockets,
    port,
    majorVersion: options.major,
    version: binaries.version,
    stop,
  };
}

async function waitUntilReady(url: string, server: GuardedProcess): Promise<void> {
  const deadline = performance.now() + READY_MS_MAX;
  for (;;) {
    if (!server.isRunning() || performance.now() > deadline) {
      throw new Error(`PostgreSQL did not start: ${server.logTail()}`);
    }
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('SELECT 1');
      return;
    } catch {
      await sleep(50);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

function lookUpUser(name: string): { uid: number; gid: number } {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  if (uid === undefined || gid === undefined)
    throw new Error(`There is no user ${name} to run PostgreSQL as.`);
  return { uid: Number(uid), gid: Number(gid) };
}
