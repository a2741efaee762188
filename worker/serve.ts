import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client } from '@temporalio/client';
import { RECONCILE_SCHEDULE, RECONCILE_WORKFLOW } from '../workflows/reconcile-names';
import { composeWorker, type ComposeOptions } from './compose';

/** Eleven rounds, five seconds apart, fill the minute until the schedule's next start. */
const ROUNDS_A_MINUTE = 11;
const ROUNDS_AT_START = 3;

/**
 * Runs a worker until SIGTERM or SIGINT. Says {"ready":true,…} on stdout when it polls. Draining, running steps get ten
 * seconds to end before they are cancelled, and thirty in all.
 */
export async function serve(options: ComposeOptions = {}): Promise<void> {
  const { worker, client, taskQueue, close } = await composeWorker(options);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
    });
  }
  const running = worker.run();
  await Promise.race([running, reconcileRegularly(client, taskQueue)]);
  process.stdout.write(`${JSON.stringify({ ready: true, pid: process.pid })}\n`);
  await running;
  await close();
}

/** Once a minute for as long as the namespace lives, and once now for what was lost while nobody looked. */
async function reconcileRegularly(client: Client, taskQueue: string): Promise<void> {
  const action = {
    taskQueue,
    workflowTaskTimeout: '5s',
    workflowRunTimeout: '5m',
  } as const;
  try {
    await client.schedule.create({
      scheduleId: RECONCILE_SCHEDULE,
      spec: { intervals: [{ every: '1m' }] },
      action: {
        type: 'startWorkflow',
        workflowType: RECONCILE_WORKFLOW,
        args: [{ rounds: ROUNDS_A_MINUTE }],
        ...action,
      },
      // One that took longer than its minute is followed by the next at once, not after another minute.
      policies: { overlap: ScheduleOverlapPolicy.BUFFER_ONE, catchupWindow: '1m' },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
  await client.workflow.start(RECONCILE_WORKFLOW, {
    workflowId: `${RECONCILE_SCHEDULE}-${process.pid}-${Date.now()}`,
    args: [{ rounds: ROUNDS_AT_START }],
    ...action,
  });
}
