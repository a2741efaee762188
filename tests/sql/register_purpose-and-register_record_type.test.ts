import { testDatabase } from '../support/database';
import { config } from '../../countersign.config';
import { createRegistry, packRows } from '../../packs/registry';
import { sqlRuns } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);

type Row = Readonly<Record<string, unknown>>;
const rows = packRows(createRegistry(config.packs));
const purpose = rows.purposes.find(({ name }) => name === 'farm.record') as Row;
const sale = rows.recordTypes.find(({ name }) => name === 'sale') as Row;
const register = (kind: 'purpose' | 'record_type', row: Row) =>
  database.asOwner('__platform__', (transaction) =>
    transaction.value<{ outcome: string; code?: string }>(`select app.register_${kind}($1)`, [
      JSON.stringify(row),
    ]),
  );
const OTHER = { content_hash: '00'.repeat(32) };

it('a purpose: unchanged again, a new version beside, and never a version that was changed', async () => {
  expect(await register('purpose', purpose)).toEqual({ outcome: 'unchanged' });
  expect(await register('purpose', { ...purpose, ...OTHER })).toEqual({
    outcome: 'refused',
    code: 'purpose_version_changed',
  });
  expect(await register('purpose', { ...purpose, ...OTHER, version: 2 })).toEqual({ outcome: 'registered' });
  const before = await runs.count('runs', { purpose: 'farm.record', purpose_version: 2 });
  await runs.accept(runs.world.farm.hand);
  expect(await runs.count('runs', { purpose: 'farm.record', purpose_version: 2 })).toBe(before + 1);
});

it('a purpose: refused with a record type that nobody registered, or without a price', async () => {
  expect(
    await stateOf(register('purpose', { ...purpose, ...OTHER, version: 3, record_types: ['unicorn'] })),
  ).toBe('23503');
  expect(await stateOf(register('purpose', { ...purpose, ...OTHER, version: 3, price_primary: 0 }))).toBe(
    '23514',
  );
});

it('a record type: its words may change, its class, kind and effect never', async () => {
  expect(await register('record_type', sale)).toEqual({ outcome: 'unchanged' });
  expect(await register('record_type', { ...sale, ...OTHER, reason_codes: ['correct', 'new'] })).toEqual({
    outcome: 'registered',
  });
  for (const change of [{ class: 'routine' }, { kind: 'recommendation' }, { effect: 'memory' }])
    expect(await register('record_type', { ...sale, content_hash: '11'.repeat(32), ...change })).toEqual({
      outcome: 'refused',
      code: 'record_type_changed',
    });
});

it('a record type: no class that we do not know, and no privilege that one person decides alone', async () => {
  const grant = rows.recordTypes.find(({ name }) => name === 'privilege_grant') as Row;
  expect(await stateOf(register('record_type', { ...sale, name: 'a', class: 'unknown' }))).toBe('23514');
  expect(await stateOf(register('record_type', { ...grant, name: 'b', separation: 'none' }))).toBe('23514');
});
