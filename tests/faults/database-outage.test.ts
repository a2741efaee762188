import { setTimeout as sleep } from 'node:timers/promises';
import type { Step } from '../../contract/steps';
import { progressQuery } from '../../workflows/messages';
import { APPROVED, expectBooksHold, tracesOf } from './support/books';
import { breakableLink, type BreakableLink, type Outage } from './support/breakable-link';
import { faultyRuns } from './support/faulty-runs';

/*
 * The worker loses its database while runs are inside of every step at once. Steps that run within a workflow task give
 * up after seconds and go on as ordinary activities, which wait for the database as long as it takes; no workflow task
 * is held meanwhile, so that every run can be asked where it is.
 */

const { governed, faults, startWorker, accept, startRun, gateOf } = faultyRuns();

const BEFORE_THE_GATE = ['reserve', 'scrub', 'invoke', 'evaluate', 'draft'] as const;
const AFTER_THE_VERDICT = ['decide', 'settle', 'audit'] as const;
const FELL_BACK_MS_MAX = 20_000;
const OUTAGE_MS = 25_000;

let link: BreakableLink;

beforeAll(async () => {
  link = await breakableLink(governed.database.url('worker'));
  await startWorker({ databaseUrl: link.through(governed.database.url('worker')) });
}, 60_000);

afterAll(() => link.close());

it.each<Outage>(['cut', 'blocked'])(
  'every run comes through an outage in which the database is %s',
  async (outage) => {
    const runs = await runsInEveryStep();
    link.break(outage);
    const begun = performance.now();
    for (const { letGo } of runs) letGo();
    for (const { step, runId } of runs) {
      await fellBack(step, runId);
      // A workflow task that waited for the database would hold this answer back.
      expect(await governed.handle(runId).query(progressQuery)).toMatchObject({ step });
    }
    process.stderr.write(
      `${runs.length} runs that were inside of a step were out of their workflow tasks ` +
        `${((performance.now() - begun) / 1_000).toFixed(1)} s after the database was ${outage}\n`,
    );
    // Longer than the model call's own attempts: that the database was away is no reason to do without the model.
    await sleep(OUTAGE_MS - (performance.now() - begun));
    await link.restore();

    for (const { step, runId } of runs) {
      if (isOneOf(BEFORE_THE_GATE, step)) deliver(runId, await stored(runId));
      await governed.handle(runId).result();
      expect(await tracesOf(governed, runId)).toEqual(APPROVED);
      expect(await lostTasks(runId)).toEqual([]);
    }
    await expectBooksHold(governed, governed.world.farm.id);
  },
  150_000,
);

interface RunInStep {
  readonly step: Step;
  readonly runId: string;
  letGo(): void;
}

/** One run held before the side effect of each step, and one that waits and is decided during the outage. */
async function runsInEveryStep(): Promise<RunInStep[]> {
  const waiting = await Promise.all(
    ([...AFTER_THE_VERDICT, 'await'] as const).map(async (step) => {
      const runId = await accept();
      await startRun(runId);
      return { step, runId, verdict: await stored(runId) };
    }),
  );
  const fresh = await Promise.all(
    BEFORE_THE_GATE.map(async (step) => ({ step, runId: await accept(), verdict: undefined })),
  );
  // All at once: a step that is held within a workflow task for four seconds leaves it by itself.
  return await Promise.all(
    [...fresh, ...waiting].map(async ({ step, runId, verdict }): Promise<RunInStep> => {
      if (step === 'await') return { step: 'decide', runId, letGo: () => deliver(runId, verdict) };
      const held = faults.order(
        'hold',
        step,
        'before',
        step === 'decide' && verdict ? verdict.intentId : runId,
      );
      if (verdict) deliver(runId, verdict);
      else await startRun(runId);
      await held.met();
      return { step, runId, letGo: () => held.lift() };
    }),
  );
}

interface StoredVerdict {
  readonly gateId: string;
  readonly intentId: string;
}

async function stored(runId: string): Promise<StoredVerdict> {
  const gate = await gateOf(runId);
  const { intent_id: intentId } = await governed.store(governed.world.farm.owner, gate, 'approve');
  return { gateId: gate.id, intentId };
}

/** Sends a verdict by Update; while the database is away, its answer can only come late. */
function deliver(runId: string, verdict: StoredVerdict | undefined): void {
  if (!verdict) throw new Error('nothing was stored for this run');
  governed.deliver(runId, verdict.gateId, verdict.intentId).catch(() => undefined);
}

/** Waits until a step has become an ordinary activity; the model call always is one. */
async function fellBack(step: Step, runId: string): Promise<void> {
  const until = performance.now() + FELL_BACK_MS_MAX;
  for (;;) {
    const { events } = await governed.handle(runId).fetchHistory();
    const names = events?.map((event) => event.activityTaskScheduledEventAttributes?.activityType?.name);
    if (names?.includes(step)) return;
    if (performance.now() > until) throw new Error(`${step} is still held in a workflow task`);
    await sleep(100);
  }
}

/** Workflow tasks of a run that failed or ran out of time. */
async function lostTasks(runId: string): Promise<unknown[]> {
  const { events = [] } = await governed.handle(runId).fetchHistory();
  return (events ?? []).flatMap((event) => [
    ...(event.workflowTaskTimedOutEventAttributes ? [event.workflowTaskTimedOutEventAttributes] : []),
    ...(event.workflowTaskFailedEventAttributes ? [event.workflowTaskFailedEventAttributes] : []),
  ]);
}

function isOneOf(steps: readonly Step[], step: Step): boolean {
  return steps.includes(step);
}
