/** A stretch of text that must become a token. Offsets are UTF-16 units, `end` exclusive. */
import type { TokenKind } from '../../contract/pack';

export interface Span {
  readonly start: number;
  readonly end: number;
  readonly kind: TokenKind;
}

/** Where the language library found something, in UTF-16 units of the piece that it read. */
export interface Offset {
  readonly start: number;
  readonly length: number;
}

/** What the language library said of pieces of this run's texts. Content: it lives as long as one call of the scrubber. */
export type LanguageMemo = Map<string, readonly Offset[]>;

/** Finds identifiers of one class in a recogniser's view of a text; offsets are the view's. */
export type Recogniser = (view: string, memo: LanguageMemo) => readonly Span[];

/**
 * Joins spans that overlap into one, so that no part of an identifier stays behind. The longest span gives the kind;
 * of equally long ones, the one that came first in `spans`, so the caller's order is the order of trust.
 * Spans that only touch stay apart. The result is sorted, and depends on nothing but the arguments.
 */
export function mergeSpans(spans: readonly Span[]): readonly Span[] {
  const sorted = spans
    .map((span, order) => ({ span, order }))
    .filter(({ span }) => span.end > span.start)
    .sort((a, b) => a.span.start - b.span.start || b.span.end - a.span.end || a.order - b.order);
  const merged: { start: number; end: number; kind: TokenKind; length: number; order: number }[] = [];
  for (const { span, order } of sorted) {
    const length = span.end - span.start;
    const last = merged.at(-1);
    if (last === undefined || span.start >= last.end) {
      merged.push({ start: span.start, end: span.end, kind: span.kind, length, order });
      continue;
    }
    last.end = Math.max(last.end, span.end);
    if (length > last.length || (length === last.length && order < last.order)) {
      last.kind = span.kind;
      last.length = length;
      last.order = order;
    }
  }
  return merged.map(({ start, end, kind }) => ({ start, end, kind }));
}

/** Spans of all matches of `pattern` (flag `g`), or of its group `id` where the pattern has one (flag `d`). */
export function spansOf(view: string, pattern: RegExp, kind: TokenKind): readonly Span[] {
  const spans: Span[] = [];
  for (const match of view.matchAll(pattern)) {
    const [start, end] = match.indices?.groups?.['id'] ?? [match.index, match.index + match[0].length];
    if (end > start) spans.push({ start, end, kind });
  }
  return spans;
}
