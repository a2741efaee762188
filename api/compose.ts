import { hostname } from 'node:os';
import { Client } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { config } from '../countersign.config';
import { iamSignIn } from '../db/iam';
import { requireLoopback } from '../db/loopback';
import { openDatabase } from '../db/pool';
import {
  choiceSetting,
  databaseWaitSeconds,
  requiredSetting,
  setting,
  webhooksToLoopback,
  wholeNumberSetting,
} from '../environment/setting';
import { createRegistry } from '../packs/registry';
import { createAuthenticator } from './caller';
import type { Api } from './context';
import { RATE_LIMITS, type RateLimits } from './http/rate-limit';
import { resolveHost } from './http/public-address';
import { createLogger } from './log';
import { createWorkflows, lazyConnection } from './workflows';

const CONNECTIONS = 20;
const PER_MINUTE = { min: 1, max: 10_000_000 };

export interface ComposedApi {
  readonly api: Api;
  readonly limits: RateLimits;
  readonly host: string;
  readonly port: number;
  /** How long the start waits for the database. */
  readonly databaseSeconds: number;
  /** Closes what the API stood on, after its listener has ended. */
  close(): Promise<void>;
}

/**
 * Builds everything that the API stands on, from the environment: `DATABASE_URL`, `TEMPORAL_*`, `COUNTERSIGN_API_HOST`
 * (127.0.0.1), `COUNTERSIGN_API_PORT` (8080), `COUNTERSIGN_API_REQUESTS_PER_MINUTE`, `COUNTERSIGN_API_WRONG_KEYS_PER_MINUTE`,
 * `COUNTERSIGN_DATABASE_WAIT_SECONDS`, `COUNTERSIGN_PROFILE`. Temporal may be down: what is accepted meanwhile is started later.
 *
 * @throws Error when a setting is missing or makes no sense, or the profile `local`, whose keys are printed, would be reachable from outside
 */
export function composeApi(): ComposedApi {
  const host = setting('COUNTERSIGN_API_HOST') ?? '127.0.0.1';
  const databaseUrl = requiredSetting('DATABASE_URL');
  const profile = setting('COUNTERSIGN_PROFILE') ?? 'local';
  if (profile === 'local') requireLoopback({ listener: host, databaseUrl });
  const signIn =
    choiceSetting('COUNTERSIGN_DATABASE_IAM', ['off', 'on'], 'off') === 'on' ? iamSignIn(databaseUrl) : {};
  const database = openDatabase(databaseUrl, 'api', { connections: CONNECTIONS, ...signIn });
  const limits = rateLimits();
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
      webhooks: { allowLoopback: webhooksToLoopback(profile), resolve: resolveHost },
      log: createLogger(),
    },
    limits,
    host,
    databaseSeconds: databaseWaitSeconds(),
    port: wholeNumberSetting('COUNTERSIGN_API_PORT', { min: 0, max: 65_535 }, 8080),
    close: async () => {
      await connection.close();
      await database.close();
    },
  };
}

/** How much one key, and one address with wrong keys, may ask in a minute. */
function rateLimits(): RateLimits {
  const { requestsMax, failuresMax, windowSeconds } = RATE_LIMITS;
  return {
    requestsMax: wholeNumberSetting('COUNTERSIGN_API_REQUESTS_PER_MINUTE', PER_MINUTE, requestsMax),
    failuresMax: wholeNumberSetting('COUNTERSIGN_API_WRONG_KEYS_PER_MINUTE', PER_MINUTE, failuresMax),
    windowSeconds,
  };
}
