import { setTimeout as sleep } from 'node:timers/promises';
import { DateTime } from 'luxon';
import { progressQuery } from '../../workflows/messages';
import { RECONCILE_WORKFLOW } from '../../workflows/reconcile-names';
import { governedRuns } from '../support/governed';
import { changePolicy, type Person } from '../support/world';

/*
 * A deadline is the database's, and the timer that watches it Temporal's. When the database's clock runs ahead, the
 * timer is still weeks away, and it is the reconciler that has the run look; also when a calendar moves what is waited for.
 */

const governed = governedRuns();

async function moveClock(shift: string): Promise<void> {
  await governed.database.asOwner(null, (transaction) =>
    transaction.value('select app.shift_clock($1::interval)', [shift]),
  );
}

async function eventsOf(runId: string): Promise<string[]> {
  const rows = await governed.database.look<{ type: string }>(
    "select type from core.audit_log where run_id = $1 and type like 'gate.%' order by seq",
    [runId],
  );
  return rows.map(({ type }) => type);
}

async function reconcile(id: string): Promise<void> {
  await governed.client.workflow.execute(RECONCILE_WORKFLOW, {
    workflowId: `reconcile-${id}`,
    taskQueue: governed.taskQueue,
    args: [{ rounds: 1 }],
  });
}

it('has a run look whose acts of time are late by the database’s clock, and leaves one alone until then', async () => {
  const { farm } = governed.world;
  const runId = await governed.start(farm.hand, 'farm.record', {
    note: 'Sold 41 crates of eggs for ₦61,500',
    occurred_at: '2025-11-10T17:40:00+01:00',
  });
  expect(await governed.settled(farm.id, runId)).toMatchObject({ state: 'waiting' });
  // The database knows of the gate a moment before the workflow does.
  while ((await governed.handle(runId).query(progressQuery)).step !== 'await') await sleep(25);
  const lengthOf = async (): Promise<number> =>
    (await governed.handle(runId).fetchHistory()).events?.length ?? 0;
  const before = await lengthOf();

  await moveClock('23 hours');
  await reconcile(`${runId}-early`);
  expect(await governed.run(farm.id, runId)).toMatchObject({ state: 'waiting' });
  expect(await lengthOf()).toBe(before);

  await moveClock('13 days');
  await reconcile(`${runId}-late`);
  while ((await eventsOf(runId)).length < 2) await sleep(25);
  expect(await eventsOf(runId)).toEqual(['gate.reminded', 'gate.escalated']);

  await moveClock('15 days');
  await reconcile(`${runId}-due`);
  expect(await governed.handle(runId).result()).toEqual({ outcome: 'expired', code: null });
  expect(await governed.run(farm.id, runId)).toMatchObject({ outcome: 'expired', actual_credits: 1n });
  expect(await governed.database.look('select from core.decisions where run_id = $1', [runId])).toEqual([]);
});

it('moves the timer of a run whose tenant sets a calendar, and leaves that of another tenant alone', async () => {
  const { farm, hospital } = governed.world;
  await moveClock('0');
  const sold = (by: Person): Promise<string> =>
    governed.start(by, 'farm.record', {
      note: 'Sold 42 crates of eggs for ₦63,000',
      occurred_at: '2025-11-10T17:40:00+01:00',
    });
  const moved = await sold(farm.hand);
  const left = await sold(hospital.staff);
  const lengths = async (): Promise<number[]> =>
    await Promise.all(
      [moved, left].map(async (runId) => (await governed.handle(runId).fetchHistory()).events?.length ?? 0),
    );
  for (const [tenantId, runId] of [
    [farm.id, moved],
    [hospital.id, left],
  ] as const) {
    await governed.settled(tenantId, runId);
    while ((await governed.handle(runId).query(progressQuery)).step !== 'await') await sleep(25);
  }
  const [gate] = await governed.gates(farm.id, moved);
  const [, before] = await lengths();

  // Work is for one hour a week: no act of time stays where it was.
  const workday = DateTime.now().setZone('Africa/Lagos').plus({ days: 3 });
  await changePolicy(governed.database, farm.owner, {
    working_calendar: { weekdays: [workday.weekday], from: '09:00', to: '10:00', holidays: [] },
  });
  await governed.database.look(
    "update core.worklist set due_at = app.now() where kind = 'run' and ref_id = any ($1)",
    [[moved, left]],
  );
  await reconcile(`${moved}-moved`);
  const [after] = await governed.gates(farm.id, moved);
  expect(after).toMatchObject({ version: gate?.version, closed_at: null });
  const due = DateTime.fromISO(String(after?.due_at), { zone: 'Africa/Lagos' });
  expect([due.weekday, due.hour]).toEqual([workday.weekday, 9]);
  expect(due.toMillis()).toBeGreaterThan(Date.parse(String(gate?.due_at)));
  while ((await timersOf(moved)).length < 2) await sleep(25);
  const [first, second] = await timersOf(moved);
  // The reminder would have come after a day; now it comes after a working day, a week after the first.
  expect(first).toBeLessThan(2 * 24);
  expect(second).toBeGreaterThan(7 * 24);
  expect(await lengths()).toEqual([expect.any(Number), before]);
  expect(await eventsOf(moved)).toEqual(['gate.retermed']);
});

/** For how many hours each timer of a run was set. */
async function timersOf(runId: string): Promise<number[]> {
  const { events = [] } = await governed.handle(runId).fetchHistory();
  return (events ?? []).flatMap(({ timerStartedEventAttributes: timer }) =>
    timer ? [Number(timer.startToFireTimeout?.seconds ?? 0) / 3_600] : [],
  );
}
