import { testDatabase } from '../support/database';
import { randomUUID } from 'node:crypto';
import { inHours, sqlRuns } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);

const store = (id: string, source = 'board', from = inHours(-1), until = inHours(1)) =>
  runs.call(
    'adapter',
    runs.world.hospital.id,
    'store_receipt',
    id,
    source,
    'provider-1',
    '{"licence": "active"}',
    from,
    until,
  );

it('stores what a source said once, as content, with its event', async () => {
  const id = randomUUID();
  expect(await store(id)).toEqual({ outcome: 'stored', receipt_id: id });
  expect(await store(id, 'another')).toEqual({ outcome: 'exists', receipt_id: id });
  const row = await runs.row('source_receipts', { id });
  expect(row).toMatchObject({ source: 'board' });
  expect(await runs.row('contents', { id: row.content_id })).toMatchObject({
    kind: 'receipt',
    commitment: row.content_hash,
  });
  expect(
    await runs.count('audit_log', { tenant_id: runs.world.hospital.id, type: 'trust.receipt_stored' }),
  ).toBe(1);
});

it('refuses a validity that ends before it begins, and a source that could not stand in the chain', async () => {
  expect(await stateOf(store(randomUUID(), 'board', inHours(1), inHours(0)))).toBe('23514');
  expect(await stateOf(store(randomUUID(), 'Ärztekammer'))).toBe('23514');
});
