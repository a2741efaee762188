import { testDatabase } from '../support/database';
import { hashOf, sqlRuns } from './support/runs';

const database = testDatabase();
const runs = sqlRuns(database);

const put = (id: string) =>
  runs.call(
    'worker',
    null,
    'put_sealing_key',
    id,
    hashOf(`public ${id}`),
    'master-1',
    hashOf(`wrapped ${id}`),
  );
const stored = () =>
  database.as('worker', null, (transaction) =>
    transaction.rows<{ id: string; version: number; master_key_id: string }>(
      'select * from app.sealing_keys()',
    ),
  );

it('keeps the first key of workers that come up at once, which the API sees the public half of', async () => {
  await Promise.all(['a', 'b', 'c', 'd'].map((digit) => put(digit.repeat(16))));
  const [key, ...others] = await stored();
  expect(others).toEqual([]);
  const seen = await database.as('api', null, (transaction) =>
    transaction.rows('select * from app.sealing_key'),
  );
  expect(seen).toEqual([{ id: key?.id, public_key: hashOf(`public ${key?.id ?? ''}`) }]);
});

it('is wrapped anew once by the version that was read', async () => {
  const [key] = await stored();
  const rewrap = () =>
    runs.call<boolean>('worker', null, 'rewrap_sealing_key', key?.id, 1, 'master-2', hashOf('anew'));
  expect((await Promise.all([rewrap(), rewrap()])).sort()).toEqual([false, true]);
  expect(await stored()).toEqual([expect.objectContaining({ version: 2, master_key_id: 'master-2' })]);
});
