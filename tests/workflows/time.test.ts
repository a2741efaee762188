import { readFileSync } from 'node:fs';
import { governedRuns, type GateRow } from '../support/governed';
import { skippingServer } from './time/skipping-server';

/*
 * Months of waiting, on a server that skips time. Deadlines are the database's, whose clock is moved along: two clocks,
 * and whichever runs ahead must not decide anything.
 */

let movedDays = 0;

const server = skippingServer();
const governed = governedRuns({ server: server.start });

/** Moves the database's clock, then lets the server's time pass. */
async function pass(days: number): Promise<void> {
  movedDays += days;
  await governed.database.asOwner(null, (transaction) =>
    transaction.rows(`update core.clock set shift = interval '${movedDays} days'`),
  );
  await server.sleep(`${days} days`);
}

async function gateOf(tenantId: string, runId: string): Promise<GateRow> {
  const [gate] = await governed.gates(tenantId, runId);
  if (!gate) throw new Error('no gate');
  return gate;
}

async function eventsOf(runId: string): Promise<string[]> {
  const rows = await governed.database.look<{ type: string }>(
    "select type from core.audit_log where run_id = $1 and type like 'gate.%' order by seq",
    [runId],
  );
  return rows.map((row) => row.type);
}

async function startSale(text: string): Promise<string> {
  const { farm } = governed.world;
  const runId = await governed.start(farm.hand, 'farm.record', {
    note: text,
    occurred_at: '2025-11-10T17:40:00+01:00',
  });
  expect(await governed.settled(farm.id, runId)).toMatchObject({ state: 'waiting' });
  return runId;
}

it('reminds, asks the next role, and expires, each once and at its time', async () => {
  const { farm } = governed.world;
  const runId = await startSale('Sold 31 crates of eggs for ₦46,500');
  expect(await eventsOf(runId)).toEqual([]);

  await pass(2);
  expect(await eventsOf(runId)).toEqual(['gate.reminded']);
  expect(await gateOf(farm.id, runId)).toMatchObject({ roles: ['reviewer'], version: 1 });

  await pass(2);
  expect(await eventsOf(runId)).toEqual(['gate.reminded', 'gate.escalated']);
  expect(await gateOf(farm.id, runId)).toMatchObject({ roles: ['reviewer', 'admin'], version: 1 });

  await pass(11);
  expect(await governed.handle(runId).result()).toEqual({ outcome: 'expired', code: null });
  expect(await eventsOf(runId)).toEqual(['gate.reminded', 'gate.escalated', 'gate.expired']);
  const [closing] = await governed.database.look<{ actor_kind: string; outcome: string }>(
    'select actor_kind, outcome from core.gate_outcomes where gate_id = $1',
    [(await gateOf(farm.id, runId)).id],
  );
  expect(closing).toEqual({ actor_kind: 'system', outcome: 'expired' });
  expect(await governed.database.look('select from core.decisions where run_id = $1', [runId])).toEqual([]);

  const length = (await governed.handle(runId).fetchHistory()).events?.length ?? 0;
  expect(length).toBeLessThanOrEqual(30 + 8 + 8);
});

it('decides after a reminder within 8 events more', async () => {
  const { farm } = governed.world;
  const runId = await startSale('Sold 32 crates of eggs for ₦48,000');
  await pass(2);
  const gate = await gateOf(farm.id, runId);
  expect(await governed.decide(farm.owner, gate, 'approve')).toMatchObject({ outcome: 'applied' });
  expect(await governed.handle(runId).result()).toEqual({ outcome: 'approved', code: null });
  expect((await governed.handle(runId).fetchHistory()).events?.length).toBeLessThanOrEqual(30 + 8);
});

it('waits for two gates together, whose acts cost a history no more than those of one', async () => {
  const { farm } = governed.world;
  const runId = await startSale('Sold 34 crates of eggs for ₦51,000. 4 broilers died in House 2.');
  const [sale, deaths] = await governed.gates(farm.id, runId);
  if (!sale || !deaths) throw new Error('not two gates');
  await pass(2);
  await governed.decide(farm.owner, sale, 'approve');
  await pass(2);
  await pass(11);
  expect(await governed.handle(runId).result()).toEqual({ outcome: 'mixed', code: null });
  expect(await eventsOf(runId)).toEqual(['gate.reminded', 'gate.reminded', 'gate.escalated', 'gate.expired']);
  const decided = await governed.database.look('select from core.decisions where run_id = $1', [runId]);
  expect(decided).toHaveLength(1);
  // One act of the five is in the thirty events of one seat.
  expect((await governed.handle(runId).fetchHistory()).events?.length).toBeLessThanOrEqual(30 + 4 * 8);
});

it('escalates a privilege by its chain, after which the senior may hold a seat', async () => {
  const { hospital } = governed.world;
  const packet = JSON.parse(readFileSync('examples/packets/complete.json', 'utf8')) as object;
  const runId = await governed.start(hospital.staff, 'credentialing.privileging', packet);
  await governed.settled(hospital.id, runId);
  const before = await gateOf(hospital.id, runId);
  expect(before.roles).toEqual(['reviewer']);
  const refused = await governed.store(hospital.senior, before, 'approve', { disposition: 'grant' });
  expect(refused).toMatchObject({ outcome: 'refused', code: 'role_missing' });

  const first = await governed.decide(hospital.members[0], before, 'approve', { disposition: 'grant' });
  expect(first).toMatchObject({ outcome: 'applied' });
  await pass(15);
  const after = await gateOf(hospital.id, runId);
  // A clock that ticked voids nobody's seat.
  expect(after).toMatchObject({ version: 1, closed_at: null });
  expect(after.roles).toContain('senior');
  expect(await governed.decide(hospital.senior, after, 'approve', { disposition: 'grant' })).toMatchObject({
    outcome: 'applied',
  });
  expect(await governed.handle(runId).result()).toMatchObject({ outcome: 'approved' });
});

it('decides nothing when Temporal’s clock runs ahead of the database’s, and asks ever more rarely', async () => {
  const { farm } = governed.world;
  const runId = await startSale('Sold 33 crates of eggs for ₦49,500');
  await server.sleep('24 hours');
  await server.sleep('5 minutes');
  expect(await eventsOf(runId)).toEqual([]);
  expect(await governed.run(farm.id, runId)).toMatchObject({ state: 'waiting' });
  expect((await governed.handle(runId).fetchHistory()).events?.length).toBeLessThan(100);
  await governed.decide(farm.owner, await gateOf(farm.id, runId), 'reject');
  expect(await governed.handle(runId).result()).toMatchObject({ outcome: 'rejected' });
});
