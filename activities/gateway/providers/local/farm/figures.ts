import { readCurrency, type CurrencyReading } from './currencies';
import { MILLIONTHS } from './decimal';
import { readNumber } from './numbers';
import { markAt, wordAt, type Figure, type Piece } from './pieces';
import { ANIMALS, HEDGES, UNITS, VAGUE } from './vocabulary';

const TIME_UNITS =
  /^(?:days?|weeks?|wks?|months?|mths?|hours?|hrs?|minutes?|mins?|years?|yrs?|times|percent|degrees|am|pm)$/;
const RANGE_MARKS: ReadonlySet<string> = new Set(['-', '–', '—', '~']);
const BEFORE_PRONOUN: ReadonlySet<string> = new Set([
  'this',
  'that',
  'the',
  'which',
  'each',
  'every',
  'another',
  'any',
  'no',
  'one',
]);
const CORRECTIONS: readonly (readonly string[])[] = [
  ['no'],
  ['sorry'],
  ['i', 'mean'],
  ['i', 'meant'],
  ['correction'],
  ['actually'],
  ['oops'],
  ['rather'],
  ['make', 'that'],
];

interface Step {
  readonly piece: Piece;
  readonly length: number;
}

function figure(
  pieces: readonly Piece[],
  from: number,
  length: number,
  parts: Omit<Figure, 'kind' | 'start' | 'end'>,
): Step | null {
  const [first, last] = [pieces[from], pieces[from + length - 1]];
  return first === undefined || last === undefined
    ? null
    : { piece: { kind: 'figure', ...parts, start: first.start, end: last.end }, length };
}

/** "A bag", "an egg", "a goat": one of it. Before anything else an article is no number. */
function articleAsOne(pieces: readonly Piece[], index: number): boolean {
  const next = wordAt(pieces, index + 1);
  const isArticle = ['a', 'an'].includes(wordAt(pieces, index));
  return (
    isArticle &&
    !/^(?:l|g|m|t)$/.test(next) &&
    (UNITS.has(next) || (ANIMALS.has(next) && !next.endsWith('s')))
  );
}

/** The figure at `index` with its currency and unit, or null. */
function figureAt(pieces: readonly Piece[], index: number, tenantCurrency: string): Step | null {
  const sign = readCurrency(pieces, index, tenantCurrency, 'before');
  const at = index + (sign?.length ?? 0);
  const one = sign === null && articleAsOne(pieces, at);
  if (wordAt(pieces, at) === 'one' && BEFORE_PRONOUN.has(wordAt(pieces, at - 1))) return null;
  const number = one ? { value: MILLIONTHS, length: 1, suffixed: false } : readNumber(pieces, at);
  if (number === null) return null;
  const after = at + number.length;
  const word = sign ?? readCurrency(pieces, after, tenantCurrency, 'after');
  const wordLength = sign === null ? (word?.length ?? 0) : 0;
  if (word !== null) return moneyFigure(pieces, index, after + wordLength - index, number.value, word);
  if (TIME_UNITS.test(wordAt(pieces, after)) || markAt(pieces, after) === '%')
    return noise(pieces, index, after + 1 - index);
  return measured(pieces, index, after, number.value, number.suffixed);
}

function noise(pieces: readonly Piece[], from: number, length: number): Step | null {
  const [first, last] = [pieces[from], pieces[from + length - 1]];
  return first === undefined || last === undefined
    ? null
    : { piece: { kind: 'noise', text: '', start: first.start, end: last.end }, length };
}

function moneyFigure(
  pieces: readonly Piece[],
  from: number,
  length: number,
  value: bigint | null,
  currency: CurrencyReading,
): Step | null {
  return figure(pieces, from, length, {
    value: currency.code === null ? null : value,
    currency: currency.code ?? 'XXX',
    suffixed: false,
    unit: null,
  });
}

/** Takes in the unit that follows, and "and a half" after it ("a bag and a half"). */
function measured(
  pieces: readonly Piece[],
  from: number,
  after: number,
  value: bigint | null,
  suffixed: boolean,
): Step | null {
  const unit = suffixed && wordAt(pieces, after) === '' ? undefined : UNITS.get(wordAt(pieces, after));
  // "20m cable": a million of it, or metres.
  const isMetres = suffixed && (value ?? 0n) >= 1_000_000n * MILLIONTHS && wordAt(pieces, after) !== '';
  if (isMetres)
    return figure(pieces, from, after - from, { value: null, currency: null, suffixed, unit: null });
  if (unit === undefined)
    return figure(pieces, from, after - from, { value, currency: null, suffixed, unit: null });
  const half = ['and', 'a', 'half'].every((word, offset) => wordAt(pieces, after + 1 + offset) === word);
  const isHalved = half && !UNITS.has(wordAt(pieces, after + 4)) && wordAt(pieces, after + 4) !== 'of';
  const isOfHalf =
    half && wordAt(pieces, after + 4) === 'of' && !['a', 'an', 'one'].includes(wordAt(pieces, after + 5));
  const more = isHalved || isOfHalf ? MILLIONTHS / 2n : 0n;
  const length = after + 1 + (more > 0n ? 3 : 0) - from;
  return figure(pieces, from, length, {
    value: value === null ? null : value + more,
    currency: null,
    suffixed,
    unit,
  });
}

/** Reads every number of the note into a figure. What is said roughly keeps its place and loses its value. */
export function readFigures(pieces: readonly Piece[], tenantCurrency: string): Piece[] {
  const read: Piece[] = [];
  for (let index = 0; index < pieces.length;) {
    const step = figureAt(pieces, index, tenantCurrency);
    const piece = pieces[index];
    if (step !== null) read.push(step.piece);
    else if (piece !== undefined) read.push(piece.kind === 'currency' ? { ...piece, kind: 'mark' } : piece);
    index += step?.length ?? 1;
  }
  return withoutRough(withoutRanges(withoutCorrected(read)));
}

/** "12, no 13", "5.. sorry 6", "4 pullets, I mean 5 pullets", "nine, not eight": only the figure that was meant stays. */
function withoutCorrected(pieces: readonly Piece[]): Piece[] {
  let kept: Piece[] = [];
  for (let index = 0; index < pieces.length; index += 1) {
    const piece = pieces[index];
    if (piece === undefined) break;
    const meant = correctionAt(pieces, index, kept);
    const denied = wordAt(pieces, index) === 'not' ? pieces[index + 1] : undefined;
    if (meant >= 0) {
      const back = correctedIndex(kept, pieces[meant]);
      // Which figure is taken back cannot be told, so that none of them can be trusted.
      if (back < 0) return valueless([...kept, ...pieces.slice(meant)]);
      kept = kept.slice(0, back);
      index = meant - 1;
    } else if (denied?.kind === 'figure') {
      if (markAt(kept, kept.length - 1) === ',') kept.pop();
      index += 1;
    } else {
      kept.push(piece);
    }
  }
  return kept;
}

function valueless(pieces: readonly Piece[]): Piece[] {
  return pieces.map((piece) => (piece.kind === 'figure' ? { ...piece, value: null } : piece));
}

/** Index of the figure that a correction at `index` puts in the place of an earlier one; -1 when there is no correction. */
function correctionAt(pieces: readonly Piece[], index: number, kept: readonly Piece[]): number {
  const phrase = CORRECTIONS.find((words) =>
    words.every((word, offset) => wordAt(pieces, index + offset) === word),
  );
  if (phrase === undefined || !kept.some((piece) => piece.kind === 'figure')) return -1;
  const before = kept[kept.length - 1];
  if (phrase[0] === 'no' && before?.kind !== 'figure' && markAt(kept, kept.length - 1) === '') return -1;
  const after = index + phrase.length;
  const at = [',', '.', ':'].includes(markAt(pieces, after)) ? after + 1 : after;
  return pieces[at]?.kind === 'figure' ? at : -1;
}

/** Where the figure that is taken back stands: the nearest one, of the same kind, with only words and marks between. */
function correctedIndex(kept: readonly Piece[], meant: Piece | undefined): number {
  for (let back = kept.length - 1; back >= Math.max(0, kept.length - 6); back -= 1) {
    const piece = kept[back];
    if (piece?.kind === 'figure') return meant?.kind === 'figure' && isSameKind(piece, meant) ? back : -1;
    if (piece?.kind !== 'mark' && piece?.kind !== 'word') return -1;
  }
  return -1;
}

function isSameKind(earlier: Figure, meant: Figure): boolean {
  const isMoney = (one: Figure): boolean => one.currency !== null || one.suffixed;
  const units = earlier.unit === meant.unit || earlier.unit === null || meant.unit === null;
  return isMoney(earlier) === isMoney(meant) && units;
}

/** "10 or 12", "10-12", "between 10 and 12", "10 to 12": one figure without a value. */
function withoutRanges(pieces: readonly Piece[]): Piece[] {
  const read: Piece[] = [];
  for (let index = 0; index < pieces.length; index += 1) {
    const [low, joint, high] = [pieces[index], index + 1, pieces[index + 2]];
    if (low?.kind !== 'figure' || high?.kind !== 'figure') {
      if (low !== undefined) read.push(low);
      continue;
    }
    const isBetween =
      wordAt(pieces, index - 1) === 'between' && ['and', 'to'].includes(wordAt(pieces, joint));
    const isDash = RANGE_MARKS.has(markAt(pieces, joint)) && low.unit === null && low.currency === null;
    const isRange = isBetween || isDash || ['or', 'to'].includes(wordAt(pieces, joint));
    read.push(isRange ? { ...high, value: null, start: low.start } : low);
    if (isRange) index += 2;
  }
  return read;
}

/** "About 10", "10 plus", "10 or so", "over 20": the value is not known. */
function withoutRough(pieces: readonly Piece[]): Piece[] {
  return pieces.map((piece, index) => {
    if (piece.kind !== 'figure') return piece;
    const before = wordAt(pieces, index - 1);
    const than = before === 'than' && ['more', 'less', 'fewer'].includes(wordAt(pieces, index - 2));
    const closeTo = before === 'to' && ['close', 'up', 'near'].includes(wordAt(pieces, index - 2));
    const after = wordAt(pieces, index + 1);
    const orSo = after === 'or' && ['so', 'more', 'less'].includes(wordAt(pieces, index + 2));
    const isPlus =
      (markAt(pieces, index + 1) === '+' || ['plus', 'ish', 'something', 'thereabout'].includes(after)) &&
      pieces[index + 2]?.kind !== 'figure';
    const rough =
      HEDGES.has(before) ||
      VAGUE.has(before) ||
      than ||
      closeTo ||
      orSo ||
      isPlus ||
      markAt(pieces, index - 1) === '~';
    return rough || isSplitByComma(pieces, index) ? { ...piece, value: null } : piece;
  });
}

/** "12, 500" may be 12,500 with a slip or two figures; both lose their value. */
function isSplitByComma(pieces: readonly Piece[], index: number): boolean {
  const apart = (left: number): boolean => {
    const [low, high] = [pieces[left], pieces[left + 2]];
    if (low?.kind !== 'figure' || high?.kind !== 'figure' || markAt(pieces, left + 1) !== ',') return false;
    const isPlain = low.unit === null && low.currency === null && !low.suffixed;
    const isShortSum = low.currency !== null && high.unit === null;
    return (
      (isPlain || isShortSum) &&
      high.currency === null &&
      low.value !== null &&
      low.value < 1000n * MILLIONTHS
    );
  };
  return apart(index) || apart(index - 2);
}
