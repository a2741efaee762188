import { serve } from '../worker/serve';
import { BELL_VARIABLE, createBell } from './bell';
import { benchModel } from './model';

/* The product's worker, with a model that takes as long as the floor's, and a ring when the draft is there. */
const ring = createBell(Number(process.env[BELL_VARIABLE]));

serve({
  model: benchModel(),
  wrap: (activities) => ({
    ...activities,
    draft: async (request) => {
      const drafted = await activities.draft(request);
      ring(request.runId);
      return drafted;
    },
  }),
}).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
