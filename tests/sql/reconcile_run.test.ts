import { testDatabase } from '../support/database';
import { inHours, sale, sqlRuns, type GateRow } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);

const reconcile = (tenantId: string, runId: string) => runs.call('worker', tenantId, 'reconcile_run', runId);

it('applies the verdicts that were accepted, withdraws what is open, settles and closes', async () => {
  const { farm } = runs.world;
  const { runId, gates } = await runs.drafted(farm.hand, [sale(), sale()]);
  await runs.store(farm.owner, gates[0] as GateRow, 'approve');
  expect(await reconcile(farm.id, runId)).toEqual({ outcome: 'mixed', code: null });
  const ended = (await runs.gates(farm.id, runId)).map(({ outcome }) => outcome).sort();
  expect(ended).toEqual(['approved', 'withdrawn']);
  expect(await runs.count('records', { run_id: runId })).toBe(1);
  expect(await runs.row('runs', { id: runId })).toMatchObject({ state: 'closed', actual_credits: 1n });
  expect(await runs.events(runId)).toContain('run.reconciled');
  expect(await reconcile(farm.id, runId)).toEqual({ outcome: 'mixed', code: null });
});

it('expires a gate that was due', async () => {
  const { farm } = runs.world;
  const { runId } = await runs.drafted(farm.hand, [sale({ due_at: inHours(1) })]);
  await runs.shiftClock('2 hours');
  const answer = await reconcile(farm.id, runId);
  await runs.shiftClock('0');
  expect(answer).toEqual({ outcome: 'expired', code: null });
});

it.each(['accept', 'reserved', 'scrubbed'] as const)(
  'fails a run that was lost when it was %s, and gives its credit back',
  async (step) => {
    const farm = await runs.farm(2n);
    const runId = await runs[step](farm.hand);
    if (step === 'scrubbed') await runs.begin(farm.id, runId);
    expect(await reconcile(farm.id, runId)).toEqual({ outcome: 'failed', code: 'workflow_lost' });
    expect(await runs.row('accounts', { tenant_id: farm.id })).toMatchObject({
      balance_credits: 2n,
      held_nano_usd: 0n,
    });
    expect(await runs.row('pages', { tenant_id: farm.id, code: 'workflow_lost' })).toMatchObject({
      count: 1n,
    });
  },
);

it('meets a decision and another reconciler without a deadlock', async () => {
  const { farm } = runs.world;
  for (let round = 0; round < 10; round += 1) {
    const { runId, gates } = await runs.drafted(farm.hand, [sale(), sale()]);
    const stored = await runs.store(farm.owner, gates[0] as GateRow, 'approve');
    const [applied] = await Promise.all([
      runs.apply(farm.id, stored.intent_id),
      reconcile(farm.id, runId),
      reconcile(farm.id, runId),
    ]);
    expect(applied).toMatchObject({ outcome: 'applied', gate: { gate_outcome: 'approved' } });
    expect(await runs.count('credit_ledger', { run_id: runId })).toBe(2);
  }
});

it('knows no run of another tenant', async () => {
  const runId = await runs.accept(runs.world.farm.hand);
  expect(await stateOf(reconcile(runs.world.hospital.id, runId))).toBe('P0002');
});
