import { testDatabase } from '../support/database';
import { sqlRuns } from './support/runs';

const database = testDatabase();
const runs = sqlRuns(database);

it('name the tenants, and the versions on which a run of one still waits', async () => {
  const { farm, hospital } = runs.world;
  const ids = await database.as('worker', null, (transaction) =>
    transaction.rows<{ tenant_id: string }>('select * from app.tenant_ids()'),
  );
  expect(ids.map(({ tenant_id: id }) => id)).toEqual(
    expect.arrayContaining(['__platform__', farm.id, hospital.id]),
  );
  const used = (tenantId: string | null) =>
    database.as('worker', tenantId, (transaction) => transaction.rows('select * from app.purposes_in_use()'));
  expect(await used(farm.id)).toEqual([]);
  const runId = await runs.accept(farm.hand);
  expect(await used(farm.id)).toEqual([{ name: 'farm.record', version: 1 }]);
  expect(await used(hospital.id)).toEqual([]);
  expect(await used(null)).toEqual([]);
  await runs.call('worker', farm.id, 'close_run', runId, 'step_failed');
  expect(await used(farm.id)).toEqual([]);
});
