/** Identifiers that only their label gives away: "MRN 00482913", "policy no. NH-22-18", "s/n: 7F3A-221". */
import type { TokenKind } from '../../../contract/pack';
import type { Recogniser, Span } from '../span';

export interface LabelledClass {
  readonly kind: TokenKind;
  /** Alternatives of a regular expression, without capturing groups. */
  readonly labels: string;
  /** Whether the label alone is enough ("MRN 482913"); else "no", "#", ":" or a long identifier is asked for. */
  readonly strong: boolean;
  /** How long an identifier must be that nothing but its label marks. Default 6. */
  readonly lengthMin?: number;
}

const EXPLICIT = String.raw`(?<explicit>(?:\s{0,3}(?:numbers?|no\.?|nr\.?|num\.?|nbr\.?|ids?|identifier|code|pin|serial|ref(?:erence)?\.?|file|record|template|hash|scan|profile|#))+)?`;
const JOINT = String.raw`\s{0,3}(?<joint>(?:(?:is|was|are|ending(?: in| with)?|ends? in|of|reads)\s|[:=#(-]\s{0,3}){0,2})`;
const BODY = String.raw`(?<id>(?=[A-Z/._-]{0,20}\d)[A-Z0-9](?:[A-Z0-9]|[-/._](?=[A-Z0-9])|(?<=\d{2})\s(?=\d{3})){1,39})(?![\p{L}\p{N}])`;
/** A number that is counted or paid is no identifier. */
const COUNTED =
  /^\s{0,2}(?:[,.]\d|%|crates?|trays?|eggs?|birds?|hens?|chicks?|broilers?|layers?|bags?|kg|kilos?|g|mg|ml|l|litres?|liters?|tonnes?|naira|ngn|usd|gbp|kes|dollars?|pounds?|shillings?|units?|k|m|cases?|procedures?|days?|weeks?|months?|years?|times|pieces?|pcs)(?![\p{L}\p{N}])/iu;
const BARE_YEAR = /^(?:19|20)\d\d$/;
const CALENDAR_DATE = /^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}$|^\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}$/;
const LONG_ENOUGH = 6;
const DIGITS_MIN = 3;
/** Every identifier of this form has so many digits close together: a text without them is not searched for labels. */
const ANY_IDENTIFIER = /\d[^\n]{0,40}?\d[^\n]{0,40}?\d/u;

/** Makes a recogniser for one class of labelled identifiers. What it returns is the identifier without its label. */
export function labelledRecogniser(identifier: LabelledClass): Recogniser {
  const pattern = new RegExp(
    `(?<![\\p{L}\\p{N}])(?:${identifier.labels})(?![\\p{L}])${EXPLICIT}${JOINT}${BODY}`,
    'dgiu',
  );
  return (view) => {
    if (!ANY_IDENTIFIER.test(view)) return [];
    const spans: Span[] = [];
    for (const match of view.matchAll(pattern)) {
      const range = match.indices?.groups?.['id'];
      if (range === undefined) continue;
      const [start, end] = range;
      const isMarked =
        match.groups?.['explicit'] !== undefined || /[:=#]|end/iu.test(match.groups?.['joint'] ?? '');
      if (isIdentifier(view, start, end, identifier, isMarked))
        spans.push({ start, end, kind: identifier.kind });
    }
    return spans;
  };
}

function isIdentifier(
  view: string,
  start: number,
  end: number,
  identifier: LabelledClass,
  isMarked: boolean,
): boolean {
  const id = view.slice(start, end);
  const digits = id.match(/\d/gu)?.length ?? 0;
  if (digits < DIGITS_MIN || CALENDAR_DATE.test(id)) return false;
  if (BARE_YEAR.test(id) && !isMarked) return false;
  if (!isMarked && COUNTED.test(view.slice(end, end + 16))) return false;
  return identifier.strong || isMarked || id.length >= (identifier.lengthMin ?? LONG_ENOUGH);
}
