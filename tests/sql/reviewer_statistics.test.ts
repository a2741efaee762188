import { testDatabase } from '../support/database';
import { addMember, type Person } from '../support/world';
import { grant, note, sale, sqlRuns, type DraftItem, type Farm, type GateRow } from './support/runs';

/* What is known of reviewers, beside the same counted by hand from what each of them did. */

const database = testDatabase();
const runs = sqlRuns(database);

interface Statistics {
  readonly user_id: string;
  readonly purpose: string;
  readonly [figure: string]: unknown;
}

const QUICK = 10;
const SURE = 900;

async function statistics(
  tenantId: string,
  filter: { from?: string; to?: string; purpose?: string; userId?: string } = {},
): Promise<Statistics[]> {
  return await database.as('api', tenantId, (transaction) =>
    transaction.rows<Statistics>('select * from app.reviewer_statistics($1, $2, $3, $4, $5, $6)', [
      filter.from ?? '2020-01-01T00:00:00Z',
      filter.to ?? '2100-01-01T00:00:00Z',
      filter.purpose ?? null,
      filter.userId ?? null,
      QUICK,
      SURE,
    ]),
  );
}

async function gateOf(by: Person, item: DraftItem, purpose?: string): Promise<GateRow> {
  const { gates } = await runs.drafted(by, [item], purpose);
  return gates[0] as GateRow;
}

/** The database's clock, so many seconds ahead. */
const ahead = (seconds: number): Promise<void> => runs.shiftClock(`${seconds} seconds`);

const edits = { ...(JSON.parse(sale().payload) as object), quantity: '31' };

afterEach(() => runs.shiftClock('0'));

describe('of one seat', () => {
  let farm: Farm;
  let other: Person;

  beforeEach(async () => {
    farm = await runs.farm();
    other = await addMember(database, farm.id, ['reviewer']);
  });

  it('are verdicts by kind, with and against the model, and what was self-confirmed', async () => {
    const { owner, hand } = farm;
    await runs.decide(owner, await gateOf(hand, sale()), 'approve');
    await runs.decide(owner, await gateOf(owner, sale()), 'approve');
    await runs.decide(owner, await gateOf(hand, sale({ confidence_permille: 950 })), 'approve', { edits });
    await runs.decide(owner, await gateOf(hand, sale({ confidence_permille: 900 })), 'reject');
    await runs.decide(owner, await gateOf(hand, sale({ confidence_permille: 899 })), 'reject');
    await runs.decide(owner, await gateOf(hand, note()), 'escalate');
    // What a person wrote by hand is neither with nor against the model.
    const manual = sale({ kind: 'manual', payload: '{}', confidence_permille: null });
    await runs.decide(owner, await gateOf(hand, manual), 'approve', { edits, recordType: 'sale' });
    await runs.decide(other, await gateOf(hand, sale()), 'reject');
    const rows = await statistics(farm.id);
    expect(rows).toHaveLength(2);
    expect(rows.find(({ user_id: id }) => id === owner.userId)).toMatchObject({
      purpose: 'farm.record',
      decisions: 7n,
      approvals: 4n,
      rejections: 2n,
      escalations: 1n,
      edits: 1n,
      agreed: 2n,
      overrides: 3n,
      sure_overrides: 2n,
      self_confirmed: 1n,
      seat_pairs: 0n,
      first_views: 0n,
    });
    expect(await statistics(farm.id, { userId: other.userId })).toMatchObject([
      { decisions: 1n, rejections: 1n, overrides: 1n },
    ]);
    expect(await statistics(farm.id, { purpose: 'farm.memory' })).toEqual([]);
  });

  it('take the time since the version opened, and since the person first held the gate', async () => {
    const { owner, hand } = farm;
    const waited = [5, 20, 40, 60, 100];
    for (const seconds of waited) {
      const gate = await gateOf(hand, sale());
      await ahead(seconds);
      await runs.decide(owner, gate, 'approve');
      await runs.shiftClock('0');
    }
    // Held from 50 s on, and again at 58 s: it is the first time that counts.
    const held = await gateOf(hand, sale());
    await ahead(50);
    await runs.call('api', farm.id, 'claim_gate', held.id, owner.userId, '1 hour');
    await ahead(58);
    await runs.call('api', farm.id, 'claim_gate', held.id, owner.userId, '1 hour');
    await ahead(59);
    await runs.decide(owner, held, 'approve');
    await runs.shiftClock('0');
    const [row] = await statistics(farm.id);
    const all = [...waited, 59].sort((a, b) => a - b);
    expectAbout(row?.median_seconds, (all[2] as number) * 0.5 + (all[3] as number) * 0.5);
    expectAbout(row?.p90_seconds, (all[4] as number) * 0.5 + (all[5] as number) * 0.5);
    expect(row).toMatchObject({ held: 1n, quick: 2n });
    expectAbout(row?.held_median_seconds, 9);
    expectAbout(row?.held_p90_seconds, 9);
  });

  it('begin anew with an escalation, which opens the next version', async () => {
    const { owner, hand } = farm;
    const gate = await gateOf(hand, sale());
    await ahead(30);
    await runs.decide(other, gate, 'escalate');
    await ahead(42);
    const [raised] = (await runs.gates(farm.id, gate.run_id)) as [GateRow];
    expect(raised.version).toBe(2);
    const senior = await addMember(database, farm.id, ['senior', 'admin']);
    await runs.decide(senior, raised, 'approve');
    const rows = await statistics(farm.id);
    expectAbout(rows.find(({ user_id: id }) => id === other.userId)?.median_seconds, 30);
    expectAbout(rows.find(({ user_id: id }) => id === senior.userId)?.median_seconds, 12);
    expect(rows.some(({ user_id: id }) => id === owner.userId)).toBe(false);
  });

  it('are of the time that was asked about, to the instant', async () => {
    const { owner, hand } = farm;
    await runs.decide(owner, await gateOf(hand, sale()), 'approve');
    const [exact] = await database.look<{ at: string }>(
      `select app.utc(decided_at) as at from core.decisions where tenant_id = $1`,
      [farm.id],
    );
    expect(await statistics(farm.id, { from: exact?.at ?? '' })).toHaveLength(1);
    expect(await statistics(farm.id, { to: exact?.at ?? '' })).toEqual([]);
  });
});

it('of several seats say how often others decided the same', async () => {
  const { hospital } = runs.world;
  const [first, second, third] = hospital.members;
  const words = { rationale: 'The sources agree.', disposition: 'grant' };
  const open = () => gateOf(hospital.staff, grant(), 'credentialing.privileging');
  const agreed = await open();
  await runs.decide(first, agreed, 'approve', words);
  await runs.decide(second, agreed, 'approve', words);
  const split = await open();
  await runs.decide(first, split, 'approve', words);
  await runs.decide(third, split, 'reject', { rationale: 'The licence is another person’s.' });
  const alone = await open();
  await runs.decide(third, alone, 'reject', { rationale: 'No source says so.' });
  const rows = await statistics(hospital.id, { purpose: 'credentialing.privileging' });
  const pairs = (person: Person) => {
    const row = rows.find(({ user_id: id }) => id === person.userId);
    return [row?.seat_pairs, row?.seat_pairs_agreed];
  };
  expect([pairs(first), pairs(second), pairs(third)]).toEqual([
    [2n, 1n],
    [1n, 1n],
    [1n, 0n],
  ]);
});

it('show nothing of another tenant, and nothing that the system did', async () => {
  const [farm, other] = [await runs.farm(), await runs.farm()];
  await runs.decide(farm.owner, await gateOf(farm.hand, sale()), 'approve');
  expect(await statistics(other.id)).toEqual([]);
  expect(await statistics(other.id, { userId: farm.owner.userId })).toEqual([]);
});

/** Setting the clock and asking take a moment of their own. */
function expectAbout(seconds: unknown, expected: number): void {
  expect(Number(seconds)).toBeGreaterThanOrEqual(Math.floor(expected));
  expect(Number(seconds)).toBeLessThanOrEqual(Math.ceil(expected) + 3);
}
