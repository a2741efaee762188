import { asyncLocalStorage, type Context } from '@temporalio/activity';
import type { ErrorCode } from '../contract/errors';
import type { Database } from '../db/pool';
import { callInTenant } from '../db/transaction';
import { classify } from './coded-failure';

/** Its retries pause for two minutes in all until then: what still fails does not pass by itself. */
const PAGES_FROM_ATTEMPT = 8;

/** An attempt that takes longer is about to be cut off by its timeout, after which nobody would tell of it. */
const HANGS_AFTER_MS = 15_000;

/**
 * A step of a run that is tried without end must be seen when it fails without end: from its eighth attempt on, it pages
 * operations, and so it does when it hangs. That the database is away is no fault of a step, and could not be written down
 * anyway.
 */
export function pagedWhenStuck<Argument extends { readonly tenantId: string }, Result>(
  database: Database,
  step: string,
  carryOut: (argument: Argument) => Promise<Result>,
  hangsAfterMs = HANGS_AFTER_MS,
): (argument: Argument) => Promise<Result> {
  return async (argument) => {
    // Steps are called by hand too, by tests and tools, outside of any workflow.
    const context = asyncLocalStorage.getStore();
    if (context === undefined || context.info.attempt < PAGES_FROM_ATTEMPT) return await carryOut(argument);
    const pageFor = (code: ErrorCode): Promise<void> =>
      page(database, context, argument.tenantId, step, code);
    const hanging = setTimeout(() => void pageFor('step_failed'), hangsAfterMs);
    try {
      return await carryOut(argument);
    } catch (error) {
      const { code, retryable } = classify(error);
      if (retryable && code !== 'database_unavailable') await pageFor(code);
      throw error;
    } finally {
      clearTimeout(hanging);
    }
  };
}

async function page(
  database: Database,
  { info, log }: Context,
  tenantId: string,
  step: string,
  code: ErrorCode,
): Promise<void> {
  try {
    // A run's workflow has the run's id.
    const runId = info.workflowExecution?.workflowId;
    await callInTenant(database, tenantId, 'select app.page_stuck_step($1, $2, $3)', [runId, step, code]);
  } catch (error) {
    // The step's own failure is what counts; its next attempt pages again.
    log.warn('no page for a stuck step', { step, code: classify(error).code });
  }
}
