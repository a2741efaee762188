import { setTimeout as sleep } from 'node:timers/promises';
import { MODEL_MS } from '../model-latency';

/** Activities that do nothing; the draft rings, as the governed one does. */
export function createFloorActivities(ring: (runId: string) => void) {
  return {
    quick: async (): Promise<void> => await Promise.resolve(),
    draft: async (runId: string): Promise<void> => {
      ring(runId);
      await Promise.resolve();
    },
    model: async (): Promise<void> => await sleep(MODEL_MS),
  };
}

export type FloorActivities = ReturnType<typeof createFloorActivities>;
