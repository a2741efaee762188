import { testDatabase } from '../support/database';
import { atOnce } from './support/at-once';
import { brokenChains, verifyChains } from './support/chain';
import { sqlRuns } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);
const MODEL = ['local', 'farm-notes-1', 'local'] as const;

const note = (isAnswering: boolean, as = '__platform__') =>
  runs.call<{ state: string }>('worker', as, 'note_vendor', ...MODEL, isAnswering);
const fail = async (times: number): Promise<void> => {
  for (let at = 0; at < times; at += 1) await note(false);
};
const begin = async () => {
  const { farm } = runs.world;
  return await runs.begin(farm.id, await runs.scrubbed(farm.hand));
};
const pages = async () =>
  await database.look<{ cause: string; count: bigint; tenant_id: string }>(
    "select cause, count, tenant_id from core.pages where cause like 'vendor_outage%' and acknowledged_at is null",
  );

afterEach(async () => {
  await runs.shiftClock('0');
  await note(true);
  await database.asOwner('__platform__', (transaction) =>
    transaction.rows('update core.pages set acknowledged_at = app.now() where acknowledged_at is null'),
  );
});

it('lets calls go until ten failures in a row, and says that the model is troubled', async () => {
  expect(await begin()).toMatchObject({ state: 'call', troubled: false, billed_before: 0 });
  await fail(9);
  expect(await begin()).toMatchObject({ state: 'call', troubled: true });
  expect(await pages()).toEqual([]);
  expect(await note(false)).toEqual({ state: 'open' });
  const waiting = await begin();
  expect(waiting).toMatchObject({ state: 'waiting' });
  expect(Number(Reflect.get(waiting, 'retry_after_ms'))).toBeGreaterThan(20_000);
});

it('holds nothing, and claims nothing, while it is open', async () => {
  await fail(10);
  const farm = await runs.farm();
  const runId = await runs.scrubbed(farm.hand);
  expect((await runs.begin(farm.id, runId)).state).toBe('waiting');
  expect(await runs.count('ai_runs', { run_id: runId })).toBe(0);
  expect(await runs.row('accounts', { tenant_id: farm.id })).toMatchObject({ held_nano_usd: 0n });
});

it('is one page, of the platform, for one outage of a hundred failures at once', async () => {
  await atOnce(Array.from({ length: 100 }), () => note(false), 20);
  expect(await pages()).toEqual([
    { cause: `vendor_outage ${MODEL.join(' ')}`, count: 1n, tenant_id: '__platform__' },
  ]);
  const farm = await runs.farm();
  const runId = await runs.scrubbed(farm.hand);
  await runs.call('worker', farm.id, 'give_up_call', runId, 'primary', 'model_unavailable');
  expect(await runs.count('pages', { tenant_id: farm.id })).toBe(0);
  expect(brokenChains(await verifyChains(database.look))).toEqual([]);
});

it('lets one of many find out when its time is over, and waits twice as long when that fails', async () => {
  await fail(10);
  await runs.shiftClock('31 seconds');
  const { farm } = runs.world;
  const ids = await atOnce(Array.from({ length: 8 }), () => runs.scrubbed(farm.hand), 8);
  const states = (await atOnce(ids, (id) => runs.begin(farm.id, id), 8)).map(({ state }) => state).sort();
  expect(states).toEqual(['call', ...Array.from({ length: 7 }, () => 'waiting')]);
  await note(false);
  await runs.shiftClock('80 seconds');
  expect((await begin()).state).toBe('waiting');
  await runs.shiftClock('92 seconds');
  expect((await begin()).state).toBe('call');
  expect(await pages()).toMatchObject([{ count: 1n }]);
});

it('lets another find out when the one that went never came back', async () => {
  await fail(10);
  await runs.shiftClock('31 seconds');
  expect((await begin()).state).toBe('call');
  expect((await begin()).state).toBe('waiting');
  await runs.shiftClock('182 seconds');
  expect((await begin()).state).toBe('call');
});

it('closes with an answer, and counts failures anew', async () => {
  await fail(10);
  await note(true);
  await fail(9);
  expect((await begin()).state).toBe('call');
});

it('forgets failures that lie minutes apart', async () => {
  await fail(9);
  await runs.shiftClock('3 minutes');
  expect(await note(false)).toEqual({ state: 'closed' });
});

it('is of one model, and noted by the platform alone', async () => {
  await fail(10);
  const { farm } = runs.world;
  const runId = await runs.scrubbed(farm.hand, 'credentialing.privileging');
  expect((await runs.begin(farm.id, runId)).state).toBe('call');
  expect(await stateOf(note(false, farm.id))).toBe('ZC003');
});
