import { setTimeout as sleep } from 'node:timers/promises';
import { retimeGates, type RunTiming } from '../../activities/retime-gates';
import { config } from '../../countersign.config';
import { callInTenant } from '../../db/transaction';
import { withdrawSignal } from '../../workflows/messages';
import { first } from '../support/first';
import { governedRuns } from '../support/governed';
import { bundleOf, releases } from '../support/histories';
import { addMember, addTenant, allowModel, changePolicy, type Person } from '../support/world';
import { LONG_ACTS, LONG_PURPOSE, LONG_TYPE, longPack } from './time/long-pack';
import { MATRIX_MODEL, matrixModel } from './time/matrix-pack';
import { skippingServer } from './time/skipping-server';

/*
 * A gate that is open for ninety days, through two releases of the workflow and a night in which clocks are put forward. The
 * oldest release whose workflows are kept begins the runs; the present one takes them over while they wait.
 */

const ZONE = 'America/New_York';
const DAY_MS = 86_400_000;
/** How far from an act nothing of it may be seen yet, and how late it may come. */
const BEFORE_MS = 10 * 60_000;
const LATE_MS_MAX = 5 * 60_000;

const server = skippingServer();
const governed = governedRuns({
  worker: false,
  server: server.start,
  packs: [...config.packs, longPack],
});

let movedMs = 0;

async function nowMs(): Promise<number> {
  const [row] = await governed.database.look<{ ms: number }>(
    'select (extract(epoch from app.now()) * 1000)::float8 as ms',
  );
  return row?.ms ?? Number.NaN;
}

/** Lets both clocks pass until an instant. */
async function passTo(atMs: number): Promise<void> {
  const byMs = Math.ceil(atMs - (await nowMs()));
  movedMs += byMs;
  await governed.database.asOwner(null, (transaction) =>
    transaction.value('select app.shift_clock($1::interval)', [`${movedMs} milliseconds`]),
  );
  await server.sleep(byMs);
}

interface Act {
  readonly type: string;
  readonly atMs: number;
}

async function actsOf(runId: string): Promise<Act[]> {
  return await governed.database.look<Act>(
    `select type, (extract(epoch from at) * 1000)::float8 as "atMs" from core.audit_log
     where run_id = $1 and type like 'gate.%' order by seq`,
    [runId],
  );
}

/** What a clock in the tenant's place shows. */
function shown(atMs: number): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, dateStyle: 'short', timeStyle: 'medium' }).format(
    atMs,
  );
}

/** Days later by the calendar, at the same time by the clock of the place. */
function daysLater(openedMs: number, days: number): number {
  const plain = openedMs + days * DAY_MS;
  const timeOf = (ms: number): string => shown(ms).slice(-8);
  return (
    [plain - 3_600_000, plain, plain + 3_600_000].find((ms) => timeOf(ms) === timeOf(openedMs)) ?? Number.NaN
  );
}

async function openLong(
  by: Person,
  text: string,
): Promise<{ readonly runId: string; readonly openedMs: number }> {
  const runId = await governed.start(by, LONG_PURPOSE, { record_type: LONG_TYPE, text });
  await governed.settled(by.tenantId, runId);
  const [row] = await governed.database.look<{ ms: number }>(
    'select (extract(epoch from opened_at) * 1000)::float8 as ms from core.gates where run_id = $1',
    [runId],
  );
  return { runId, openedMs: row?.ms ?? Number.NaN };
}

async function untilActs(runId: string, count: number): Promise<void> {
  for (let tries = 0; (await actsOf(runId)).length < count && tries < 400; tries += 1) await sleep(25);
}

it('reminds, asks the next roles and expires, each once and at its local time', async () => {
  const { database, world } = governed;
  await allowModel(database, world.platformAdmin, MATRIX_MODEL);
  const facts = { currency: 'USD', timeZone: ZONE, places: [] };
  const other = await addTenant(database, world.platformAdmin, 'hospital', facts);
  const admin = await addMember(database, other, ['admin', 'reviewer']);
  for (const role of ['reviewer', 'reviewer', 'senior', 'senior'] as const)
    await addMember(database, other, [role]);
  const staff = await addMember(database, other, ['requester']);
  const providers = { [MATRIX_MODEL.vendor]: matrixModel };

  // The next twentieth of February at ten in the morning: the second Sunday of March lies within the month after it.
  const begin = new Date();
  const year = begin.getUTCFullYear() + (begin.getTime() < Date.UTC(begin.getUTCFullYear(), 1, 20) ? 0 : 1);
  await passTo(Date.UTC(year, 1, 20, 15));

  const earlier = await governed.startWorker({
    providers,
    bundle: bundleOf(releases()[0] ?? ''),
    sticky: false,
  });
  const plain = await openLong(world.hospital.staff, 'On the plain clock');
  const moved = await openLong(staff, 'In working time');
  const expected = LONG_ACTS.map(({ type, days }) => ({ type, atMs: daysLater(plain.openedMs, days) }));
  const offsets = expected.map(
    ({ atMs }, index) => atMs - plain.openedMs - (LONG_ACTS[index]?.days ?? 0) * DAY_MS,
  );
  expect(offsets).toEqual([0, -3_600_000, -3_600_000, -3_600_000, -3_600_000]);

  // A calendar is set while the earlier release waits: from then on the other tenant's gate acts on Mondays.
  await changePolicy(database, admin, {
    working_calendar: { weekdays: [1], from: '09:00', to: '12:00', holidays: [] },
  });
  const asWorker = database.open('worker');
  const timing = await callInTenant<RunTiming>(asWorker, other, 'select app.timing_of_run($1)', [
    moved.runId,
  ]);
  expect(await retimeGates({ database: asWorker, registry: world.registry }, other, timing)).toBe(true);
  await governed.handle(moved.runId).signal(withdrawSignal);

  for (const [index, act] of expected.entries()) {
    await passTo(act.atMs - BEFORE_MS);
    expect((await actsOf(plain.runId)).map(({ type }) => type)).toEqual(
      expected.slice(0, index).map(({ type }) => type),
    );
    await passTo(act.atMs + 1_000);
    await untilActs(plain.runId, index + 1);
    if (index === 0) {
      // The deploy: the workers of the earlier release end, and those of the present one begin.
      await earlier.stop();
      await governed.startWorker({ providers });
    }
  }
  expect(await governed.handle(plain.runId).result()).toEqual({ outcome: 'expired', code: null });
  const acts = await actsOf(plain.runId);
  expect(acts.map(({ type }) => type)).toEqual(expected.map(({ type }) => type));
  for (const [index, { atMs }] of acts.entries()) {
    const late = atMs - (expected[index]?.atMs ?? Number.NaN);
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThan(LATE_MS_MAX);
    expect(shown(atMs).slice(-8, -3)).toBe(shown(plain.openedMs).slice(-8, -3));
  }
  const { events } = await governed.handle(plain.runId).fetchHistory();
  expect(events?.filter(({ timerFiredEventAttributes: fired }) => fired)).toHaveLength(expected.length);

  await expectMoved(moved.runId, other);
}, 240_000);

/** Of the run that a calendar moved: what was counted in working days fired on Mondays, in its order, and it is open still. */
async function expectMoved(runId: string, tenantId: string): Promise<void> {
  const gate = first(await governed.gates(tenantId, runId));
  const instants = await governed.database.look<{ atMs: number; firedMs: number | null }>(
    `select (extract(epoch from at) * 1000)::float8 as "atMs", (extract(epoch from fired_at) * 1000)::float8 as "firedMs"
     from core.gate_instants where gate_id = $1 and superseded_at is null order by at`,
    [gate.id],
  );
  for (const { atMs } of [...instants, { atMs: Date.parse(gate.due_at) }]) {
    expect(new Date(`${shown(atMs).slice(0, 10)}T00:00:00Z`).getUTCDay()).toBe(1);
    expect(shown(atMs).slice(-8) >= '09:00:00' && shown(atMs).slice(-8) < '12:00:00').toBe(true);
  }
  const passed = instants.filter(({ atMs }) => atMs < Date.parse(gate.due_at) && atMs + DAY_MS < movedNow());
  // Seven working days are seven weeks here: one reminder in the ninety days.
  expect(passed).toHaveLength(1);
  expect(instants.filter(({ firedMs }) => firedMs !== null)).toHaveLength(1);
  for (const { atMs, firedMs } of passed) expect((firedMs ?? Number.NaN) - atMs).toBeGreaterThanOrEqual(0);
  expect((await actsOf(runId)).map(({ type }) => type)).toEqual(['gate.retermed', 'gate.reminded']);
  expect(gate.closed_at).toBeNull();
}

function movedNow(): number {
  return Date.now() + movedMs;
}
