import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from '@temporalio/worker';
import { RUN_OUTCOMES } from '../../contract/states';
import { recordedHistories } from '../support/histories';

const BUNDLE = join(__dirname, '..', '..', 'dist', 'workflow-bundle.js');

/*
 * Runs wait for months, so the workflow of today must still follow the histories of yesterday. A history is never recorded
 * anew to make this pass: a change that breaks one goes behind `patched`.
 */
it('replays every recorded history', async () => {
  const histories = recordedHistories().map(({ name, history }) => ({ workflowId: name, history }));
  expect(histories.length).toBeGreaterThanOrEqual(RUN_OUTCOMES.length);
  const code = readFileSync(BUNDLE, 'utf8');
  const failures: string[] = [];
  for await (const { workflowId, error } of Worker.runReplayHistories(
    { workflowBundle: { code } },
    histories,
  )) {
    if (error) failures.push(`${workflowId}: ${error.message}`);
  }
  expect(failures).toEqual([]);
}, 120_000);

it('has a history of every outcome', () => {
  const names = recordedHistories().map(({ name }) => name);
  for (const outcome of RUN_OUTCOMES) expect(names).toContain(outcome);
});
