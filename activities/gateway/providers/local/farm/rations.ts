import { formatQuantity } from './decimal';
import { groupSegments } from './groups';
import { nameAt, nameBefore, nameText } from './names';
import { isMoney, wordAt, type Figure, type Piece } from './pieces';
import { proposal, type RecordReader } from './proposals';
import { dayOf, DOUBTFUL, placeOf, read, UNMENTIONED, type Reading } from './scope';
import { isOnlyWeight, isSize } from './goods';
import { isOfStock } from './stock';
import { FEED_UNITS, FEED_WORDS, VOLUME_UNITS } from './vocabulary';

/** "Feed" says only that it was feed. */
const GENERIC_FEED: ReadonlySet<string> = new Set(['feed', 'feeds']);

interface Measure {
  readonly figure: Figure;
  readonly index: number;
}

/** Figures that measure with one of the units; "25kg" before "bag" says what a bag holds. */
function measuresIn(pieces: readonly Piece[], units: ReadonlySet<string>): Measure[] {
  const measures = pieces.flatMap((figure, index) => {
    if (figure.kind !== 'figure' || isMoney(figure) || isSize(pieces, index, figure)) return [];
    if (isOfStock(pieces, index)) return [];
    return figure.unit !== null && units.has(figure.unit) ? [{ figure, index }] : [];
  });
  const bagged = measures.filter(({ figure }) => figure.unit === 'bag');
  return bagged.length === 1 ? bagged : measures;
}

interface Amount {
  readonly quantity: Reading<string>;
  readonly unit: Reading<string>;
}

/** "3 bags each" is three of something that the note may not count, so it stays open. */
function amountOf(pieces: readonly Piece[], measures: readonly Measure[]): Amount {
  const [only] = measures;
  if (only === undefined) return { quantity: DOUBTFUL, unit: DOUBTFUL };
  const units = new Set(measures.map(({ figure }) => figure.unit));
  const unit = units.size === 1 && only.figure.unit !== null ? read(only.figure.unit) : DOUBTFUL;
  const isEach = pieces.some(
    (piece) => piece.kind === 'word' && /^(?:each|per|every|twice)$/.test(piece.lower),
  );
  const text =
    measures.length > 1 || isEach || only.figure.value === null ? null : formatQuantity(only.figure.value);
  return { quantity: text === null ? DOUBTFUL : read(text), unit };
}

function feedName(name: readonly Piece[]): Piece[] {
  const last = name.map((piece) => piece.kind === 'word' && FEED_WORDS.has(piece.lower)).lastIndexOf(true);
  const cut = name.slice(0, last + 1);
  return cut.every((piece) => piece.kind === 'word' && GENERIC_FEED.has(piece.lower)) ? [] : cut;
}

/** Which feed it was: named after the measure ("3 bags of layer mash") or before it ("layer mash 3 bags"). */
function feedOf(
  note: string,
  pieces: readonly Piece[],
  measure: Measure | undefined,
  before: readonly Piece[],
): Reading<string> {
  if (measure === undefined) return UNMENTIONED;
  const from = wordAt(pieces, measure.index + 1) === 'of' ? measure.index + 2 : measure.index + 1;
  const following = feedName(nameAt(pieces, from));
  const text = nameText(note, following.length > 0 ? following : feedName(before));
  return text === null ? UNMENTIONED : read(text);
}

/** "Fed the birds" alone is no record: it says nothing that a log could hold. */
function hasFigure(pieces: readonly Piece[]): boolean {
  return pieces.some((piece) => piece.kind === 'figure');
}

/** Feed that was given: one record for each measure of it. */
export const readFeedUse: RecordReader = (clause, reader) => {
  const measures = (pieces: readonly Piece[]): Measure[] => measuresIn(pieces, FEED_UNITS);
  const groups = groupSegments(
    clause.segments,
    (segment, group) => measures(segment).length > 0 && measures(group).length > 0 && !isOnlyWeight(segment),
  );
  return groups.filter(hasFigure).map((pieces) => {
    const found = measures(pieces);
    const before = nameBefore(pieces, found[0]?.index ?? 0, clause.sentence.grammar);
    const fields = {
      ...amountOf(pieces, found),
      feed: feedOf(reader.note, pieces, found[0], before),
      place: placeOf(pieces, clause.sentence),
      occurred_on: dayOf(clause, pieces, reader.heading, reader.today),
    };
    return proposal('feed_use', fields, pieces, reader.note);
  });
};

/** Water that was drunk or filled in. */
export const readWater: RecordReader = (clause, reader) => {
  const measures = (pieces: readonly Piece[]): Measure[] => measuresIn(pieces, VOLUME_UNITS);
  const groups = groupSegments(
    clause.segments,
    (segment, group) => measures(segment).length > 0 && measures(group).length > 0,
  );
  return groups.map((pieces) => {
    const fields = {
      ...amountOf(pieces, measures(pieces)),
      place: placeOf(pieces, clause.sentence),
      occurred_on: dayOf(clause, pieces, reader.heading, reader.today),
    };
    return proposal('water', fields, pieces, reader.note);
  });
};
