import { ActivityFailure, isCancellation, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/create';
import type { ReadArguments } from './messages';

/** Passages that have their vector are kept, so an attempt goes on where the last one stopped. */
const { readDocument } = proxyActivities<Activities>({
  startToCloseTimeout: '15m',
  heartbeatTimeout: '40s',
  retry: { initialInterval: '2s', backoffCoefficient: 2, maximumInterval: '1m', maximumAttempts: 6 },
});

/**
 * Reads documents of one tenant: splits them and embeds their passages. One that can't be read now stops none of the
 * others; it is due again on the worklist.
 */
export async function readDocuments({ tenantId, documentIds }: ReadArguments): Promise<void> {
  for (const documentId of documentIds) {
    try {
      await readDocument({ tenantId, documentId });
    } catch (error) {
      if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    }
  }
}
