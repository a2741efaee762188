import { createAudit } from './audit';
import { createDecide, createTick, createWithdraw } from './decide';
import type { ActivityDependencies } from './dependencies';
import { createDraft } from './draft';
import { createEvaluate } from './evaluate';
import { createGiveUp } from './give-up';
import { createInvoke } from './invoke';
import { createReserve } from './reserve';
import { createScrub } from './scrub';
import { createSettle } from './settle';
import { createSweepAgreements, createSweepIntents, createSweepRuns } from './sweep';

/** All activities of the worker, by the names under which workflows call them. */
export function createActivities(dependencies: ActivityDependencies) {
  return {
    reserve: createReserve(dependencies),
    scrub: createScrub(dependencies),
    invoke: createInvoke(dependencies),
    giveUp: createGiveUp(dependencies),
    evaluate: createEvaluate(dependencies),
    draft: createDraft(dependencies),
    decide: createDecide(dependencies),
    tick: createTick(dependencies),
    withdraw: createWithdraw(dependencies),
    settle: createSettle(dependencies),
    audit: createAudit(dependencies),
    sweepRuns: createSweepRuns(dependencies),
    sweepIntents: createSweepIntents(dependencies),
    sweepAgreements: createSweepAgreements(dependencies),
  };
}

export type Activities = ReturnType<typeof createActivities>;
