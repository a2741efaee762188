import fc from 'fast-check';
import { testDatabase } from '../support/database';
import { changePolicy } from '../support/world';
import { atOnce } from './support/at-once';
import { ANSWERED, sqlRuns, type CallAnswer, type Farm } from './support/runs';

/*
 * The day's budget under concurrent calls. A trigger of the test looks at every row that the account ever has, so that no
 * moment of an overrun goes unseen.
 */

const database = testDatabase();
const runs = sqlRuns(database);

/** The purpose's bounds at the prices of the test world: 8,000 tokens in at one nano-dollar, 4,000 out at two. */
const WORST = 16_000n;
const CALLS = { native: 10_000, embedded: 120 };
/** Twice as many as there are connections: all of them are busy at every moment. */
const WAVE = 50;
const BULK = 250;

/** How a call's attempt ends. The last is that of a worker which dies: nobody ever says. */
const ENDINGS = ['answered', 'dear', 'unbilled', 'maybe_billed', 'again', 'lost'] as const;
type Ending = (typeof ENDINGS)[number];

beforeAll(async () => {
  await database.asOwner(null, async (transaction) => {
    await transaction.rows('create table core.overruns (tenant_id text, held bigint, spent bigint)');
    await transaction.rows(`create function core.watch_budget() returns trigger language plpgsql as $body$
      begin
        if new.held_nano_usd < 0 or new.held_nano_usd + new.spent_nano_usd > (select daily_token_budget_nano_usd
            from core.ai_policy_controls where tenant_id = new.tenant_id order by version desc limit 1) then
          insert into core.overruns values (new.tenant_id, new.held_nano_usd, new.spent_nano_usd);
        end if;
        return null;
      end $body$`);
    await transaction.rows(
      'create trigger watch_budget after update on core.accounts for each row execute function core.watch_budget()',
    );
  });
});

/** Runs that hold a credit and have their prompt, each with a call key of its own. */
async function readyToCall({ id, hand }: Farm, count: number): Promise<string[]> {
  const sizes = Array.from({ length: Math.ceil(count / BULK) }, (_, at) => Math.min(BULK, count - at * BULK));
  const made = await atOnce(
    sizes,
    async (size) => {
      const accepted = await database.as('api', id, (transaction) =>
        transaction.rows<{ id: string }>(
          `select app.accept_run('POST /v1/runs', gen_random_uuid()::text, '{}', 'farm.record', '{"note": "n"}', $1, null) ->> 'run_id' as id
           from generate_series(1, $2::integer)`,
          [hand.userId, size],
        ),
      );
      const ids = accepted.map((row) => row.id);
      await database.as('worker', id, (transaction) =>
        transaction.rows(
          `select app.reserve(r), app.store_prompt(r, jsonb_build_object('prompt', '{}', 'tokens', '[]'::jsonb,
             'primary_call_key', encode(sha256(convert_to(r::text, 'UTF8')), 'hex'), 'advisor_call_key', null))
           from unnest($1::uuid[]) as r`,
          [ids],
        ),
      );
      return ids;
    },
    1,
  );
  return made.flat();
}

async function end(farm: Farm, runId: string, call: CallAnswer, ending: Ending): Promise<void> {
  const failed = (final: boolean, mayBeBilled: boolean) => ({
    status: 'failed',
    code: 'model_timeout',
    may_be_billed: mayBeBilled,
    final,
  });
  if (ending === 'answered') await runs.finish(farm.id, call);
  // All that was held is used.
  else if (ending === 'dear')
    await runs.finish(farm.id, call, { ...ANSWERED, input_tokens: '8000', output_tokens: '4000' });
  else if (ending === 'unbilled') await runs.finish(farm.id, call, failed(true, false));
  else if (ending === 'maybe_billed') await runs.finish(farm.id, call, failed(true, true));
  else if (ending === 'again') {
    await runs.finish(farm.id, call, failed(false, true));
    const next = await runs.begin(farm.id, runId);
    if (next.state === 'call') await runs.finish(farm.id, next);
  }
}

interface Sums {
  readonly held: bigint;
  readonly spent: bigint;
  readonly open: bigint;
  readonly attempts: bigint;
  readonly calls: bigint;
  readonly keys: bigint;
  readonly cost: bigint;
  readonly overruns: bigint;
}

async function sums({ id }: Farm): Promise<Sums> {
  const [row] = await database.look<Sums>(
    `select a.held_nano_usd as held, a.spent_nano_usd as spent,
       (select count(*) from core.ai_run_attempts t where t.tenant_id = a.tenant_id and t.state = 'open') as open,
       (select count(*) from core.ai_run_attempts t where t.tenant_id = a.tenant_id) as attempts,
       (select count(*) from core.ai_runs c where c.tenant_id = a.tenant_id) as calls,
       (select count(distinct run_id) from core.ai_runs c where c.tenant_id = a.tenant_id) as keys,
       (select coalesce(sum(cost_nano_usd), 0)::bigint from core.ai_run_attempts t where t.tenant_id = a.tenant_id) as cost,
       (select count(*) from core.overruns o where o.tenant_id = a.tenant_id) as overruns
     from core.accounts a where a.tenant_id = $1`,
    [id],
  );
  if (!row) throw new Error('no account');
  return row;
}

/** Settles whatever a dead worker left open, as the run's end does. */
async function giveUpAll(farm: Farm, ids: readonly string[]): Promise<void> {
  await database.as('worker', farm.id, (transaction) =>
    transaction.rows("select app.give_up_call(r, 'primary', 'attempt_lost') from unnest($1::uuid[]) as r", [
      ids,
    ]),
  );
}

it('is never overrun by ten thousand calls at once, of which each is one row and each hold is settled', async () => {
  const count = database.isNative ? CALLS.native : CALLS.embedded;
  const farm = await runs.farm(BigInt(count));
  const budget = (WORST * BigInt(count)) / 3n + 1n;
  await changePolicy(database, farm.owner, { daily_token_budget_nano_usd: String(budget) });
  const ids = await readyToCall(farm, count);

  const begun = await atOnce(ids, (runId) => runs.begin(farm.id, runId), WAVE);
  const admitted = begun.filter(({ state }) => state === 'call').length;
  expect(admitted).toBe(Number(budget / WORST));
  expect(begun.filter(({ state, code }) => state === 'refused' && code === 'budget_exhausted')).toHaveLength(
    count - admitted,
  );
  expect(await sums(farm)).toMatchObject({
    held: BigInt(admitted) * WORST,
    spent: 0n,
    open: BigInt(admitted),
    calls: BigInt(admitted),
    keys: BigInt(admitted),
    overruns: 0n,
  });

  const calls = ids.flatMap((runId, at) => {
    const call = begun[at];
    return call?.state === 'call' ? [{ runId, call, ending: ENDINGS[at % ENDINGS.length] ?? 'lost' }] : [];
  });
  await atOnce(calls, ({ runId, call, ending }) => end(farm, runId, call, ending), WAVE);
  await giveUpAll(farm, ids);
  const after = await sums(farm);
  expect(after).toMatchObject({ held: 0n, open: 0n, calls: BigInt(admitted), overruns: 0n });
  expect(after.spent).toBe(after.cost);
  expect(after.spent <= budget).toBe(true);

  // The trigger does see what there is to see.
  await changePolicy(database, farm.owner, { daily_token_budget_nano_usd: '0' });
  await database.asOwner(farm.id, (transaction) => transaction.rows('update core.accounts set day = day'));
  expect(await sums(farm)).toMatchObject({ overruns: 1n });
}, 560_000);

it('holds for every budget and every way in which calls end, all of them at once', async () => {
  const call = fc.record({ ending: fc.constantFrom(...ENDINGS), twice: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(
      fc.array(call, { minLength: 2, maxLength: 12 }),
      fc.integer({ min: 0, max: 9 }),
      fc.integer({ min: -1, max: 1 }),
      async (wanted, worstCases, more) => {
        const farm = await runs.farm(20n);
        const budget = WORST * BigInt(worstCases) + BigInt(more);
        await changePolicy(database, farm.owner, {
          daily_token_budget_nano_usd: String(budget < 0n ? 0n : budget),
        });
        const ids = await readyToCall(farm, wanted.length);
        await Promise.all(
          wanted.map(async ({ ending, twice }, at) => {
            const runId = ids[at] ?? '';
            // A step that runs twice loses its first attempt, or is told that the first is over.
            const [first, second] = await Promise.all([
              runs.begin(farm.id, runId),
              twice ? runs.begin(farm.id, runId) : undefined,
            ]);
            for (const begun of [first, second])
              if (begun?.state === 'call') await end(farm, runId, begun, ending);
          }),
        );
        await giveUpAll(farm, ids);
        const { held, spent, open, cost, overruns, calls, keys } = await sums(farm);
        expect([held, open, overruns]).toEqual([0n, 0n, 0n]);
        expect(spent).toBe(cost);
        expect(spent <= (budget < 0n ? 0n : budget)).toBe(true);
        expect(calls).toBe(keys);
      },
    ),
    { numRuns: database.isNative ? 25 : 4 },
  );
}, 200_000);
