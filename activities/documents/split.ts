/** The pages of a document, cut into passages that are short enough to be embedded and shown whole. */

export interface PassageText {
  /** From 1. */
  readonly page: number;
  /** UTF-16 units in the page, `end` exclusive. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Four of them fit into a prompt beside the question. */
const UNITS_MAX = 1_200;
/** A cut before this would leave crumbs, so a worse place behind it is taken. */
const UNITS_MIN = 400;
/** Places to cut after, the best first: between paragraphs, lines, sentences, words. */
const CUTS = [/\n\s*\n/gu, /\n/gu, /[.!?…](?=\s)/gu, /\s/gu] as const;
const BLANK = /\s/u;
const HIGH_SURROGATE = /[\uD800-\uDBFF]$/u;

/** Passages in reading order, without the white space around them; none of them crosses a page. */
export function splitPages(pages: readonly string[]): readonly PassageText[] {
  return pages.flatMap((text, index) => splitPage(text, index + 1));
}

function splitPage(text: string, page: number): PassageText[] {
  const passages: PassageText[] = [];
  let start = skipBlank(text, 0);
  while (start < text.length) {
    const cut = start + cutOf(text.slice(start, start + UNITS_MAX), text.length - start);
    const piece = text.slice(start, cut).trimEnd();
    passages.push({ page, start, end: start + piece.length, text: piece });
    start = skipBlank(text, cut);
  }
  return passages;
}

/** Where to cut a stretch of which `rest` units are left in all: at its end when it is the last one. */
function cutOf(stretch: string, rest: number): number {
  if (rest <= UNITS_MAX) return rest;
  for (const cut of CUTS) {
    const places = [...stretch.matchAll(cut)].map((match) => match.index + match[0].length);
    const last = places.findLast((place) => place >= UNITS_MIN);
    if (last !== undefined) return last;
  }
  return HIGH_SURROGATE.test(stretch) ? stretch.length - 1 : stretch.length;
}

function skipBlank(text: string, from: number): number {
  let at = from;
  while (at < text.length && BLANK.test(text[at] ?? '')) at += 1;
  return at;
}
