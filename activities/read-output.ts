import type { ModelOutput, Purpose } from '../contract/pack';
import { parseJsonDocument } from './gateway/providers/json-document';

/** What one run may propose; a person can't look at more with care. */
export const PROPOSALS_MAX = 20;

/** A stored answer by the purpose's schema; undefined when it does not fit, is nested too deep, or proposes too much. */
export function readOutput(purpose: Purpose, text: string | null): ModelOutput | undefined {
  if (text === null) return undefined;
  try {
    const parsed = purpose.output.safeParse(parseJsonDocument(text));
    return parsed.success && parsed.data.proposals.length <= PROPOSALS_MAX ? parsed.data : undefined;
  } catch {
    // Not JSON at all: the eval that blocks says so.
    return undefined;
  }
}

/** A confidence as it may be stored: a model's may be out of range, which an eval then says. */
export function permilleOrNull(confidence: number): number | null {
  return Number.isInteger(confidence) && confidence >= 0 && confidence <= 1000 ? confidence : null;
}
