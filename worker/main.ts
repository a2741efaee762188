import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createActivities } from '../activities/create';
import { createProviders } from '../activities/gateway/create-providers';
import { createVault } from '../activities/scrubber/vault';
import { config } from '../countersign.config';
import { openDatabase } from '../db/pool';
import { verifyPacks } from '../db/register-packs';
import { createRegistry, packRows } from '../packs/registry';
import { RECONCILE_SCHEDULE, RECONCILE_WORKFLOW } from '../workflows/reconcile-names';
import { TASK_QUEUE } from '../workflows/start';
import { workerBehaviour } from './behaviour';
import { createLogger } from './log';
import { masterKey } from './master-key';
import { createRunStarter } from './run-starter';

/*
 * The worker's composition root: the only place that builds what activities need. It says {"ready":true,…} on stdout when
 * it polls, and drains on SIGTERM: running steps get ten seconds to end before they are cancelled, and thirty in all.
 */

const CONNECTIONS = 20;
const RECONCILE_ROUNDS = 11;

async function main(): Promise<void> {
  const log = createLogger();
  const home = setting('COUNTERSIGN_HOME', '.countersign');
  const profile = setting('COUNTERSIGN_PROFILE', 'local');
  const databaseUrl = setting('DATABASE_URL');
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  const registry = createRegistry(config.packs);
  const database = openDatabase(databaseUrl, 'worker', { connections: CONNECTIONS });
  await verifyPacks(database, packRows(registry));

  Runtime.install({ logger: new DefaultLogger('WARN'), shutdownSignals: [] });
  const connection = await NativeConnection.connect(connectionOptions);
  const client = new Client({ connection, namespace });
  const worker = await Worker.create({
    ...workerBehaviour(log),
    connection,
    namespace,
    taskQueue: TASK_QUEUE,
    identity: `countersign-worker ${process.pid}@${hostname()}`,
    workflowBundle: { code: readFileSync(join(__dirname, '..', 'workflow-bundle.js'), 'utf8') },
    activities: createActivities({
      database,
      registry,
      providers: createProviders(),
      vault: createVault(masterKey(home, profile)),
      runs: createRunStarter(client, TASK_QUEUE),
    }),
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
    });
  }
  const running = worker.run();
  await scheduleReconciling(client);
  process.stdout.write(`${JSON.stringify({ ready: true, pid: process.pid })}\n`);
  await running;
  await connection.close();
  await database.close();
}

/** Once a minute for as long as the namespace lives, and once now for what was lost while nobody looked. */
async function scheduleReconciling(client: Client): Promise<void> {
  const action = {
    type: 'startWorkflow' as const,
    workflowType: RECONCILE_WORKFLOW,
    taskQueue: TASK_QUEUE,
    args: [{ rounds: RECONCILE_ROUNDS }],
    workflowTaskTimeout: '5s' as const,
    workflowRunTimeout: '5m' as const,
  };
  try {
    await client.schedule.create({
      scheduleId: RECONCILE_SCHEDULE,
      spec: { intervals: [{ every: '1m' }] },
      action,
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1m' },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
  await client.workflow.start(RECONCILE_WORKFLOW, {
    workflowId: `${RECONCILE_SCHEDULE}-${process.pid}-${Date.now()}`,
    taskQueue: TASK_QUEUE,
    args: [{ rounds: 3 }],
    workflowTaskTimeout: '5s',
    workflowRunTimeout: '5m',
  });
}

function setting(name: string, otherwise?: string): string {
  const value = process.env[name];
  if (value !== undefined && value !== '') return value;
  if (otherwise === undefined) throw new Error(`Set ${name}.`);
  return otherwise;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
