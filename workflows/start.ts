import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/common';
import type { WorkflowStartOptions } from '@temporalio/client';
import type {
  DeliveryArguments,
  MailArguments,
  ReadArguments,
  ReplayArguments,
  RunArguments,
} from './messages';
import { PURPOSE, STATE, TENANT } from './search-attributes';

/** The task queue of the product's workers. */
export const TASK_QUEUE = 'countersign';

export interface RunToStart extends RunArguments {
  readonly purpose: string;
}

/**
 * How a run's workflow is started, by the API and by the sweep that repeats a lost start. Its id is the run's id, so the
 * same run is one workflow however often it is started; one that runs or has ended already is left alone.
 */
export function runStartOptions(
  { tenantId, runId, purpose }: RunToStart,
  taskQueue: string = TASK_QUEUE,
): WorkflowStartOptions {
  return {
    workflowId: runId,
    taskQueue,
    args: [{ tenantId, runId } satisfies RunArguments],
    workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    // A worker that dies inside a task is noticed after this, and the task given to another.
    workflowTaskTimeout: '5s',
    typedSearchAttributes: [
      { key: TENANT, value: tenantId },
      { key: PURPOSE, value: purpose },
      { key: STATE, value: 'running' },
    ],
    staticSummary: `${purpose} of ${tenantId}`,
  };
}

/**
 * How reading documents is started, by the sweep, which hands out each for a while: named after the first of them, so that
 * a start which is repeated is one workflow, and another one once that has ended.
 */
export function readStartOptions(
  { tenantId, documentIds }: ReadArguments,
  taskQueue: string = TASK_QUEUE,
): WorkflowStartOptions {
  return {
    workflowId: `documents ${documentIds[0] ?? ''}`,
    taskQueue,
    args: [{ tenantId, documentIds } satisfies ReadArguments],
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    workflowTaskTimeout: '5s',
    staticSummary: `documents of ${tenantId}`,
  };
}

/**
 * How a replay is started, by the API and by the sweep that repeats a lost start. Its id is the replay's: the same one is one
 * workflow, and another one only when that has ended without closing it.
 */
export function replayStartOptions(
  { tenantId, replayId }: ReplayArguments,
  taskQueue: string = TASK_QUEUE,
): WorkflowStartOptions {
  return {
    workflowId: replayId,
    taskQueue,
    args: [{ tenantId, replayId } satisfies ReplayArguments],
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    workflowTaskTimeout: '5s',
    staticSummary: `replay of ${tenantId}`,
  };
}

/**
 * How a message to a webhook is brought there: its id is the message's, so that it is one workflow at a time, and another one
 * when somebody has it sent again after that has ended.
 */
export function deliveryStartOptions(
  { tenantId, deliveryId }: DeliveryArguments,
  taskQueue: string = TASK_QUEUE,
): WorkflowStartOptions {
  return {
    workflowId: `webhook ${deliveryId}`,
    taskQueue,
    args: [{ tenantId, deliveryId } satisfies DeliveryArguments],
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    workflowTaskTimeout: '5s',
    staticSummary: `webhook of ${tenantId}`,
  };
}

/** How a mail is sent: its id is the mail's, so that it is one workflow. */
export function mailStartOptions(
  { tenantId, mailId }: MailArguments,
  taskQueue: string = TASK_QUEUE,
): WorkflowStartOptions {
  return {
    workflowId: `mail ${mailId}`,
    taskQueue,
    args: [{ tenantId, mailId } satisfies MailArguments],
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    workflowTaskTimeout: '5s',
    staticSummary: `mail of ${tenantId}`,
  };
}
