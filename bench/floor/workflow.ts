import {
  CancellationScope,
  condition,
  defineUpdate,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  sleep,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { STATE } from '../../workflows/search-attributes';
import type { FloorActivities } from './activities';
import { FLOOR_DECIDE } from './names';

const { quick, draft } = proxyLocalActivities<FloorActivities>({ startToCloseTimeout: '4s' });
const { model } = proxyActivities<FloorActivities>({ startToCloseTimeout: '5m', heartbeatTimeout: '10s' });

const decideUpdate = defineUpdate<string, [string]>(FLOOR_DECIDE);

/**
 * The floor: the least that any run of this shape can cost on Temporal. Seven local activities that do nothing, one
 * ordinary activity that takes as long as a model, one upsert, one timer that is pending, one Update.
 */
export async function floor(runId: string): Promise<string> {
  let verdict: string | undefined;
  let decided = false;
  setHandler(decideUpdate, async (given) => {
    verdict = given;
    await condition(() => decided);
    return 'applied';
  });
  await quick();
  await quick();
  await model();
  await quick();
  await draft(runId);
  upsertSearchAttributes([{ key: STATE, value: 'waiting' }]);
  const timer = new CancellationScope();
  timer
    .run(() => sleep('1 day'))
    .catch((error: unknown) => {
      if (!isCancellation(error)) throw error;
    });
  await condition(() => verdict !== undefined);
  await quick();
  decided = true;
  timer.cancel();
  await quick();
  await quick();
  return 'approved';
}
