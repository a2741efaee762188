import { callInTenant } from '../../db/transaction';
import type { ActivityDependencies } from '../dependencies';
import { dueWork, each, type SweepAnswer } from '../sweep';

/**
 * Has tenants told of what happened: makes each row of the outbox that somebody waits for into messages, and has those that are
 * due delivered. Rows and messages are handed out for a while, so that what one worker loses another one finds; of one row two
 * workers make one message.
 */
export function createSweepNotices({ database, runs }: ActivityDependencies) {
  return async (): Promise<SweepAnswer> => {
    const dispatched = await each(
      database,
      'notice',
      await dueWork(database, 'notice', '1 minute'),
      async ({ tenant_id: tenantId, ref_id: outboxId }) => {
        await callInTenant(database, tenantId, 'select app.dispatch_notice($1)', [outboxId]);
        return true;
      },
    );
    const delivered = await each(
      database,
      'delivery',
      await dueWork(database, 'delivery', '2 minutes'),
      async ({ tenant_id: tenantId, ref_id: deliveryId }) => {
        await runs.sendDelivery({ tenantId, deliveryId });
        return true;
      },
    );
    const mailed = await each(
      database,
      'mail',
      await dueWork(database, 'mail', '3 minutes'),
      async ({ tenant_id: tenantId, ref_id: mailId }) => {
        await runs.sendMail({ tenantId, mailId });
        return true;
      },
    );
    return {
      seen: dispatched.seen + delivered.seen + mailed.seen,
      repaired: dispatched.repaired + delivered.repaired + mailed.repaired,
      failed: dispatched.failed + delivered.failed + mailed.failed,
    };
  };
}
