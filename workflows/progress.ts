import { STEPS, type Step } from '../contract/steps';
import type { OpenGate } from './messages';

/** Where a run is: the steps that it has been through, and the one that it is at until it has ended. */
export interface Progress {
  readonly passed: ReadonlySet<Step>;
  readonly current: Step | undefined;
}

/**
 * What operations read of a run in Temporal's UI, in Markdown: its nine steps in one line, since little room is left for
 * more, and below it what it waits for or how it ended. Ids, codes, roles and times only.
 */
export function progressText({ passed, current }: Progress, below: readonly string[] = []): string {
  const steps = STEPS.map((step) => {
    if (step === current) return `**${step}**`;
    return passed.has(step) ? `✓ ${step}` : step;
  });
  return [steps.join(' → '), ...below].join('\n\n');
}

/** Whom a run that waits asks and until when, one line for each gate, short enough for the UI's narrow column. */
export function gateLines(gates: readonly OpenGate[]): string[] {
  return gates.map(({ gateId, role, dueAt }) => `Gate ${gateId}: ${role}, to ${minuteOf(dueAt)}`);
}

function minuteOf(time: string): string {
  return `${new Date(time).toISOString().slice(0, 16)}Z`;
}
