import { serve } from './serve';

/* The API's process: `node main.js`, with what api/compose.ts reads from the environment. */
serve().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
