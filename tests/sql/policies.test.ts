import fc from 'fast-check';
import { SQLSTATES } from '../../contract/errors';
import { runOutcome, settlement } from '../../contract/policy/endings';
import { separationOf } from '../../contract/policy/seats';
import { RECORD_CLASSES } from '../../contract/states';
import { testDatabase } from '../support/database';
import { sqlRuns } from './support/runs';

const database = testDatabase();
const runs = sqlRuns(database);

describe('the pure policy and the database', () => {
  it('ask for the same separation', async () => {
    const inputs = (['none', 'second_person', 'n_of_m'] as const).flatMap((declared) =>
      RECORD_CLASSES.map((recordClass) => ({ declared, recordClass })),
    );
    for (const [tenantId, kind] of [
      [runs.world.farm.id, 'farm'],
      [runs.world.hospital.id, 'hospital'],
    ] as const) {
      for (const { declared, recordClass } of inputs) {
        // What the table of record types refuses to declare never reaches a gate.
        if (declared === 'none' && ['privileging', 'credentialing', 'hiring'].includes(recordClass)) continue;
        const asked = await database.asOwner(tenantId, (transaction) =>
          transaction.value(
            `select core.gate_separation(jsonb_populate_record(null::core.record_types, $1))`,
            [JSON.stringify({ separation: declared, class: recordClass })],
          ),
        );
        expect([kind, recordClass, declared, asked]).toEqual([
          kind,
          recordClass,
          declared,
          separationOf(declared, recordClass, kind),
        ]);
      }
    }
  });

  it('settle alike: leg, deducted and shortfall', async () => {
    const amount = fc.integer({ min: 0, max: 9 });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        amount,
        fc.constantFrom('none', 'primary', 'both'),
        async (left, priceAdvisor, asked) => {
          const { tenantId, runId } = await priced(BigInt(left), priceAdvisor, asked);
          const actual = asked === 'none' ? 0n : asked === 'primary' ? 3n : BigInt(3 + priceAdvisor);
          const expected = settlement(1n, actual, BigInt(left - 1));
          expect(await runs.call('worker', tenantId, 'settle_run', runId)).toEqual({
            outcome: 'settled',
            reserved: '1',
            actual: String(actual),
            deducted: String(expected.deductedCredits),
            shortfall: String(expected.shortfallCredits),
          });
          const leg = await runs.row('credit_ledger', { run_id: runId, kind: 'settle' });
          expect(leg.amount_credits).toBe(expected.legCredits);
        },
      ),
      { numRuns: database.isNative ? 25 : 6 },
    );
  }, 120_000);

  it('end a run alike by what its proposals came to', async () => {
    const outcome = fc.constantFrom('approved', 'applied', 'rejected', 'expired', 'withdrawn', 'advised');
    await fc.assert(
      fc.asyncProperty(fc.array(outcome, { maxLength: 4 }), async (outcomes) => {
        const { runId } = await runs.answered(runs.world.farm.hand);
        const id = runs.world.farm.id;
        await database.asOwner(id, async (transaction) => {
          for (const [ordinal, one] of outcomes.entries())
            await transaction.rows(
              `insert into core.proposals (tenant_id, run_id, ordinal, kind, record_type, record_class, payload_content_id, hash, shown, outcome, created_at)
               select app.tenant(), $1, $2, 'manual', 'note', 'routine', c.id, c.commitment, true, $3, app.now() from core.put_content($1, 'proposal', '{}') c`,
              [runId, ordinal, one],
            );
        });
        const closed = await runs.call('worker', id, 'close_run', runId);
        expect(closed.outcome).toBe(runOutcome(outcomes));
      }),
      { numRuns: database.isNative ? 40 : 8 },
    );
  }, 60_000);

  it('name the states that callers’ bugs raise alike', async () => {
    const rows = await database.look<{ sqlstate: string; code: string }>(
      'select sqlstate, code from core.callers_errors',
    );
    expect(Object.fromEntries(rows.map(({ sqlstate, code }) => [sqlstate, code]))).toEqual(SQLSTATES);
  });
});

/** A run of a farm with some credits, under a purpose whose primary call costs three and whose advisor what is given. */
async function priced(
  credits: bigint,
  priceAdvisor: number,
  asked: string,
): Promise<{ tenantId: string; runId: string }> {
  const farm = await runs.farm(credits);
  const name = `test.priced_${priceAdvisor}`;
  await database.asOwner('__platform__', (transaction) =>
    transaction.rows(
      `insert into core.purposes select p.* from core.purposes o, jsonb_populate_record(o, $1) p where o.name = 'credentialing.privileging'
         and not exists (select from core.purposes where name = $2)`,
      [JSON.stringify({ name, price_primary: 3, price_advisor: priceAdvisor }), name],
    ),
  );
  const runId = await runs.scrubbed(farm.hand, name);
  if (asked !== 'none') await runs.finish(farm.id, await runs.begin(farm.id, runId));
  if (asked === 'both') await runs.finish(farm.id, await runs.begin(farm.id, runId, 'advisor'));
  return { tenantId: farm.id, runId };
}
