import { STEPS, type Step } from '../../contract/steps';
import type { FaultyWorker, Moment } from '../support/faulty-workers';
import { APPROVED, expectBooksHold, tracesOf, type Traces } from './support/books';
import { faultyRuns } from './support/faulty-runs';

/*
 * SIGKILL of the worker's process before and after the side effect of each of the nine steps. Nothing is drained and no
 * `finally` runs: what holds afterwards holds because of the database and the history. Another process takes over, and
 * the run ends as if nothing had happened.
 */

const { governed, faults, startWorker, accept, startRun, gateOf } = faultyRuns();

interface Point {
  readonly step: Step;
  readonly moment: Moment;
}

/** A task queue of its own and its worker: whoever is killed in one lane is not missed in another. */
interface Lane {
  readonly taskQueue: string;
  worker: FaultyWorker;
}

const POINTS = STEPS.flatMap((step): Point[] => [
  { step, moment: 'before' },
  { step, moment: 'after' },
]);
const LANES = 3;
const ends = new Map<Point, PromiseSettledResult<Traces>>();

beforeAll(async () => {
  const waiting = [...POINTS];
  await Promise.all(
    Array.from({ length: LANES }, async (_, index) => {
      const taskQueue = `${governed.taskQueue}-${index}`;
      const lane: Lane = { taskQueue, worker: await startWorker({ taskQueue }) };
      for (let point = waiting.shift(); point; point = waiting.shift()) {
        const [end] = await Promise.allSettled([endOfRunKilledAt(lane, point)]);
        ends.set(point, end);
      }
    }),
  );
}, 240_000);

it.each(POINTS)('a worker killed $moment $step costs nothing but time', (point) => {
  const end = ends.get(point);
  if (end?.status !== 'fulfilled') throw end?.reason ?? new Error('was not reached');
  expect(end.value).toEqual(APPROVED);
});

it('leaves nothing held, sums that agree, and a whole chain', async () => {
  await expectBooksHold(governed, governed.world.farm.id);
});

async function endOfRunKilledAt(lane: Lane, { step, moment }: Point): Promise<Traces> {
  const runId = await accept();
  switch (step) {
    case 'await':
      await killWhileItWaits(lane, runId, moment);
      break;
    case 'decide':
      await killWhileItDecides(lane, runId, moment);
      break;
    default: {
      faults.order('kill', step, moment, runId);
      await startRun(runId, lane.taskQueue);
      const decided = decide(runId);
      await killedAndReplaced(lane);
      await decided;
    }
  }
  await governed.handle(runId).result();
  return await tracesOf(governed, runId);
}

/** Before a verdict is there; or when it has been stored and not yet been sent, so that only the database knows of it. */
async function killWhileItWaits(lane: Lane, runId: string, moment: Moment): Promise<void> {
  await startRun(runId, lane.taskQueue);
  const gate = await gateOf(runId);
  if (moment === 'after') await governed.store(governed.world.farm.owner, gate, 'approve');
  await lane.worker.kill();
  await killedAndReplaced(lane);
  if (moment === 'before') await governed.decide(governed.world.farm.owner, gate, 'approve');
}

async function killWhileItDecides(lane: Lane, runId: string, moment: Moment): Promise<void> {
  await startRun(runId, lane.taskQueue);
  const gate = await gateOf(runId);
  const { intent_id: intentId } = await governed.store(governed.world.farm.owner, gate, 'approve');
  faults.order('kill', 'decide', moment, intentId);
  const delivered = governed.deliver(runId, gate.id, intentId);
  await killedAndReplaced(lane);
  expect(await delivered).toMatchObject({ outcome: 'applied', code: null });
}

/** Approves as soon as the run asks. */
async function decide(runId: string): Promise<void> {
  const answer = await governed.decide(governed.world.farm.owner, await gateOf(runId), 'approve');
  expect(answer).toMatchObject({ outcome: 'applied', code: null });
}

async function killedAndReplaced(lane: Lane): Promise<void> {
  await lane.worker.gone;
  lane.worker = await startWorker({ taskQueue: lane.taskQueue });
}
