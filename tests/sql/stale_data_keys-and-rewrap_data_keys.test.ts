import { testDatabase } from '../support/database';
import { hashOf, sqlRuns, type Farm } from './support/runs';

const database = testDatabase();
const runs = sqlRuns(database);

const NOBODY = '00000000-0000-0000-0000-000000000000';

interface Stale {
  readonly run_id: string;
  readonly version: number;
  readonly master_key_id: string | null;
  readonly wrapped_key: Buffer | null;
  readonly sealed_value: Buffer | null;
}

/** A run with one token, its data key in a row or, as before, in front of the value. */
async function sealed(farm: Farm, key?: string): Promise<string> {
  const runId = await runs.reserved(farm.hand);
  const scrubbed = {
    prompt: 'p',
    primary_call_key: hashOf(runId).toString('hex'),
    advisor_call_key: null,
    tokens: [{ token: `<person_token_${runId.replaceAll('-', '')}>`, kind: 'person', sealed_value: 'abcd' }],
    ...(key === undefined ? {} : { data_key: { master_key_id: key, wrapped_key: 'ab'.repeat(60) } }),
  };
  await runs.call('worker', farm.id, 'store_prompt', runId, JSON.stringify(scrubbed));
  return runId;
}

const stale = async (farm: Farm, after = NOBODY, limit = 10): Promise<Stale[]> =>
  await database.as('worker', farm.id, (transaction) =>
    transaction.rows<Stale>("select * from app.stale_data_keys('new', $1, $2)", [after, limit]),
  );

const rewrap = async (farm: Farm, keys: readonly object[]): Promise<number> =>
  await runs.call<number>('worker', farm.id, 'rewrap_data_keys', 'new', JSON.stringify(keys));

const renewed = 'cd'.repeat(60);

it('lists what another master key wraps, by run, in pieces', async () => {
  const farm = await runs.farm();
  const [first, second] = [await sealed(farm, 'old'), await sealed(farm, 'old')];
  await sealed(farm, 'new');
  const before = await sealed(farm);
  const all = await stale(farm);
  expect(all.map(({ run_id: id }) => id)).toEqual([first, second, before].sort());
  expect(all.find(({ run_id: id }) => id === first)).toMatchObject({
    version: 1,
    master_key_id: 'old',
    sealed_value: null,
  });
  expect(all.find(({ run_id: id }) => id === before)).toMatchObject({
    version: 0,
    wrapped_key: null,
    sealed_value: Buffer.from('abcd', 'hex'),
  });
  const [one] = await stale(farm, NOBODY, 1);
  expect((await stale(farm, one?.run_id)).length).toBe(2);
  expect(await stale(await runs.farm())).toEqual([]);
});

it('stores the next version and nothing of the earlier key, once, with an event', async () => {
  const farm = await runs.farm();
  const [apart, before] = [await sealed(farm, 'old'), await sealed(farm)];
  const keys = [
    { run_id: apart, version: 1, wrapped_key: renewed },
    { run_id: before, version: 0, wrapped_key: renewed },
  ];
  expect(await rewrap(farm, keys)).toBe(2);
  expect(await rewrap(farm, keys)).toBe(0);
  expect(await stale(farm)).toEqual([]);
  expect(await runs.row('data_keys', { run_id: apart })).toMatchObject({
    version: 2,
    master_key_id: 'new',
    wrapped_key: Buffer.from(renewed, 'hex'),
  });
  expect(await runs.row('data_keys', { run_id: before })).toMatchObject({ version: 1 });
  const events = await database.look<{ payload: string }>(
    "select payload from core.audit_log where tenant_id = $1 and type = 'vault.rewrapped'",
    [farm.id],
  );
  expect(events.map(({ payload }) => (JSON.parse(payload) as { body: object }).body)).toMatchObject([
    { master_key_id: 'new', data_keys: '2' },
  ]);
});

it('leaves what another has wrapped since, and one of two at once wins', async () => {
  const farm = await runs.farm();
  const runId = await sealed(farm, 'old');
  expect(await rewrap(farm, [{ run_id: runId, version: 2, wrapped_key: renewed }])).toBe(0);
  const answers = await Promise.all(
    ['ce', 'cf'].map((byte) => rewrap(farm, [{ run_id: runId, version: 1, wrapped_key: byte.repeat(60) }])),
  );
  expect(answers.sort()).toEqual([0, 1]);
  expect(await runs.row('data_keys', { run_id: runId })).toMatchObject({ version: 2 });
});

it('knows no key of another tenant', async () => {
  const [farm, other] = [await runs.farm(), await runs.farm()];
  const runId = await sealed(farm, 'old');
  expect(await rewrap(other, [{ run_id: runId, version: 1, wrapped_key: renewed }])).toBe(0);
  expect(await runs.row('data_keys', { run_id: runId })).toMatchObject({ version: 1, master_key_id: 'old' });
});
