import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A file in the data folder that names the run which the demo's worker holds before `evaluate`. While it is there and
 * empty, no run may evaluate, so that the run can be named after it was started.
 */
function holdFile(home: string): string {
  return join(home, 'hold-before-draft');
}

/** Holds every run until one is named. */
export function holdNext(home: string): void {
  writeFileSync(holdFile(home), '');
}

/** Holds this run, and lets the others go on. */
export function hold(home: string, runId: string): void {
  writeFileSync(holdFile(home), runId);
}

export function letGo(home: string): void {
  rmSync(holdFile(home), { force: true });
}

export function mayEvaluate(home: string, runId: string): boolean {
  let named: string;
  try {
    named = readFileSync(holdFile(home), 'utf8');
  } catch {
    // Nothing is held.
    return true;
  }
  return named !== '' && named !== runId;
}
