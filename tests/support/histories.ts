import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { historyFromJSON, historyToJSON, type History } from '@temporalio/common/lib/proto-utils';

const FOLDER = join(__dirname, '..', 'histories');

/** Keeps a run's history for replay when `RECORD_HISTORIES` is set; histories are recorded anew only on purpose. */
export async function recordHistory(handle: WorkflowHandle, name: string): Promise<void> {
  if (process.env.RECORD_HISTORIES === undefined) return;
  const history = await handle.fetchHistory();
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(
    join(FOLDER, `${name}.json`),
    `${JSON.stringify(JSON.parse(historyToJSON(history)), undefined, 1)}\n`,
  );
}

/** Recorded histories by name. */
export function recordedHistories(): readonly { readonly name: string; readonly history: History }[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => ({
      name: file.replace('.json', ''),
      history: historyFromJSON(JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as unknown),
    }));
}
