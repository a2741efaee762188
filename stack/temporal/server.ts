import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Progress } from '../command';
import { anyFreePort } from '../free-port';
import { startGuarded } from '../guarded-process';
import { findTemporal } from './find';
import { prepareNamespace, SEARCH_ATTRIBUTES, TEMPORAL_NAMESPACE } from './namespace';

const READY_MS_MAX = 60_000;
const STOP_MS_MAX = 15_000;

export interface DevServerSettings {
  /** Where the server keeps its data; in memory without it. */
  readonly databaseFile?: string;
  readonly port: number;
  /** Without it there is no web UI. */
  readonly uiPort?: number;
  readonly namespace: string;
}

/** The arguments of `temporal` for a dev server on loopback with our namespace and search attributes. */
export function devServerArguments(settings: DevServerSettings): string[] {
  const listening = ['--ip', '127.0.0.1', '--port', String(settings.port), '--namespace', settings.namespace];
  const ui = settings.uiPort === undefined ? ['--headless'] : ['--ui-port', String(settings.uiPort)];
  // Without these pragmas a server with a file is half as fast and runs steps twice.
  const pragmas = ['journal_mode=wal', 'synchronous=normal'].flatMap((pragma) => ['--sqlite-pragma', pragma]);
  const data =
    settings.databaseFile === undefined ? [] : ['--db-filename', settings.databaseFile, ...pragmas];
  const attributes = Object.entries(SEARCH_ATTRIBUTES).flatMap(([name, kind]) => [
    '--search-attribute',
    `${name}=${kind}`,
  ]);
  return ['server', 'start-dev', ...listening, ...ui, ...data, ...attributes, '--log-level', 'error'];
}

/** The environment for the CLI: it reads `TEMPORAL_*` itself, and what is meant for our clients must not reach it. */
export function devServerEnvironment(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TEMPORAL_')));
}

export interface RunningTemporal {
  readonly address: string;
  readonly namespace: string;
  readonly uiUrl: string | undefined;
  readonly serverVersion: string;
  /** Ends the server that was started here, not one that `TEMPORAL_ADDRESS` names. May be called more than once. */
  stop(): Promise<void>;
}

export interface TemporalOptions {
  readonly progress?: Progress;
  /** Kept after `stop`. Without it the server keeps its data in a temporary folder, as fast as in the product. */
  readonly databaseFile?: string;
  /** Keeps everything in memory. */
  readonly inMemory?: boolean;
  readonly port?: number;
  readonly uiPort?: number;
  readonly namespace?: string;
  /** Of the server's own dynamic configuration, e.g. a lower limit; not of a server that `TEMPORAL_ADDRESS` names. */
  readonly limits?: Readonly<Record<string, number>>;
}

/**
 * Starts a dev server for a test or a script and waits until it answers; it ends when its starter does. The supervisor
 * starts its own.
 *
 * @throws Error when no server can be found or it does not start (with its log's end)
 */
export async function startTemporal(options: TemporalOptions = {}): Promise<RunningTemporal> {
  const found = await findTemporal({ progress: options.progress ?? (() => undefined) });
  const namespace = options.namespace ?? TEMPORAL_NAMESPACE;
  if (found.kind === 'address') {
    const { serverVersion } = await prepareNamespace(found.address, namespace, READY_MS_MAX);
    return {
      address: found.address,
      namespace,
      uiUrl: undefined,
      serverVersion,
      stop: async () => undefined,
    };
  }
  const folder = mkdtempSync(join(tmpdir(), 'countersign-temporal-'));
  const databaseFile =
    options.inMemory === true ? undefined : (options.databaseFile ?? join(folder, 'temporal.db'));
  if (databaseFile !== undefined) mkdirSync(dirname(databaseFile), { recursive: true });
  const port = options.port ?? (await anyFreePort());
  const settings: DevServerSettings = {
    port,
    namespace,
    ...(databaseFile === undefined ? {} : { databaseFile }),
    ...(options.uiPort === undefined ? {} : { uiPort: options.uiPort }),
  };
  const limits = Object.entries(options.limits ?? {}).flatMap(([name, value]) => [
    '--dynamic-config-value',
    `${name}=${value}`,
  ]);
  const server = startGuarded(found.path, [...devServerArguments(settings), ...limits], {
    logFile: join(folder, 'log'),
    environment: devServerEnvironment(),
  });
  const stop = async (): Promise<void> => {
    await server.end(STOP_MS_MAX);
    rmSync(folder, { recursive: true, force: true });
  };
  const address = `127.0.0.1:${port}`;
  try {
    const { serverVersion } = await prepareNamespace(address, namespace, READY_MS_MAX, () =>
      server.isRunning() ? undefined : `Temporal did not start: ${server.logTail()}`,
    );
    const uiUrl = options.uiPort === undefined ? undefined : `http://127.0.0.1:${options.uiPort}`;
    return { address, namespace, uiUrl, serverVersion, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
