import { testDatabase } from '../support/database';
import { sqlRuns } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);

const grant = (
  tenantId: string,
  amount: bigint | null,
  key: string,
  by: string | null = runs.world.platformAdmin.userId,
) => runs.call('api', tenantId, 'grant_credits', amount, key, by);

it('adds credits with their leg, in the name of a person of the platform', async () => {
  const farm = await runs.farm(0n);
  expect(await grant(farm.id, 5n, 'k')).toEqual({ outcome: 'granted', seq: '1', balance: '5' });
  expect(await runs.row('credit_ledger', { tenant_id: farm.id })).toMatchObject({
    kind: 'grant',
    amount_credits: 5n,
    actor_user_id: runs.world.platformAdmin.userId,
  });
});

it('grants once by its key, also at once, and refuses another amount under it', async () => {
  const farm = await runs.farm(0n);
  const answers = await Promise.all([1, 2, 3, 4].map(() => grant(farm.id, 5n, 'k')));
  expect(answers.map(({ outcome }) => outcome).sort()).toEqual([
    'granted',
    'replayed',
    'replayed',
    'replayed',
  ]);
  expect(await grant(farm.id, 6n, 'k')).toEqual({ outcome: 'refused', code: 'key_reused' });
  expect(await runs.row('accounts', { tenant_id: farm.id })).toMatchObject({ balance_credits: 5n });
});

it('refuses nothing, less, nobody, too much, and a tenant without an account', async () => {
  const farm = await runs.farm(1n);
  for (const amount of [0n, -5n])
    expect(await grant(farm.id, amount, `k${amount}`)).toEqual({
      outcome: 'refused',
      code: 'amount_invalid',
    });
  expect(await stateOf(grant(farm.id, 1n, 'nobody', null))).toBe('ZC012');
  expect(await stateOf(grant(farm.id, null, 'null'))).toBe('23502');
  expect(await stateOf(grant(farm.id, 9_223_372_036_854_775_807n, 'all'))).toBe('22003');
  expect(await stateOf(grant('__platform__', 1n, 'own'))).toBe('ZC010');
  expect(await runs.row('accounts', { tenant_id: farm.id })).toMatchObject({
    balance_credits: 1n,
    ledger_seq: 1n,
  });
});
