import { setTimeout as sleep } from 'node:timers/promises';
import { config } from '../../../countersign.config';
import { atOnce } from '../../sql/support/at-once';
import { governedRuns, type GateRow } from '../../support/governed';
import { addMember, allowModel, type Person } from '../../support/world';
import {
  ESCALATION_HOURS,
  EXPIRY_HOURS,
  MATRIX_MODEL,
  MATRIX_PURPOSE,
  matrixModel,
  matrixPack,
  recordTypeOf,
  REMINDER_HOURS,
  TERMS,
  type Terms,
} from './matrix-pack';
import { skippingServer } from './skipping-server';

/*
 * How long a history gets: 30 events or fewer for one seat without reminder, and at most 8 more for each further seat,
 * reminder or escalation. Every combination of up to three seats, three reminders and two escalations by timer is decided
 * either way and left to expire, as a run of its own on one server: time passes for all of them at once, day by day.
 */

const EVENTS_OF_ONE_SEAT = 30;
const EVENTS_OF_EACH_FURTHER = 8;
/** How late an act of time may be: as long as all cells take, since they are dealt with together. */
const LATE_MS_MAX = 5 * 60_000;
/** How far from its instant a timer may fire by the server's clock, which is not quite the database's. */
const TIMER_MS_MAX = 10_000;
const WAIT_MS_MAX = 60_000;
/** Few enough that no step of a run has to wait for the processor so long that its task times out. */
const AT_ONCE = 5;
/** After these days one more person has approved, if that many are to. */
const SEAT_DAYS: readonly number[] = [1, 3];
const LAST_DAY = 6;
const EXPIRY_DAY = EXPIRY_HOURS / 24;
const HOUR_MS = 3_600_000;

const ENDINGS = ['approved', 'rejected', 'expired'] as const;
type Ending = (typeof ENDINGS)[number];

interface Cell extends Terms {
  readonly ending: Ending;
}

interface Act {
  readonly type: string;
  readonly atMs: number;
}

interface Measured {
  readonly result: unknown;
  readonly events: number;
  readonly acts: readonly Act[];
  readonly openedMs: number;
  readonly timersMs: readonly number[];
  readonly decisions: number;
}

const CELLS: readonly Cell[] = TERMS.flatMap((terms) => ENDINGS.map((ending) => ({ ...terms, ending })));

const server = skippingServer();
const governed = governedRuns({
  worker: false,
  server: server.start,
  packs: [...config.packs, matrixPack],
});

function nameOf({ seats, reminders, escalations, ending }: Cell): string {
  return `${seats} seats, ${reminders} reminders, ${escalations} escalations, ${ending}`;
}

/** Moves the database's clock, then lets the server's time pass. */
async function passUntilDay(day: number): Promise<void> {
  await governed.database.asOwner(null, (transaction) =>
    transaction.rows('select app.shift_clock($1::interval)', [`${day} days`]),
  );
  await server.sleep('1 day');
}

/** Waits until nothing is left to do that is due: time and its acts are dealt with one after another. */
async function quiet(): Promise<void> {
  const deadline = performance.now() + WAIT_MS_MAX;
  for (;;) {
    const [left] = await governed.database.look<{ gates: number }>(
      `select count(*)::integer as gates from core.gates g
       where g.closed_at is null and (g.due_at < app.now() or exists (select from core.gate_instants i
         where i.tenant_id = g.tenant_id and i.gate_id = g.id and i.fired_at is null and i.at < app.now()))`,
    );
    if (left?.gates === 0) return;
    if (performance.now() > deadline) throw new Error(`${left?.gates ?? 0} gates are past due`);
    await sleep(50);
  }
}

async function begin(text: string, terms: Terms): Promise<GateRow> {
  const { hospital } = governed.world;
  const input = { record_type: recordTypeOf(terms), text };
  const runId = await governed.start(hospital.staff, MATRIX_PURPOSE, input);
  await governed.settled(hospital.id, runId);
  return await gateOf(runId);
}

async function gateOf(runId: string): Promise<GateRow> {
  const [gate, another] = await governed.gates(governed.world.hospital.id, runId);
  if (!gate || another) throw new Error('not one gate');
  return gate;
}

async function decide(by: Person | undefined, gate: GateRow, verdict: 'approve' | 'reject' | 'escalate') {
  if (!by) throw new Error('too few people');
  expect(await governed.decide(by, gate, verdict)).toMatchObject({ outcome: 'applied' });
}

async function measure(runId: string): Promise<Measured> {
  const result: unknown = await governed.handle(runId).result();
  const events = (await governed.handle(runId).fetchHistory()).events ?? [];
  const acts = await governed.database.look<Act>(
    `select type, (extract(epoch from at) * 1000)::float8 as "atMs" from core.audit_log
     where run_id = $1 and type like 'gate.%' order by seq`,
    [runId],
  );
  const [facts] = await governed.database.look<{ opened_ms: number; decisions: number }>(
    `select (extract(epoch from g.opened_at) * 1000)::float8 as opened_ms,
       (select count(*)::integer from core.decisions d where d.run_id = g.run_id) as decisions
     from core.gates g where g.run_id = $1`,
    [runId],
  );
  return {
    result,
    events: events.length,
    acts,
    openedMs: facts?.opened_ms ?? Number.NaN,
    timersMs: events
      .filter((event) => event.timerFiredEventAttributes)
      .map(({ eventTime }) => Number(eventTime?.seconds ?? 0) * 1_000 + (eventTime?.nanos ?? 0) / 1e6),
    decisions: facts?.decisions ?? 0,
  };
}

/** What time must have done to a cell, in its order. */
function expectedActs({ reminders, escalations, ending }: Cell): { type: string; hours: number }[] {
  const acts = [
    ...REMINDER_HOURS.slice(0, reminders).map((hours) => ({ type: 'gate.reminded', hours })),
    ...ESCALATION_HOURS.slice(0, escalations).map((hours) => ({ type: 'gate.escalated', hours })),
  ];
  if (ending === 'expired') acts.push({ type: 'gate.expired', hours: EXPIRY_HOURS });
  return acts.sort((a, b) => a.hours - b.hours);
}

/** One act ends the gate, a verdict or its expiry; each before it is one of the further ones. */
function boundOf(acts: number): number {
  return EVENTS_OF_ONE_SEAT + EVENTS_OF_EACH_FURTHER * (acts - 1);
}

const measured = new Map<Cell, Measured>();

beforeAll(async () => {
  const { database, world } = governed;
  await allowModel(database, world.platformAdmin, MATRIX_MODEL);
  await governed.startWorker({ providers: { [MATRIX_MODEL.vendor]: matrixModel } });
  const { members } = world.hospital;
  // A worker's first task also loads the workflow, which on a busy machine may take longer than a task has.
  await begin('The first run', { seats: 1, reminders: 0, escalations: 0 });
  const runs = await atOnce(
    CELLS,
    async (cell) => {
      const gate = await begin(nameOf(cell), cell);
      return { cell, runId: gate.run_id };
    },
    AT_ONCE,
  );
  for (let day = 1; day <= EXPIRY_DAY; day += 1) {
    await passUntilDay(day);
    await quiet();
    const seat = SEAT_DAYS.indexOf(day);
    if (seat >= 0)
      await atOnce(
        runs.filter(({ cell }) => seat < cell.seats - 1),
        async ({ runId }) => decide(members[seat], await gateOf(runId), 'approve'),
        AT_ONCE,
      );
    if (day === LAST_DAY)
      await atOnce(
        runs.filter(({ cell }) => cell.ending !== 'expired'),
        async ({ cell, runId }) =>
          decide(
            members[cell.seats - 1],
            await gateOf(runId),
            cell.ending === 'approved' ? 'approve' : 'reject',
          ),
        AT_ONCE,
      );
  }
  for (const { cell, runId } of runs) measured.set(cell, await measure(runId));
}, 240_000);

afterAll(() => {
  const rows = TERMS.map((terms) => {
    const counts = CELLS.filter((cell) => recordTypeOf(cell) === recordTypeOf(terms)).map(
      (cell) => measured.get(cell)?.events ?? 0,
    );
    const bound = boundOf(terms.seats + terms.reminders + terms.escalations);
    return [terms.seats, terms.reminders, terms.escalations, ...counts, bound];
  });
  const heads = ['seats', 'reminders', 'escalations', ...ENDINGS, 'bound'];
  const lines = [heads, ...rows].map((row) => row.map((value) => String(value).padStart(11)).join(' '));
  process.stdout.write(`Events in the history of a run\n${lines.join('\n')}\n`);
});

/** What is wrong with a cell's run: in its end, in an act that did not come once and at its time, or in its length. */
function faultsOf(cell: Cell): string[] {
  const run = measured.get(cell);
  if (!run) return [`${nameOf(cell)}: not measured`];
  const acts = expectedActs(cell);
  const lateMs = (times: readonly number[]): number[] =>
    times.map((atMs, index) => Math.round(atMs - run.openedMs - (acts[index]?.hours ?? 0) * HOUR_MS));
  const actsLateMs = lateMs(run.acts.map(({ atMs }) => atMs));
  const timersLateMs = lateMs(run.timersMs);
  const holds: Record<string, boolean> = {
    [`ended ${JSON.stringify(run.result)}`]: (run.result as { outcome?: string }).outcome === cell.ending,
    [`${run.decisions} decisions`]:
      run.decisions === (cell.ending === 'expired' ? cell.seats - 1 : cell.seats),
    [`acts ${run.acts.map(({ type }) => type).join(' ')}`]:
      run.acts.length === acts.length && acts.every(({ type }, index) => run.acts[index]?.type === type),
    [`acts late by ${actsLateMs.join(' ')} ms`]: actsLateMs.every((ms) => ms >= 0 && ms < LATE_MS_MAX),
    [`timers late by ${timersLateMs.join(' ')} ms`]:
      timersLateMs.length === acts.length && timersLateMs.every((ms) => Math.abs(ms) < TIMER_MS_MAX),
    [`${run.events} events`]: run.events <= boundOf(run.decisions + run.acts.length),
  };
  return Object.entries(holds)
    .filter(([, held]) => !held)
    .map(([fault]) => `${nameOf(cell)}: ${fault}`);
}

it.each(ENDINGS)(
  'keeps to the bound in every cell that is %s, and each act of time comes once and at its time',
  (ending) => {
    const cells = CELLS.filter((cell) => cell.ending === ending);
    expect(cells).toHaveLength(3 * 4 * 3);
    expect(cells.flatMap(faultsOf)).toEqual([]);
  },
);

it.each([1, 2, 3])('takes an escalation by a person as one act more, with %i seats', async (seats) => {
  const { database, world } = governed;
  const { id, members } = world.hospital;
  const gate = await begin(`Escalated by a person, ${seats} seats`, { seats, reminders: 0, escalations: 0 });
  for (const member of members.slice(0, seats - 1)) await decide(member, gate, 'approve');
  await decide(members[seats - 1], gate, 'escalate');
  // The seats that were taken before are void: as many seniors decide the raised gate.
  for (let seat = 1; seat <= seats; seat += 1)
    await decide(await addMember(database, id, ['senior']), await gateOf(gate.run_id), 'approve');
  const run = await measure(gate.run_id);
  expect(run.result).toEqual({ outcome: 'approved', code: null });
  expect(run.decisions).toBe(2 * seats);
  expect(run.events).toBeLessThanOrEqual(boundOf(run.decisions));
});
