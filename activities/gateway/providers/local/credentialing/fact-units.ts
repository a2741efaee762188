/** Cuts a page into units that may state one fact each: a line that says it all, or a block of lines that belong together. */
import type { SourceSpan } from '../../../../../contract/pack';
import { spanOf } from './evidence';
import type { FactKind } from './fact-fields';
import { linesOf } from './structured-lines';
import type { Page } from './user-document';

export interface FactUnit {
  readonly kind: FactKind;
  readonly text: string;
  readonly source: SourceSpan;
}

const CLOSING =
  /^\s*(?:Sincerely|Yours (?:sincerely|faithfully|truly)|Respectfully|(?:With )?(?:best|kind|warm) regards|Regards)\b/i;

const MENTIONS: readonly (readonly [FactKind, RegExp])[] = [
  ['training', /^\s*[-*•]?\s*(?:residency|fellowship|internship|medical school|degree)\b/i],
  ['board_certification', /\bboard\b(?=[\s\S]*\bcertif)|\bcertif[\s\S]*\bboard\b/i],
  ['licence', /\blicen[cs](?:e|ed|ure)\b/i],
];

/** The kind that a stretch of text mentions; null when none, or when it mentions a licence and a certification at once. */
function kindOf(text: string): FactKind | null {
  const kinds = MENTIONS.filter(([, pattern]) => pattern.test(text)).map(([kind]) => kind);
  const [first] = kinds;
  return first === 'training' || kinds.length === 1 ? (first ?? null) : null;
}

type Line = ReturnType<typeof linesOf>[number];

/** Blocks of lines without a blank one between them, up to the words that close a letter. */
function blocksOf(page: Page): Line[][] {
  const blocks: Line[][] = [[]];
  for (const line of linesOf(page)) {
    // Below the closing words is the writer, whose licence is not the subject's.
    if (CLOSING.test(line.text)) break;
    if (line.text.trim() === '') blocks.push([]);
    else blocks.at(-1)?.push(line);
  }
  return blocks.filter((block) => block.length > 0);
}

function unitOf(page: Page, lines: readonly Line[]): FactUnit[] {
  const [first, last] = [lines[0], lines.at(-1)];
  if (first === undefined || last === undefined) return [];
  const source = spanOf(page, first.start, last.end);
  const kind = source?.quote === undefined ? null : kindOf(source.quote);
  return source?.quote === undefined || kind === null ? [] : [{ kind, text: source.quote, source }];
}

/** Where several lines of a block mention a fact each is a unit; else the block is one. */
export function unitsOf(page: Page): FactUnit[] {
  return blocksOf(page).flatMap((block) => {
    const single = block.flatMap((line) => unitOf(page, [line]));
    if (single.length > 1 || single[0]?.kind === 'training') return single;
    return unitOf(page, block);
  });
}
