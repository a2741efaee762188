import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { EndedRun, RunStarter } from '../activities/sweep';
import {
  DELIVERY_WORKFLOW,
  MAIL_WORKFLOW,
  READ_WORKFLOW,
  REPLAY_WORKFLOW,
  RUN_WORKFLOW,
  sendNowSignal,
} from '../workflows/messages';
import { TENANT } from '../workflows/search-attributes';
import {
  deliveryStartOptions,
  mailStartOptions,
  readStartOptions,
  replayStartOptions,
  runStartOptions,
} from '../workflows/start';

/** How far back a look at ended workflows goes; what it misses is found by its lease in the worklist. */
const LOOK_BACK_MS = 10 * 60_000;
const ENDED_MAX = 200;

/** Reaches runs' workflows through a Temporal client. */
export function createRunStarter(client: Client, taskQueue: string): RunStarter {
  return {
    async start(run) {
      try {
        await client.workflow.start(RUN_WORKFLOW, runStartOptions(run, taskQueue));
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
    },

    async describe(runId) {
      const description = await foundOr(undefined, () => client.workflow.getHandle(runId).describe());
      if (description === undefined) return 'absent';
      return description.status.name === 'RUNNING' ? 'running' : 'ended';
    },

    async endedFromOutside() {
      const since = new Date(Date.now() - LOOK_BACK_MS).toISOString();
      const query =
        `WorkflowType = "${RUN_WORKFLOW}" AND CloseTime > "${since}" AND ` +
        'ExecutionStatus IN ("Terminated", "Failed", "TimedOut", "Canceled")';
      const ended: EndedRun[] = [];
      for await (const workflow of client.workflow.list({ query, pageSize: ENDED_MAX })) {
        const tenantId = workflow.typedSearchAttributes.get(TENANT);
        if (tenantId !== undefined && workflow.closeTime !== undefined)
          ended.push({ tenantId, runId: workflow.workflowId, endedAt: workflow.closeTime });
        if (ended.length === ENDED_MAX) break;
      }
      return ended;
    },

    async deliver({ runId, intentId, gateId, verdict }) {
      return await foundOr(false, async () => {
        await client.workflow.getHandle(runId).signal(verdict, { intentId, gateId });
        return true;
      });
    },

    async read(documents) {
      try {
        await client.workflow.start(READ_WORKFLOW, readStartOptions(documents, taskQueue));
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
    },

    async replay(replay) {
      try {
        await client.workflow.start(REPLAY_WORKFLOW, replayStartOptions(replay, taskQueue));
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
    },

    async sendDelivery(delivery) {
      await client.workflow.signalWithStart(DELIVERY_WORKFLOW, {
        ...deliveryStartOptions(delivery, taskQueue),
        signal: sendNowSignal,
      });
    },

    async sendMail(mail) {
      await client.workflow.signalWithStart(MAIL_WORKFLOW, {
        ...mailStartOptions(mail, taskQueue),
        signal: sendNowSignal,
      });
    },

    async tellToLook(runId) {
      await foundOr(undefined, () => client.workflow.getHandle(runId).signal('withdraw'));
    },
  };
}

async function foundOr<Result>(otherwise: Result, ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return otherwise;
    throw error;
  }
}
