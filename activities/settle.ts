import { callInTenant } from '../db/transaction';
import type { ActivityDependencies } from './dependencies';
import type { RunReference } from './run-reference';

export interface SettleAnswer {
  readonly outcome: 'settled' | 'nothing_held';
  /** Whole credits as decimal text; null when nothing was held. */
  readonly actual: string | null;
}

/** Step 8: the second leg, always. */
export function createSettle({ database }: ActivityDependencies) {
  return async ({ tenantId, runId }: RunReference): Promise<SettleAnswer> => {
    const settled = await callInTenant<SettleAnswer>(database, tenantId, 'select app.settle_run($1)', [
      runId,
    ]);
    return { outcome: settled.outcome, actual: settled.actual };
  };
}
