import type { WorkerDeploymentOptions, WorkerOptions } from '@temporalio/worker';
import { buildOf, DEPLOYMENT } from '../stack/temporal/release';
import { codedErrors } from './interceptors';
import type { Logger } from './log';

const GRACE_MS = 10_000;
const FORCE_MS = 30_000;
/** Must exceed the concurrent workflow tasks many times over, or local activities run twice. */
const CACHED_WORKFLOWS = 1_000;
const WORKFLOW_TASKS = 40;

/** How every worker behaves, whatever it is connected to; tests and the bench use the same. */
export function workerBehaviour(log: Logger) {
  return {
    maxCachedWorkflows: CACHED_WORKFLOWS,
    maxConcurrentWorkflowTaskExecutions: WORKFLOW_TASKS,
    // A worker that was killed is noticed after this, instead of ten seconds.
    stickyQueueScheduleToStartTimeout: '2s',
    shutdownGraceTime: GRACE_MS,
    shutdownForceTime: FORCE_MS,
    interceptors: { activity: [(context) => ({ inbound: codedErrors(log, context.info) })] },
  } as const satisfies Partial<WorkerOptions>;
}

/**
 * By what Temporal tells workers of one release from those of another. Runs wait for longer than anybody keeps an old release
 * up, so each moves to the current one when it wakes; the histories of all releases are replayed before one is made.
 */
export function versionOf(workflows: string): WorkerDeploymentOptions {
  return {
    useWorkerVersioning: true,
    version: { deploymentName: DEPLOYMENT, buildId: buildOf(workflows) },
    defaultVersioningBehavior: 'AUTO_UPGRADE',
  };
}
