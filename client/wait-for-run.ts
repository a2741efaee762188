import type { Run } from '../contract/wire/run';
import { pause } from './transport';
import type { WaitOptions } from './types';

const PAUSE_MS_MIN = 100;
const PAUSE_MS_MAX = 1_000;
const WAIT_MS_MAX = 60_000;

/**
 * Reads a run again and again until it is where the caller wants it.
 *
 * @throws Error when the time is up; the run goes on by itself
 */
export async function waitForRun(
  get: (id: string) => Promise<Run>,
  id: string,
  { until, timeoutMs = WAIT_MS_MAX, signal }: WaitOptions,
): Promise<Run> {
  const deadline = performance.now() + timeoutMs;
  for (let pauseMs = PAUSE_MS_MIN; ; pauseMs = Math.min(pauseMs * 1.3, PAUSE_MS_MAX)) {
    const run = await get(id);
    if (hasCome(run, until)) return run;
    if (performance.now() > deadline) {
      throw new Error(`Run ${id} is still ${run.state} at ${run.step} after ${timeoutMs} ms.`);
    }
    await pause(pauseMs, signal);
  }
}

function hasCome(run: Run, until: WaitOptions['until']): boolean {
  if (typeof until === 'function') return until(run);
  return run.state === 'closed' || (until === 'decidable' && run.state === 'waiting');
}
