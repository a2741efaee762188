import { testDatabase } from '../support/database';
import { sqlRuns } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);

const settle = (tenantId: string, runId: string) => runs.call('worker', tenantId, 'settle_run', runId);

it('gives back what no answered call has used', async () => {
  const farm = await runs.farm(2n);
  const runId = await runs.reserved(farm.hand);
  expect(await settle(farm.id, runId)).toEqual({
    outcome: 'settled',
    reserved: '1',
    actual: '0',
    deducted: '0',
    shortfall: '0',
  });
  expect(await runs.row('accounts', { tenant_id: farm.id })).toMatchObject({ balance_credits: 2n });
});

it('writes a leg of nothing where the reservation fits', async () => {
  const farm = await runs.farm(2n);
  const { runId } = await runs.answered(farm.hand);
  expect(await settle(farm.id, runId)).toMatchObject({ actual: '1', deducted: '0' });
  expect(await runs.row('credit_ledger', { run_id: runId, kind: 'settle' })).toMatchObject({
    amount_credits: 0n,
    balance_after: 1n,
  });
});

it.each([
  [5n, { reserved: '1', actual: '3', deducted: '2', shortfall: '0' }],
  [2n, { reserved: '1', actual: '3', deducted: '1', shortfall: '1' }],
  [1n, { reserved: '1', actual: '3', deducted: '0', shortfall: '2' }],
])('with %s credits deducts the advisor as far as the balance goes', async (credits, expected) => {
  const farm = await runs.farm(credits);
  const { runId } = await runs.answered(farm.hand, 'credentialing.privileging');
  await runs.finish(farm.id, await runs.begin(farm.id, runId, 'advisor'));
  expect(await settle(farm.id, runId)).toEqual({ outcome: 'settled', ...expected });
});

it('is once, however many settle at once', async () => {
  const farm = await runs.farm(2n);
  const { runId } = await runs.answered(farm.hand);
  const answers = await Promise.all([1, 2, 3, 4, 5].map(() => settle(farm.id, runId)));
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(await runs.count('credit_ledger', { run_id: runId, kind: 'settle' })).toBe(1);
});

it('charges nothing for an answer that another run has paid for', async () => {
  const farm = await runs.farm(5n);
  const keyOf = farm.id;
  const first = await runs.scrubbed(farm.hand, 'farm.record', keyOf);
  await runs.finish(farm.id, await runs.begin(farm.id, first));
  const second = await runs.scrubbed(farm.hand, 'farm.record', keyOf);
  await runs.begin(farm.id, second);
  expect(await settle(farm.id, second)).toMatchObject({ reserved: '1', actual: '0' });
});

it('has nothing to settle where nothing was held, and knows no run of another tenant', async () => {
  const { farm, hospital } = runs.world;
  const runId = await runs.accept(farm.hand);
  expect(await settle(farm.id, runId)).toMatchObject({ outcome: 'nothing_held', reserved: '0' });
  expect(await stateOf(settle(hospital.id, runId))).toBe('P0002');
});
