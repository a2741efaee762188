import type { ModelOutput, Purpose } from '../contract/pack';
import { parseJsonDocument } from './gateway/providers/json-document';

/** A stored answer by the purpose's schema; undefined when it does not fit, or is nested too deep. */
export function readOutput(purpose: Purpose, text: string | null): ModelOutput | undefined {
  if (text === null) return undefined;
  try {
    const parsed = purpose.output.safeParse(parseJsonDocument(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    // Not JSON at all: the eval that blocks says so.
    return undefined;
  }
}
