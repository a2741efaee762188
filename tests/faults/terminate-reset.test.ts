import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { STEPS, type Step } from '../../contract/steps';
import { RECONCILE_WORKFLOW } from '../../workflows/reconcile-names';
import { APPROVED, expectBooksHold, tracesOf, type Traces } from './support/books';
import { faultyRuns } from './support/faulty-runs';

/*
 * What operations can do to a run from Temporal's side, while it is held inside of each step: Terminate, after which only
 * the reconciler is left, and Reset, which begins anew or repeats the last task over a database that has gone further.
 */

const { governed, faults, startWorker, accept, startRun, gateOf } = faultyRuns();

/** Until here nobody has been asked. */
const BEFORE_THE_VERDICT: ReadonlySet<Step> = new Set([
  'reserve',
  'scrub',
  'invoke',
  'evaluate',
  'draft',
  'await',
]);
const RECONCILED_MS_MAX = 20_000;

beforeAll(async () => {
  await startWorker();
}, 60_000);

afterEach(async () => {
  await expectBooksHold(governed, governed.world.farm.id);
});

interface HeldRun {
  readonly runId: string;
  /** Lets the step go on, and waits until its side effect is over; nothing to do where the run only waits. */
  letGo(): Promise<void>;
}

/** A run that is inside of a step, with its side effect still to come. */
async function heldIn(step: Step): Promise<HeldRun> {
  const runId = await accept();
  if (step === 'await') {
    await startRun(runId);
    await gateOf(runId);
    return { runId, letGo: async () => undefined };
  }
  if (step !== 'decide') return await heldAt(step, runId, runId, () => startRun(runId));
  await startRun(runId);
  const gate = await gateOf(runId);
  const { intent_id: intentId } = await governed.store(governed.world.farm.owner, gate, 'approve');
  return await heldAt(step, intentId, runId, async () => deliver(runId, gate.id, intentId));
}

async function heldAt(
  step: Exclude<Step, 'await'>,
  id: string,
  runId: string,
  begin: () => Promise<void>,
): Promise<HeldRun> {
  const held = faults.order('hold', step, 'before', id);
  const done = faults.order('hold', step, 'after', id);
  await begin();
  if (step === 'settle' || step === 'audit') await approve(runId);
  await held.met();
  return {
    runId,
    letGo: async () => {
      held.lift();
      await done.met();
      done.lift();
    },
  };
}

async function approve(runId: string): Promise<void> {
  const gate = await gateOf(runId);
  const { intent_id: intentId } = await governed.store(governed.world.farm.owner, gate, 'approve');
  deliver(runId, gate.id, intentId);
}

/** Sends a verdict by Update and does not wait: under these circumstances nobody need answer it. */
function deliver(runId: string, gateId: string, intentId: string): void {
  governed.deliver(runId, gateId, intentId).catch(() => undefined);
}

/** Runs the reconciler, again while Temporal's list of ended workflows does not show the run yet. */
async function reconciled(runId: string): Promise<Traces> {
  const until = performance.now() + RECONCILED_MS_MAX;
  for (;;) {
    await governed.client.workflow.execute(RECONCILE_WORKFLOW, {
      taskQueue: governed.taskQueue,
      workflowId: `reconcile-${randomUUID()}`,
      args: [{ rounds: 1 }],
    });
    const traces = await tracesOf(governed, runId);
    if (traces.state === 'closed' || performance.now() > until) return traces;
    await sleep(200);
  }
}

describe('Terminate', () => {
  const CLOSED = { state: 'closed', undecided: '0', work: '0' };
  const HELD_AND_GIVEN_BACK = {
    ...CLOSED,
    outcome: 'failed',
    code: 'workflow_lost',
    legs: ['reserve', 'settle'],
  };
  /** What the reconciler makes of a run by the step in which it was terminated. */
  const EXPECTED: Readonly<Record<Step, object>> = {
    reserve: { ...CLOSED, outcome: 'failed', code: 'workflow_lost', legs: [], billed: [] },
    scrub: { ...HELD_AND_GIVEN_BACK, actual_credits: '0', billed: [] },
    invoke: { ...HELD_AND_GIVEN_BACK, actual_credits: '0', billed: [] },
    // An answer had come, and was paid for.
    evaluate: { ...HELD_AND_GIVEN_BACK, actual_credits: '1', billed: ['primary succeeded'] },
    draft: { ...HELD_AND_GIVEN_BACK, actual_credits: '1', billed: ['primary succeeded'] },
    await: { ...CLOSED, outcome: 'withdrawn', gates: ['withdrawn by 0'], intents: [], actual_credits: '1' },
    // The verdict had been accepted, so it is applied.
    decide: { ...CLOSED, outcome: 'approved', gates: ['approved by 1'], intents: ['applied'], records: '1' },
    settle: {
      ...CLOSED,
      outcome: 'approved',
      gates: ['approved by 1'],
      legs: ['reserve', 'settle'],
      records: '1',
    },
    audit: {
      ...CLOSED,
      outcome: 'approved',
      gates: ['approved by 1'],
      legs: ['reserve', 'settle'],
      records: '1',
    },
  };

  it.each(STEPS)('in %s leaves a run that the reconciler settles and closes', async (step) => {
    const { runId, letGo } = await heldIn(step);
    await governed.handle(runId).terminate();
    const traces = await reconciled(runId);
    expect(traces).toMatchObject(EXPECTED[step]);
    expect(traces.events).toContain('run.reconciled');
    expect(traces.events.filter((type) => type === 'run.closed')).toHaveLength(1);

    // The worker was inside of the step all the time; what it does now comes too late and changes nothing.
    await letGo();
    expect(await tracesOf(governed, runId)).toEqual(traces);
  });
});

describe('Reset', () => {
  const POINTS = STEPS.flatMap((step) => [
    { step, to: 'first' as const },
    { step, to: 'last' as const },
  ]);

  it.each(POINTS)('in $step to the $to workflow task ends as it would have', async ({ step, to }) => {
    const { runId, letGo } = await heldIn(step);
    await reset(runId, to);
    await letGo();
    if (BEFORE_THE_VERDICT.has(step)) await approve(runId);
    await governed.handle(runId).result();
    const traces = await tracesOf(governed, runId);
    // The call that was under way and the one that took its place may meet: the older one is fenced, and recorded.
    expect({ ...traces, attempts: traces.attempts.filter((state) => state !== 'lost') }).toEqual(APPROVED);
    expect(traces.attempts.length).toBeLessThanOrEqual(step === 'invoke' ? 2 : 1);
  });
});

/** Repeats the run's first, or its last completed, workflow task, and forgets what came after. */
async function reset(runId: string, to: 'first' | 'last'): Promise<void> {
  const { events } = await governed.handle(runId).fetchHistory();
  const completed = (events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes);
  const started = events?.find((event) => event.workflowTaskStartedEventAttributes);
  // While the first task is still under way, its start stands for its end.
  const end = ((to === 'first' ? completed[0] : completed.at(-1)) ?? started)?.eventId;
  if (end === undefined || end === null) throw new Error('no workflow task was started yet');
  await governed.client.workflowService.resetWorkflowExecution({
    namespace: governed.temporal.namespace,
    workflowExecution: { workflowId: runId },
    reason: 'Reset workflow',
    requestId: randomUUID(),
    workflowTaskFinishEventId: end,
  });
}
