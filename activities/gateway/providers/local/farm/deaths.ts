import type { Clause } from './clauses';
import { groupSegments, withoutTotal } from './groups';
import { nameAt, nameBefore, nameText } from './names';
import { figuresIn, hasWord, isMoney, markAt, wordAt, type Figure, type Piece } from './pieces';
import { proposal, type RecordReader } from './proposals';
import { dayOf, DOUBTFUL, placeOf, read, UNMENTIONED, type Reading } from './scope';
import { MILLIONTHS, wholeNumber } from './decimal';
import { isOfStock } from './stock';
import { ANIMALS, CAUSES, DIED } from './vocabulary';

const DOZEN = 12n;
const NOT_OF_A_SPECIES: ReadonlySet<string> = new Set([
  'more',
  'other',
  'another',
  'additional',
  'extra',
  'our',
  'new',
]);
const HAD: ReadonlySet<string> = new Set([
  'had',
  'have',
  'has',
  'there',
  'stock',
  'stocked',
  'started',
  'total',
]);
const GUESSES: ReadonlySet<string> = new Set(
  'maybe perhaps probably possibly likely suspected suspect'.split(' '),
);
const DEATHS_WITH_CAUSE: ReadonlySet<string> = new Set(['crushed', 'drowned', 'suffocated']);

interface Counted {
  readonly figure: Figure;
  readonly index: number;
}

/** Figures that count animals: no money, no kilograms, and none of a stock ("out of 200", "197 left"). */
export function animalCounts(pieces: readonly Piece[]): Counted[] {
  return pieces.flatMap((figure, index) => {
    if (figure.kind !== 'figure' || isMoney(figure)) return [];
    if (figure.unit !== null && figure.unit !== 'piece' && figure.unit !== 'dozen') return [];
    return isOfStock(pieces, index) ? [] : [{ figure, index }];
  });
}

/** The count of one group, dozens multiplied out. Two counts in one group leave it open. */
export function countOf(counts: readonly Counted[]): Reading<number> {
  const [only] = counts;
  if (only === undefined) return UNMENTIONED;
  const value = only.figure.value;
  if (counts.length > 1 || value === null) return DOUBTFUL;
  const whole = wholeNumber(only.figure.unit === 'dozen' ? value * DOZEN : value);
  return whole === null ? DOUBTFUL : read(whole);
}

/** A name that ends in an animal ("sick layers"), cut after it; an empty one when it names none. */
function animalName(name: readonly Piece[]): Piece[] {
  const isAnimal = (piece: Piece): boolean => piece.kind === 'word' && ANIMALS.has(piece.lower);
  const last = name.map(isAnimal).lastIndexOf(true);
  const first = name.findIndex((piece) => piece.kind === 'word' && !NOT_OF_A_SPECIES.has(piece.lower));
  return last < 0 || first < 0 ? [] : name.slice(first, last + 1);
}

function speciesOf(
  note: string,
  pieces: readonly Piece[],
  index: number,
  before: readonly Piece[],
): Reading<string> {
  const isLinked = DIED.has(wordAt(pieces, index + 1)) || wordAt(pieces, index + 1) === 'of';
  const following = animalName(nameAt(pieces, isLinked ? index + 2 : index + 1));
  const named = nameText(note, following.length > 0 ? following : animalName(before));
  return named === null ? UNMENTIONED : read(named);
}

/** "From prolapse", "due to heat", "killed by a dog", "a snake killed": only what is said to be the cause. */
function causeOf(note: string, pieces: readonly Piece[], trigger: Piece | null): Reading<string> {
  for (let index = 0; index < pieces.length; index += 1) {
    const start = causeStart(pieces, index);
    if (start < 0) continue;
    // "Maybe from heat" is a guess of who wrote it.
    if (GUESSES.has(wordAt(pieces, index - 1))) return DOUBTFUL;
    const article = ['a', 'an', 'the'].includes(wordAt(pieces, start)) ? 1 : 0;
    const name = nameAt(pieces, start + article);
    const isStated = wordAt(pieces, index) !== 'from' && wordAt(pieces, index) !== 'of';
    if (name.length > 0 && (isStated || hasWord(name, CAUSES))) {
      const text = nameText(note, [...pieces.slice(start, start + article), ...name]);
      return text === null ? UNMENTIONED : read(text);
    }
  }
  const at = trigger === null ? -1 : pieces.indexOf(trigger);
  if (wordAt(pieces, at) === 'killed') {
    const killer = pieces.slice(0, at).filter((piece) => piece.kind === 'word');
    const isKiller = killer.length === at && !hasWord(killer, new Set(['we', 'i', 'they', 'he', 'she']));
    const text = isKiller ? nameText(note, killer) : null;
    if (text !== null) return read(text);
  }
  const alone = causeAlone(note, pieces);
  if (alone !== null) return read(alone);
  const word = pieces.find((piece) => piece.kind === 'word' && DEATHS_WITH_CAUSE.has(piece.lower));
  return word?.kind === 'word' ? read(word.text) : UNMENTIONED;
}

/** "3 dead (heat)", "2 died, heat stress": a cause that stands alone between marks. */
function causeAlone(note: string, pieces: readonly Piece[]): string | null {
  for (let start = 0; start < pieces.length;) {
    let end = start;
    while (end < pieces.length && pieces[end]?.kind !== 'mark') end += 1;
    const segment = pieces.slice(start, end);
    const isName = segment.length <= 3 && segment.every((piece) => piece.kind === 'word');
    if (isName && hasWord(segment, CAUSES)) return nameText(note, segment);
    start = end + 1;
  }
  return null;
}

/** Where the cause begins that a word at `index` announces, or -1. */
function causeStart(pieces: readonly Piece[], index: number): number {
  const [word, next] = [wordAt(pieces, index), wordAt(pieces, index + 1)];
  if (word === 'from' || word === 'of') return index + 1;
  if ((word === 'due' && next === 'to') || (word === 'because' && next === 'of')) return index + 2;
  if ((word === 'killed' || word === 'caused') && next === 'by') return index + 2;
  if (word !== 'cause' || next === 'unknown') return -1;
  const colon = [',', ':'].includes(markAt(pieces, index + 1)) ? 1 : 0;
  return wordAt(pieces, index + 1 + colon) === 'unknown' ? -1 : index + 1 + colon;
}

/** "We had 500 birds, 3 died": what stood there before the deaths is no count of them. */
function withoutStock({ segments, trigger }: Clause): (readonly Piece[])[] {
  const at = segments.findIndex((segment) => trigger !== null && segment.includes(trigger));
  const isCounted = at > 0 && animalCounts(segments[at] ?? []).length > 0;
  return segments.filter((segment, index) => !(isCounted && index < at && hasWord(segment, HAD)));
}

/** Animals that died or were culled: one record for each count. */
export const readDeaths: RecordReader = (clause, reader) => {
  const startsNew = (segment: readonly Piece[], group: readonly Piece[]): boolean =>
    animalCounts(segment).length > 0 && animalCounts(group).length > 0;
  const groups = withoutTotal(groupSegments(withoutStock(clause), startsNew), (group) => {
    const count = countOf(animalCounts(group));
    return count.state === 'read' ? BigInt(count.value) * MILLIONTHS : null;
  });
  return groups.map((pieces) => {
    const counts = animalCounts(pieces);
    const index = counts[0]?.index ?? pieces.findIndex((piece) => clause.trigger === piece);
    const before = nameBefore(pieces, Math.max(index, 0), clause.sentence.grammar);
    return proposal(
      'mortality',
      {
        count: countOf(counts),
        species: speciesOf(reader.note, pieces, index, before),
        place: placeOf(pieces, clause.sentence),
        cause:
          groups.length > 1 && figuresIn(pieces).length === 0
            ? UNMENTIONED
            : causeOf(reader.note, pieces, clause.trigger),
        occurred_on: dayOf(clause, pieces, reader.heading, reader.today),
      },
      pieces,
      reader.note,
    );
  });
};
