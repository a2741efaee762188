import { condition, proxyActivities, setHandler } from '@temporalio/workflow';
import type { Activities } from '../activities/create';
import { sendNowSignal, type DeliveryArguments } from './messages';

/** Each attempt is a row of the database; this counts none. Heartbeats tell of a worker that was killed while it sent. */
const { attemptDelivery } = proxyActivities<Activities>({
  startToCloseTimeout: '1m',
  heartbeatTimeout: '10s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
});

/**
 * Brings one message to one webhook: tries, waits as long as the database says, and tries again, over days. Somebody who wants
 * it sent now signals so.
 */
export async function deliverWebhook(delivery: DeliveryArguments): Promise<void> {
  let isDue = false;
  setHandler(sendNowSignal, () => {
    isDue = true;
  });
  for (;;) {
    isDue = false;
    const answer = await attemptDelivery(delivery);
    if (answer.outcome === 'wait') await condition(() => isDue, answer.pauseMs);
    // Somebody who asked for it again while it ended is heard.
    else if (!isDue) return;
  }
}
