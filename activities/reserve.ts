import { callInTenant } from '../db/transaction';
import type { RunReference } from './run-reference';
import type { ActivityDependencies } from './dependencies';

export interface ReserveAnswer {
  readonly outcome: 'reserved' | 'by_hand' | 'refused';
  readonly code: string | null;
}

/** Step 1: credits held, or the audited reason why not. */
export function createReserve({ database }: ActivityDependencies) {
  return async ({ tenantId, runId }: RunReference): Promise<ReserveAnswer> => {
    const answer = await callInTenant<ReserveAnswer>(database, tenantId, 'select app.reserve($1)', [runId]);
    return { outcome: answer.outcome, code: answer.code };
  };
}
