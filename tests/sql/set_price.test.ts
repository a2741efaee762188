import { testDatabase } from '../support/database';
import { inHours, sqlRuns } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);

const PRICE = {
  valid_from: null as string | null,
  valid_until: null,
  input_nano_usd_per_token: '3',
  output_nano_usd_per_token: '4',
  cache_read_nano_usd_per_token: '0',
  cache_write_nano_usd_per_token: '5',
};
const MODEL = ['local', 'farm-notes-1', 'local'] as const;
const set = (changes: object = {}, as = '__platform__') =>
  runs.call(
    'api',
    as,
    'set_price',
    ...MODEL,
    JSON.stringify({ ...PRICE, ...changes }),
    runs.world.platformAdmin.userId,
  );

it('rules from its time on, and leaves what was begun under the older one', async () => {
  const farm = await runs.farm();
  const begun = await runs.begin(farm.id, await runs.scrubbed(farm.hand));
  expect(await set()).toMatchObject({ outcome: 'saved' });
  await runs.finish(farm.id, begun);
  expect(await runs.row('ai_runs', { id: begun.ai_run_id })).toMatchObject({ cost_nano_usd: 20n });
  const later = await runs.begin(farm.id, await runs.scrubbed(farm.hand));
  // 8,000 tokens at the dearest of reading in, 4,000 out.
  expect(await runs.row('ai_run_attempts', { ai_run_id: later.ai_run_id })).toMatchObject({
    held_nano_usd: 56_000n,
  });
  await runs.finish(farm.id, later);
  expect(await runs.row('ai_runs', { id: later.ai_run_id })).toMatchObject({ cost_nano_usd: 50n });
});

it('is refused in the past, twice for one instant, below nothing, and to a tenant', async () => {
  expect(await set({ valid_from: inHours(-1) })).toEqual({ outcome: 'refused', code: 'price_in_past' });
  const from = inHours(5);
  expect(await set({ valid_from: from })).toMatchObject({ outcome: 'saved' });
  expect(await set({ valid_from: from })).toEqual({ outcome: 'refused', code: 'version_stale' });
  expect(await stateOf(set({ valid_from: inHours(6), input_nano_usd_per_token: '-1' }))).toBe('23514');
  expect(await stateOf(set({}, runs.world.farm.id))).toBe('ZC003');
});
