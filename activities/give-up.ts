import { callInTenant } from '../db/transaction';
import type { ActivityDependencies } from './dependencies';
import type { RunReference } from './run-reference';

/** Ends a call whose attempts are exhausted; without any answer the hold is released, and manual gates will open. */
export function createGiveUp({ database }: ActivityDependencies) {
  return async ({
    tenantId,
    runId,
    kind,
    code,
  }: RunReference & { readonly kind: 'primary' | 'advisor'; readonly code: string }): Promise<void> => {
    await callInTenant(database, tenantId, 'select app.give_up_call($1, $2, $3)', [runId, kind, code]);
  };
}
