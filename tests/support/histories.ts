import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { WorkflowHandle } from '@temporalio/client';
import { historyFromJSON, historyToJSON, type History } from '@temporalio/common/lib/proto-utils';

const FOLDER = join(__dirname, '..', 'histories');
/** What is recorded now belongs to the next release; the rules are in the folder's README. */
const NEXT = 'next';
const BUNDLE = 'workflow-bundle.js.gz';

export interface RecordedHistory {
  readonly release: string;
  readonly name: string;
  readonly history: History;
}

/** Keeps a run's history for replay when `RECORD_HISTORIES` is set; histories are recorded anew only on purpose. */
export async function recordHistory(handle: WorkflowHandle, name: string): Promise<void> {
  if (process.env.RECORD_HISTORIES === undefined) return;
  const history = await handle.fetchHistory();
  mkdirSync(join(FOLDER, NEXT), { recursive: true });
  writeFileSync(
    join(FOLDER, NEXT, `${name}.json`),
    `${JSON.stringify(JSON.parse(historyToJSON(history)), undefined, 1)}\n`,
  );
}

/** Releases whose histories and workflows are kept, the oldest first. */
export function releases(): readonly string[] {
  return readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== NEXT)
    .map(({ name }) => name)
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** Recorded histories of every release and of the next one. */
export function recordedHistories(): readonly RecordedHistory[] {
  return [...releases(), NEXT].flatMap((release) =>
    readdirSync(join(FOLDER, release))
      .filter((file) => file.endsWith('.json'))
      .sort()
      .map((file) => ({
        release,
        name: file.replace('.json', ''),
        history: historyFromJSON(JSON.parse(readFileSync(join(FOLDER, release, file), 'utf8')) as unknown),
      })),
  );
}

/** The code of a release's workflows, as its workers loaded it. */
export function bundleOf(release: string): string {
  return gunzipSync(readFileSync(join(FOLDER, release, BUNDLE))).toString('utf8');
}
