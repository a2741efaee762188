import { NO_CURRENCY } from '../../../../../contract/currency';
import { withoutDoubtful } from './certainty';
import { readCurrency, type CurrencyReading } from './currencies';
import { MILLIONTHS } from './decimal';
import { readNumber } from './numbers';
import { markAt, wordAt, type Figure, type Piece } from './pieces';
import { ANIMALS, UNITS } from './vocabulary';

const TIME_UNITS =
  /^(?:days?|weeks?|wks?|months?|mths?|hours?|hrs?|minutes?|mins?|years?|yrs?|times|percent|degrees|am|pm)$/;
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
  // "N50 a litre" is a price for one, and no litre.
  const before = pieces[index - 1];
  const isPrice = before?.kind === 'numeral' || ['k', 'naira'].includes(wordAt(pieces, index - 1));
  const isArticle = ['a', 'an'].includes(wordAt(pieces, index)) && !isPrice;
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
  if (word !== null) {
    const value = isCutShort(pieces, after, number.value) ? null : number.value;
    return moneyFigure(pieces, index, after + wordLength - index, value, word);
  }
  if (TIME_UNITS.test(wordAt(pieces, after)) || markAt(pieces, after) === '%')
    return noise(pieces, index, after + 1 - index);
  return measured(pieces, index, after, number.value, number.suffixed);
}

/** "N1. 5m", "N450. 000": a slip in one sum as likely as the end of a sentence. */
function isCutShort(pieces: readonly Piece[], after: number, value: bigint | null): boolean {
  const next = pieces[after + 1];
  if (markAt(pieces, after) !== '.' || next?.kind !== 'numeral') return false;
  const isLast = /^(?:k|m|mil|thousand|million|grand|naira)?$/.test(wordAt(pieces, after + 2));
  return isLast || next.text.startsWith('0') || (value !== null && value < 100n * MILLIONTHS);
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
    currency: currency.code ?? NO_CURRENCY,
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
  return withoutDoubtful(read);
}
