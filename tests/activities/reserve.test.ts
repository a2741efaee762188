import { classify } from '../../activities/coded-failure';
import { testDatabase } from '../support/database';
import { changePolicy } from '../support/world';
import { note, steps } from './support/steps';

const database = testDatabase();
const world = steps(database);
const NOTE = note('Sold 4 crates of eggs for ₦6,000');

async function accepted(credits?: bigint) {
  const farm = await world.farm(credits);
  const runId = await world.accept(farm.hand, 'farm.record', NOTE);
  return { farm, reference: { tenantId: farm.id, runId } };
}

async function legs(runId: string): Promise<string[]> {
  const rows = await database.look<{ kind: string }>(
    'select kind from core.credit_ledger where run_id = $1 order by seq',
    [runId],
  );
  return rows.map(({ kind }) => kind);
}

test('holds one credit, once', async () => {
  const { farm, reference } = await accepted(5n);
  expect(await world.activities.reserve(reference)).toEqual({ outcome: 'reserved', code: null });
  expect(await world.activities.reserve(reference)).toEqual({ outcome: 'reserved', code: null });
  expect(await world.account(farm.id)).toMatchObject({ balance: 4n });
  expect(await legs(reference.runId)).toEqual(['reserve']);
  expect(await world.run(reference.runId)).toMatchObject({ state: 'running', step: 'scrub' });
});

test('without a credit it is refused, holds nothing, closes the run, and says so again', async () => {
  const { farm, reference } = await accepted(0n);
  const refused = { outcome: 'refused', code: 'credits_exhausted' };
  expect(await world.activities.reserve(reference)).toEqual(refused);
  expect(await world.activities.reserve(reference)).toEqual(refused);
  expect(await legs(reference.runId)).toEqual([]);
  expect(await world.run(reference.runId)).toMatchObject({ state: 'closed', outcome: 'refused' });
  expect(await world.events(reference.runId)).toEqual(['run.accepted', 'run.refused', 'ops.page']);
  expect(await world.account(farm.id)).toMatchObject({ balance: 0n });
});

test.each<[string, object]>([
  ['tenant_paused', { paused: true }],
  ['purpose_paused', { paused_purposes: ['farm.record'] }],
  ['vendor_paused', { paused_vendors: ['local'] }],
  ['budget_exhausted', { daily_token_budget_nano_usd: '15999' }],
])('%s is a refusal', async (code, changes) => {
  const { farm, reference } = await accepted();
  await changePolicy(database, farm.owner, changes as Record<string, unknown>);
  expect(await world.activities.reserve(reference)).toEqual({ outcome: 'refused', code });
  expect(await legs(reference.runId)).toEqual([]);
});

test('somebody who is no member any more is refused', async () => {
  const { farm, reference } = await accepted();
  await database.asOwner(farm.id, (transaction) =>
    transaction.value('select app.set_member($1, $2, $3, $4, false, null)', [
      farm.hand.userId,
      'Gone',
      'person',
      ['requester'],
    ]),
  );
  expect(await world.activities.reserve(reference)).toEqual({
    outcome: 'refused',
    code: 'member_not_allowed',
  });
  expect(await world.events(reference.runId)).toContain('policy_violation');
});

test('of ten runs at once on one credit exactly one is admitted', async () => {
  const farm = await world.farm(1n);
  const runIds = await Promise.all(
    Array.from({ length: 10 }, () => world.accept(farm.hand, 'farm.record', NOTE)),
  );
  const answers = await Promise.all(
    runIds.map((runId) => world.activities.reserve({ tenantId: farm.id, runId })),
  );
  expect(answers.filter(({ outcome }) => outcome === 'reserved')).toHaveLength(1);
  expect(answers.filter(({ code }) => code === 'credits_exhausted')).toHaveLength(9);
  expect(await world.account(farm.id)).toMatchObject({ balance: 0n });
});

test('a run that was released before its late reserve holds nothing', async () => {
  const { farm, reference } = await accepted(5n);
  await world.activities.audit({ ...reference, code: 'run_withdrawn' });
  expect(await world.activities.reserve(reference)).toMatchObject({ outcome: 'refused' });
  expect(await world.account(farm.id)).toMatchObject({ balance: 5n });
});

test("another tenant's run, and one that never was, are not found", async () => {
  const { reference } = await accepted();
  const other = await world.farm();
  for (const runId of [reference.runId, '019aa000-0000-7000-8000-000000000000']) {
    const error: unknown = await world.activities
      .reserve({ tenantId: other.id, runId })
      .catch((thrown: unknown) => thrown);
    expect(classify(error)).toMatchObject({ code: 'not_found', retryable: false });
  }
});
