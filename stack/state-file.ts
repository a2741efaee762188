import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { processIdentitySchema } from './process-identity';

/** The parts that the supervisor starts, in the order in which they are started. */
export const PARTS = ['pglite', 'temporal', 'worker', 'api'] as const;

export type Part = (typeof PARTS)[number];

/** What each part is called in sentences. */
export const PART_NAMES: Readonly<Record<Part, string>> = {
  pglite: 'the embedded Postgres',
  temporal: 'the Temporal dev server',
  worker: 'the worker',
  api: 'the API',
};

const stackStateSchema = z.object({
  supervisor: processIdentitySchema,
  /** The parts of this stack, whether they run now or not. */
  parts: z.array(z.enum(PARTS)).default([]),
  processes: z.partialRecord(z.enum(PARTS), processIdentitySchema),
  apiUrl: z.string().optional(),
  temporalAddress: z.string().optional(),
  temporalNamespace: z.string().optional(),
  temporalUiUrl: z.string().optional(),
  /** The folder of the embedded Postgres's socket; absent when `DATABASE_URL` names another database. */
  socketFolder: z.string().optional(),
});

/** What the supervisor notes in the data folder, so that its next start and `doctor` know what runs. */
export type StackState = z.infer<typeof stackStateSchema>;

/** The stack's lock file in a data folder. */
export function stackLockFile(home: string): string {
  return join(home, 'stack.lock');
}

/** The noted state, or undefined when there is none or it cannot be read. */
export function readStackState(home: string): StackState | undefined {
  try {
    return stackStateSchema.parse(JSON.parse(readFileSync(stateFile(home), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Notes the state at once and as a whole: a kill leaves the old file or the new one. */
export function writeStackState(home: string, state: StackState): void {
  const draft = `${stateFile(home)}.draft`;
  writeFileSync(draft, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(draft, stateFile(home));
}

function stateFile(home: string): string {
  return join(home, 'stack.json');
}
