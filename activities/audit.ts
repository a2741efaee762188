import { callInTenant } from '../db/transaction';
import type { ActivityDependencies } from './dependencies';
import type { RunReference } from './run-reference';

export interface AuditAnswer {
  readonly outcome: string;
  readonly code: string | null;
}

/** Step 9: the closing event, with the hashes of all that the run produced. With a code, the run has failed. */
export function createAudit({ database }: ActivityDependencies) {
  return async ({
    tenantId,
    runId,
    code,
  }: RunReference & { readonly code: string | null }): Promise<AuditAnswer> =>
    await callInTenant<AuditAnswer>(database, tenantId, 'select app.close_run($1, $2)', [runId, code]);
}
