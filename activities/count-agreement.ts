import { Context } from '@temporalio/activity';
import { callInTenant, inTenant } from '../db/transaction';
import { classify } from './coded-failure';
import type { ActivityDependencies } from './dependencies';

/**
 * Counts how often reviewers agreed with models, of every tenant with a day that has ended: once a day each, and off the way of
 * any run. One that can't be counted now is counted at a later call, with all its days.
 */
export function createCountAgreement({ database }: Pick<ActivityDependencies, 'database'>) {
  return async (): Promise<{ readonly counted: number }> => {
    const tenants = await inTenant(database, null, (transaction) =>
      transaction.rows<{ tenant_id: string }>('select tenant_id from app.uncounted_tenants()'),
    );
    let counted = 0;
    for (const { tenant_id: tenantId } of tenants) {
      Context.current().heartbeat();
      try {
        await callInTenant(database, tenantId, 'select app.count_agreement()');
        counted += 1;
      } catch (error) {
        Context.current().log.warn('not counted', { code: classify(error).code, tenantId });
      }
    }
    return { counted };
  };
}
