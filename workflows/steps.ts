import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
  upsertSearchAttributes,
  type ActivityOptions,
} from '@temporalio/workflow';
import type { Activities } from '../activities/create';
import { STEPS, type Step } from '../contract/steps';
import type { Arrival, Delivery, Gates } from './gates';
import type { IntentAnswer, OpenGate, RunArguments } from './messages';
import { gateLines, progressText } from './progress';
import { DUE, GATE_ROLE, STATE } from './search-attributes';

export interface RunResult {
  readonly outcome: string;
  readonly code: string | null;
}

export interface Answer {
  readonly advisory: 'available' | 'unavailable';
  readonly advisorAsked: boolean;
}

export interface Judgement {
  readonly advisory: 'available' | 'unavailable';
  readonly routing: 'reviewer' | 'advisor' | 'senior';
}

/** Ends a run before its gates: it was refused, failed for good, or withdrawn. */
export class RunStopped extends Error {
  constructor(readonly code: string | null) {
    super(code ?? 'stopped');
  }
}

export type Steps = ReturnType<typeof createSteps>;

/**
 * Quick database steps run as local activities: one marker in the history in place of three events and a task. They give
 * up after 4 s and go on as ordinary activities of the same name, so that a database outage never holds a workflow task.
 */
const quick = proxyLocalActivities<Activities>({
  startToCloseTimeout: '4s',
  scheduleToCloseTimeout: '4s',
  // The SDK's timeouts of a local activity hold for its first attempt only: a retry would hold the task without a bound.
  retry: { maximumAttempts: 1 },
});
/** Tried until done: ever more rarely, and seen by operations. Failures of an outage say themselves how soon to come back. */
const durable = proxyActivities<Activities>({
  startToCloseTimeout: '20s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '5m' },
});
/** Steps that run a pack's own code: what still breaks after minutes is a fault of the run, which then gives back its hold. */
const bounded = proxyActivities<Activities>({
  startToCloseTimeout: '60s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s', maximumAttempts: 20 },
});
/**
 * The model call: retried by kind of error; heartbeats let a withdrawal or a kill reach it. How often is counted by the
 * database, where each attempt is a row: a task that a frozen worker's open poll swallowed never began, and is none.
 */
const PATIENCE: ActivityOptions = {
  startToCloseTimeout: '5m',
  heartbeatTimeout: '10s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '30s' },
};
const patient = {
  primary: proxyActivities<Activities>({ ...PATIENCE, summary: 'primary' }),
  advisor: proxyActivities<Activities>({ ...PATIENCE, summary: 'advisor' }),
} as const;

/** The steps of one run, each a thin call of its activity, with where the run is shown to operations. */
export function createSteps({ tenantId, runId, carried }: RunArguments) {
  const request = { tenantId, runId };
  let current: Step = carried === undefined ? 'reserve' : 'await';
  const passed = new Set<Step>(STEPS.slice(0, STEPS.indexOf(current)));
  let shownGate = '';
  /** A person records what was refused: no model is asked. */
  let byHand = false;

  function at(step: Step, below?: readonly string[]): void {
    if (step !== current) passed.add(current);
    current = step;
    setCurrentDetails(progressText({ passed, current }, below));
  }

  /** A run that stopped stays at the step at which it did. */
  function ended({ outcome, code }: RunResult, stoppedAt?: Step): void {
    if (stoppedAt === undefined) passed.add(current);
    const how = code === null ? outcome : `${outcome}, ${code}`;
    setCurrentDetails(progressText({ passed, current: stoppedAt }, [`Ended: ${how}.`]));
  }

  /** Tells operations whom the run waits for; written only when that changes, since each time costs history. */
  function showGate(gate: OpenGate | undefined): void {
    if (!gate || shownGate === `${gate.role} ${gate.dueAt}`) return;
    shownGate = `${gate.role} ${gate.dueAt}`;
    upsertSearchAttributes([
      { key: STATE, value: 'waiting' },
      { key: GATE_ROLE, value: gate.role },
      { key: DUE, value: new Date(gate.dueAt) },
    ]);
  }

  return {
    current: () => current,

    async reserve(): Promise<void> {
      at('reserve');
      const held = await step('reserve', request);
      if (held.outcome === 'refused') throw new RunStopped(held.code);
      byHand = held.outcome === 'by_hand';
    },

    async scrub(): Promise<void> {
      if (byHand) return;
      at('scrub');
      const scrubbed = await step('scrub', request);
      if (scrubbed.outcome !== 'scrubbed') throw new RunStopped(scrubbed.code);
    },

    /** An advisor that can't be asked leaves the primary answer as it is; a primary that can't leaves none. */
    async invoke(kind: 'primary' | 'advisor', gates: Gates, primary?: Answer): Promise<Answer> {
      if (byHand) return { advisory: 'unavailable', advisorAsked: false };
      at('invoke');
      const scope = new CancellationScope();
      gates.onWithdraw = () => scope.cancel();
      if (gates.withdrawn) throw new RunStopped('run_withdrawn');
      try {
        const called = await scope.run(() => askModel({ ...request, kind }));
        if (called.outcome === 'closed') throw new RunStopped('run_withdrawn');
        if (called.outcome === 'answered') return { advisory: 'available', advisorAsked: kind === 'advisor' };
        if (called.outcome === 'refused' && kind === 'primary') throw new RunStopped(called.code);
        await step('giveUp', { ...request, kind, code: called.code ?? 'model_unavailable' });
      } catch (error) {
        if (isCancellation(error) && gates.withdrawn) throw new RunStopped('run_withdrawn');
        if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
        await step('giveUp', { ...request, kind, code: codeOf(error) });
      } finally {
        gates.onWithdraw = undefined;
      }
      return { advisory: primary?.advisory ?? 'unavailable', advisorAsked: kind === 'advisor' };
    },

    async evaluate(answer: Answer): Promise<Judgement> {
      at('evaluate');
      if (answer.advisory === 'unavailable') return { advisory: 'unavailable', routing: 'reviewer' };
      const judged = await step('evaluate', { ...request, advisorAsked: answer.advisorAsked });
      if (judged.outcome === 'closed') throw new RunStopped('run_withdrawn');
      return { advisory: 'available', routing: judged.routing };
    },

    async draft(judged: Judgement): Promise<readonly OpenGate[]> {
      at('draft');
      const drafted = await step('draft', {
        ...request,
        advisory: judged.advisory,
        senior: judged.routing === 'senior',
      });
      if (drafted.outcome !== 'drafted') throw new RunStopped('run_withdrawn');
      return drafted.gates;
    },

    /** Shows that the run waits, and for whom. */
    await(gates: Gates): void {
      at('await', gateLines(gates.openGates()));
      showGate(gates.next());
    },

    /** Applies a verdict, or lets time act on gates; either way the gates are what the database says afterwards. */
    async decide(gates: Gates, arrival: Arrival): Promise<void> {
      if ('gateIds' in arrival) {
        for (const gateId of arrival.gateIds) {
          gates.adopt(await step('tick', { tenantId: request.tenantId, gateId }));
        }
        return;
      }
      at('decide');
      const { delivery } = arrival;
      const decided = await step('decide', verdictOf(tenantId, delivery));
      if (decided.gate) gates.adopt(decided.gate);
      delivery.answer = intentAnswer(decided);
    },

    async settle(): Promise<void> {
      at('settle');
      await step('settle', request);
    },

    async audit(): Promise<RunResult> {
      at('audit');
      upsertSearchAttributes([{ key: STATE, value: 'closed' }]);
      const result = await step('audit', { ...request, code: null });
      ended(result);
      return result;
    },

    async answerLatecomers(gates: Gates): Promise<void> {
      for (let delivery = gates.inbox.shift(); delivery; delivery = gates.inbox.shift()) {
        delivery.answer = intentAnswer(await step('decide', verdictOf(tenantId, delivery)));
      }
    },

    /** Compensates reserve: settles by what was billed and closes; a late reserve then finds the run closed. */
    async release(code: string | null): Promise<RunResult> {
      if (code === 'run_withdrawn') await step('withdraw', request);
      upsertSearchAttributes([{ key: STATE, value: 'closed' }]);
      const result = await step('audit', { ...request, code });
      ended(result, current);
      return result;
    },

    /** Compensates draft: takes open gates back. After the terminal commit it changes nothing. */
    async withdraw(): Promise<undefined> {
      await step('withdraw', request);
      return undefined;
    },
  };
}

function verdictOf(tenantId: string, { message, named }: Delivery) {
  return { tenantId, intentId: message.intentId, named };
}

/** The code of whatever ends a run early; undefined for a fault of the workflow's own, which must not be swallowed. */
export function endingCode(error: unknown): { readonly code: string | null } | undefined {
  if (error instanceof RunStopped) return { code: error.code };
  if (isCancellation(error)) return { code: 'run_withdrawn' };
  if (error instanceof ActivityFailure) return { code: codeOf(error) };
  return undefined;
}

function intentAnswer(decided: IntentAnswer): IntentAnswer {
  return { outcome: decided.outcome, code: decided.code, decisionId: decided.decisionId };
}

const RUNS_PACK_CODE: ReadonlySet<string> = new Set(['scrub', 'evaluate', 'draft']);

type Quick = Exclude<keyof Activities, 'invoke' | 'readDocument' | `sweep${string}`>;

/** Runs a quick step locally, and as an ordinary activity when that does not come through in time. */
async function step<Name extends Quick>(
  name: Name,
  argument: Parameters<Activities[Name]>[0],
): Promise<Awaited<ReturnType<Activities[Name]>>> {
  // The two proxies have the same functions under the same names; TypeScript can't follow an indexed call of a union.
  type Call = (input: typeof argument) => Promise<Awaited<ReturnType<Activities[Name]>>>;
  try {
    return await (quick[name] as Call)(argument);
  } catch (error) {
    if (isCancellation(error) || isFinal(error)) throw error;
    const otherwise = RUNS_PACK_CODE.has(name) ? bounded : durable;
    return await (otherwise[name] as Call)(argument);
  }
}

/**
 * Calls that were scheduled while Temporal still counted their attempts may run out of them because the database was away,
 * which says nothing of the model: they begin anew until it is back.
 */
async function askModel(call: Parameters<Activities['invoke']>[0]): ReturnType<Activities['invoke']> {
  for (;;) {
    try {
      return await patient[call.kind].invoke(call);
    } catch (error) {
      const isDatabase = error instanceof ActivityFailure && codeOf(error) === 'database_unavailable';
      if (!isDatabase || isCancellation(error)) throw error;
    }
  }
}

function isFinal(error: unknown): boolean {
  return (
    error instanceof ActivityFailure &&
    error.cause instanceof ApplicationFailure &&
    error.cause.nonRetryable === true
  );
}

function codeOf(error: ActivityFailure): string {
  return error.cause instanceof ApplicationFailure && error.cause.type ? error.cause.type : 'step_failed';
}
