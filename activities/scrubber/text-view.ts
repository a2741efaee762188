/**
 * A view is a text made plain enough to compare: compatibility forms, dashes, quotes and digits of other scripts become
 * their ordinary forms, invisible characters disappear, and each character still knows where in the source it stands.
 * Recognisers read the plain view; known values are compared in the folded one (no case, accents or runs of spaces).
 */

/** Stands in a view for a token that is already in the text, so that nothing is recognised across or inside it. */
export const MASK = '\uFFFC';

export interface SourceRange {
  readonly start: number;
  readonly end: number;
}

export interface TextView {
  readonly text: string;
  /** Range in the source for a range in the view; whole source characters, combining marks included. */
  readonly source: (start: number, end: number) => SourceRange;
}

export interface ViewOptions {
  /** Sorted, disjoint ranges of the source that become one `MASK` each. */
  readonly masked?: readonly SourceRange[];
  readonly fold?: boolean;
  /** Read `\n`, `\"`, `\u0041` as the characters they stand for, as in the text of a JSON document. */
  readonly jsonEscapes?: boolean;
}

interface Piece extends SourceRange {
  readonly text: string;
}

const MARK = /^\p{M}$/u;
// eslint-disable-next-line no-misleading-character-class -- single characters that show nothing, combining ones too
const INVISIBLE = /^[\p{Cf}\u034F\u115F\u1160\u17B4\u17B5\uFE00-\uFE0F]$/u;
const PLAIN_ALREADY = /^[\t\n\r\x20-\x5f\x61-\x7e]*$/;
const SPACES = /^\s+$/u;
const DASHES = /[\u2010-\u2015\u2212\u2043\uFE58\u30FC]/gu;
const SINGLE_QUOTES = /[\u2018\u2019\u201A\u201B\u02BC\u0060\u00B4]/gu;
const DOUBLE_QUOTES = /[\u201C-\u201F\u00AB\u00BB]/gu;
/** Zeros of the decimal digits that no normal form turns into ASCII: Arabic, Persian, Devanagari, Bengali, Thai. */
const DIGIT_ZEROS = [0x660, 0x6f0, 0x966, 0x9e6, 0xe50];
const JSON_ESCAPE = /\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))/y;
const SHORT_ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** Makes the view. Linear in the length of `text`; lone surrogates are kept as they are. */
export function viewOf(text: string, options: ViewOptions = {}): TextView {
  const fold = options.fold === true;
  if (
    !fold &&
    options.jsonEscapes !== true &&
    (options.masked ?? []).length === 0 &&
    PLAIN_ALREADY.test(text)
  ) {
    return { text, source: (start, end) => ({ start, end }) };
  }
  const parts: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  let lastIsSpace = false;
  let lastIsMask = false;
  for (const piece of pieces(text, options)) {
    const isMask = piece.text === MASK;
    const isMark = fold && MARK.test(piece.text);
    if (!isMask && (isMark || INVISIBLE.test(piece.text))) {
      if (ends.length > 0 && !lastIsMask) ends[ends.length - 1] = piece.end;
      continue;
    }
    const isSpace = SPACES.test(piece.text);
    if (fold && isSpace && lastIsSpace) {
      ends[ends.length - 1] = piece.end;
      continue;
    }
    const plain = isMask ? MASK : fold && isSpace ? ' ' : plainForm(piece.text, fold);
    parts.push(plain);
    for (let unit = 0; unit < plain.length; unit += 1) {
      starts.push(piece.start);
      ends.push(piece.end);
    }
    lastIsSpace = isSpace;
    lastIsMask = isMask;
  }
  return {
    text: parts.join(''),
    source: (start, end) => ({ start: starts[start] ?? text.length, end: ends[end - 1] ?? text.length }),
  };
}

/** A value as it stands in a folded view, without surrounding spaces. */
export function foldValue(value: string): string {
  return viewOf(value, { fold: true }).text.trim();
}

function plainForm(character: string, fold: boolean): string {
  if (character.length === 1 && character < '\u0080' && character !== '`') {
    return fold ? character.toLowerCase() : character;
  }
  const plain = (
    fold ? character.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '') : character.normalize('NFKC')
  )
    .replace(DASHES, '-')
    .replace(SINGLE_QUOTES, "'")
    .replace(DOUBLE_QUOTES, '"')
    .replace(/\p{Nd}/gu, asciiDigit);
  return fold ? plain.toLowerCase() : plain;
}

function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  const zero = DIGIT_ZEROS.find((start) => code >= start && code < start + 10);
  return zero === undefined ? digit : String(code - zero);
}

/** Characters of the source: a base with its combining marks is one piece unless the view is folded. */
function* pieces(text: string, options: ViewOptions): Generator<Piece> {
  const masked = options.masked ?? [];
  let nextMask = 0;
  let pending: Piece | undefined;
  for (let at = 0; at < text.length;) {
    const mask = masked[nextMask];
    if (mask !== undefined && mask.start === at) {
      if (pending !== undefined) yield pending;
      pending = undefined;
      yield { text: MASK, start: mask.start, end: mask.end };
      at = mask.end;
      nextMask += 1;
      continue;
    }
    const character = options.jsonEscapes === true ? escapedAt(text, at) : plainAt(text, at);
    at = character.end;
    if (pending !== undefined && options.fold !== true && MARK.test(character.text)) {
      pending = { text: pending.text + character.text, start: pending.start, end: character.end };
      continue;
    }
    if (pending !== undefined) yield pending;
    pending = character;
  }
  if (pending !== undefined) yield pending;
}

function plainAt(text: string, at: number): Piece {
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  return { text: character, start: at, end: at + character.length };
}

function escapedAt(text: string, at: number): Piece {
  const first = escapeUnit(text, at);
  if (first === undefined) return plainAt(text, at);
  const isHighSurrogate = /^[\uD800-\uDBFF]$/.test(first.text);
  const second = isHighSurrogate ? escapeUnit(text, first.end) : undefined;
  if (second === undefined || !/^[\uDC00-\uDFFF]$/.test(second.text)) return first;
  return { text: first.text + second.text, start: at, end: second.end };
}

function escapeUnit(text: string, at: number): Piece | undefined {
  if (text[at] !== '\\') return undefined;
  JSON_ESCAPE.lastIndex = at;
  const match = JSON_ESCAPE.exec(text);
  if (match === null) return undefined;
  const [whole, hex, short] = match;
  const decoded = hex !== undefined ? String.fromCharCode(Number.parseInt(hex, 16)) : escapeOf(short ?? '');
  return { text: decoded, start: at, end: at + whole.length };
}

function escapeOf(short: string): string {
  return SHORT_ESCAPES[short] ?? short;
}
