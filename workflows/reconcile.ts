import { patched, proxyActivities, sleep } from '@temporalio/workflow';
import type { Activities } from '../activities/create';

const PAUSE_MS = 5_000;

const {
  sweepRuns,
  sweepIntents,
  sweepDocuments,
  sweepReplays,
  sweepAgreements,
  countAgreement,
  sweepNotices,
} = proxyActivities<Activities>({
  startToCloseTimeout: '50s',
  heartbeatTimeout: '10s',
  retry: { initialInterval: '1s', maximumInterval: '5s', maximumAttempts: 3 },
});

/**
 * Compares what the database holds with live workflows and puts right what was lost: verdicts that nobody has answered,
 * and runs that stand still; has documents read, calls repeated and tenants told; warns of agreements with vendors that end; and counts
 * agreement of reviewers with models, once a day. A schedule starts it every minute, each worker once when it comes up.
 *
 * @param request.rounds how often it looks, five seconds apart; what is not due yet costs one query
 */
export async function reconcile(request: { readonly rounds: number }): Promise<void> {
  if (patched('warns-of-agreements')) await sweepAgreements();
  if (patched('counts-agreement')) await countAgreement();
  for (let round = 1; ; round += 1) {
    await sweepIntents();
    await sweepRuns();
    if (patched('reads-documents')) await sweepDocuments();
    if (patched('repeats-calls')) await sweepReplays();
    if (patched('tells-of-what-happens')) await sweepNotices();
    if (round >= request.rounds) return;
    await sleep(PAUSE_MS);
  }
}
