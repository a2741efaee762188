import { mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A new folder for one test, under its real path. */
export function temporaryFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'countersign-test-')));
}

export interface StandIn {
  readonly command: readonly string[];
  /** What it has noted so far: "<name> ready <pid>", "<name> SIGTERM", "<name> end". */
  notes(): string[];
}

/**
 * A program of a few lines in the place of worker or API: it says that it is ready, and notes each signal and its end
 * in a file that several stand-ins share.
 *
 * @param drainMs how long it takes to end after SIGTERM
 */
export function standIn(folder: string, name: string, drainMs = 0): StandIn {
  const script = join(folder, `${name}.js`);
  const notes = join(folder, 'notes.txt');
  writeFileSync(
    script,
    `const { appendFileSync } = require('node:fs');
const note = (text) => appendFileSync(${JSON.stringify(notes)}, ${JSON.stringify(name)} + ' ' + text + '\\n');
process.on('SIGTERM', () => { note('SIGTERM'); setTimeout(() => { note('end'); process.exit(0); }, ${drainMs}); });
process.on('SIGINT', () => note('SIGINT'));
setInterval(() => undefined, 1000);
note('ready ' + process.pid);
note('environment ' + JSON.stringify(Object.fromEntries(Object.entries(process.env).filter(([key]) =>
  /^(DATABASE_URL|TEMPORAL_|COUNTERSIGN_)/.test(key)))));
console.log(JSON.stringify({ ready: true }));
`,
  );
  writeFileSync(notes, '', { flag: 'a' });
  return {
    command: [process.execPath, script],
    notes: () => readFileSync(notes, 'utf8').split('\n').filter(Boolean),
  };
}

/** Waits until a condition holds. @throws Error when it does not within the time */
export async function until(condition: () => boolean | Promise<boolean>, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > deadline)
      throw new Error(`did not hold within ${withinMs} ms: ${condition.toString()}`);
    await sleep(20);
  }
}

/** The test's own settings must not decide what is started. */
export function withoutGivenParts(): void {
  delete process.env.DATABASE_URL;
  delete process.env.TEMPORAL_ADDRESS;
  delete process.env.TEMPORAL_NAMESPACE;
  delete process.env.COUNTERSIGN_HOME;
}
