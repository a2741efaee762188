import { MILLIONTHS } from './decimal';
import { markAt, wordAt, type Piece } from './pieces';
import { UNITS } from './vocabulary';

/** A number that starts at a piece: how many pieces it takes and its value (null when it cannot be told). */
export interface NumberReading {
  readonly value: bigint | null;
  readonly length: number;
  readonly suffixed: boolean;
}

const UNITS_WORDS =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS_WORDS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const SCALES: ReadonlyMap<string, bigint> = new Map([
  ['thousand', 1000n],
  ['million', 1_000_000n],
]);
const GLYPHS: ReadonlyMap<string, bigint> = new Map([
  ['½', 500_000n],
  ['¼', 250_000n],
  ['¾', 750_000n],
]);
const DENOMINATORS: ReadonlySet<number> = new Set([2, 4, 5, 8]);
const HALF = 500_000n;
const QUARTER = 250_000n;

/** Value of one spelled word below a hundred, "twenty-five" included; null when it is no number. */
function spelledBelowHundred(word: string): bigint | null {
  const [tens, units, more] = word.split('-');
  if (tens === undefined || more !== undefined) return null;
  const ten = TENS_WORDS.indexOf(tens);
  if (units !== undefined) {
    const unit = UNITS_WORDS.indexOf(units);
    return ten < 0 || unit < 1 || unit > 9 ? null : BigInt((ten + 2) * 10 + unit);
  }
  if (ten >= 0) return BigInt((ten + 2) * 10);
  const unit = UNITS_WORDS.indexOf(tens);
  return unit < 0 ? null : BigInt(unit);
}

interface Group {
  readonly value: bigint;
  readonly length: number;
}

/** "forty", "forty two", "one hundred and five": a number below a thousand, in words. */
function spelledGroup(pieces: readonly Piece[], index: number): Group | null {
  const first = wordAt(pieces, index);
  let value = spelledBelowHundred(first);
  let length = 1;
  if (first === 'hundred' || ((first === 'a' || first === 'an') && wordAt(pieces, index + 1) === 'hundred')) {
    value = 100n;
    length = first === 'hundred' ? 1 : 2;
  } else if (value === null) {
    return null;
  } else {
    const unit = UNITS_WORDS.indexOf(wordAt(pieces, index + 1));
    if (value >= 20n && value % 10n === 0n && unit > 0 && unit < 10) {
      value += BigInt(unit);
      length = 2;
    }
    if (wordAt(pieces, index + length) !== 'hundred') return { value, length };
    value *= 100n;
    length += 1;
  }
  const and = wordAt(pieces, index + length) === 'and' ? 1 : 0;
  const rest = spelledGroup(pieces, index + length + and);
  return rest !== null && rest.value > 0n && rest.value < 100n
    ? { value: value + rest.value, length: length + and + rest.length }
    : { value, length };
}

/** "one million, one hundred and twenty-five thousand": groups with falling scales. */
function spelled(pieces: readonly Piece[], index: number): NumberReading | null {
  let total = 0n;
  let length = 0;
  let lastScale = 1_000_000_000n;
  for (;;) {
    const comma = length > 0 && markAt(pieces, index + length) === ',' ? 1 : 0;
    const and = length > 0 && wordAt(pieces, index + length + comma) === 'and' ? 1 : 0;
    const at = index + length + comma + and;
    const article = length === 0 && wordAt(pieces, at) === 'a' && SCALES.has(wordAt(pieces, at + 1));
    const group = article ? { value: 1n, length: 1 } : spelledGroup(pieces, at);
    if (group === null) break;
    const scale = SCALES.get(wordAt(pieces, at + group.length));
    if (scale === undefined) {
      // "twelve thousand, five died": without "and" or a bare neighbour the comma starts something else.
      if (length > 0 && (lastScale === 1n || (comma === 1 && and === 0) || group.value >= lastScale)) break;
      if (length > 0 && and === 1 && !joinsTail(pieces, at + group.length)) break;
      return {
        value: (total + group.value) * MILLIONTHS,
        length: at + group.length - index,
        suffixed: false,
      };
    }
    if (scale >= lastScale) break;
    total += group.value * scale;
    lastScale = scale;
    length = at + group.length + 1 - index;
  }
  return length === 0 ? null : { value: total * MILLIONTHS, length, suffixed: false };
}

/** After "thousand and five" a noun says that five things are meant, a currency or nothing that the sum goes on. */
function joinsTail(pieces: readonly Piece[], index: number): boolean {
  const next = pieces[index];
  return (
    next === undefined ||
    next.kind === 'mark' ||
    /^(?:naira|dollars?|cedis?|shillings?|only|each|per)$/.test(wordAt(pieces, index))
  );
}

/** "1/2", "3/4" after `index`: numerator, slash, denominator. Null for what is no such fraction. */
function slashFraction(pieces: readonly Piece[], index: number): bigint | null {
  const [numerator, slash, denominator] = [pieces[index], pieces[index + 1], pieces[index + 2]];
  if (numerator?.kind !== 'numeral' || denominator?.kind !== 'numeral' || slash?.kind !== 'mark') return null;
  if (slash.text !== '/' || slash.start !== numerator.end || slash.end !== denominator.start) return null;
  const [above, below] = [Number(numerator.text), Number(denominator.text)];
  if (!DENOMINATORS.has(below) || above < 1 || above >= below) return null;
  return (BigInt(above) * MILLIONTHS) / BigInt(below);
}

interface Tail {
  readonly value: bigint;
  readonly length: number;
}

/** What follows a whole number: "½", "1/2", "and a half", "and half". */
function fractionTail(pieces: readonly Piece[], index: number): Tail | null {
  const glyph = GLYPHS.get(markAt(pieces, index));
  if (glyph !== undefined) return { value: glyph, length: 1 };
  const slash = slashFraction(pieces, index);
  if (slash !== null) return { value: slash, length: 3 };
  if (wordAt(pieces, index) !== 'and') return null;
  const article = ['a', 'one'].includes(wordAt(pieces, index + 1)) ? 1 : 0;
  const part = wordAt(pieces, index + 1 + article);
  if (part !== 'half' && part !== 'quarter') return null;
  // "3 bags and half a crate": the half belongs to what follows.
  const after = wordAt(pieces, index + 2 + article);
  if (article === 0 && (after === 'a' || after === 'of')) return null;
  return { value: part === 'half' ? HALF : QUARTER, length: 2 + article };
}

/** "half", "half a", "a half", "quarter", "three quarters of a"; the article before a unit is taken in. */
function leadingFraction(pieces: readonly Piece[], index: number): NumberReading | null {
  const article = wordAt(pieces, index) === 'a' ? 1 : 0;
  const glyph = GLYPHS.get(markAt(pieces, index));
  if (glyph !== undefined) return { value: glyph, length: 1, suffixed: false };
  const threeQuarters = wordAt(pieces, index) === 'three' && /^quarters?$/.test(wordAt(pieces, index + 1));
  const part = threeQuarters ? 'three' : wordAt(pieces, index + article);
  const value = { half: HALF, quarter: QUARTER, three: 3n * QUARTER }[part];
  if (value === undefined || (part === 'three' && !threeQuarters)) return null;
  let length = threeQuarters ? 2 : 1 + article;
  if (
    wordAt(pieces, index + length) === 'of' &&
    ['a', 'an', 'one'].includes(wordAt(pieces, index + length + 1))
  )
    length += 2;
  else if (['a', 'an'].includes(wordAt(pieces, index + length))) length += 1;
  // "Half of the feed" is half of something unknown; a fraction counts only of a unit.
  const isOfUnit = UNITS.has(wordAt(pieces, index + length));
  return { value: isOfUnit ? value : null, length, suffixed: false };
}

const MAGNITUDES: ReadonlyMap<string, bigint> = new Map([
  ['k', 1000n],
  ['m', 1_000_000n],
  ['mil', 1_000_000n],
  ['thousand', 1000n],
  ['grand', 1000n],
  ['million', 1_000_000n],
]);

/** Digits, with a magnitude ("45k", "1.2m", "35 thousand") or a fraction ("2½", "2 and a half"). */
function digits(pieces: readonly Piece[], index: number): NumberReading | null {
  const numeral = pieces[index];
  if (numeral?.kind !== 'numeral') return null;
  const fraction = slashFraction(pieces, index);
  if (fraction !== null) return { value: fraction, length: 3, suffixed: false };
  const next = pieces[index + 1];
  const isSlashed = markAt(pieces, index + 1) === '/' && pieces[index + 2]?.kind === 'numeral';
  if (isSlashed) return { value: null, length: 3, suffixed: false };
  if (next?.kind === 'numeral') return spacedNumerals(pieces, index);
  if (next?.kind === 'word' && MAGNITUDES.has(next.lower)) {
    const times = MAGNITUDES.get(next.lower) ?? 1n;
    const isShort = next.lower.length <= 3;
    const value = numeral.value === null ? null : numeral.value * times;
    const more =
      spelledBelowHundred(wordAt(pieces, index + 2)) ?? (pieces[index + 2]?.kind === 'numeral' ? 1n : null);
    // "35 thousand five hundred" mixes digits and words; it is read only when nothing more follows.
    return { value: more === null ? value : null, length: 2, suffixed: isShort || next.lower === 'grand' };
  }
  const tail = fractionTail(pieces, index + 1);
  if (tail !== null) {
    const isWhole = numeral.value !== null && numeral.value % MILLIONTHS === 0n;
    return { value: isWhole ? numeral.value + tail.value : null, length: 1 + tail.length, suffixed: false };
  }
  return { value: numeral.value, length: 1, suffixed: false };
}

/** "12 500" or "2 1/2": only the second has one reading. */
function spacedNumerals(pieces: readonly Piece[], index: number): NumberReading {
  const whole = pieces[index];
  const fraction = slashFraction(pieces, index + 1);
  if (
    fraction !== null &&
    whole?.kind === 'numeral' &&
    whole.value !== null &&
    whole.value % MILLIONTHS === 0n
  ) {
    return { value: whole.value + fraction, length: 4, suffixed: false };
  }
  let length = 2;
  while (pieces[index + length]?.kind === 'numeral') length += 1;
  if (markAt(pieces, index + length) === '/' && pieces[index + length + 1]?.kind === 'numeral') length += 2;
  if (MAGNITUDES.has(wordAt(pieces, index + length))) length += 1;
  return { value: null, length, suffixed: false };
}

/** The number that starts at `index`, or null when none does. */
export function readNumber(pieces: readonly Piece[], index: number): NumberReading | null {
  const leading = leadingFraction(pieces, index);
  if (leading !== null) return leading;
  const written = digits(pieces, index);
  if (written !== null) return written;
  const words = spelled(pieces, index);
  if (words === null) return null;
  const tail = fractionTail(pieces, index + words.length);
  if (tail === null || words.value === null) return words;
  return { value: words.value + tail.value, length: words.length + tail.length, suffixed: false };
}
