import { testDatabase } from '../support/database';
import { randomUUID } from 'node:crypto';
import { sqlRuns } from './support/runs';

const database = testDatabase();
const runs = sqlRuns(database);

it('lets the same cause page again, and refuses a second time and another tenant', async () => {
  const farm = await runs.farm(0n);
  const refuse = async () => await runs.call('worker', farm.id, 'reserve', await runs.accept(farm.hand));
  await refuse();
  const { id } = await runs.row('pages', { tenant_id: farm.id });
  const acknowledge = (tenantId: string, page: unknown, by = farm.owner) =>
    runs.call('api', tenantId, 'acknowledge_page', page, by.userId);
  expect(await acknowledge(runs.world.hospital.id, id, runs.world.hospital.admin)).toEqual({
    outcome: 'refused',
    code: 'page_not_found',
  });
  expect(await acknowledge(farm.id, id)).toEqual({ outcome: 'acknowledged', code: null });
  expect(await acknowledge(farm.id, id)).toEqual({ outcome: 'refused', code: 'page_not_found' });
  expect(await acknowledge(farm.id, randomUUID())).toEqual({ outcome: 'refused', code: 'page_not_found' });
  await refuse();
  expect(await runs.count('pages', { tenant_id: farm.id })).toBe(2);
});
