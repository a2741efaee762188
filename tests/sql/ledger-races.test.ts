import fc from 'fast-check';
import { testDatabase } from '../support/database';
import { changePolicy } from '../support/world';
import { atOnce } from './support/at-once';
import { brokenChains, verifyChains } from './support/chain';
import { sqlRuns, type Answer, type Farm } from './support/runs';

const database = testDatabase();
const runs = sqlRuns(database);

/** On the embedded database one transaction runs at a time: there the same is a smoke test. */
const REQUESTS = { native: 1_000, embedded: 60 };
/** Twice as many as there are connections: all of them are busy at every moment. */
const WAVE = 50;

async function account(tenantId: string) {
  const [row] = await database.look<{
    balance: string;
    sum: string;
    legs: string;
    held: string;
    spent: string;
  }>(
    `select balance_credits::text as balance, held_nano_usd::text as held, spent_nano_usd::text as spent,
       (select coalesce(sum(amount_credits), 0)::text from core.credit_ledger l where l.tenant_id = a.tenant_id) as sum,
       (select count(*)::text from core.credit_ledger l where l.tenant_id = a.tenant_id) as legs
     from core.accounts a where tenant_id = $1`,
    [tenantId],
  );
  if (!row) throw new Error('no account');
  return row;
}

describe('reserving at once', () => {
  it('admits as many as the balance has credits and refuses the rest', async () => {
    const requests = database.isNative ? REQUESTS.native : REQUESTS.embedded;
    const credits = requests / 2;
    const farm = await runs.farm(BigInt(credits));
    const ids = await atOnce(Array.from({ length: requests }), () => runs.accept(farm.hand), WAVE);
    const answers = await atOnce(ids, (id) => runs.call('worker', farm.id, 'reserve', id), WAVE);

    expect(tally(answers.map(({ outcome }) => outcome))).toEqual({ reserved: credits, refused: credits });
    expect(tally(answers.map(({ code }) => String(code)))).toEqual({
      null: credits,
      credits_exhausted: credits,
    });
    expect(await account(farm.id)).toMatchObject({ balance: '0', sum: '0', legs: String(credits + 1) });
    const refused = await database.look<{ n: string }>(
      "select count(*)::text as n from core.audit_log where tenant_id = $1 and type = 'run.refused'",
      [farm.id],
    );
    expect(refused).toEqual([{ n: String(credits) }]);
    expect(brokenChains(await verifyChains(database.look))).toEqual([]);
  }, 240_000);

  it('answers a request that comes eight times at once with one reservation', async () => {
    const farm = await runs.farm(5n);
    const runId = await runs.accept(farm.hand);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => runs.call('worker', farm.id, 'reserve', runId)),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await account(farm.id)).toMatchObject({ balance: '4', legs: '2' });
  });

  it('never lets held and spent pass the day’s budget', async () => {
    const farm = await runs.farm();
    // A token costs 1 in and 2 out: 8,000 and 4,000 of them are the worst case of one attempt.
    const worst = 16_000;
    await changePolicy(database, farm.owner, { daily_token_budget_nano_usd: String(worst * 5 + 1) });
    const ids = await Promise.all(Array.from({ length: 20 }, () => runs.scrubbed(farm.hand)));
    const calls = await Promise.all(ids.map((id) => runs.begin(farm.id, id)));
    expect(tally(calls.map(({ state }) => state))).toEqual({ call: 5, refused: 15 });
    expect(new Set(calls.flatMap(({ state, code }) => (state === 'refused' ? [code] : [])))).toEqual(
      new Set(['budget_exhausted']),
    );
    expect(await account(farm.id)).toMatchObject({ held: String(worst * 5), spent: '0' });
    await Promise.all(
      calls.filter(({ state }) => state === 'call').map((call) => runs.finish(farm.id, call)),
    );
    expect(await account(farm.id)).toMatchObject({ held: '0', spent: String(5 * 20) });
  }, 60_000);
});

/** What a run may be put through, in any order and at once; each is idempotent. */
const ACTS = ['reserve', 'settle_run', 'close_run', 'withdraw_run', 'reserve', 'settle_run'] as const;
type Act = (typeof ACTS)[number];

describe('any acts on any runs at once', () => {
  it('keep the balance the sum of the ledger, with one reservation and one settlement of a run at most', async () => {
    const farm = await runs.farm(6n);
    const act = fc.record({ run: fc.integer({ min: 0, max: 3 }), act: fc.constantFrom(...ACTS) });
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 16 }), async (acts) => {
        const ids = await Promise.all([0, 1, 2, 3].map(() => runs.accept(farm.hand)));
        await Promise.all(acts.map((one) => perform(farm, ids[one.run] ?? '', one.act)));
        await Promise.all(ids.map((id) => runs.call('worker', farm.id, 'close_run', id)));
        await holds(farm, ids);
      }),
      { numRuns: database.isNative ? 40 : 5 },
    );
  }, 120_000);

  async function perform({ id, hand }: Farm, runId: string, act: Act): Promise<Answer> {
    if (act === 'withdraw_run') return await runs.call('api', id, act, runId, hand.userId);
    return await runs.call('worker', id, act, runId);
  }

  async function holds(farm: Farm, ids: readonly string[]): Promise<void> {
    const { balance, sum } = await account(farm.id);
    expect(balance).toBe(sum);
    // No call was made, so whatever was held has come back.
    expect(balance).toBe('6');
    const rows = await database.look<{ state: string; reserved: string; legs: string; settled: boolean }>(
      `select state, reserved_credits::text as reserved, settled_at is not null as settled,
         (select count(*)::text from core.credit_ledger l where l.tenant_id = r.tenant_id and l.run_id = r.id) as legs
       from core.runs r where id = any ($1)`,
      [ids],
    );
    for (const row of rows) {
      expect(row.state).toBe('closed');
      expect(row.settled).toBe(row.reserved === '1');
      expect(row.legs).toBe(row.reserved === '1' ? '2' : '0');
    }
  }
});

describe('the day of an account', () => {
  it('never goes back when a tenant moves its time zone west', async () => {
    const farm = await runs.farm();
    const day = async () => (await runs.row('accounts', { tenant_id: farm.id })).day;
    await moveTo('Pacific/Kiritimati');
    await runs.reserved(farm.hand);
    const east = await day();
    await database.asOwner(farm.id, (transaction) =>
      transaction.rows('update core.accounts set spent_nano_usd = 7'),
    );
    await moveTo('Pacific/Niue');
    await runs.reserved(farm.hand);
    expect(await day()).toEqual(east);
    expect(await account(farm.id)).toMatchObject({ spent: '7' });

    async function moveTo(zone: string): Promise<void> {
      await database.asOwner('__platform__', (transaction) =>
        transaction.rows('update core.tenants set time_zone = $1 where id = $2', [zone, farm.id]),
      );
    }
  });

  it('begins with nothing held or spent, and yesterday’s open attempt is charged to yesterday', async () => {
    const farm = await runs.farm();
    const runId = await runs.scrubbed(farm.hand);
    const call = await runs.begin(farm.id, runId);
    expect(await account(farm.id)).toMatchObject({ held: '16000' });
    await runs.shiftClock('1 day');
    await runs.reserved(farm.hand);
    expect(await account(farm.id)).toMatchObject({ held: '0', spent: '0' });
    await runs.finish(farm.id, call);
    expect(await account(farm.id)).toMatchObject({ held: '0', spent: '0' });
    expect(await runs.row('ai_run_attempts', { ai_run_id: call.ai_run_id })).toMatchObject({
      state: 'answered',
    });
    await runs.shiftClock('0');
  });
});

function tally(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
