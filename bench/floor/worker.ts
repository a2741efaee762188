import { join } from 'node:path';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { workerBehaviour } from '../../worker/behaviour';
import { createLogger } from '../../worker/log';
import { BELL_VARIABLE, createBell } from '../bell';
import { createFloorActivities } from './activities';
import { FLOOR_QUEUE } from './names';

/** A worker of the floor alone, with the same behaviour as the product's. */
async function main(): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('WARN'), shutdownSignals: [] });
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  const connection = await NativeConnection.connect(connectionOptions);
  const worker = await Worker.create({
    ...workerBehaviour(createLogger()),
    connection,
    namespace,
    taskQueue: FLOOR_QUEUE,
    workflowBundle: await bundleWorkflowCode({
      workflowsPath: join(__dirname, 'workflow.js'),
      logger: new DefaultLogger('WARN'),
    }),
    activities: createFloorActivities(createBell(Number(process.env[BELL_VARIABLE]))),
  });
  process.on('SIGTERM', () => worker.shutdown());
  const running = worker.run();
  process.stdout.write(`${JSON.stringify({ ready: true, pid: process.pid })}\n`);
  await running;
  await connection.close();
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
