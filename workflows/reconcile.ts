import { proxyActivities, sleep } from '@temporalio/workflow';
import type { Activities } from '../activities/create';

const PAUSE_MS = 5_000;

const { sweepRuns, sweepIntents } = proxyActivities<Activities>({
  startToCloseTimeout: '50s',
  heartbeatTimeout: '10s',
  retry: { initialInterval: '1s', maximumInterval: '5s', maximumAttempts: 3 },
});

/**
 * Compares what the database holds with live workflows and puts right what was lost: once for open runs, and again and
 * again for verdicts that nobody has answered. A schedule starts it every minute, each worker once when it comes up.
 *
 * @param request.rounds how often verdicts are looked at, five seconds apart
 */
export async function reconcile(request: { readonly rounds: number }): Promise<void> {
  await sweepIntents();
  await sweepRuns();
  for (let round = 1; round < request.rounds; round += 1) {
    await sleep(PAUSE_MS);
    await sweepIntents();
  }
}
