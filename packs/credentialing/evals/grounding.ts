/** Whether a source is really in the input that the model saw. Pure; used by the evals. */
import { z } from 'zod';
import type { Passage, SourceSpan } from '../../../contract/pack';

const factInInput = z.looseObject({
  trust_record_id: z.string(),
  tier: z.number(),
  verified_until: z.string().optional(),
  receipt_id: z.string().optional(),
});
const inputWithFacts = z.looseObject({
  as_of: z.string().optional(),
  facts: z.array(z.unknown()).optional(),
});

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path such as `documents[0].pages[2].text`; undefined when there is none. */
export function valueAt(input: unknown, path: string): unknown {
  if (!/^[A-Za-z_]\w*(?:\[\d+\]|\.[A-Za-z_]\w*)*$/.test(path)) return undefined;
  let value: unknown = input;
  for (const step of path.match(/\w+/g) ?? []) {
    if (Array.isArray(value)) value = /^\d+$/.test(step) ? value[Number(step)] : undefined;
    else if (isRecord(value)) value = Object.hasOwn(value, step) ? value[step] : undefined;
    else return undefined;
  }
  return value;
}

/** The page that a path to a page's text belongs to, by the document's own numbering. */
function pageNumberAt(input: unknown, path: string): unknown {
  return path.endsWith('.text') ? valueAt(input, `${path.slice(0, -'.text'.length)}.page`) : undefined;
}

function isWordsAt(text: unknown, source: SourceSpan): boolean {
  const { start, end, quote } = source;
  if (typeof text !== 'string' || start === undefined || end === undefined || quote === undefined)
    return false;
  return start < end && end <= text.length && text.slice(start, end) === quote;
}

function isReceiptOf(input: unknown, source: SourceSpan): boolean {
  if (source.quote !== undefined || source.start !== undefined || source.end !== undefined) return false;
  const path = source.field?.match(/^facts\[\d+\]/)?.[0];
  const found = factInInput.safeParse(path === undefined ? undefined : valueAt(input, path));
  return found.success && found.data.receipt_id === source.receipt_id;
}

/**
 * True when the source names something that exists: a passage or a field whose characters `start` to `end` are the
 * quote (and whose page has the number), or a fact with its receipt. A fact without a receipt grounds an unknown only.
 */
export function isGrounded(
  source: SourceSpan,
  input: Readonly<Record<string, unknown>>,
  passages: readonly Passage[],
): boolean {
  if (source.field?.startsWith('facts['))
    return source.passage_id === undefined && isReceiptOf(input, source);
  if (source.receipt_id !== undefined) return false;
  if (source.passage_id !== undefined) {
    if (source.field !== undefined) return false;
    return isWordsAt(passages.find((passage) => passage.id === source.passage_id)?.text, source);
  }
  if (source.field === undefined) return false;
  if (source.page !== undefined && pageNumberAt(input, source.field) !== source.page) return false;
  return isWordsAt(valueAt(input, source.field), source);
}

/**
 * The trust record that a source shows, when its verification still holds on the input's `as_of`: tier 4 or 5, a
 * receipt, `verified_until` on a later day. Null otherwise.
 */
export function verifiedRecordOf(
  source: SourceSpan,
  input: Readonly<Record<string, unknown>>,
): string | null {
  if (source.receipt_id === undefined || !isReceiptOf(input, source)) return null;
  const path = source.field?.match(/^facts\[\d+\]/)?.[0] ?? '';
  const found = factInInput.safeParse(valueAt(input, path));
  const context = inputWithFacts.safeParse(input);
  if (!found.success || !context.success) return null;
  const { tier, verified_until: until, trust_record_id: id } = found.data;
  const asOf = context.data.as_of;
  if (tier < 4 || until === undefined || asOf === undefined) return null;
  return until.slice(0, 10) > asOf.slice(0, 10) ? id : null;
}
