/** What of a provider's answer may be stored. A provider is another's code: nothing that it gives back is believed. */
import { ProviderError, type Usage } from '../../contract/model';
import type { StorableAnswer } from './calls';
import { parseJsonDocument } from './providers/json-document';

/** Far beyond what any purpose's output tokens can be; it keeps a broken provider out of the database. */
const OUTPUT_CHARACTERS_MAX = 4_000_000;
const LONE_SURROGATE = /\p{Surrogate}/u;
const REQUEST_ID = /^[\x21-\x7e]{1,200}$/;

/** @throws ProviderError `model_malformed`, billed: what came back is no answer, and the vendor counts it as one */
export function storable(
  answer: {
    readonly output: unknown;
    readonly usage: Usage;
    readonly providerRequestId: string | null;
  },
  latencyMs: number,
): StorableAnswer {
  const { usage, providerRequestId } = answer;
  const counts = [usage?.inputTokens, usage?.outputTokens, usage?.cacheReadTokens, usage?.cacheWriteTokens];
  if (!counts.every((count) => Number.isSafeInteger(count) && count >= 0)) throw malformed();
  const isNamed = typeof providerRequestId === 'string' && REQUEST_ID.test(providerRequestId);
  return {
    output: outputText(answer.output),
    usage,
    latencyMs,
    providerRequestId: isNamed ? providerRequestId : null,
  };
}

/** The output as JSON text that the database, and every parser after it, can take. */
function outputText(output: unknown): string {
  try {
    const text: string | undefined = JSON.stringify(output);
    if (text !== undefined && text.length <= OUTPUT_CHARACTERS_MAX && isClean(parseJsonDocument(text)))
      return text;
  } catch {
    // Too deep, circular, or no JSON at all.
  }
  throw malformed();
}

/** No U+0000, which Postgres can't hold, and no half of a surrogate pair, which is no text. Depth is bounded by then. */
function isClean(value: unknown): boolean {
  if (typeof value === 'string') return !value.includes('\0') && !LONE_SURROGATE.test(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, member]) => isClean(key) && isClean(member));
}

function malformed(): ProviderError {
  return new ProviderError('model_malformed', 'retry_once', true);
}
