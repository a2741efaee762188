import { MILLIONTHS } from './decimal';
import { isMoney, markAt, wordAt, type Figure, type Piece } from './pieces';
import { ANIMALS, COST_WORDS, PREPOSITIONS, STOP_WORDS, UNITS } from './vocabulary';

/** What a figure of money says: of one thing, of all, of a payment, of a part of it, or nothing certain. */
export type Role = 'unit_price' | 'total' | 'plain' | 'paid' | 'part' | 'bare_at' | 'doubtful';

export interface Money {
  readonly figure: Figure;
  readonly role: Role;
  /** What a unit price is for: "crate", "kg", "bird"; '' when it is only "each". */
  readonly per: string;
}

export const TOTAL_WORDS: ReadonlySet<string> = new Set([
  'total',
  'totals',
  'altogether',
  'complete',
  'completely',
  'all',
  'sum',
  'amount',
  'making',
]);
const PAID_WORDS: ReadonlySet<string> = new Set([
  'paid',
  'pay',
  'pays',
  'collected',
  'received',
  'got',
  'brought',
  'transferred',
  'sent',
  'gave',
]);
export const PART_WORDS: ReadonlySet<string> = new Set([
  'balance',
  'remaining',
  'remain',
  'deposit',
  'advance',
  'owing',
  'owes',
  'debt',
  'change',
  'part',
  'left',
  'outstanding',
  'down',
]);
/** A sum that is written without currency sign and below this is as likely a count, a size or short for thousands. */
const BARE_SUM_MIN = 100n * MILLIONTHS;

/** Whether a noun follows, so that the figure counts it. */
export function countsNoun(pieces: readonly Piece[], index: number): boolean {
  const word = wordAt(pieces, index + 1);
  if (word === '' || word === 'x') return false;
  const isOf = word === 'of';
  return (
    isOf ||
    !(
      PREPOSITIONS.has(word) ||
      STOP_WORDS.has(word) ||
      PAID_WORDS.has(word) ||
      TOTAL_WORDS.has(word) ||
      PART_WORDS.has(word)
    )
  );
}

/** Whether a figure without unit and currency stands where a sum would: after "for", "at", "@", "=", or last of all. */
export function standsForMoney(pieces: readonly Piece[], index: number): boolean {
  const piece = pieces[index];
  if (piece?.kind !== 'figure' || piece.unit !== null) return false;
  if (piece.currency !== null) return true;
  // "20k salary" is money for it; "20k birds" are birds.
  if (piece.suffixed && COST_WORDS.has(wordAt(pieces, index + 1))) return true;
  if (countsNoun(pieces, index)) return false;
  if (piece.suffixed) return true;
  const before = wordAt(pieces, index - 1);
  const isLed =
    ['for', 'at', 'each', 'x'].includes(before) ||
    PAID_WORDS.has(before) ||
    TOTAL_WORDS.has(before) ||
    PART_WORDS.has(before);
  const isMarked = ['@', '=', 'x', '×', '*'].includes(markAt(pieces, index - 1));
  return isLed || isMarked || (piece.value !== null && piece.value >= BARE_SUM_MIN);
}

/** What a price is per: the word after "per", "/", "a", "each"; '' for a bare "each"; null when it is no unit price. */
function perAt(pieces: readonly Piece[], index: number): string | null {
  const next = wordAt(pieces, index + 1);
  const then = wordAt(pieces, index + 2);
  if (next === 'per' || markAt(pieces, index + 1) === '/') return then === '' ? 'unknown' : then;
  if (next === 'each' || next === 'apiece') return UNITS.has(then) || ANIMALS.has(then) ? then : '';
  if ((next === 'a' || next === 'for') && ['a', 'one', 'each'].includes(next === 'a' ? 'a' : then)) {
    const named = next === 'a' ? then : wordAt(pieces, index + 3);
    return UNITS.has(named) || ANIMALS.has(named) || named === 'egg' || named === 'head' ? named : null;
  }
  return null;
}

function perBefore(pieces: readonly Piece[], index: number): boolean {
  const before = wordAt(pieces, index - 1);
  if (['@', '×', '*'].includes(markAt(pieces, index - 1)) || before === 'x') return true;
  if (before === 'each') return pieces[index - 2]?.kind === 'word' || pieces[index - 2]?.kind === 'figure';
  return (
    ['at', 'for'].includes(before) && wordAt(pieces, index - 2) === 'each' && !isMeasure(pieces[index - 3])
  );
}

/** "3.2 kg each for 62,500": here "each" belongs to the weight. */
function isMeasure(piece: Piece | undefined): boolean {
  return piece?.kind === 'figure' && (piece.unit === 'kg' || piece.unit === 'g' || piece.unit === 'litre');
}

function isTotal(pieces: readonly Piece[], index: number): boolean {
  const before = wordAt(pieces, index - 1);
  const isAll = ['in', 'for'].includes(wordAt(pieces, index + 1)) && wordAt(pieces, index + 2) === 'all';
  const follows = TOTAL_WORDS.has(wordAt(pieces, index + 1));
  return (
    markAt(pieces, index - 1) === '=' ||
    TOTAL_WORDS.has(before) ||
    (before === 'of' && TOTAL_WORDS.has(wordAt(pieces, index - 2))) ||
    isAll ||
    follows
  );
}

function roleOf(pieces: readonly Piece[], index: number, figure: Figure): Money {
  const per = perAt(pieces, index);
  const before = wordAt(pieces, index - 1);
  const isBare = figure.currency === null && !figure.suffixed;
  if (figure.value === null || (isBare && figure.value < BARE_SUM_MIN))
    return { figure, role: 'doubtful', per: '' };
  const isOfPart = before === 'of' && PART_WORDS.has(wordAt(pieces, index - 2));
  if (isOfPart || PART_WORDS.has(before) || PART_WORDS.has(wordAt(pieces, index + 1)))
    return { figure, role: 'part', per: '' };
  if (per !== null) return { figure, role: 'unit_price', per };
  if (isTotal(pieces, index)) return { figure, role: 'total', per: '' };
  if (perBefore(pieces, index)) return { figure, role: 'unit_price', per: '' };
  if (PAID_WORDS.has(before)) return { figure, role: 'paid', per: '' };
  if (before === 'for') return { figure, role: 'total', per: '' };
  return { figure, role: before === 'at' ? 'bare_at' : 'plain', per: '' };
}

/** All figures of money with the role that each plays. */
export function moneyIn(pieces: readonly Piece[]): Money[] {
  return pieces.flatMap((piece, index) =>
    piece.kind === 'figure' &&
    (isMoney(piece) || standsForMoney(pieces, index)) &&
    standsForMoney(pieces, index)
      ? [roleOf(pieces, index, piece)]
      : [],
  );
}
