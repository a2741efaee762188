import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/create';
import type { ReadArguments } from './messages';

/** Passages that have their vector are kept, so an attempt goes on where the last one stopped. */
const activities = proxyActivities<Activities>({
  startToCloseTimeout: '15m',
  heartbeatTimeout: '40s',
  retry: { initialInterval: '2s', backoffCoefficient: 2, maximumInterval: '1m', maximumAttempts: 10 },
});

/** Reads one document: splits it and embeds its passages. What can't be done now is due again on the worklist. */
export async function readDocument(document: ReadArguments): Promise<void> {
  await activities.readDocument(document);
}
