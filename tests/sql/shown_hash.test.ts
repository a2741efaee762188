import { testDatabase } from '../support/database';
import { addMember, type Person } from '../support/world';
import { grant, hashOf, sale, sqlRuns, type GateRow } from './support/runs';

const database = testDatabase();
const runs = sqlRuns(database);
const WORDS = { rationale: 'Seen.', disposition: 'grant' };

async function grantGate(): Promise<GateRow> {
  const { gates } = await runs.drafted(runs.world.hospital.staff, [grant()], 'credentialing.privileging');
  return gates[0] as GateRow;
}

async function shownTo(by: Person, gate: GateRow): Promise<Buffer> {
  return await runs.call<Buffer>('api', by.tenantId, 'shown_hash', gate.id, by.userId);
}

it('is one person’s view of one gate, and no row of another tenant', async () => {
  const { farm, hospital } = runs.world;
  const other = await addMember(database, farm.id, ['reviewer']);
  const { gates } = await runs.drafted(farm.hand, [sale(), sale()]);
  const [first, second] = gates as [GateRow, GateRow];
  const views = [
    await shownTo(farm.owner, first),
    await shownTo(farm.owner, second),
    await shownTo(other, first),
  ];
  expect(new Set(views.map((view) => view.toString('hex'))).size).toBe(3);
  expect(await shownTo(farm.owner, first)).toEqual(views[0]);
  expect(await runs.call('api', hospital.id, 'shown_hash', first.id, farm.owner.userId)).toBeNull();
});

describe('a verdict', () => {
  it('on a view that nobody was shown, or that somebody else was, is refused by the database', async () => {
    const { hospital } = runs.world;
    const [first, second] = hospital.members;
    const gate = await grantGate();
    for (const shown of [hashOf('a guess'), Buffer.alloc(0), await shownTo(second, gate)]) {
      expect(await runs.store(first, gate, 'approve', { ...WORDS, shown })).toMatchObject({
        outcome: 'refused',
        code: 'gate_changed',
        changed: ['shown_hash'],
        now: { shown_hash: (await shownTo(first, gate)).toString('hex') },
      });
    }
    expect(await runs.count('intents', { gate_id: gate.id })).toBe(0);
  });

  it('on what was shown before another seat was taken is stale, and told why', async () => {
    const { hospital } = runs.world;
    const [first, second] = hospital.members;
    const gate = await grantGate();
    const shown = await shownTo(second, gate);
    await runs.decide(first, gate, 'approve', WORDS);
    expect(await runs.store(second, gate, 'approve', { ...WORDS, shown })).toMatchObject({
      code: 'gate_changed',
      changed: ['decisions', 'shown_hash'],
    });
    expect(await runs.store(second, gate, 'approve', WORDS)).toMatchObject({ outcome: 'stored' });
  });

  it('is compared under the lock of its gate: a decision that comes between makes it stale', async () => {
    const { hospital } = runs.world;
    const [first, second] = hospital.members;
    const gate = await grantGate();
    const stored = await runs.store(first, gate, 'approve', WORDS);
    const shown = await shownTo(second, gate);
    const [, late] = await Promise.all([
      runs.apply(hospital.id, stored.intent_id),
      runs.store(second, gate, 'approve', { ...WORDS, shown }),
    ]);
    // Whichever had the lock first: a verdict was stored before the decision, or it was refused as stale.
    const decided = await runs.row('decisions', { gate_id: gate.id });
    if (late.outcome === 'stored') {
      const intent = await runs.row('intents', { id: late.intent_id });
      expect(intent.shown_hash).toEqual(shown);
    } else {
      expect(late).toMatchObject({ code: 'gate_changed', changed: ['decisions', 'shown_hash'] });
    }
    expect(decided.verdict).toBe('approve');
  });
});
