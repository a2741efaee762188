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
  type CarriedRun,
  type IntentAnswer,
  type IntentMessage,
  type OpenGate,
  type Verdict,
} from './messages';
import type { Steps } from './steps';

/** A delivered intent that waits for its turn; `named` is the verdict that a signal's name claims. */
export interface Delivery {
  readonly message: IntentMessage;
  readonly named: Verdict | null;
  answer?: IntentAnswer;
}

/** What ended a wait: a verdict to apply, or gates on which time or a withdrawal may have acted. */
export type Arrival = { readonly delivery: Delivery } | { readonly gateIds: readonly string[] };

const SLEEP_MS_MIN = 250;
const SLEEP_MS_MAX_EARLY = 60_000;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The gates of one run: who is open, when each wakes, and the verdicts that have come in. The database rules; this mirrors it. */
export class Gates {
  readonly inbox: Delivery[] = [];
  withdrawn = false;
  /** Ends the wait of whoever must hear of a withdrawal at once. */
  onWithdraw: (() => void) | undefined;
  private concerned: ReadonlySet<string> | undefined;
  private known: Map<string, OpenGate> | undefined;
  /** Ticks in a row for which the database said "not yet": its clock is behind ours. */
  private earlyTicks = 0;
  private timer: { readonly scope: CancellationScope; readonly wakeAtMs: number; fired: boolean } | undefined;

  open(gates: readonly OpenGate[]): void {
    this.concerned = new Set(gates.map((gate) => gate.gateId));
    this.known = new Map(gates.map((gate) => [gate.gateId, gate]));
  }

  /** Goes on where an earlier history of the run ended. */
  resume({ gateIds, open, inbox, mustLook }: CarriedRun): void {
    this.open(open);
    this.concerned = new Set(gateIds);
    // What came since this history began has waited less long.
    this.inbox.unshift(...inbox);
    this.withdrawn ||= mustLook;
  }

  /** What a next history of the run needs; undefined while somebody waits here for an answer that only this one can give. */
  carry(): CarriedRun | undefined {
    if (this.inbox.some(({ named }) => named === null)) return undefined;
    return {
      gateIds: [...(this.concerned ?? [])],
      open: this.openGates(),
      inbox: this.inbox.map(({ message, named }) => ({ message, named })),
      mustLook: this.withdrawn,
    };
  }

  anyOpen(): boolean {
    const open = this.openIds().length > 0;
    if (!open) this.timer?.scope.cancel();
    return open;
  }

  openIds(): string[] {
    return [...(this.known?.keys() ?? [])];
  }

  openGates(): OpenGate[] {
    return [...(this.known?.values() ?? [])];
  }

  /** The open gate that is due first. */
  next(): OpenGate | undefined {
    return this.openGates().sort((a, b) => Date.parse(a.dueAt) - Date.parse(b.dueAt))[0];
  }

  /** Adopts what the database says of a gate. */
  adopt(gate: OpenGate & { readonly closed: boolean }): void {
    this.earlyTicks = !gate.closed && wakeMs(gate) <= Date.now() ? this.earlyTicks + 1 : 0;
    // An intent that was sent here by mistake is applied where it belongs, and its gate is none of this run's.
    if (!this.known?.has(gate.gateId)) return;
    if (gate.closed) this.known.delete(gate.gateId);
    else this.known.set(gate.gateId, gate);
  }

  /** Before the draft every well-formed message waits; afterwards only those for gates of this run are taken. */
  mayConcern(message: IntentMessage): boolean {
    return this.concerned === undefined || this.concerned.has(message.gateId);
  }

  /** Gates whose instant has come, by the workflow's clock. */
  dueIds(): string[] {
    return this.openGates()
      .filter((gate) => wakeMs(gate) <= Date.now())
      .map((gate) => gate.gateId);
  }

  /** One durable timer for the earliest instant; kept while that does not change, since each costs history. */
  watchClock(): { readonly fired: boolean } {
    const [first] = this.openGates().sort((a, b) => wakeMs(a) - wakeMs(b));
    const wakeAtMs = first ? wakeMs(first) : Infinity;
    if (this.timer && !this.timer.fired && this.timer.wakeAtMs === wakeAtMs) return this.timer;
    this.timer?.scope.cancel();
    const timer = { scope: new CancellationScope(), wakeAtMs, fired: false };
    this.timer = timer;
    timer.scope
      .run(() => sleep(Math.max(wakeAtMs - Date.now(), this.pauseMs()), first && { summary: alarm(first) }))
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

  /** Doubled for each tick that came early, so that clocks that differ by minutes cost few events. */
  private pauseMs(): number {
    return Math.min(SLEEP_MS_MIN * 2 ** this.earlyTicks, SLEEP_MS_MAX_EARLY);
  }
}

/** What a timer is for, as Temporal's UI shows it. */
function alarm({ gateId, wakeAt, wakesFor, dueAt }: OpenGate): string {
  const isLast = Date.parse(wakeAt) >= Date.parse(dueAt);
  return `${wakesFor ?? (isLast ? 'expiry' : 'reminder or escalation')} of gate ${gateId}`;
}

/** Rounded up: a timer has milliseconds and the database microseconds, and a tick that comes early does nothing. */
function wakeMs(gate: OpenGate): number {
  return Date.parse(gate.wakeAt) + 1;
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
    { validator: (message: IntentMessage) => validate(gates, message) },
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
  if (gates.withdrawn) {
    // Once: the database says what the withdrawal did, and a message that came without one changes nothing.
    gates.withdrawn = false;
    return { gateIds: gates.openIds() };
  }
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
