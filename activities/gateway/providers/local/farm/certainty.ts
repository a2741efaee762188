/** Takes back what a note takes back, and the value of every figure that is a range, a guess or split in two. */
import { MILLIONTHS } from './decimal';
import { markAt, phraseIndex, wordAt, type Figure, type Piece } from './pieces';
import { HEDGES, VAGUE } from './vocabulary';

const RANGE_MARKS: ReadonlySet<string> = new Set(['-', '–', '—', '~']);
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

const AFTER_ROUGH: ReadonlySet<string> = new Set(
  'plus ish something thereabout thereabouts approx approximately roughly maybe estimated'.split(' '),
);
const MAYBE: ReadonlySet<string> = new Set(['maybe', 'perhaps', 'probably', 'possibly']);
const UNSURE: readonly (readonly string[])[] = [
  ['i', 'think'],
  ['i', 'guess'],
  ['i', 'believe'],
  ['not', 'sure'],
  ['hopefully'],
];
/** More than a person writes between two marks; it keeps hostile notes from being read again and again. */
const SEGMENT_PIECES_MAX = 40;

/** Corrected figures only, and none with a value that the note leaves in doubt. */
export function withoutDoubtful(pieces: readonly Piece[]): Piece[] {
  return withoutRough(withoutRanges(withoutCorrected(pieces)));
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
      kept = corrected(kept, back, pieces[meant]);
      index = meant;
    } else if (denied?.kind === 'figure') {
      if (markAt(kept, kept.length - 1) === ',') kept.pop();
      index += 1;
    } else {
      kept.push(piece);
    }
  }
  return kept;
}

/** The figure that was meant, in the place of the one that was taken back; what stood between them stays if it is words. */
function corrected(kept: readonly Piece[], back: number, meant: Piece | undefined): Piece[] {
  const [earlier, between] = [kept[back], kept.slice(back + 1)];
  if (earlier?.kind !== 'figure' || meant?.kind !== 'figure') return [...kept];
  const isApart = between.every((piece) => piece.kind === 'mark');
  const figure: Figure = {
    ...meant,
    unit: meant.unit ?? earlier.unit,
    start: earlier.start,
    end: isApart ? meant.end : earlier.end,
  };
  return [...kept.slice(0, back), figure, ...(isApart ? [] : between)];
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
      ['between', 'btw', 'btwn'].includes(wordAt(pieces, index - 1)) &&
      ['and', 'to'].includes(wordAt(pieces, joint));
    const isDash = RANGE_MARKS.has(markAt(pieces, joint)) && low.unit === null && low.currency === null;
    const isRange =
      isBetween ||
      isDash ||
      ['or', 'abi'].includes(wordAt(pieces, joint)) ||
      isSpan(pieces, index, low, high);
    read.push(isRange ? { ...high, value: null, start: low.start } : low);
    if (isRange) index += 2;
  }
  return read;
}

/** "5 to 7 birds", "from 12 to 10"; but "60,000 to three workers" and "3 bags to 20 birds" are two figures. */
function isSpan(pieces: readonly Piece[], index: number, low: Figure, high: Figure): boolean {
  if (wordAt(pieces, index + 1) !== 'to' || low.unit !== high.unit) return false;
  const rises = low.value === null || high.value === null || low.value <= high.value;
  return rises || wordAt(pieces, index - 1) === 'from';
}

/** Whether who wrote it was not sure of what a figure stands in: "… I think", "maybe sold 10 crates". */
function isUnsure(pieces: readonly Piece[], index: number): boolean {
  const isBreak = (at: number): boolean => at < 0 || at >= pieces.length || pieces[at]?.kind === 'mark';
  let start = index;
  while (!isBreak(start - 1) && index - start < SEGMENT_PIECES_MAX) start -= 1;
  let end = index;
  while (!isBreak(end + 1) && end - index < SEGMENT_PIECES_MAX) end += 1;
  const segment = pieces.slice(start, end + 1);
  return MAYBE.has(wordAt(segment, 0)) || UNSURE.some((phrase) => phraseIndex(segment, phrase) >= 0);
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
      (markAt(pieces, index + 1) === '+' || AFTER_ROUGH.has(after)) && pieces[index + 2]?.kind !== 'figure';
    const rough =
      HEDGES.has(before) ||
      VAGUE.has(before) ||
      than ||
      closeTo ||
      orSo ||
      isPlus ||
      markAt(pieces, index - 1) === '~';
    return rough || isSplitByComma(pieces, index) || isUnsure(pieces, index)
      ? { ...piece, value: null }
      : piece;
  });
}

/** "12, 500" may be 12,500 with a slip or two figures; both lose their value. */
function isSplitByComma(pieces: readonly Piece[], index: number): boolean {
  const apart = (left: number): boolean => {
    const [low, high] = [pieces[left], pieces[left + 2]];
    if (low?.kind !== 'figure' || high?.kind !== 'figure' || markAt(pieces, left + 1) !== ',') return false;
    const isPlain = low.unit === null && low.currency === null && !low.suffixed;
    const isShortSum = low.currency !== null && high.unit === null;
    const isShort = low.value !== null && low.value < 1000n * MILLIONTHS;
    return (isPlain || isShortSum) && high.currency === null && isShort;
  };
  return apart(index) || apart(index - 2);
}
