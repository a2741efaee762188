import { MILLIONTHS, wholeNumber } from './decimal';
import { animalCounts, countOf } from './deaths';
import { joined } from './groups';
import { hasWord, wordAt, type Figure, type Piece } from './pieces';
import { proposal, type RecordReader } from './proposals';
import { dayOf, DOUBTFUL, placeOf, read, UNMENTIONED, type Reading } from './scope';

const GRAMS: ReadonlyMap<string, bigint> = new Map([
  ['g', 1n],
  ['kg', 1000n],
]);
const AVERAGE_WORDS: ReadonlySet<string> = new Set(['average', 'averages', 'averaging', 'mean', 'each']);
/** What is weighed on a farm beside its animals, and what is no weight but a difference. */
const NOT_LIVE: ReadonlySet<string> = new Set(
  'egg eggs feed feeds bag bags total carcass dressed gain gained gains lost loss'.split(' '),
);

interface Mass {
  readonly figure: Figure;
  readonly index: number;
}

function massesIn(pieces: readonly Piece[]): Mass[] {
  return pieces.flatMap((figure, index) =>
    figure.kind === 'figure' && figure.unit !== null && GRAMS.has(figure.unit) ? [{ figure, index }] : [],
  );
}

/** The one mass that is called an average; without that word, the one mass of animals that were not counted. */
function averageOf(pieces: readonly Piece[], sample: Reading<number>): Reading<number> {
  const masses = massesIn(pieces);
  const called = masses.filter(({ index }) =>
    [-3, -2, -1, 1].some((offset) => AVERAGE_WORDS.has(wordAt(pieces, index + offset))),
  );
  const isCalled = hasWord(pieces, AVERAGE_WORDS);
  const [only] = called.length > 0 ? called : masses;
  const isOneAnimal = sample.state === 'unmentioned' || (sample.state === 'read' && sample.value === 1);
  const isSingle = called.length === 1 || (called.length === 0 && masses.length === 1);
  if (only === undefined || !isSingle || !(isCalled || isOneAnimal)) return DOUBTFUL;
  const grams = GRAMS.get(only.figure.unit ?? '');
  const value =
    only.figure.value === null || grams === undefined ? null : wholeNumber(only.figure.value * grams);
  return value === null ? DOUBTFUL : read(value);
}

/** The average live weight of a sample. Totals and the weights of other things than animals are no record of this kind. */
export const readWeights: RecordReader = (clause, reader) => {
  const pieces = joined(clause.segments);
  if (hasWord(pieces, NOT_LIVE)) return [];
  const sample = countOf(
    animalCounts(pieces).filter(({ figure }) => figure.value === null || figure.value >= MILLIONTHS),
  );
  const fields = {
    average_grams: averageOf(pieces, sample),
    sample_count: sample.state === 'read' ? sample : UNMENTIONED,
    place: placeOf(pieces, clause.sentence),
    occurred_on: dayOf(clause, pieces, reader.heading, reader.today),
  };
  return [proposal('weight', fields, pieces, reader.note)];
};
