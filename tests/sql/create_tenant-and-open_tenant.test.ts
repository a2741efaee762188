import { testDatabase } from '../support/database';
import { sqlRuns } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);

const create = (
  id: string,
  more: readonly unknown[] = ['farm', 'Ferme du Sud', 'EUR', 'metric', 'Europe/Paris', ['Pré']],
  as = '__platform__',
) => runs.call('api', as, 'create_tenant', id, ...more, runs.world.platformAdmin.userId);

it('creates a tenant once and gives it account, secret and first policy, however often it is opened', async () => {
  const answers = await Promise.all([create('south-farm'), create('south-farm')]);
  expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['created', 'refused']);
  expect(await create('south-farm')).toEqual({ outcome: 'refused', code: 'tenant_exists' });
  await Promise.all(
    [1, 2, 3].map(() =>
      runs.call('api', 'south-farm', 'open_tenant', 1000n, runs.world.platformAdmin.userId),
    ),
  );
  expect(await runs.row('ai_policy_controls', { tenant_id: 'south-farm' })).toMatchObject({
    version: 1,
    autonomy_tier: 'draft',
    daily_token_budget_nano_usd: 1000n,
  });
  expect(await runs.row('accounts', { tenant_id: 'south-farm' })).toMatchObject({ balance_credits: 0n });
  expect(await runs.count('tenant_secrets', { tenant_id: 'south-farm' })).toBe(1);
});

it('is called what its people call it, in whatever letters', async () => {
  const named = (name: string) => ['farm', name, 'CNY', 'metric', 'Asia/Shanghai', []];
  expect(await create('letters-one', named('農場'))).toEqual({ outcome: 'created' });
  expect(await create('letters-two', named('مزرعة'))).toEqual({ outcome: 'created' });
  expect(await stateOf(create('letters-three', named('\u00a0\u200b')))).toBe('23514');
});

it('refuses an unknown zone, an id that is no slug, and everybody but the platform', async () => {
  expect(await create('no-zone', ['farm', 'F', 'EUR', 'metric', 'Europe/Atlantis', []])).toEqual({
    outcome: 'refused',
    code: 'time_zone_unknown',
  });
  expect(await stateOf(create('Not a slug'))).toBe('23514');
  for (const as of [runs.world.farm.id, runs.world.hospital.id])
    expect(await stateOf(create('mine', undefined, as))).toBe('ZC003');
});

it('has the platform and the shared knowledge from the first migration on', async () => {
  for (const id of ['__platform__', '__global__']) expect(await runs.count('tenants', { id })).toBe(1);
});
