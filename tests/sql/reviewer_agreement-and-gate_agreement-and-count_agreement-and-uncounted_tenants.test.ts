import { AGREEMENT_DAYS, BAND_FLOORS_PERMILLE, bandOf } from '../../contract/policy/reviewer-agreement';
import { testDatabase } from '../support/database';
import { addMember, changePolicy } from '../support/world';
import { grant, inHours, note, sale, sqlRuns, type DraftItem, type Farm, type GateRow } from './support/runs';
import { stateOf } from './support/states';

/* What reviewers made of a model's answers: exactly, and as a gate shows it. */

const database = testDatabase();
const runs = sqlRuns(database);
let farm: Farm;

interface Cell {
  readonly purpose: string;
  readonly vendor: string;
  readonly model: string;
  readonly floor_permille: number;
  readonly agreed: bigint;
  readonly edited: bigint;
  readonly rejected: bigint;
}

beforeEach(async () => {
  farm = await runs.farm();
});

const report = async (
  filter: { purpose?: string; vendor?: string; model?: string; from?: string; until?: string } = {},
  tenantId = farm.id,
) =>
  await database.as('api', tenantId, (transaction) =>
    transaction.rows<Cell>('select * from app.reviewer_agreement($1, $2, $3, $4, $5, $6)', [
      BAND_FLOORS_PERMILLE,
      filter.purpose ?? null,
      filter.vendor ?? null,
      filter.model ?? null,
      filter.from ?? null,
      filter.until ?? null,
    ]),
  );

const sums = (cells: readonly Cell[]) =>
  cells.map(({ floor_permille: floor, agreed, edited, rejected }) => [
    floor,
    Number(agreed),
    Number(edited),
    Number(rejected),
  ]);

const shown = (gate: GateRow, decidedMin = 1, days: number = AGREEMENT_DAYS, tenantId = farm.id) =>
  runs.call<{ floor_permille: number; agreed: string; decided: string } | null>(
    'api',
    tenantId,
    'gate_agreement',
    gate.id,
    BAND_FLOORS_PERMILLE,
    days,
    decidedMin,
  );

const uncounted = async () =>
  (
    await database.as('worker', null, (transaction) =>
      transaction.rows<{ tenant_id: string }>('select tenant_id from app.uncounted_tenants()'),
    )
  ).map(({ tenant_id: id }) => id);

const count = () => runs.call<{ counted_until: string }>('worker', farm.id, 'count_agreement');

async function opened(item: DraftItem): Promise<GateRow> {
  // Long enough for a clock that is put forward.
  const { gates } = await runs.drafted(farm.hand, [{ ...item, due_at: inHours(24 * 30) }]);
  return gates[0] as GateRow;
}

async function decided(item: DraftItem, verdict: string, edits?: object): Promise<void> {
  const words = edits === undefined ? {} : { edits };
  const answer = await runs.decide(farm.owner, await opened(item), verdict, words);
  expect(answer.outcome).toBe('applied');
}

const EDITS = { ...(JSON.parse(sale().payload) as object), quantity: '31' };

describe('what agreement is', () => {
  it('approved as drafted agrees; approved with edits and rejected do not', async () => {
    await decided(sale({ confidence_permille: 800 }), 'approve');
    await decided(sale({ confidence_permille: 850 }), 'approve', EDITS);
    await decided(sale({ confidence_permille: 899 }), 'reject');
    expect(await report()).toEqual([
      {
        purpose: 'farm.record',
        vendor: 'local',
        model: 'farm-notes-1',
        floor_permille: 800,
        agreed: 1n,
        edited: 1n,
        rejected: 1n,
      },
    ]);
  });

  it('what no reviewer decided, and what no model proposed, is not counted', async () => {
    await changePolicy(database, farm.owner, { autonomy_tier: 'auto', auto_categories: ['note'] });
    await runs.drafted(farm.hand, [note()]);
    const taken = await runs.drafted(farm.hand, [sale()]);
    await runs.call('api', farm.id, 'withdraw_run', taken.runId, farm.hand.userId);
    const manual = await opened(sale({ kind: 'manual', confidence_permille: null }));
    await runs.decide(farm.owner, manual, 'approve', {
      recordType: 'note',
      edits: JSON.parse(note().payload) as object,
    });
    await opened(sale());
    expect(await report()).toEqual([]);
  });

  it('an escalation is no decision; what follows it is', async () => {
    const senior = await addMember(database, farm.id, ['senior', 'reviewer']);
    const gate = await opened(sale({ confidence_permille: 950 }));
    await runs.decide(farm.owner, gate, 'escalate');
    expect(await report()).toEqual([]);
    const [raised] = await runs.gates(farm.id, gate.run_id);
    await runs.decide(senior, raised as GateRow, 'approve');
    expect(sums(await report())).toEqual([[900, 1, 0, 0]]);
  });

  it('a criteria check that is approved as it stands is agreed with, whatever follows of it', async () => {
    const reviewers = [
      await addMember(database, farm.id, ['reviewer']),
      await addMember(database, farm.id, ['reviewer']),
    ];
    const { gates } = await runs.drafted(
      farm.hand,
      [grant({ confidence_permille: 500 })],
      'credentialing.privileging',
    );
    for (const by of reviewers)
      await runs.decide(by, gates[0] as GateRow, 'approve', {
        disposition: 'deny',
        rationaleParts: { reasons: 'As the board says.', basis: 'The licence has ended.' },
        reasonCode: null,
      });
    expect(await report()).toMatchObject([
      { purpose: 'credentialing.privileging', floor_permille: 500, agreed: 1n, edited: 0n, rejected: 0n },
    ]);
  });
});

it('is told by purpose, vendor, model, time and band, and of no other tenant', async () => {
  await decided(sale({ confidence_permille: 0 }), 'approve');
  await decided(sale({ confidence_permille: 1000 }), 'reject');
  expect(sums(await report())).toEqual([
    [0, 1, 0, 0],
    [900, 0, 0, 1],
  ]);
  const now = new Date(Date.now() + 60_000).toISOString();
  const before = new Date(Date.now() - 3_600_000).toISOString();
  const narrowed = {
    purpose: 'farm.record',
    vendor: 'local',
    model: 'farm-notes-1',
    from: before,
    until: now,
  };
  expect(await report(narrowed)).toHaveLength(2);
  for (const other of [
    { purpose: 'farm.memory' },
    { vendor: 'v' },
    { model: 'm' },
    { from: now },
    { until: before },
  ])
    expect(await report({ ...narrowed, ...other })).toEqual([]);
  const theirs = await report({}, runs.world.hospital.id);
  expect(theirs.some(({ purpose }) => purpose === 'farm.record')).toBe(false);
});

it('puts every confidence into the band that the contract names', async () => {
  const rows = await database.look<{ confidence: number; floor: number }>(
    'select c as confidence, ($1::integer[])[width_bucket(c, $1::integer[])] as floor from generate_series(0, 1000) as c',
    [BAND_FLOORS_PERMILLE],
  );
  expect(rows).toHaveLength(1001);
  for (const { confidence, floor } of rows) expect(bandOf(confidence)).toBe(bandOf(floor));
});

describe('at a gate', () => {
  it('shows what was counted when it opened, however many decide meanwhile, and nothing while they are few', async () => {
    for (let time = 0; time < 3; time += 1)
      await decided(sale({ confidence_permille: 810 + time }), 'approve');
    await decided(sale({ confidence_permille: 880 }), 'approve', EDITS);
    await decided(sale({ confidence_permille: 899 }), 'reject');
    await decided(sale({ confidence_permille: 900 }), 'reject');
    const early = await opened(sale({ confidence_permille: 805 }));
    expect(await shown(early)).toBeNull();
    await runs.shiftClock('1 day 2 hours');
    try {
      expect(await uncounted()).toContain(farm.id);
      await count();
      expect(await uncounted()).not.toContain(farm.id);
      expect(await shown(early)).toBeNull();
      const gate = await opened(sale({ confidence_permille: 805 }));
      const seen = { floor_permille: 800, agreed: '3', decided: '5' };
      expect(await shown(gate)).toEqual(seen);
      expect(await shown(gate, 1, AGREEMENT_DAYS, runs.world.hospital.id)).toBeNull();
      expect(await shown(gate, 5)).toEqual(seen);
      expect(await shown(gate, 6)).toBeNull();
      expect(await shown(gate, 1, 0)).toBeNull();
      // In another band, and in none: a manual gate.
      expect(await shown(await opened(sale({ confidence_permille: 700 })))).toBeNull();
      expect(await shown(await opened(sale({ kind: 'manual', confidence_permille: null })))).toBeNull();
      // What is decided and counted from here on is for gates that open later.
      await decided(sale({ confidence_permille: 820 }), 'reject');
      await runs.shiftClock('3 days');
      await count();
      expect(await shown(gate)).toEqual(seen);
      expect(await shown(await opened(sale({ confidence_permille: 805 })))).toEqual({
        floor_permille: 800,
        agreed: '3',
        decided: '6',
      });
    } finally {
      await runs.shiftClock('0');
    }
  });
});

describe('counting', () => {
  it('is done once for each day, also by two at once, and sums up to the report', async () => {
    await decided(sale({ confidence_permille: 640 }), 'approve');
    await decided(sale({ confidence_permille: 640 }), 'reject');
    await decided(sale({ confidence_permille: 660 }), 'approve', EDITS);
    await runs.shiftClock('1 day 2 hours');
    try {
      await Promise.all([count(), count(), count()]);
      await count();
    } finally {
      await runs.shiftClock('0');
    }
    const rows = await database.look<Record<string, unknown>>(
      'select confidence_permille, agreed, edited, rejected from core.agreement_days where tenant_id = $1 order by 1',
      [farm.id],
    );
    expect(rows).toEqual([
      { confidence_permille: 640, agreed: 1n, edited: 0n, rejected: 1n },
      { confidence_permille: 660, agreed: 0n, edited: 1n, rejected: 0n },
    ]);
    expect(sums(await report())).toEqual([[600, 1, 1, 1]]);
  });

  it('leaves the day that has not ended, and the hour after it, in which some of it could still commit', async () => {
    await decided(sale(), 'approve');
    await count();
    expect(await runs.count('agreement_days', { tenant_id: farm.id })).toBe(0);
    expect(await uncounted()).not.toContain(farm.id);
  });

  it('is the worker’s, and the report no worker’s', async () => {
    expect(await stateOf(runs.call('api', farm.id, 'count_agreement'))).toBe('42501');
    expect(await stateOf(runs.call('worker', farm.id, 'gate_agreement', farm.owner.userId, [0], 1, 1))).toBe(
      '42501',
    );
  });

  it('leaves the platform’s own tenants out', async () => {
    expect((await uncounted()).filter((id) => id.startsWith('__'))).toEqual([]);
  });
});
