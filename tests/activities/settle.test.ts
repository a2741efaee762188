import { testDatabase } from '../support/database';
import { inActivity, note, output, steps } from './support/steps';

const database = testDatabase();
const world = steps(database);
const NOTE = note('Sold 4 crates of eggs for ₦6,000');

async function settlement(runId: string) {
  return await database.look<Record<string, unknown>>(
    `select amount_credits as amount, reserved_credits as reserved, actual_credits as actual,
       deducted_credits as deducted, shortfall_credits as shortfall
     from core.credit_ledger where run_id = $1 and kind = 'settle'`,
    [runId],
  );
}

test('a run without a call gets its credit back', async () => {
  const farm = await world.farm(5n);
  const runId = await world.scrubbed(farm.hand, 'farm.record', NOTE);
  const reference = { tenantId: farm.id, runId };
  expect(await world.activities.settle(reference)).toEqual({ outcome: 'settled', actual: '0' });
  expect(await settlement(runId)).toEqual([
    { amount: 1n, reserved: 1n, actual: 0n, deducted: 0n, shortfall: 0n },
  ]);
  expect(await world.account(farm.id)).toMatchObject({ balance: 5n });
});

test('what was used is a leg of zero, and settling again changes nothing', async () => {
  const farm = await world.farm(5n);
  const runId = await world.answered(farm.hand, NOTE, output([]));
  const reference = { tenantId: farm.id, runId };
  expect(await world.activities.settle(reference)).toEqual({ outcome: 'settled', actual: '1' });
  expect(await world.activities.settle(reference)).toEqual({ outcome: 'settled', actual: '1' });
  expect(await settlement(runId)).toEqual([
    { amount: 0n, reserved: 1n, actual: 1n, deducted: 0n, shortfall: 0n },
  ]);
  expect(await world.account(farm.id)).toMatchObject({ balance: 4n });
});

test('a run whose answer another run paid for gets its credit back', async () => {
  const farm = await world.farm(5n);
  const empty = output([]);
  const first = await world.answered(farm.hand, NOTE, empty);
  const second = await world.answered(farm.hand, NOTE, empty);
  await world.activities.settle({ tenantId: farm.id, runId: first });
  expect(await world.activities.settle({ tenantId: farm.id, runId: second })).toMatchObject({ actual: '0' });
  expect(await world.account(farm.id)).toMatchObject({ balance: 4n });
});

test('a call that failed, even one that may be billed, costs no credit', async () => {
  const farm = await world.farm(5n);
  const runId = await world.scrubbed(farm.hand, 'farm.record', NOTE);
  const reference = { tenantId: farm.id, runId };
  await database.as('worker', farm.id, (transaction) =>
    transaction.value('select app.begin_call($1, $2)', [runId, 'primary']),
  );
  await world.activities.giveUp({ ...reference, kind: 'primary', code: 'model_timeout' });
  expect(await world.activities.settle(reference)).toMatchObject({ actual: '0' });
  expect(await world.account(farm.id)).toMatchObject({ balance: 5n, held: 0n, spent: 16_000n });
});

test('a run that was refused holds nothing to settle', async () => {
  const farm = await world.farm(0n);
  const runId = await world.accept(farm.hand, 'farm.record', NOTE);
  await world.activities.reserve({ tenantId: farm.id, runId });
  expect(await world.activities.settle({ tenantId: farm.id, runId })).toEqual({
    outcome: 'nothing_held',
    actual: null,
  });
  expect(await settlement(runId)).toEqual([]);
});

describe('more than was held', () => {
  /** A privileging run with its advisor asked: 1 reserved, 3 actual. */
  async function advised(balanceLeft: bigint) {
    const { hospital, registry } = world.world;
    const purpose = registry.purpose('credentialing.privileging', 1);
    const title = `Procedure ${balanceLeft}`;
    const runId = await world.scrubbed(hospital.staff, purpose.name, {
      ...purpose.example,
      privilege: { code: 'GS-214', title },
    });
    const reference = { tenantId: hospital.id, runId };
    await inActivity(() => world.activities.invoke({ ...reference, kind: 'primary' }));
    await inActivity(() => world.activities.invoke({ ...reference, kind: 'advisor' }));
    await spendDownTo(hospital.id, balanceLeft);
    return { reference, runId, tenantId: hospital.id };
  }

  /** Other runs that hold what there is. */
  async function spendDownTo(tenantId: string, left: bigint): Promise<void> {
    const { balance } = await world.account(tenantId);
    const other = await world.accept(world.world.hospital.staff, 'farm.record', NOTE);
    await database.asOwner(tenantId, (transaction) =>
      transaction.rows("select core.write_leg('reserve', $1::uuid, $2, null, null, null, null, null)", [
        other,
        left - balance,
      ]),
    );
  }

  test('is deducted: 1 reserved, 3 actual, 2 deducted', async () => {
    const { reference, runId, tenantId } = await advised(10n);
    expect(await world.activities.settle(reference)).toEqual({ outcome: 'settled', actual: '3' });
    expect(await settlement(runId)).toEqual([
      { amount: -2n, reserved: 1n, actual: 3n, deducted: 2n, shortfall: 0n },
    ]);
    expect(await world.account(tenantId)).toMatchObject({ balance: 8n });
  });

  test('is deducted as far as the balance goes, and the rest is written down', async () => {
    const { reference, runId, tenantId } = await advised(1n);
    await world.activities.settle(reference);
    expect(await settlement(runId)).toEqual([
      { amount: -1n, reserved: 1n, actual: 3n, deducted: 1n, shortfall: 1n },
    ]);
    expect(await world.account(tenantId)).toMatchObject({ balance: 0n });
  });
});

test('every balance is the sum of its ledger', async () => {
  const wrong = await database.look(
    `select a.tenant_id from core.accounts a
     where a.balance_credits <> (select coalesce(sum(amount_credits), 0) from core.credit_ledger l where l.tenant_id = a.tenant_id)`,
  );
  expect(wrong).toEqual([]);
});
