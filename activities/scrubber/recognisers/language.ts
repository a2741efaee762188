/** What the language library (compromise) finds, brought into the recognisers' terms. */
import type { TokenKind } from '../../../contract/pack';
import type { LanguageMemo, Offset, Span } from '../span';
import { EVERYDAY_WORDS, protectedRanges, TOWNS } from '../vocabulary';

/** The part of the library's answer that is read: `json({ offset: true })` gives offsets in UTF-16 units. */
export interface LanguageMatches {
  json(options: { offset: boolean }): unknown;
}

const CAPITALISED_WORD = /\p{Lu}[\p{L}\p{M}]*/gu;
const PIECE_LENGTH_MAX = 400;
const PIECE_OVERLAP = 80;
const EDGE_BEFORE = /^[^\p{L}\p{N}]+/u;
const EDGE_AFTER = /(?:'s|s')?[^\p{L}\p{M}\p{N}]*$/u;

/**
 * What `find` finds in the text, trimmed of punctuation and possessives, without what the vocabulary protects. The
 * library takes quadratic time for one long sentence, so it is given pieces of a bounded length; `memo` spares it those
 * that it has read in an earlier round.
 */
export function foundByLanguage(
  view: string,
  kind: TokenKind,
  memo: LanguageMemo,
  find: (text: string) => LanguageMatches,
): readonly Span[] {
  const ranges = protectedRanges(view);
  const pieces = piecesOf(view, PIECE_LENGTH_MAX, PIECE_OVERLAP).filter((piece) =>
    mayHold(piece, kind, ranges),
  );
  const spans = pieces.flatMap(({ text, offset }) =>
    remembered(memo, `${kind} ${text}`, () => offsetsOf(find(text).json({ offset: true }))).map(
      ({ start, length }) => trimmed(view, offset + start, offset + start + length, kind),
    ),
  );
  return unprotected(view, spans);
}

/**
 * Whether anything that the library could find in the piece would be kept: a word with a capital that is no ordinary one and
 * not part of what is protected. Most notes have none, and the library takes longer than everything else together.
 */
function mayHold(
  { text, offset }: { readonly text: string; readonly offset: number },
  kind: TokenKind,
  ranges: readonly { readonly start: number; readonly end: number }[],
): boolean {
  for (const match of text.matchAll(CAPITALISED_WORD)) {
    const start = offset + match.index;
    const span = { start, end: start + match[0].length, kind };
    if (!isOrdinary(match[0].toLowerCase(), kind) && !isCovered(span, ranges)) return true;
  }
  return false;
}

function remembered(memo: LanguageMemo, key: string, read: () => readonly Offset[]): readonly Offset[] {
  const known = memo.get(key);
  if (known !== undefined) return known;
  const found = read();
  memo.set(key, found);
  return found;
}

/**
 * Cuts a text into pieces of at most `lengthMax` units, at the last line end, sentence end or space there is, or else
 * anywhere. A piece that does not follow a line or sentence end begins up to `overlap` units early, at a space, so that
 * no name is cut.
 */
export function piecesOf(
  text: string,
  lengthMax: number,
  overlap: number,
): readonly { readonly text: string; readonly offset: number }[] {
  const pieces: { text: string; offset: number }[] = [];
  for (let at = 0; at < text.length;) {
    const window = text.slice(at, at + lengthMax);
    const isLast = at + window.length >= text.length;
    const cut = isLast ? window.length : cutOf(window);
    const isFresh = at === 0 || /(?:\n|\. )$/u.test(text.slice(at - 2, at));
    const early = Math.max(0, at - overlap);
    const space = isFresh ? -1 : text.slice(early, at).search(/\s/u);
    const offset = space === -1 ? at : early + space;
    pieces.push({ text: text.slice(offset, at + cut), offset });
    at += cut;
  }
  return pieces;
}

function cutOf(window: string): number {
  for (const end of ['\n', '. ', ' ']) {
    const at = window.lastIndexOf(end);
    if (at > window.length / 4) return at + end.length;
  }
  return window.length;
}

/** Narrows a span to the words in it, without surrounding punctuation and the possessive. */
export function trimmed(view: string, start: number, end: number, kind: TokenKind): Span {
  const text = view.slice(start, end);
  const before = EDGE_BEFORE.exec(text)?.[0].length ?? 0;
  const after = EDGE_AFTER.exec(text.slice(before))?.[0].length ?? 0;
  return { start: start + before, end: Math.max(start + before, end - after), kind };
}

/** Drops spans that begin without a capital, single ordinary words, and those wholly made of protected phrases. */
export function unprotected(view: string, spans: readonly Span[]): readonly Span[] {
  if (spans.length === 0) return spans;
  const ranges = protectedRanges(view);
  return spans.filter((span) => {
    const text = view.slice(span.start, span.end);
    if (!/^\p{Lu}/u.test(text) || isOrdinary(text.toLowerCase(), span.kind)) return false;
    return !isCovered(span, ranges);
  });
}

function isOrdinary(word: string, kind: TokenKind): boolean {
  return EVERYDAY_WORDS.has(word) && !(kind === 'place' && TOWNS.has(word));
}

/** Whether protected ranges that follow one another without a gap hold the whole span. They are sorted and apart. */
function isCovered(span: Span, ranges: readonly { readonly start: number; readonly end: number }[]): boolean {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle]?.end ?? 0) <= span.start) low = middle + 1;
    else high = middle;
  }
  let at = span.start;
  for (let next = low; at < span.end; next += 1) {
    const range = ranges[next];
    if (range === undefined || range.start > at) return false;
    at = range.end;
  }
  return true;
}

function offsetsOf(json: unknown): readonly Offset[] {
  if (!Array.isArray(json)) return [];
  return json.flatMap((match: unknown) => {
    if (typeof match !== 'object' || match === null || !('offset' in match)) return [];
    const { offset } = match;
    if (typeof offset !== 'object' || offset === null || !('start' in offset) || !('length' in offset))
      return [];
    const { start, length } = offset;
    return typeof start === 'number' && typeof length === 'number' ? [{ start, length }] : [];
  });
}
