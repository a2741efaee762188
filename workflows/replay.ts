import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  isCancellation,
  proxyActivities,
} from '@temporalio/workflow';
import type { Activities } from '../activities/create';
import type { ReplayArguments } from './messages';

/** How often it is attempted is counted by the database, as that of every model call. */
const { repeatCall } = proxyActivities<Activities>({
  startToCloseTimeout: '5m',
  heartbeatTimeout: '10s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '30s' },
});
const { endReplay } = proxyActivities<Activities>({
  startToCloseTimeout: '20s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '5m' },
});

/**
 * Asks the stored prompt of a call once more and compares the answers. No proposal, gate or decision follows from it. What
 * can't be carried out is closed with its code, also when it is cancelled.
 */
export async function replay({ tenantId, replayId }: ReplayArguments): Promise<void> {
  try {
    await repeatCall({ tenantId, replayId });
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    await CancellationScope.nonCancellable(() => endReplay({ tenantId, replayId, code }));
  }
}

/** Undefined for a fault of the workflow's own. */
function codeOf(error: unknown): Parameters<Activities['endReplay']>[0]['code'] | undefined {
  if (isCancellation(error)) return 'workflow_lost';
  if (!(error instanceof ActivityFailure)) return undefined;
  const { cause } = error;
  // What crosses has a code of the catalogue for its type.
  return cause instanceof ApplicationFailure && cause.type
    ? (cause.type as Parameters<Activities['endReplay']>[0]['code'])
    : 'step_failed';
}
