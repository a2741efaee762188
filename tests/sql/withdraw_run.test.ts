import { testDatabase } from '../support/database';
import { randomUUID } from 'node:crypto';
import { sale, sqlRuns, type GateRow } from './support/runs';

const database = testDatabase();
const runs = sqlRuns(database);

const withdraw = (tenantId: string, runId: string, by: string | null) =>
  runs.call('api', tenantId, 'withdraw_run', runId, by);

it('withdraws every open gate, discards the drafts and tells who waits with a verdict', async () => {
  const { farm } = runs.world;
  const { runId, gates } = await runs.drafted(farm.hand, [sale(), sale()]);
  const stored = await runs.store(farm.owner, gates[0] as GateRow, 'approve');
  expect(await withdraw(farm.id, runId, farm.hand.userId)).toEqual({ outcome: 'withdrawn' });
  expect(
    await runs.count('gate_outcomes', {
      tenant_id: farm.id,
      outcome: 'withdrawn',
      actor_user_id: farm.hand.userId,
    }),
  ).toBe(2);
  expect(await runs.row('intent_outcomes', { intent_id: stored.intent_id })).toMatchObject({
    outcome: 'conflict',
    code: 'gate_closed',
  });
  expect(await runs.count('worklist', { ref_id: stored.intent_id })).toBe(0);
  expect(await runs.row('runs', { id: runId })).toMatchObject({ state: 'running', step: 'settle' });
});

it('is once, and keeps who was first', async () => {
  const { farm } = runs.world;
  const runId = await runs.reserved(farm.hand);
  await withdraw(farm.id, runId, farm.hand.userId);
  expect(await withdraw(farm.id, runId, farm.owner.userId)).toEqual({ outcome: 'withdrawn' });
  expect(await runs.row('runs', { id: runId })).toMatchObject({ withdrawn_by: farm.hand.userId });
});

it('comes too late when all gates are decided, and is told the outcome of a closed run', async () => {
  const { farm } = runs.world;
  const { runId, gates } = await runs.drafted(farm.hand, [sale()]);
  await runs.decide(farm.owner, gates[0] as GateRow, 'approve');
  expect(await withdraw(farm.id, runId, farm.hand.userId)).toEqual({ outcome: 'too_late' });
  await runs.call('worker', farm.id, 'close_run', runId);
  expect(await withdraw(farm.id, runId, farm.hand.userId)).toEqual({
    outcome: 'closed',
    run_outcome: 'approved',
  });
});

it('knows no run of another tenant, and none that is not there', async () => {
  const { farm, hospital } = runs.world;
  const runId = await runs.accept(farm.hand);
  for (const [tenantId, id] of [
    [hospital.id, runId],
    [farm.id, randomUUID()],
  ] as const)
    expect(await withdraw(tenantId, id, null)).toEqual({ outcome: 'refused', code: 'run_not_found' });
});
