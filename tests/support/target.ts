import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Databases that the tests run on: the embedded one, or a native PostgreSQL of a major version. */
export const TEST_TARGETS = ['pglite', '18', '16'] as const;
export type TestTarget = (typeof TEST_TARGETS)[number];

/** What the global setup hands to the test files, through the environment. */
const handedSchema = z.discriminatedUnion('target', [
  z.object({ target: z.literal('pglite'), templateFolder: z.string() }),
  z.object({
    target: z.enum(['18', '16']),
    socketFolder: z.string(),
    port: z.int(),
    template: z.string(),
    /** Folder of psql, pg_dump and the other programs of the same version. */
    programs: z.string(),
  }),
]);
export type HandedDatabase = z.infer<typeof handedSchema>;

const HANDED = 'COUNTERSIGN_TEST_DATABASE_HANDED';

export function handOver(handed: HandedDatabase): void {
  process.env[HANDED] = JSON.stringify(handed);
}

export function handedDatabase(): HandedDatabase {
  const text = process.env[HANDED];
  if (text === undefined)
    throw new Error('No test database was started: import tests/support/database directly in the test file.');
  return handedSchema.parse(JSON.parse(text));
}

/** The target that `COUNTERSIGN_TEST_DATABASE` names; undefined when it names none. */
export function requestedTarget(): TestTarget | undefined {
  const named = process.env.COUNTERSIGN_TEST_DATABASE;
  return named === undefined || named === '' ? undefined : z.enum(TEST_TARGETS).parse(named);
}

/** Whether any of these test files uses the shared parts that need a database; only then is one started. */
export function someNeedDatabase(testFolder: string, isChosen: (file: string) => boolean): boolean {
  return readdirSync(testFolder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(testFolder, name))
    .filter(isChosen)
    .some((file) => /support\/(database|faulty-runs|governed|world)'/.test(readFileSync(file, 'utf8')));
}
