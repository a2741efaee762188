import { hostname } from 'node:os';
import { Client } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { config } from '../countersign.config';
import { iamSignIn } from '../db/iam';
import { requireLoopback } from '../db/loopback';
import { openDatabase } from '../db/pool';
import { createRegistry } from '../packs/registry';
import { createAuthenticator } from './caller';
import type { Api } from './context';
import { createLogger } from './log';
import { createWorkflows, lazyConnection } from './workflows';

const CONNECTIONS = 20;

export interface ComposedApi {
  readonly api: Api;
  readonly host: string;
  readonly port: number;
  /** Closes what the API stood on, after its listener has ended. */
  close(): Promise<void>;
}

/**
 * Builds everything that the API stands on, from the environment: `DATABASE_URL`, `TEMPORAL_*`, `COUNTERSIGN_API_HOST`
 * (127.0.0.1), `COUNTERSIGN_API_PORT` (8080), `COUNTERSIGN_PROFILE`. Temporal may be down: what is accepted meanwhile is
 * started later.
 *
 * @throws Error when a setting is missing, or the profile `local`, whose keys are printed, would be reachable from outside
 */
export function composeApi(): ComposedApi {
  const host = setting('COUNTERSIGN_API_HOST', '127.0.0.1');
  const databaseUrl = setting('DATABASE_URL');
  if (setting('COUNTERSIGN_PROFILE', 'local') === 'local') requireLoopback({ listener: host, databaseUrl });
  const signIn = setting('COUNTERSIGN_DATABASE_IAM', 'off') === 'on' ? iamSignIn(databaseUrl) : {};
  const database = openDatabase(databaseUrl, 'api', { connections: CONNECTIONS, ...signIn });
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  const connection = lazyConnection(connectionOptions);
  const client = new Client({
    connection,
    namespace,
    identity: `countersign-api ${process.pid}@${hostname()}`,
  });
  return {
    api: {
      database,
      authenticate: createAuthenticator(database),
      registry: createRegistry(config.packs),
      workflows: createWorkflows(client),
      log: createLogger(),
    },
    host,
    port: portOf(setting('COUNTERSIGN_API_PORT', '8080')),
    close: async () => {
      await connection.close();
      await database.close();
    },
  };
}

function setting(name: string, otherwise?: string): string {
  const value = process.env[name];
  if (value !== undefined && value !== '') return value;
  if (otherwise === undefined) throw new Error(`Set ${name}.`);
  return otherwise;
}

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error('COUNTERSIGN_API_PORT must be a port number.');
  return port;
}
