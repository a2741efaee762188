import { testDatabase } from '../support/database';
import { randomUUID } from 'node:crypto';
import { inHours, sqlRuns } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);

const importFact = (id: string, tier: number | null, tenantId = runs.world.hospital.id) =>
  runs.call('adapter', tenantId, 'import_trust_record', id, 'provider-1', 'licence', '{"value": "x"}', tier);
const verify = (
  id: string,
  receipt: string | null,
  until: string | null,
  tenantId = runs.world.hospital.id,
) => runs.call('adapter', tenantId, 'verify_trust_record', id, receipt, until);

async function receipt(subject = 'provider-1', validUntil = inHours(48)): Promise<string> {
  const id = randomUUID();
  await runs.call(
    'adapter',
    runs.world.hospital.id,
    'store_receipt',
    id,
    'board',
    subject,
    '{}',
    inHours(-2),
    validUntil,
  );
  return id;
}

it('imports a fact once, at tier 3 at most', async () => {
  const id = randomUUID();
  expect(await importFact(id, 3)).toEqual({ outcome: 'imported', trust_record_id: id });
  expect(await importFact(id, 1)).toEqual({ outcome: 'exists', trust_record_id: id });
  for (const tier of [4, 5, 99]) expect(await stateOf(importFact(randomUUID(), tier))).toBe('ZC007');
  for (const tier of [0, -1]) expect(await stateOf(importFact(randomUUID(), tier))).toBe('23514');
  expect(await stateOf(importFact(randomUUID(), null))).toBe('23502');
});

it('promotes to tier 4 by a fresh receipt, and reads as tier 3 once that has run out', async () => {
  const id = randomUUID();
  await importFact(id, 2);
  expect(await verify(id, await receipt(), inHours(24))).toEqual({ outcome: 'verified', code: null });
  const tier = async () => {
    const [row] = await database.as('auditor', runs.world.hospital.id, (transaction) =>
      transaction.rows<{ tier: number }>('select tier from app.trust_records where id = $1', [id]),
    );
    return row?.tier;
  };
  expect(await tier()).toBe(4);
  await runs.shiftClock('25 hours');
  const later = await tier();
  await runs.shiftClock('0');
  expect(later).toBe(3);
});

it('refuses a receipt that has run out, is another person’s, is none, or ends before the verification', async () => {
  const id = randomUUID();
  await importFact(id, 3);
  const [expired, other, good] = [
    await receipt('provider-1', inHours(-1)),
    await receipt('provider-2'),
    await receipt(),
  ];
  const tries = [
    verify(id, expired, inHours(1)),
    verify(id, other, inHours(1)),
    verify(id, null, inHours(1)),
    verify(id, randomUUID(), inHours(1)),
    verify(id, good, null),
    verify(id, good, inHours(-1)),
    verify(id, good, inHours(96)),
  ];
  for (const one of tries) expect(await stateOf(one)).toBe('ZC007');
  expect(await runs.row('worker_trust_records', { id })).toMatchObject({ tier: 3, source_receipt_id: null });
});

it('refuses tier 4 and 5 to the table’s own owner as well', async () => {
  const id = randomUUID();
  await importFact(id, 3);
  for (const tier of [4, 5]) {
    const promoted = database.asOwner(runs.world.hospital.id, (transaction) =>
      transaction.rows('update core.worker_trust_records set tier = $1 where id = $2', [tier, id]),
    );
    expect(await stateOf(promoted)).toBe('ZC007');
  }
});

it('knows no fact of another tenant', async () => {
  const id = randomUUID();
  await importFact(id, 3);
  expect(await verify(id, null, null, runs.world.farm.id)).toEqual({
    outcome: 'refused',
    code: 'trust_record_not_found',
  });
});
