import { asyncLocalStorage } from '@temporalio/activity';
import type { Database } from '../db/pool';
import { callInTenant } from '../db/transaction';
import { classify } from './coded-failure';

/** Its retries pause for two minutes in all until then: what still fails does not pass by itself. */
const PAGES_FROM_ATTEMPT = 8;

/**
 * A step of a run that is tried without end must be seen when it fails without end: from its eighth attempt on, it pages
 * operations. That the database is away is no fault of a step, and could not be written down anyway.
 */
export function pagedWhenStuck<Argument extends { readonly tenantId: string }, Result>(
  database: Database,
  step: string,
  carryOut: (argument: Argument) => Promise<Result>,
): (argument: Argument) => Promise<Result> {
  return async (argument) => {
    try {
      return await carryOut(argument);
    } catch (error) {
      await pageIfStuck(database, argument.tenantId, step, error);
      throw error;
    }
  };
}

async function pageIfStuck(
  database: Database,
  tenantId: string,
  step: string,
  failure: unknown,
): Promise<void> {
  // Steps are called by hand too, by tests and tools, outside of any workflow.
  const context = asyncLocalStorage.getStore();
  if (context === undefined || context.info.attempt < PAGES_FROM_ATTEMPT) return;
  const { code, retryable } = classify(failure);
  if (!retryable || code === 'database_unavailable') return;
  try {
    // A run's workflow has the run's id.
    const runId = context.info.workflowExecution?.workflowId;
    await callInTenant(database, tenantId, 'select app.page_stuck_step($1, $2, $3)', [runId, step, code]);
  } catch (error) {
    // The step's own failure is what counts; its next attempt pages again.
    context.log.warn('no page for a stuck step', { step, code: classify(error).code });
  }
}
