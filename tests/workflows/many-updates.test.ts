import { randomUUID } from 'node:crypto';
import { startTemporal } from '../../stack/temporal/server';
import { first } from '../support/first';
import { governedRuns } from '../support/governed';

/*
 * Temporal takes so many Updates of one workflow and no more: two thousand, here forty. Whoever floods a run with messages must
 * not keep its verdict out.
 */

const UPDATES_MAX = 40;
const governed = governedRuns({
  server: async () => ({
    ...(await startTemporal({ inMemory: true, limits: { 'history.maxTotalUpdates': UPDATES_MAX } })),
    canList: true,
  }),
});

it('goes on in a new history before one has taken all the Updates that it can', async () => {
  const { farm } = governed.world;
  const runId = await governed.start(farm.hand, 'farm.record', {
    note: 'Sold 71 crates of eggs for ₦106,500',
    occurred_at: '2025-11-10T17:40:00+01:00',
  });
  await governed.settled(farm.id, runId);
  const gate = first(await governed.gates(farm.id, runId));
  for (let sent = 0; sent < 3 * UPDATES_MAX; sent += 1)
    expect(await governed.deliver(runId, gate.id, randomUUID())).toMatchObject({
      outcome: 'conflict',
      code: 'intent_not_found',
    });
  const { runId: latest, raw } = await governed.handle(runId).describe();
  expect(latest).not.toBe(raw.workflowExecutionInfo?.firstRunId);
  expect(await governed.decide(farm.owner, gate, 'approve')).toMatchObject({ outcome: 'applied' });
  expect(await governed.handle(runId).result()).toEqual({ outcome: 'approved', code: null });
}, 60_000);
