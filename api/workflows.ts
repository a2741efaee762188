import {
  Connection,
  WorkflowExecutionAlreadyStartedError,
  type Client,
  type ConnectionOptions,
  type WorkflowStartOptions,
} from '@temporalio/client';
import {
  decideUpdate,
  REPLAY_WORKFLOW,
  RUN_WORKFLOW,
  withdrawSignal,
  type IntentAnswer,
  type ReplayArguments,
} from '../workflows/messages';
import { replayStartOptions, runStartOptions, TASK_QUEUE, type RunToStart } from '../workflows/start';

export interface IntentToDeliver {
  readonly runId: string;
  readonly intentId: string;
  readonly gateId: string;
}

/** Reaches the workflows of runs. What it could not do is done by the sweeps: nothing accepted depends on it. */
export interface Workflows {
  /** Starts a run's workflow; one that was started already is success. False when Temporal did not answer in time. */
  start(run: RunToStart): Promise<boolean>;
  /** Starts the workflow of a replay, in the same way. */
  replay(replay: ReplayArguments): Promise<boolean>;
  /** Delivers a stored verdict by Update. Undefined when it did not come to an answer in time. */
  deliver(intent: IntentToDeliver, withinMs: number, signal: AbortSignal): Promise<IntentAnswer | undefined>;
  /** Tells a run's workflow that it was withdrawn. */
  tellWithdrawn(runId: string): Promise<void>;
  isReachable(): Promise<boolean>;
}

/** How long the answer about an accepted run waits for its start. */
const START_MS_MAX = 1_000;
const TELL_MS_MAX = 1_000;
const PROBE_MS_MAX = 2_000;

/**
 * A connection that is made when it is first used, so that the API serves while Temporal is down. Calls are not retried:
 * a caller waits for each, and the sweeps repeat what was lost. After an outage it looks for the server every second.
 */
export function lazyConnection(options: ConnectionOptions): Connection {
  return Connection.lazy({
    ...options,
    interceptors: [],
    channelArgs: {
      ...options.channelArgs,
      'grpc.initial_reconnect_backoff_ms': 200,
      'grpc.max_reconnect_backoff_ms': 1_000,
    },
  });
}

export function createWorkflows(client: Client, taskQueue: string = TASK_QUEUE): Workflows {
  const within = async <Result>(ms: number, ask: () => Promise<Result>): Promise<Result> =>
    await client.withDeadline(Date.now() + ms, ask);
  const start = async (name: string, options: WorkflowStartOptions): Promise<boolean> => {
    try {
      await within(START_MS_MAX, () => client.workflow.start(name, options));
      return true;
    } catch (error) {
      return error instanceof WorkflowExecutionAlreadyStartedError;
    }
  };
  return {
    start: (run) => start(RUN_WORKFLOW, runStartOptions(run, taskQueue)),

    replay: (replay) => start(REPLAY_WORKFLOW, replayStartOptions(replay, taskQueue)),

    async deliver({ runId, intentId, gateId }, withinMs, signal) {
      const send = async (): Promise<IntentAnswer> =>
        await client.workflow
          .getHandle(runId)
          .executeUpdate(decideUpdate, { args: [{ intentId, gateId }], updateId: intentId });
      try {
        return await client.withAbortSignal(signal, () => within(withinMs, send));
      } catch {
        // Whatever went wrong, the verdict is stored: its outcome row is looked for, and a sweep delivers it again.
        return undefined;
      }
    },

    async tellWithdrawn(runId) {
      try {
        await within(TELL_MS_MAX, () => client.workflow.getHandle(runId).signal(withdrawSignal));
      } catch {
        // A workflow that is gone, or a Temporal that is down: the reconciler sees the withdrawal in the database.
      }
    },

    async isReachable() {
      try {
        await within(PROBE_MS_MAX, () => client.connection.workflowService.getSystemInfo({}));
        return true;
      } catch {
        return false;
      }
    },
  };
}
