import { endAll } from './running';

/** Ends what the global setup started. */
async function globalTeardown(): Promise<void> {
  await endAll();
}

export = globalTeardown;
