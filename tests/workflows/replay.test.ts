import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { RUN_OUTCOMES } from '../../contract/states';
import { bundleOf, recordedHistories, releases, type RecordedHistory } from '../support/histories';

const BUNDLE = join(__dirname, '..', '..', 'dist', 'workflow-bundle.js');

/*
 * Runs wait for months, so the workflow of today must still follow the histories of yesterday. A history is never recorded
 * anew to make this pass: a change that breaks one goes behind `patched`. The rules are in tests/histories/README.md.
 */

beforeAll(() => {
  Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
});

/** What could not be replayed by the code, and why. */
async function failuresOf(code: string, recorded: readonly RecordedHistory[]): Promise<string[]> {
  const failures: string[] = [];
  const histories = recorded.map(({ release, name, history }) => ({
    workflowId: `${release} ${name}`,
    history,
  }));
  for await (const { workflowId, error } of Worker.runReplayHistories(
    { workflowBundle: { code } },
    histories,
  )) {
    if (error) failures.push(`${workflowId}: ${error.message}`);
  }
  return failures;
}

it('replays every recorded history of every release', async () => {
  const histories = recordedHistories();
  expect(histories.length).toBeGreaterThan(RUN_OUTCOMES.length);
  expect(await failuresOf(readFileSync(BUNDLE, 'utf8'), histories)).toEqual([]);
}, 120_000);

describe.each(releases())('release %s', (release) => {
  const own = recordedHistories().filter((recorded) => recorded.release === release);

  it('has a history of every outcome', () => {
    const names = own.map(({ name }) => name);
    for (const outcome of RUN_OUTCOMES) expect(names).toContain(outcome);
  });

  it('has the workflows that wrote them, which go no further than they did', async () => {
    expect(await failuresOf(bundleOf(release), own)).toEqual([]);
    const later = recordedHistories().filter(({ name }) => name === 'went-on');
    expect(later).toHaveLength(1);
    expect(await failuresOf(bundleOf(release), later)).toHaveLength(1);
  }, 120_000);
});
