import { sqlRuns } from '../sql/support/runs';
import { testDatabase } from '../support/database';
import { databaseArena } from './database-arena';
import { RACE_PACKS } from './packs';
import { judgeRace } from './judge';
import { playRace, raceSettings, runRaces } from './play';
import type { Race } from './acts';
import type { Told } from './arena';

const database = testDatabase();
const runs = sqlRuns(database, RACE_PACKS);
const arena = databaseArena(database, runs);

/** On the embedded database one transaction runs at a time: there the same is a smoke test. */
const RACES = { native: 480, embedded: 12 };
const MS_PER_RACE_MAX = 1_000;

const settings = raceSettings(0);

it(
  'has one verdict that wins every race, and tells everybody else so',
  async () => {
    const count = settings.count > 0 ? settings.count : database.isNative ? RACES.native : RACES.embedded;
    const tally = await runRaces(database, arena, { ...settings, count });
    if (count < RACES.native) return;
    expect(Object.keys(tally).sort()).toEqual(['approved', 'expired', 'rejected', 'withdrawn']);
  },
  60_000 + Math.max(settings.count, RACES.native) * MS_PER_RACE_MAX,
);

describe('the judge', () => {
  // Of farms whose policy nobody has raced about.
  const quiet = databaseArena(database, runs);
  const act = { by: 2, fresh: true, delivered: 'once' } as const;
  const race: Race = {
    seats: 1,
    expires: false,
    asker: 0,
    acts: [
      { ...act, kind: 'claim', atPermille: 0 },
      { ...act, kind: 'escalate', by: 2, atPermille: 0 },
      { ...act, kind: 'approve', by: 4, atPermille: 0 },
      { ...act, kind: 'reject', by: 5, atPermille: 0 },
    ],
  };

  it.each<[string, (one: Told) => Told]>([
    [
      'a verdict that was applied and told refused',
      (one) => ({ ...one, said: 'refused', code: 'seat_taken' }),
    ],
    ['a verdict that nobody was told of', ({ intentId: _none, ...one }) => one],
    ['another decision', (one) => ({ ...one, decisionId: one.intentId })],
    ['another winner', (one) => ({ ...one, code: 'gate_closed', winner: undefined })],
    ['a version that fell', (one) => ({ ...one, version: 0, startedAt: 1e12 })],
    ['a version that never was', (one) => ({ ...one, version: 9 })],
  ])('sees %s', async (_what, falsified) => {
    const { ground, told } = await playRace(quiet, race, { inOrder: true });
    expect(await judgeRace(database, race, ground, told)).toEqual({ outcome: 'approved', wrong: [] });
    const lied = told.map((one) => (one.act.kind === 'approve' ? falsified(one) : one));
    expect((await judgeRace(database, race, ground, lied)).wrong).not.toEqual([]);
  });
});
