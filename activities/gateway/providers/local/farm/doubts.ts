/** What in a sentence makes its sums uncertain, wherever it stands: a doubt of money may follow far behind the figure. */
import { hasWord, phraseIndex, wordAt, type Piece } from './pieces';

const words = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/));

/** Who wrote it was not sure, or will look again. */
const UNSURE_WORDS = words(`
  reckon guess think believe suppose supposedly apparently allegedly maybe perhaps probably possibly hopefully unsure doubt
  estimate estimated estimation ballpark guesstimate roughly approx approximately thereabout thereabouts somewhere remember recall
  forgot forget confirm confirmation confirmed verify tbc tba minimum maximum max abi`);
const UNSURE_PHRASES: readonly (readonly string[])[] = [
  ['give', 'or', 'take'],
  ['or', 'so'],
  ['or', 'was', 'it'],
  ['not', 'sure'],
  ['north', 'of'],
  ['south', 'of'],
  ['subject', 'to'],
  ['looked', 'like'],
  ['should', 'come'],
];
/** The figure is no price that was agreed for all and paid: a part, a debt, an asking price, a swap, or one with more to it. */
const PARTIAL_WORDS = words(`
  deposit upfront instalment installment instalments installments towards owe owes owing owed unpaid vat incl including inclusive excluding
  exclusive excl discount rebate plus shipping surcharge exchange barter swap swapped worth profit gain asking offer offered
  quoted quote price prices weekly monthly budget budgeted invoice invoiced`);
const PARTIAL_PHRASES: readonly (readonly string[])[] = [
  ['on', 'top'],
  ['out', 'of'],
  ['of', 'which'],
  ['half', 'of'],
  ['part', 'of'],
  ['on', 'credit'],
  ['not', 'paid'],
  ['nt', 'paid'],
  ['never', 'pay'],
  ['this', 'week'],
  ['last', 'week'],
  ['this', 'month'],
  ['last', 'month'],
];
const CORRECTING = words('sorry correction actually oops no wait rather mistake');

function isUnsure(pieces: readonly Piece[]): boolean {
  return hasWord(pieces, UNSURE_WORDS) || UNSURE_PHRASES.some((phrase) => phraseIndex(pieces, phrase) >= 0);
}

/** Whether a sentence says of its own sums that they are not sure, not all, or not paid. */
export function leavesSumsOpen(pieces: readonly Piece[]): boolean {
  const isPartial = PARTIAL_PHRASES.some((phrase) => phraseIndex(pieces, phrase) >= 0);
  const isOfPeriod =
    hasWord(pieces, new Set(['total', 'totals'])) &&
    pieces.some((piece) => piece.kind === 'day' && piece.reading.form === 'unknown');
  return isUnsure(pieces) || isPartial || isOfPeriod || hasWord(pieces, PARTIAL_WORDS);
}

/** Whether a sentence takes back or doubts the figures of the one before it: "Sorry that was 72k", "Not sure of the amount". */
export function doubtsTheLast(pieces: readonly Piece[]): boolean {
  const first = pieces.findIndex((piece) => piece.kind === 'word');
  const isCorrection = CORRECTING.has(wordAt(pieces, first)) || wordAt(pieces, first) === 'or';
  return (isCorrection && pieces.some((piece) => piece.kind === 'figure')) || isUnsure(pieces);
}
