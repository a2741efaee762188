import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { Client as PgClient } from 'pg';
import { createClient, type Client as ApiClient } from '../client/index';
import { parseKey } from '../contract/api-key';
import { openDatabase, type Database } from '../db/pool';
import type { Progress } from '../stack/command';
import { migrateDatabase } from '../stack/migrate';
import { startNativePostgres } from '../stack/postgres/native';
import { readyLine } from '../stack/ready-line';
import { seed } from '../stack/seed/seed';
import type { Stack } from '../stack/stack';
import { startStack } from '../stack/supervisor';
import { BELL_VARIABLE, Listener } from './bell';
import type { Person } from './contenders';

const CREDITS = '1000000';
const READY_MS_MAX = 60_000;

/** Everything that is measured, on a fresh server with an empty history, and what drives it. */
export interface Surroundings {
  readonly client: Client;
  readonly listener: Listener;
  readonly database: Database;
  /** In the role of the worker, for what is measured of it within this process. */
  readonly workerDatabase: Database;
  readonly owner: Person;
  readonly api: ApiClient;
  /** Ids of the processes whose CPU time is told. */
  readonly pids: {
    readonly worker: number;
    readonly floorWorker: number;
    readonly server: number;
    readonly api: number;
  };
  /** Gathers the planner's statistics, which a server that has run for a minute has. */
  analyze(): Promise<void>;
  close(): Promise<void>;
}

/** Brings up a stack of the bench's own and takes it away again. */
export async function surroundings(kind: 'native' | 'pglite', progress: Progress): Promise<Surroundings> {
  const home = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
  const endings: (() => Promise<unknown>)[] = [async () => rmSync(home, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const end of endings.splice(0).reverse()) await end();
  };
  try {
    const postgres = kind === 'native' ? await startNativePostgres({ major: 18, progress }) : undefined;
    if (postgres) endings.push(() => postgres.stop());
    const listener = await Listener.open();
    endings.push(async () => listener.close());
    const environment = { [BELL_VARIABLE]: String(listener.port), COUNTERSIGN_LOG_LEVEL: 'warn' };
    const stack = await startStack({
      home,
      progress,
      environment,
      ports: { api: 0, temporal: 0, temporalUi: 0 },
      commands: { worker: [process.execPath, join(__dirname, 'governed-worker.js')] },
      ...(postgres ? { databaseUrl: (role: string) => postgres.urlOf(role, 'postgres') } : {}),
      // A new server has no roles yet, so its superuser migrates.
      migrate: async (databaseUrl) => {
        await migrateDatabase((role) => postgres?.url ?? databaseUrl(role));
      },
    });
    endings.push(() => stack.stop());
    const people = await seed(stack, progress);
    const platform = createClient({ baseUrl: stack.apiUrl, key: people.platform.token });
    await platform.credits.grant({ tenant_id: people.owner.tenant_id, amount_credits: CREDITS });
    const floorWorker = await startFloorWorker(stack, environment);
    endings.push(floorWorker.stop);
    const connection = await Connection.connect({ address: stack.temporalAddress });
    endings.push(() => connection.close());
    const database = openDatabase(stack.databaseUrl('countersign_api'), 'api', { connections: 16 });
    endings.push(() => database.close());
    const workerDatabase = openDatabase(stack.databaseUrl('countersign_worker'), 'worker', {
      connections: 2,
    });
    endings.push(() => workerDatabase.close());
    const pidOf = (part: string): number => stack.processes().find((one) => one.part === part)?.pid ?? 0;
    const { token, tenant_id: tenantId, user_id: userId } = people.owner;
    const key = parseKey(token);
    if (key === undefined) throw new Error('the seed has no key for the owner');
    const { id: keyId, secretSha256 } = key;
    return {
      client: new Client({ connection, namespace: stack.temporalNamespace }),
      listener,
      database,
      workerDatabase,
      owner: { tenantId, userId, keyId, proof: { keyId, secretSha256 } },
      api: createClient({ baseUrl: stack.apiUrl, key: token }),
      pids: {
        worker: pidOf('worker'),
        floorWorker: floorWorker.pid,
        server: pidOf('temporal'),
        api: pidOf('api'),
      },
      analyze: async () => await analyze(postgres?.url ?? stack.databaseUrl('postgres')),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function analyze(databaseUrl: string): Promise<void> {
  const superuser = new PgClient({ connectionString: databaseUrl });
  await superuser.connect();
  try {
    await superuser.query('analyze');
  } finally {
    await superuser.end();
  }
}

async function startFloorWorker(
  stack: Stack,
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly pid: number; stop(): Promise<void> }> {
  const child = spawn(process.execPath, [join(__dirname, 'floor', 'worker.js')], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ...environment,
      TEMPORAL_ADDRESS: stack.temporalAddress,
      TEMPORAL_NAMESPACE: stack.temporalNamespace,
    },
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await readyLine(child, READY_MS_MAX);
  return {
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
