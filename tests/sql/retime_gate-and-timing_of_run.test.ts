import { testDatabase } from '../support/database';
import { changePolicy } from '../support/world';
import { inHours, sale, sqlRuns, type Farm, type GateRow } from './support/runs';
import { stateOf } from './support/states';

const database = testDatabase();
const runs = sqlRuns(database);

const CALENDAR = { weekdays: [1, 2, 3, 4, 5], from: '08:00', to: '17:00', holidays: ['2026-12-25'] };
const reminder = (at: string) => ({ kind: 'reminder', at, role: null });
const escalation = (at: string) => ({ kind: 'escalation', at, role: 'admin' });

interface Timing {
  readonly is_late: boolean;
  readonly policy_version: number;
  readonly working_calendar: unknown;
  readonly time_zone: string;
  readonly stale: readonly {
    readonly gate_id: string;
    readonly timing: unknown;
    readonly record_type: string;
  }[];
}

let farm: Farm;

beforeEach(async () => {
  farm = await runs.farm();
});
afterEach(() => runs.shiftClock('0'));

async function gateWith(changes: object): Promise<GateRow> {
  const { gates } = await runs.drafted(farm.hand, [sale(changes)]);
  return gates[0] as GateRow;
}

const timing = (gate: GateRow) => runs.call<Timing>('worker', farm.id, 'timing_of_run', gate.run_id);
const retime = (gate: GateRow, version: number, due: string, instants: readonly object[]) =>
  runs.call('worker', farm.id, 'retime_gate', gate.id, version, due, JSON.stringify(instants));
const tick = (gate: GateRow) => runs.call<Record<string, unknown>>('worker', farm.id, 'tick_gate', gate.id);
const dueOf = async (gate: GateRow): Promise<string> =>
  new Date(String((await runs.row('gates', { id: gate.id })).due_at)).toISOString();

it('names gates that another calendar counted, and none once they are counted by it', async () => {
  const declared = { reminderAfter: 'P1D', chain: [], expiresAfter: 'P14D' };
  const gate = await gateWith({ timing: declared, timed_by_policy_version: 1 });
  expect(await timing(gate)).toMatchObject({ is_late: false, policy_version: 1, stale: [] });

  await changePolicy(database, farm.owner, { paused: false });
  expect((await timing(gate)).stale).toEqual([]);

  await changePolicy(database, farm.owner, { working_calendar: CALENDAR });
  expect(await timing(gate)).toMatchObject({
    policy_version: 3,
    working_calendar: CALENDAR,
    time_zone: 'Africa/Lagos',
    stale: [{ gate_id: gate.id, timing: declared, record_type: 'sale' }],
  });

  expect(await retime(gate, 3, inHours(400), [])).toEqual({ outcome: 'moved' });
  expect((await timing(gate)).stale).toEqual([]);
});

it('says when an act of time is late by a minute, and not before', async () => {
  const gate = await gateWith({ instants: [reminder(inHours(1))] });
  await runs.shiftClock('60 minutes 30 seconds');
  expect((await timing(gate)).is_late).toBe(false);
  await runs.shiftClock('61 minutes 30 seconds');
  expect((await timing(gate)).is_late).toBe(true);
  await tick(gate);
  expect((await timing(gate)).is_late).toBe(false);
});

it('looks again after five minutes, or when the next act of time would be late, and at once when the policy changes', async () => {
  const far = await gateWith({ due_at: inHours(100) });
  const near = await gateWith({ due_at: inHours(100), instants: [reminder(inHours(0.05))] });
  const minutesTo = async (gate: GateRow): Promise<number> => {
    const { due_at: due } = await runs.row('worklist', { kind: 'run', ref_id: gate.run_id });
    return (new Date(String(due)).getTime() - Date.now()) / 60_000;
  };
  for (const gate of [far, near]) {
    await database.look('update core.worklist set due_at = app.now() where ref_id = $1', [gate.run_id]);
    await timing(gate);
  }
  expect(await minutesTo(far)).toBeCloseTo(5, 0);
  expect(await minutesTo(near)).toBeCloseTo(4, 0);
  await changePolicy(database, farm.owner, { paused: true });
  for (const gate of [far, near]) expect(await minutesTo(gate)).toBeLessThan(0.1);
});

it('moves what has not fired, keeps what has, and voids nobody’s seat', async () => {
  const gate = await gateWith({
    due_at: inHours(100),
    instants: [reminder(inHours(1)), reminder(inHours(10)), escalation(inHours(20))],
  });
  await runs.shiftClock('2 hours');
  await tick(gate);
  const due = inHours(200);
  const moved = [
    reminder(inHours(5)),
    reminder(inHours(30)),
    escalation(inHours(60)),
    escalation(inHours(300)),
  ];
  expect(await retime(gate, 2, due, moved)).toEqual({ outcome: 'moved' });
  expect(await dueOf(gate)).toBe(due);
  const [row] = await runs.gates(farm.id, gate.run_id);
  expect(row).toMatchObject({ version: 1, closed_at: null });
  expect(await tick(gate)).toMatchObject({ wakes_for: 'reminder', gate_outcome: null });

  await runs.shiftClock('31 hours');
  expect(await tick(gate)).toMatchObject({ wakes_for: 'escalation' });
  await runs.shiftClock('61 hours');
  expect(await tick(gate)).toMatchObject({ wakes_for: 'expiry' });
  await runs.shiftClock('201 hours');
  expect(await tick(gate)).toMatchObject({ gate_outcome: 'expired' });
  expect((await runs.events(gate.run_id)).filter((type) => type.startsWith('gate.'))).toEqual([
    'gate.reminded',
    'gate.retermed',
    'gate.reminded',
    'gate.escalated',
    'gate.expired',
  ]);
});

it('leaves a day at least, or what the gate had, when its new time has gone by', async () => {
  const far = await gateWith({ due_at: inHours(300) });
  const near = await gateWith({ due_at: inHours(3) });
  for (const gate of [far, near]) await retime(gate, 2, inHours(-5), []);
  const hoursLeft = async (gate: GateRow): Promise<number> =>
    (Date.parse(await dueOf(gate)) - Date.now()) / 3_600_000;
  expect(await hoursLeft(far)).toBeCloseTo(24, 1);
  expect(await hoursLeft(near)).toBeCloseTo(3, 1);
  expect(await tick(far)).toMatchObject({ gate_outcome: null });
});

it('changes nothing where the times are the same, twice, by an older policy, or after the end', async () => {
  const due = inHours(50);
  const gate = await gateWith({ due_at: due, instants: [reminder(inHours(1))] });
  const { instants } = { instants: [reminder(inHours(4))] };
  expect(await retime(gate, 4, due, instants)).toEqual({ outcome: 'moved' });
  expect(await retime(gate, 5, due, instants)).toEqual({ outcome: 'same' });
  expect(await retime(gate, 5, inHours(70), [])).toEqual({ outcome: 'stale' });
  expect(await retime(gate, 4, inHours(70), [])).toEqual({ outcome: 'stale' });
  await runs.call('api', farm.id, 'withdraw_run', gate.run_id, farm.owner.userId);
  expect(await retime(gate, 6, inHours(70), [])).toEqual({ outcome: 'closed' });
  expect(await dueOf(gate)).toBe(due);
  expect((await runs.events(gate.run_id)).filter((type) => type === 'gate.retermed')).toHaveLength(1);
});

it('refuses the verdict of somebody who was shown the earlier due time', async () => {
  const gate = await gateWith({ due_at: inHours(50) });
  const shown = await runs.call<Buffer>('api', farm.id, 'shown_hash', gate.id, farm.owner.userId);
  await retime(gate, 2, inHours(90), []);
  expect(await runs.store(farm.owner, gate, 'approve', { shown })).toMatchObject({
    outcome: 'refused',
    code: 'gate_changed',
  });
  expect(await runs.store(farm.owner, gate, 'approve')).toMatchObject({ outcome: 'stored' });
});

it('lets no due time move but with a later policy', async () => {
  const gate = await gateWith({ timed_by_policy_version: 3 });
  const change = (set: string) =>
    stateOf(
      database.asOwner(farm.id, (transaction) =>
        transaction.rows(`update core.gates set ${set} where id = $1`, [gate.id]),
      ),
    );
  expect(await change("due_at = due_at + interval '1 day'")).toBe('ZC008');
  expect(await change("due_at = due_at + interval '1 day', timed_by_policy_version = 3")).toBe('ZC008');
  expect(await change('timed_by_policy_version = 2')).toBe('ZC008');
  expect(await change(`timing = '{}'`)).toBe('ZC008');
});

it.each([
  { ...CALENDAR, weekdays: [] },
  { ...CALENDAR, weekdays: [0] },
  { ...CALENDAR, from: '8:00' },
  { ...CALENDAR, from: '18:00' },
  { ...CALENDAR, to: '25:00' },
  { ...CALENDAR, holidays: ['Christmas'] },
  { ...CALENDAR, holidays: [7] },
  { ...CALENDAR, note: 'Words that somebody wrote' },
  { weekdays: [1] },
  5,
])('refuses what is no calendar: %j', async (calendar) => {
  expect(await stateOf(changePolicy(database, farm.owner, { working_calendar: calendar }))).toBe('23514');
});

it('keeps a calendar that a change does not name, and takes it away when it is null', async () => {
  const present = async (): Promise<unknown> => {
    const [row] = await database.look<{ working_calendar: unknown }>(
      'select working_calendar from core.ai_policy_controls where tenant_id = $1 order by version desc limit 1',
      [farm.id],
    );
    return row?.working_calendar;
  };
  await changePolicy(database, farm.owner, { working_calendar: CALENDAR });
  await changePolicy(database, farm.owner, { paused: true, working_calendar: undefined });
  expect(await present()).toEqual(CALENDAR);
  const [event] = await database.look<{ payload: string }>(
    "select payload from core.audit_log where tenant_id = $1 and type = 'policy.changed' order by seq desc limit 1",
    [farm.id],
  );
  expect(event?.payload).toContain(
    '"working_calendar":{"from":"08:00","holidays":["2026-12-25"],"to":"17:00","weekdays":["1","2","3","4","5"]}',
  );
  await changePolicy(database, farm.owner, { working_calendar: null });
  expect(await present()).toBeNull();
});
