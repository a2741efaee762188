import { condition, proxyActivities, setHandler } from '@temporalio/workflow';
import type { Activities } from '../activities/create';
import { sendNowSignal, type MailArguments } from './messages';

/** Each attempt is a row of the database; this counts none. Heartbeats tell of a worker that was killed while it sent. */
const { attemptMail } = proxyActivities<Activities>({
  startToCloseTimeout: '2m',
  heartbeatTimeout: '10s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
});

/** Brings one mail to one person: tries, waits as long as the database says, and tries again, over days. */
export async function sendMail(mail: MailArguments): Promise<void> {
  let isDue = false;
  setHandler(sendNowSignal, () => {
    isDue = true;
  });
  for (;;) {
    isDue = false;
    const answer = await attemptMail(mail);
    if (answer.outcome === 'over') return;
    await condition(() => isDue, answer.pauseMs);
  }
}
