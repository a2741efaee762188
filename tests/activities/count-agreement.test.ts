import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createCountAgreement } from '../../activities/count-agreement';
import { testDatabase } from '../support/database';
import { inHours, sale, sqlRuns, type GateRow } from '../sql/support/runs';

const database = testDatabase();
const runs = sqlRuns(database);

async function count(): Promise<{ readonly counted: number }> {
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  return await environment.run(createCountAgreement({ database: database.open('worker') }));
}

async function days(): Promise<{ tenant_id: string; agreed: bigint }[]> {
  return await database.look('select tenant_id, agreed from core.agreement_days order by tenant_id');
}

test('counts every tenant once a day, and one that can’t be counted holds up no other', async () => {
  const farms = [await runs.farm(), await runs.farm()];
  for (const { hand, owner } of farms) {
    const { gates } = await runs.drafted(hand, [sale({ due_at: inHours(1) })]);
    await runs.decide(owner, gates[0] as GateRow, 'approve');
  }
  expect((await count()).counted).toBeGreaterThanOrEqual(2);
  expect(await days()).toEqual([]);
  expect(await count()).toEqual({ counted: 0 });
  const [broken, whole] = farms.map(({ id }) => id) as [string, string];
  await runs.shiftClock('1 day 2 hours');
  try {
    // Counted already by somebody else: its day is refused, and stays to be counted.
    await database.asOwner(broken, (transaction) =>
      transaction.rows(
        `insert into core.agreement_days (tenant_id, purpose, vendor, model, confidence_permille, day, agreed, edited, rejected, counted_at)
         select $1, purpose, vendor, model, confidence_permille, (closed_at at time zone 'UTC')::date, 7, 0, 0, app.now()
         from core.reviewed_gates('-infinity', 'infinity')`,
        [broken],
      ),
    );
    const all = await database.look<{ tenant_id: string }>('select tenant_id from core.tenant_directory');
    const tenants = all.filter(({ tenant_id: id }) => !id.startsWith('__'));
    expect(await count()).toEqual({ counted: tenants.length - 1 });
    expect(await days()).toEqual(
      [
        { tenant_id: broken, agreed: 7n },
        { tenant_id: whole, agreed: 1n },
      ].sort((a, b) => (a.tenant_id < b.tenant_id ? -1 : 1)),
    );
    expect(await count()).toEqual({ counted: 0 });
  } finally {
    await runs.shiftClock('0');
  }
});
