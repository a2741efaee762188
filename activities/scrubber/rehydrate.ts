/** The way back: puts the values of this run's tokens into the model's output, and reports everything else like one. */
import type { Json } from './allow-list';
import { bodySearchText, holdsBodyOf, ownTokens, tokenLike, type ScrubToken } from './token';

/** Reported when the random part of a token stands alone or in another case. */
export const PART_OF_TOKEN = '(part of a token)';

export interface Rehydrated {
  readonly value: Json;
  /** What looked like a token and is none of this run: foreign, truncated, re-cased. Not empty: block the output. */
  readonly unknownTokens: readonly string[];
}

/**
 * Replaces exact tokens in all strings of a JSON value, however deep. Object keys are never rehydrated: a token in a key
 * is reported. Each string is read once, so a value that itself looks like a token is not replaced again.
 */
export function rehydrate({
  value,
  tokens,
}: {
  readonly value: Json;
  readonly tokens: readonly ScrubToken[];
}): Rehydrated {
  const values = new Map(tokens.map((token) => [token.token, token.value]));
  const unknown = new Set<string>();
  const walk = (node: Json): Json => {
    if (typeof node === 'string') return rehydrateText(node, values, unknown);
    if (typeof node !== 'object' || node === null) return node;
    if (isArray(node)) return node.map(walk);
    const entries = Object.entries(node).map(([key, member]): [string, Json] => {
      for (const part of tokenLike(key, [])) unknown.add(key.slice(part.start, part.end));
      return [key, walk(member)];
    });
    return Object.fromEntries(entries);
  };
  return { value: walk(value), unknownTokens: [...unknown] };
}

/**
 * Where a range of a scrubbed text lies in the text before scrubbing. A range that begins or ends inside a token is
 * widened to the token's whole value. Offsets in UTF-16 units.
 */
export function originalRange({
  scrubbed,
  tokens,
  start,
  end,
}: {
  readonly scrubbed: string;
  readonly tokens: readonly ScrubToken[];
  readonly start: number;
  readonly end: number;
}): { readonly start: number; readonly end: number } {
  const values = new Map(tokens.map((token) => [token.token, token.value]));
  let shiftBefore = 0;
  let shiftUntil = 0;
  let from = start;
  let to = end;
  for (const own of ownTokens(scrubbed, new Set(values.keys()))) {
    const shift = (values.get(scrubbed.slice(own.start, own.end)) ?? '').length - (own.end - own.start);
    if (own.start < start && own.end > start) from = own.start;
    if (own.start < end && own.end > end) to = own.end;
    if (own.end <= from) shiftBefore += shift;
    if (own.end <= to) shiftUntil += shift;
  }
  return { start: from + shiftBefore, end: to + shiftUntil };
}

function rehydrateText(text: string, values: ReadonlyMap<string, string>, unknown: Set<string>): string {
  const own = ownTokens(text, new Set(values.keys()));
  for (const { start, end } of tokenLike(text, own)) unknown.add(text.slice(start, end));
  const parts: string[] = [];
  let at = 0;
  for (const { start, end } of own) {
    parts.push(text.slice(at, start), values.get(text.slice(start, end)) ?? '');
    at = end;
  }
  parts.push(text.slice(at));
  const between = parts.filter((_, index) => index % 2 === 0);
  if (between.some((part) => holdsBodyOf(bodySearchText(part), values.keys()))) unknown.add(PART_OF_TOKEN);
  return parts.join('');
}

function isArray(node: Json): node is readonly Json[] {
  return Array.isArray(node);
}
