import { testDatabase } from '../support/database';
import { sqlRuns } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);

it('now is the wall clock, counts waiting inside a transaction, and moves for the owner alone', async () => {
  const read = async () =>
    await database.as('worker', null, async (transaction) => {
      const first = await transaction.value<string>('select app.utc(app.now())');
      await transaction.rows('select pg_sleep(0.05)');
      return [first, await transaction.value<string>('select app.utc(app.now())')] as const;
    });
  const [first, second] = await read();
  expect(second > first).toBe(true);
  expect(Math.abs(new Date(first).getTime() - Date.now())).toBeLessThan(60_000);
  await runs.shiftClock('1 year');
  const [later] = await read();
  await runs.shiftClock('0');
  expect(new Date(later).getTime() - Date.now()).toBeGreaterThan(300 * 86_400_000);
  expect(await stateOf(runs.call('worker', null, 'shift_clock', '1 day'))).toBe('42501');
});

it('utc is RFC 3339 with microseconds, whatever the session’s zone', async () => {
  const told = await database.look<{ text: string }>(
    "select app.utc('2026-03-29 02:30:00.000007+02') as text from set_config('timezone', 'Asia/Kolkata', true)",
  );
  expect(told).toEqual([{ text: '2026-03-29T00:30:00.000007Z' }]);
});
