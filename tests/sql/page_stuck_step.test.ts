import { testDatabase } from '../support/database';
import { sqlRuns } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);

it('pages once for a step and its code, however many runs it holds up, and again once that is acknowledged', async () => {
  const farm = await runs.farm();
  const [first, second] = [await runs.reserved(farm.hand), await runs.reserved(farm.hand)];
  const page = (runId: string, step: string, code = 'step_failed') =>
    runs.call('worker', farm.id, 'page_stuck_step', runId, step, code);
  for (const runId of [first, second, first]) await page(runId, 'settle');
  expect(await runs.row('pages', { tenant_id: farm.id })).toMatchObject({
    cause: 'step_stuck settle step_failed',
    code: 'step_stuck',
    run_id: first,
    count: 3n,
  });
  expect(await runs.count('outbox', { tenant_id: farm.id, topic: 'ops.page' })).toBe(1);
  expect(await runs.events(first)).toContain('ops.page');
  await page(first, 'decide');
  expect(await runs.count('pages', { tenant_id: farm.id })).toBe(2);

  const { id } = await runs.row('pages', { tenant_id: farm.id, count: 3n });
  await runs.call('api', farm.id, 'acknowledge_page', id, farm.owner.userId);
  await page(second, 'settle');
  expect(await runs.row('pages', { tenant_id: farm.id, run_id: second })).toMatchObject({ count: 1n });
});

it('is refused for a run of another tenant', async () => {
  const runId = await runs.reserved(runs.world.farm.hand);
  const elsewhere = runs.call(
    'worker',
    runs.world.hospital.id,
    'page_stuck_step',
    runId,
    'settle',
    'step_failed',
  );
  expect(await stateOf(elsewhere)).toBe('ZC004');
});
