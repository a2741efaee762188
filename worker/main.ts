import { serve } from './serve';

/* The worker's process: `node main.js`, with what worker/compose.ts reads from the environment. */
serve().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
