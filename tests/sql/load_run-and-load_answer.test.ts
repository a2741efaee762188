import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { testDatabase } from '../support/database';
import { prompt, sqlRuns, sale } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);

it('load_run brings input, tenant, names and key to scrub, and no other tenant’s', async () => {
  const { farm, hospital } = runs.world;
  const runId = await runs.reserved(farm.hand);
  const loaded = await runs.call<Record<string, unknown>>('worker', farm.id, 'load_run', runId);
  expect(loaded).toMatchObject({
    state: 'running',
    purpose: 'farm.record',
    input: { note: 'n' },
    prompt_stored: false,
    has_passages: false,
  });
  expect(loaded).toMatchObject({ tenant: { id: farm.id, currency: 'NGN' } });
  expect(loaded.call_key_secret).toMatch(/^[0-9a-f]{64}$/);
  const { mark, values } = loaded.known as { mark: string; values: { kind: string }[] };
  expect(values.map(({ kind }) => kind)).toEqual(['person', 'person']);
  expect(mark).toMatch(/^\d+$/);
  expect(await stateOf(runs.call('worker', hospital.id, 'load_run', runId))).toBe('ZC010');
});

describe('what the tenant knows', () => {
  interface Known {
    readonly mark: string;
    readonly values: readonly { readonly kind: string; readonly value: string }[];
  }
  let runId: string;
  let tenantId: string;

  beforeAll(async () => {
    const farm = await runs.farm();
    tenantId = farm.id;
    runId = await runs.reserved(farm.hand);
  });

  const importFact = async (subjectId: string): Promise<string> => {
    const factId = randomUUID();
    await runs.call('adapter', tenantId, 'import_trust_record', factId, subjectId, 'licence', '{}', 1);
    return factId;
  };
  const known = async (mark: string | null): Promise<Known> =>
    (await runs.call<{ known: Known }>('worker', tenantId, 'load_run', runId, mark)).known;
  const told = async (mark: string | null): Promise<string[]> =>
    (await known(mark)).values.map(({ value }) => value).sort();

  /** A mark after which nothing comes again: none while a transaction of before is open, in other databases too. */
  const markOfRest = async (): Promise<string> => {
    for (;;) {
      const { mark } = await known(null);
      if ((await told(mark)).length === 0) return mark;
      await sleep(50);
    }
  };

  it('comes whole at first, and then what is new', async () => {
    expect((await known(null)).values).toHaveLength(2);
    const mark = await markOfRest();
    const factId = await importFact('worker-1');
    expect(await told(mark)).toEqual([factId, 'worker-1'].sort());
    await importFact('worker-1');
    expect(await runs.count('known_values', { tenant_id: tenantId, value: 'worker-1' })).toBe(1);
  });

  it('comes also when it was written before the mark and committed after it', async () => {
    let { mark } = await known(null);
    await database.asOwner(tenantId, async (transaction) => {
      await transaction.rows("select core.note_known('code', array['late-1'])");
      // An embedded database has one transaction at a time.
      if (database.isNative) ({ mark } = await known(null));
      if (database.isNative) await importFact('early-1');
    });
    expect(await told(mark)).toEqual(expect.arrayContaining(['late-1']));
  });

  it('comes whole for a mark from the future, of a database that was restored since', async () => {
    expect((await known('18446744073709551000')).values.length).toBeGreaterThan(2);
  });

  it('is no other tenant’s', async () => {
    const other = await runs.farm();
    const otherRun = await runs.reserved(other.hand);
    const loaded = await runs.call<{ known: Known }>('worker', other.id, 'load_run', otherRun, null);
    expect(loaded.known.values.map(({ kind }) => kind)).toEqual(['person', 'person']);
  });

  it('keeps what an input told as content, once', async () => {
    const scrubbed = (name: string): string =>
      JSON.stringify({
        ...(JSON.parse(prompt(name)) as object),
        told: [
          { kind: 'provider', value: 'Marisol Testfield' },
          { kind: 'licence', value: 'F-00017' },
        ],
      });
    const farm = await runs.farm();
    for (const name of ['a', 'b']) {
      const told = await runs.reserved(farm.hand);
      await runs.call('worker', farm.id, 'store_prompt', told, scrubbed(name));
    }
    expect(await runs.count('known_values', { tenant_id: farm.id, kind: 'provider' })).toBe(1);
    expect(await runs.row('known_values', { tenant_id: farm.id, kind: 'provider' })).toMatchObject({
      value: null,
    });
    const loaded = await runs.call<{ known: Known }>(
      'worker',
      farm.id,
      'load_run',
      await runs.reserved(farm.hand),
      null,
    );
    expect(loaded.known.values).toContainEqual({ kind: 'provider', value: 'Marisol Testfield' });
    expect(await runs.count('contents', { tenant_id: farm.id, kind: 'fact' })).toBe(2);
  });
});

it('load_answer brings the answer that rules, the prompt it was given and what failed', async () => {
  const { farm } = runs.world;
  const { runId, aiRunId } = await runs.answered(farm.hand);
  const evals = [
    { ordinal: 0, name: 'a', version: 1, verdict: 'fail', severity: 'flag', reason: 'Something is off.' },
    { ordinal: 0, name: 'b', version: 1, verdict: 'pass', severity: 'flag', reason: 'holds' },
  ];
  await runs.call('worker', farm.id, 'record_evaluation', runId, aiRunId, 800, JSON.stringify(evals));
  expect(await runs.call('worker', farm.id, 'load_answer', runId)).toMatchObject({
    ai_run_id: aiRunId,
    kind: 'primary',
    output: '{"proposals": []}',
    withdrawn: false,
    by_hand_record_type: null,
    compensation: null,
    failed_evals: [{ name: 'a', severity: 'flag', reason: 'Something is off.' }],
  });
});

it('load_answer prefers the advisor’s', async () => {
  const { hospital } = runs.world;
  const { runId } = await runs.answered(hospital.staff, 'credentialing.privileging');
  const advisor = await runs.begin(hospital.id, runId, 'advisor');
  await runs.finish(hospital.id, advisor);
  expect(await runs.call('worker', hospital.id, 'load_answer', runId)).toMatchObject({
    ai_run_id: advisor.ai_run_id,
    kind: 'advisor',
  });
});

it('load_answer notices bytes that no longer match their commitment', async () => {
  const { farm } = runs.world;
  const { runId } = await runs.drafted(farm.hand, [sale()]);
  await database.look('alter table core.contents disable trigger user');
  await database.look('alter table core.contents drop constraint contents_check');
  await database.look("update core.contents set bytes = 'x' where run_id = $1 and kind = 'prompt'", [runId]);
  expect(await stateOf(runs.call('worker', farm.id, 'load_answer', runId))).toBe('ZC014');
});
