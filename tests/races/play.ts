import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { brokenChains, verifyChains } from '../sql/support/chain';
import type { TestDatabase } from '../support/database';
import { raceOf, type Race, type RaceAct } from './acts';
import type { Arena, Ground, Told } from './arena';
import { judgeMoney, judgeRace } from './judge';

/** How many races, and which: of `npm run races`, else as many as the test file says and others each time. */
export interface RaceSettings {
  readonly count: number;
  readonly seed: number;
  /** Of a failing batch, as fast-check prints it: begins there. */
  readonly path?: string;
}

const PROGRESS_MS = 10_000;

export function raceSettings(countByDefault: number): RaceSettings {
  const given = JSON.parse(process.env.COUNTERSIGN_TEST_RACES ?? '{}') as Partial<RaceSettings>;
  return { count: countByDefault, seed: Math.floor(Math.random() * 0x7fffffff), ...given };
}

/**
 * Runs races, some at once, and judges each one. A failure names the seed and the path with which
 * `npm run races -- --seed … --path …` begins at the failing ones; how they interleave there is the machine's affair.
 */
export async function runRaces(
  database: TestDatabase,
  arena: Arena,
  { count, seed, path }: RaceSettings,
): Promise<Record<string, number>> {
  const tally: Record<string, number> = {};
  const began = performance.now();
  let done = 0;
  let said = began;
  const say = (sentence: string): void => void process.stderr.write(`[races] ${sentence}\n`);
  // Asked of each race by the judge, and of none by the product.
  await database.look('create index if not exists outbox_of_races on core.outbox (tenant_id, gate_id)');
  say(`${count} races, seed ${seed}${path === undefined ? '' : `, path ${path}`}`);
  await fc.assert(
    fc.asyncProperty(
      fc.array(raceOf(arena), { minLength: arena.atOnce, maxLength: arena.atOnce }),
      async (races) => {
        const outcomes = await Promise.all(races.map((one) => runRace(database, arena, one)));
        for (const outcome of outcomes) tally[outcome] = (tally[outcome] ?? 0) + 1;
        done += races.length;
        if (performance.now() - said < PROGRESS_MS) return;
        said = performance.now();
        say(`${done} of ${count}, ${((done * 1_000) / (said - began)).toFixed(1)} a second`);
      },
    ),
    {
      numRuns: Math.ceil(count / arena.atOnce),
      seed,
      ...(path === undefined ? {} : { path }),
      // The same acts meet in another order the next time: a smaller example would be another race.
      endOnFailure: true,
    },
  );
  const wrong = [...(await judgeMoney(database)), ...brokenChains(await verifyChains(database.look))];
  if (wrong.length > 0) throw new Error(`after races of seed ${seed}: ${wrong.join('; ')}`);
  say(`${done} races: ${JSON.stringify(tally)}`);
  return tally;
}

/** One race from the opening of its gate to the end of its run, and what each act was told. In order, it is no race. */
export async function playRace(
  arena: Arena,
  one: Race,
  { inOrder = false }: { readonly inOrder?: boolean } = {},
): Promise<{ ground: Ground; told: readonly Told[] }> {
  const ground = await arena.open(one);
  const told: Told[] = [];
  if (inOrder) for (const act of one.acts) told.push(await perform(arena, ground, one, act));
  else told.push(...(await Promise.all(one.acts.map((act) => perform(arena, ground, one, act)))));
  await arena.end(ground);
  return { ground, told };
}

/** @throws Error with all that is wrong with one race, its acts and what they were told */
async function runRace(database: TestDatabase, arena: Arena, one: Race): Promise<string> {
  const { ground, told } = await playRace(arena, one);
  const { outcome, wrong } = await judgeRace(database, one, ground, told);
  if (wrong.length > 0) {
    const acts = told.map(({ act, ...rest }) => JSON.stringify({ ...act, ...rest })).join('\n');
    throw new Error(`run ${ground.runId}, gate ${ground.gateId}:\n- ${wrong.join('\n- ')}\n${acts}`);
  }
  return outcome;
}

async function perform(arena: Arena, ground: Ground, one: Race, act: RaceAct): Promise<Told> {
  const dueMs = (act.atPermille * arena.lengthMs(one)) / 1_000 - (performance.now() - ground.openedAt);
  if (dueMs > 0) await sleep(dueMs);
  const startedAt = performance.now();
  const answer = await arena.perform(ground, act);
  const userId = ground.cast[act.by]?.userId ?? '';
  return { act, userId, startedAt, endedAt: performance.now(), ...answer };
}
