/** What the farm's evals look at: the note as the model saw it, and the fields of the proposal. */
import type { EvalContext, EvalResult } from '../../../contract/pack';

/** All free text that the model was given. Times and ids are left out, since their digits would vouch for anything. */
export function givenText(context: EvalContext): string {
  const { note, question, conversation } = context.input;
  const fields = [note, question, conversation].filter((value) => typeof value === 'string');
  return [...fields, ...context.passages.map((passage) => passage.text)].join('\n');
}

/** A field of the payload as a string, or undefined when it is open. Numbers become their digits. */
export function field(context: EvalContext, name: string): string | undefined {
  const value = context.proposal.payload[name];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : undefined;
}

export function verdict(holds: boolean, severity: EvalResult['severity'], reason: string): EvalResult {
  return holds ? { verdict: 'pass', severity, reason: 'holds' } : { verdict: 'fail', severity, reason };
}
