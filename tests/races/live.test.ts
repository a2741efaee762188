import { testApi } from '../api/support/server';
import { governedRuns } from '../support/governed';
import { liveArena } from './live-arena';
import { RACE_PACKS } from './packs';
import { raceSettings, runRaces } from './play';

const governed = governedRuns({ packs: RACE_PACKS });
const api = testApi(() => ({
  database: governed.database,
  world: governed.world,
  temporal: { ...governed.temporal, taskQueue: governed.taskQueue },
  // One process asks in the name of everybody.
  limits: { requestsMax: 1_000_000, failuresMax: 60, windowSeconds: 60 },
}));

const RACES = 80;
const MS_PER_RACE_MAX = 3_000;

const settings = raceSettings(RACES);

it(
  'has one verdict that wins every race over HTTP and Temporal, and tells everybody else so',
  async () => {
    const tally = await runRaces(governed.database, liveArena(governed, api), settings);
    expect(Object.values(tally).reduce((sum, one) => sum + one)).toBeGreaterThanOrEqual(settings.count);
  },
  120_000 + settings.count * MS_PER_RACE_MAX,
);
