import { testDatabase } from '../support/database';
import { sqlRuns } from './support/runs';

const database = testDatabase();
const runs = sqlRuns(database);

const due = (kind: string, limit = 100, lease = '1 minute') =>
  database.as('worker', null, (transaction) =>
    transaction.rows<{ tenant_id: string; ref_id: string }>('select * from app.due_work($1, $2, $3)', [
      kind,
      limit,
      lease,
    ]),
  );

afterEach(() => runs.shiftClock('0'));

it('hands out what is due, of all tenants, ids only, and again after its lease', async () => {
  const { farm, hospital } = runs.world;
  const [mine, theirs] = [
    await runs.accept(farm.hand),
    await runs.accept(hospital.staff, 'credentialing.privileging'),
  ];
  expect((await due('run')).map(({ ref_id: id }) => id)).not.toContain(mine);
  await runs.shiftClock('10 seconds');
  expect((await due('run')).map(({ ref_id: id }) => id)).toEqual(expect.arrayContaining([mine, theirs]));
  expect(await due('run')).toEqual([]);
  await runs.shiftClock('75 seconds');
  expect((await due('run')).map(({ ref_id: id }) => id)).toEqual(expect.arrayContaining([mine, theirs]));
});

it('hands each piece to one of many workers', async () => {
  const { farm } = runs.world;
  const ids = await Promise.all(Array.from({ length: 30 }, () => runs.accept(farm.hand)));
  await runs.shiftClock('10 minutes');
  const handed = (await Promise.all(Array.from({ length: 8 }, () => due('run', 5))))
    .flat()
    .map(({ ref_id: id }) => id);
  expect(new Set(handed).size).toBe(handed.length);
  expect(handed.length).toBeGreaterThanOrEqual(Math.min(30, ids.length));
});
