import { callInTenant } from '../../db/transaction';
import type { ActivityDependencies } from '../dependencies';
import { dueWork, each, type DueWork, type SweepAnswer, type WorkKind } from '../sweep';

/** Whoever waits for other work of the reconciler waits no longer than this for it. */
const MS_MAX = 10_000;

/**
 * Has tenants told of what happened: makes each row of the outbox that somebody waits for into messages, and has those that are
 * due delivered. Rows and messages are handed out for a while, so that what one worker loses another one finds; of one row two
 * workers make one message. It goes on while there is more, so that a tenant with much to tell does not fall behind.
 */
export function createSweepNotices({ database, runs }: ActivityDependencies) {
  return async (): Promise<SweepAnswer> => {
    const until = performance.now() + MS_MAX;
    const all: SweepAnswer[] = [];
    for (;;) {
      const swept = [
        await sweep('notice', '1 minute', ({ tenant_id: tenantId, ref_id: outboxId }) =>
          callInTenant(database, tenantId, 'select app.dispatch_notice($1)', [outboxId]),
        ),
        await sweep('delivery', '2 minutes', ({ tenant_id: tenantId, ref_id: deliveryId }) =>
          runs.sendDelivery({ tenantId, deliveryId }),
        ),
        await sweep('mail', '3 minutes', ({ tenant_id: tenantId, ref_id: mailId }) =>
          runs.sendMail({ tenantId, mailId }),
        ),
      ];
      all.push(...swept);
      if (performance.now() > until || swept.every(({ seen }) => seen === 0)) return sumOf(all);
    }
  };

  async function sweep(
    kind: WorkKind,
    lease: string,
    carryOut: (one: DueWork) => Promise<unknown>,
  ): Promise<SweepAnswer> {
    return await each(database, kind, await dueWork(database, kind, lease), async (one) => {
      await carryOut(one);
      return true;
    });
  }
}

function sumOf(answers: readonly SweepAnswer[]): SweepAnswer {
  const sum = (of: keyof SweepAnswer): number => answers.reduce((total, answer) => total + answer[of], 0);
  return { seen: sum('seen'), repaired: sum('repaired'), failed: sum('failed') };
}
