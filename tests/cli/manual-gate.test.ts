import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Gate } from '../../contract/wire/gate';
import type { Run } from '../../contract/wire/run';
import { testApi } from '../api/support/server';
import { downProvider } from '../support/down-provider';
import { governedRuns } from '../support/governed';
import type { Person } from '../support/world';
import { runCli, type CliResult } from './support/run-cli';

const governed = governedRuns({ worker: false });
const api = testApi(() => ({
  database: governed.database,
  world: governed.world,
  temporal: { ...governed.temporal, taskQueue: governed.taskQueue },
}));

const folder = mkdtempSync(join(tmpdir(), 'countersign-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(async () => {
  await governed.startWorker({ providers: { local: downProvider() } });
}, 60_000);

const cli = (person: Person, ...args: string[]): Promise<CliResult> =>
  runCli(args, { COUNTERSIGN_URL: api.url, COUNTERSIGN_KEY: person.token });

it('records by hand what the note says, when the model is down, as the type that the owner chooses', async () => {
  const { owner, hand } = governed.world.farm;
  const words = ['--set', 'note=Bought 20 bags of layer mash for 360k', '--wait', '20'];
  const sent = await cli(hand, '--json', 'run', 'farm.record', ...words);
  const run = sent.json() as Run;
  expect(run).toMatchObject({ state: 'waiting', advisory: 'unavailable' });
  const { items } = (await cli(owner, '--json', 'gates')).json() as { items: Gate[] };
  const id = items.find((gate) => gate.run_id === run.id)?.id ?? '';

  const shown = await cli(owner, 'gates', id);
  expect(shown.out).toContain('AI advisory unavailable, proceed manually');
  expect(shown.out).toContain('expense, feed_use, mortality');
  expect(shown.out).toContain('--record-type and --edits');

  const bought = { item: 'layer mash', total_minor: '36000000', currency: 'NGN', occurred_on: '2026-11-20' };
  const edits = join(folder, 'bought.json');
  writeFileSync(edits, JSON.stringify(bought));
  const approve = ['approve', id, '--reason-code', 'correct', '--edits', edits];
  const unnamed = await cli(owner, ...approve);
  expect(unnamed.status).toBe(4);
  expect(unnamed.err).toContain('record_type_required');
  const byAsker = await cli(hand, ...approve, '--record-type', 'expense');
  expect(byAsker.err).toContain('not_allowed');
  const approved = await cli(owner, ...approve, '--record-type', 'expense');
  expect(approved).toMatchObject({ status: 0, err: '' });

  const { items: records } = (await cli(owner, '--json', 'records')).json() as { items: object[] };
  expect(records).toMatchObject([{ run_id: run.id, record_type: 'expense', payload: bought }]);
  expect((await cli(owner, 'gates', id)).out).toContain('expense');
  expect((await cli(owner, 'runs', run.id)).out).toMatch(/recorded as +expense/);
});
