import { testDatabase } from '../support/database';
import { note, output, proposal, steps } from './support/steps';

const database = testDatabase();
const world = steps(database);
const NOTE = note('12 broilers died in House 3');
const DEATHS = proposal('mortality', { count: 12, occurred_on: '2025-11-10', place: 'House 3' });

async function closing(runId: string): Promise<Record<string, unknown>> {
  const rows = await database.look<{ payload: string }>(
    "select payload from core.audit_log where run_id = $1 and type = 'run.closed'",
    [runId],
  );
  expect(rows).toHaveLength(1);
  return (JSON.parse(rows[0]?.payload ?? '{}') as { body: Record<string, unknown> }).body;
}

test('closes a run with nothing to decide, with one event that names its outcome, once', async () => {
  const farm = await world.farm();
  const runId = await world.evaluated(farm.hand, NOTE, output([]));
  const reference = { tenantId: farm.id, runId };
  await world.activities.draft({ ...reference, advisory: 'available', senior: false });
  await world.activities.settle(reference);
  const ended = { outcome: 'nothing', code: null };
  expect(await world.activities.audit({ ...reference, code: null })).toEqual(ended);
  expect(await world.activities.audit({ ...reference, code: null })).toEqual(ended);
  expect(await world.activities.audit({ ...reference, code: 'step_failed' })).toEqual(ended);
  expect(await closing(runId)).toMatchObject({ outcome: 'nothing' });
  expect(await world.run(runId)).toMatchObject({ state: 'closed', outcome: 'nothing' });
});

test('with a code the run has failed, and its hold comes back', async () => {
  const farm = await world.farm(5n);
  const runId = await world.scrubbed(farm.hand, 'farm.record', NOTE);
  expect(await world.activities.audit({ tenantId: farm.id, runId, code: 'step_failed' })).toEqual({
    outcome: 'failed',
    code: 'step_failed',
  });
  expect(await world.account(farm.id)).toMatchObject({ balance: 5n });
});

test('a call that is still open is charged at its worst case and over', async () => {
  const farm = await world.farm(5n);
  const runId = await world.scrubbed(farm.hand, 'farm.record', NOTE);
  await database.as('worker', farm.id, (transaction) =>
    transaction.value('select app.begin_call($1, $2)', [runId, 'primary']),
  );
  await world.activities.audit({ tenantId: farm.id, runId, code: 'workflow_lost' });
  expect(await world.attempts(runId)).toMatchObject([{ state: 'lost', cost_nano_usd: 16_000n }]);
  expect(await world.calls(runId)).toMatchObject([{ status: 'failed', error_code: 'workflow_lost' }]);
  expect(await world.account(farm.id)).toMatchObject({ balance: 5n, held: 0n, spent: 16_000n });
});

test('a run is not closed over an open gate', async () => {
  const farm = await world.farm();
  const runId = await world.evaluated(farm.hand, NOTE, output([DEATHS]));
  const reference = { tenantId: farm.id, runId };
  await world.activities.draft({ ...reference, advisory: 'available', senior: false });
  await expect(world.activities.audit({ ...reference, code: null })).rejects.toMatchObject({ code: 'ZC004' });
  expect(await world.run(runId)).toMatchObject({ state: 'waiting' });
});

test('a refused run stays what it is', async () => {
  const farm = await world.farm(0n);
  const runId = await world.accept(farm.hand, 'farm.record', NOTE);
  const reference = { tenantId: farm.id, runId };
  await world.activities.reserve(reference);
  expect(await world.activities.audit({ ...reference, code: 'run_withdrawn' })).toEqual({
    outcome: 'refused',
    code: 'credits_exhausted',
  });
});

test('the event has hashes and no content', async () => {
  const farm = await world.farm();
  const secret = note('Paid Ngozi Adebayo ₦5,000 for litter');
  const runId = await world.evaluated(farm.hand, secret, output([]));
  const reference = { tenantId: farm.id, runId };
  await world.activities.draft({ ...reference, advisory: 'available', senior: false });
  await world.activities.audit({ ...reference, code: null });
  const rows = await database.look<{ payload: string }>(
    'select payload from core.audit_log where run_id = $1',
    [runId],
  );
  const all = rows.map(({ payload }) => payload).join('\n');
  for (const canary of ['Ngozi', 'Adebayo', '5,000', 'litter', '_token_']) expect(all).not.toContain(canary);
  expect(all).toMatch(/"input_hash":"[0-9a-f]{64}"/);
});
