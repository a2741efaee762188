import { setTimeout as sleep } from 'node:timers/promises';
import { homeFolder } from '../settings';
import { serve } from '../../worker/serve';
import { mayEvaluate } from './hold';

const LOOK_EVERY_MS = 50;

/*
 * The demo's worker: the product's own, except that it holds the one run that the demo names between the model's answer
 * and the draft, until it is killed there. The product itself has no such door.
 */
serve({
  wrap: (activities) => ({
    ...activities,
    evaluate: async (request) => {
      while (!mayEvaluate(homeFolder(), request.runId)) await sleep(LOOK_EVERY_MS);
      return await activities.evaluate(request);
    },
  }),
}).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
