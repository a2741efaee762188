import { createAudit } from './audit';
import { createCountAgreement } from './count-agreement';
import { createDecide, createTick, createWithdraw } from './decide';
import type { ActivityDependencies } from './dependencies';
import { createDraft } from './draft';
import { createEvaluate } from './evaluate';
import { createGiveUp } from './give-up';
import { createInvoke } from './invoke';
import { createAttemptDelivery } from './notify/attempt-delivery';
import { createAttemptMail } from './notify/attempt-mail';
import { createSweepNotices } from './notify/sweep-notices';
import { createReadDocument } from './read-document';
import { createEndReplay, createRepeatCall } from './replay';
import { createReserve } from './reserve';
import { createScrub } from './scrub';
import { createSettle } from './settle';
import { pagedWhenStuck } from './stuck-steps';
import {
  createSweepAgreements,
  createSweepDocuments,
  createSweepIntents,
  createSweepReplays,
  createSweepRuns,
} from './sweep';

/** All activities of the worker, by the names under which workflows call them. */
export function createActivities(dependencies: ActivityDependencies) {
  const { database } = dependencies;
  return {
    reserve: pagedWhenStuck(database, 'reserve', createReserve(dependencies)),
    scrub: pagedWhenStuck(database, 'scrub', createScrub(dependencies)),
    invoke: createInvoke(dependencies),
    giveUp: pagedWhenStuck(database, 'giveUp', createGiveUp(dependencies)),
    evaluate: pagedWhenStuck(database, 'evaluate', createEvaluate(dependencies)),
    draft: pagedWhenStuck(database, 'draft', createDraft(dependencies)),
    decide: pagedWhenStuck(database, 'decide', createDecide(dependencies)),
    tick: pagedWhenStuck(database, 'tick', createTick(dependencies)),
    withdraw: pagedWhenStuck(database, 'withdraw', createWithdraw(dependencies)),
    settle: pagedWhenStuck(database, 'settle', createSettle(dependencies)),
    audit: pagedWhenStuck(database, 'audit', createAudit(dependencies)),
    readDocument: createReadDocument(dependencies),
    repeatCall: createRepeatCall(dependencies),
    endReplay: createEndReplay(dependencies),
    sweepRuns: createSweepRuns(dependencies),
    sweepIntents: createSweepIntents(dependencies),
    sweepDocuments: createSweepDocuments(dependencies),
    sweepReplays: createSweepReplays(dependencies),
    attemptDelivery: createAttemptDelivery(database, dependencies.webhooks),
    attemptMail: createAttemptMail(database, dependencies.mail),
    sweepNotices: createSweepNotices(dependencies),
    sweepAgreements: createSweepAgreements(dependencies),
    countAgreement: createCountAgreement(dependencies),
  };
}

export type Activities = ReturnType<typeof createActivities>;
