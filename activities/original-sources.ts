import type { Passage } from '../contract/pack';
import type { Json } from './scrubber/allow-list';
import { originalRange } from './scrubber/rehydrate';
import type { ScrubToken } from './scrubber/token';

/** What the model saw: `input` after the scrubber, and the passages. */
export interface SeenDocument {
  readonly input: Readonly<Record<string, unknown>>;
  readonly passages: readonly Passage[];
}

/**
 * Moves every source in a proposal, wherever it stands, from the text that the model saw to the text as it was given: a
 * token is longer or shorter than its value, so what comes after one has another place. Text stays as it is.
 */
export function originalSources(value: Json, seen: SeenDocument, tokens: readonly ScrubToken[]): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map((member) => originalSources(member, seen, tokens));
  const entries = Object.entries(value).map(([key, member]): [string, Json] => [
    key,
    originalSources(member, seen, tokens),
  ]);
  const node = Object.fromEntries(entries);
  const { start, end } = node;
  const scrubbed = textOf(node, seen);
  if (scrubbed === undefined || !isPlace(start, scrubbed) || !isPlace(end, scrubbed)) return node;
  return { ...node, ...originalRange({ scrubbed, tokens, start, end }) };
}

/** The text that a source points into: of a passage, or at a path of the input such as `documents[0].pages[1].text`. */
function textOf(
  source: Readonly<Record<string, Json>>,
  { input, passages }: SeenDocument,
): string | undefined {
  const { field, passage_id: passageId } = source;
  if (typeof passageId === 'string') return passages.find(({ id }) => id === passageId)?.text;
  if (typeof field !== 'string') return undefined;
  let node: unknown = input;
  for (const step of field.split(/[.[\]]+/u).filter((part) => part !== '')) {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, step)) return undefined;
    node = (node as Readonly<Record<string, unknown>>)[step];
  }
  return typeof node === 'string' ? node : undefined;
}

function isPlace(value: Json | undefined, text: string): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= text.length;
}

function isList(node: Json): node is readonly Json[] {
  return Array.isArray(node);
}
