import {
  ApplicationFailure,
  CancellationScope,
  condition,
  isCancellation,
  setHandler,
  sleep,
} from '@temporalio/workflow';
import {
  approveSignal,
  decideUpdate,
  escalateSignal,
  progressQuery,
  rejectSignal,
  withdrawSignal,
  type IntentAnswer,
  type IntentMessage,
} from './messages';
import type { OpenedGate, Steps } from './steps';

type Verdict = 'approve' | 'reject' | 'escalate';

/** A delivered intent that waits for its turn; `named` is the verdict that a signal's name claims. */
export interface Delivery {
  readonly message: IntentMessage;
  readonly named: Verdict | null;
  answer?: IntentAnswer;
}

/** What ended a wait: a verdict to apply, or gates on which time or a withdrawal may have acted. */
export type Arrival = { readonly delivery: Delivery } | { readonly gateIds: readonly string[] };

const SLEEP_MS_MIN = 250;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The gates of one run: who is open, when each wakes, and the verdicts that have come in. The database rules; this mirrors it. */
export class Gates {
  readonly inbox: Delivery[] = [];
  withdrawn = false;
  /** Ends the wait of whoever must hear of a withdrawal at once. */
  onWithdraw: (() => void) | undefined;
  private known: Map<string, { wakeAtMs: number; closed: boolean }> | undefined;
  private timer: { readonly scope: CancellationScope; readonly wakeAtMs: number; fired: boolean } | undefined;

  open(gates: readonly OpenedGate[]): void {
    this.known = new Map(
      gates.map((gate) => [gate.gateId, { wakeAtMs: Date.parse(gate.wakeAt), closed: false }]),
    );
  }

  anyOpen(): boolean {
    const open = this.openIds().length > 0;
    if (!open) this.timer?.scope.cancel();
    return open;
  }

  openIds(): string[] {
    return [...(this.known ?? [])].filter(([, gate]) => !gate.closed).map(([gateId]) => gateId);
  }

  /** Adopts what the database says of a gate. */
  adopt(gateId: string, state: { readonly closed: boolean; readonly wakeAt: string }): void {
    this.known?.set(gateId, { wakeAtMs: Date.parse(state.wakeAt), closed: state.closed });
  }

  /** Before the draft every well-formed message waits; afterwards only those for gates of this run are taken. */
  mayConcern(message: IntentMessage): boolean {
    return this.known === undefined || this.known.has(message.gateId);
  }

  /** Gates whose instant has come, by the workflow's clock. */
  dueIds(): string[] {
    return this.openIds().filter((gateId) => (this.known?.get(gateId)?.wakeAtMs ?? 0) <= Date.now());
  }

  /** One durable timer for the earliest instant; kept while that does not change, since each costs history. */
  watchClock(): { readonly fired: boolean } {
    const wakeAtMs = Math.min(
      ...this.openIds().map((gateId) => this.known?.get(gateId)?.wakeAtMs ?? Infinity),
    );
    if (this.timer && !this.timer.fired && this.timer.wakeAtMs === wakeAtMs) return this.timer;
    this.timer?.scope.cancel();
    const timer = { scope: new CancellationScope(), wakeAtMs, fired: false };
    this.timer = timer;
    timer.scope
      .run(() => sleep(Math.max(wakeAtMs - Date.now(), SLEEP_MS_MIN)))
      .then(
        () => {
          timer.fired = true;
        },
        (error: unknown) => {
          if (!isCancellation(error)) throw error;
        },
      );
    return timer;
  }
}

/**
 * Takes verdicts by Update `decide` and by the signals approve, reject and escalate, all of which carry the id of a
 * stored intent. They queue, so that verdicts of one run are applied one after another, in the order of their arrival.
 */
export function acceptVerdicts(steps: Steps): Gates {
  const gates = new Gates();
  setHandler(
    decideUpdate,
    async (message) => {
      const delivery: Delivery = { message, named: null };
      gates.inbox.push(delivery);
      await condition(() => delivery.answer !== undefined);
      return delivery.answer ?? { outcome: 'conflict', code: 'gate_closed', decisionId: null };
    },
    { validator: (message) => validate(gates, message) },
  );
  const onSignal = (named: Verdict) => (message: IntentMessage) => {
    if (wellFormed(message)) gates.inbox.push({ message, named });
  };
  setHandler(approveSignal, onSignal('approve'));
  setHandler(rejectSignal, onSignal('reject'));
  setHandler(escalateSignal, onSignal('escalate'));
  setHandler(withdrawSignal, () => {
    gates.withdrawn = true;
    gates.onWithdraw?.();
  });
  setHandler(progressQuery, () => ({ step: steps.current(), openGateIds: gates.openIds() }));
  return gates;
}

/** Waits, for months if need be and at no cost, for a verdict, a gate's next instant, or a withdrawal. */
export async function awaitArrival(gates: Gates): Promise<Arrival> {
  const clock = gates.watchClock();
  await condition(() => gates.inbox.length > 0 || gates.withdrawn || clock.fired);
  const delivery = gates.inbox.shift();
  if (delivery) return { delivery };
  if (gates.withdrawn) return { gateIds: gates.openIds() };
  return { gateIds: gates.dueIds() };
}

/** Synchronous, since an asynchronous validator accepts everything. */
function validate(gates: Gates, message: IntentMessage): void {
  if (!wellFormed(message)) throw refusal('input_invalid');
  if (!gates.mayConcern(message)) throw refusal('gate_not_found');
}

function wellFormed(message: IntentMessage | undefined): boolean {
  return message !== undefined && UUID.test(message.intentId) && UUID.test(message.gateId);
}

function refusal(code: string): ApplicationFailure {
  return ApplicationFailure.create({ type: code, message: code, nonRetryable: true });
}
