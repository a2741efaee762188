import { figuresIn, hasWord, isMoney, markAt, phraseIndex, wordAt, type Piece } from './pieces';
import { standsForMoney } from './money-roles';
import {
  ANIMALS,
  BOUGHT,
  COST_WORDS,
  DIED,
  DRANK,
  EARNED,
  EVENTS,
  FED,
  FEED_UNITS,
  FEED_WORDS,
  ILLNESS,
  KILLED,
  LAID_UNITS,
  LOST,
  OWN_PRODUCE,
  PAID,
  PESTS,
  SOLD,
  UNITS,
  VOLUME_UNITS,
  WEIGHED,
} from './vocabulary';

export type Kind =
  'mortality' | 'feed_use' | 'sale' | 'expense' | 'water' | 'weight' | 'symptom' | 'note' | 'task';

/** The word that says what kind of thing a segment states. */
export interface Trigger {
  readonly kind: Kind;
  readonly index: number;
}

type Finder = (segment: readonly Piece[]) => number;

const MACHINES: ReadonlySet<string> = new Set(
  'generator gen engine phone battery network car truck pump machine fridge inverter bulb motor bike light'.split(
    ' ',
  ),
);
const MEDICAL: ReadonlySet<string> = new Set(
  'vaccinated vaccine vaccines vaccination dewormed deworming treated sprayed disinfected fumigated'.split(
    ' ',
  ),
);
const MEASURE_WORDS: ReadonlySet<string> = new Set(
  'water of for to in at the and used also intake consumption gave give given served consumed finished'.split(
    ' ',
  ),
);
const RECOVERED: ReadonlySet<string> = new Set(
  'better recovered recovering improved improving healed'.split(' '),
);
const LIVE_UNITS: ReadonlySet<string> = new Set(['kg', 'g']);
const PRICED: ReadonlySet<string> = new Set(['now', 'per', 'each', 'every']);
const AVERAGES: ReadonlySet<string> = new Set(['average', 'mean']);
/** Somebody who came to buy and did not is no event of the farm, and neither is a broken phone. */
const NO_EVENTS_OF: ReadonlySet<string> = new Set(
  'customer customers buyer buyers phone network sign keyboard screen'.split(' '),
);
const DEATH_PHRASES = [
  ['no', 'survive'],
  ['not', 'survive'],
  ["didn't", 'survive'],
  ['no', 'make', 'it'],
  ["didn't", 'make', 'it'],
  ['did', 'not', 'make', 'it'],
] as const;
const ILLNESS_PHRASES = [
  ['not', 'eating'],
  ['not', 'drinking'],
  ['no', 'gree', 'eat'],
  ['refused', 'feed'],
  ['refusing', 'feed'],
  ['refusing', 'to', 'eat'],
  ['off', 'feed'],
  ['stopped', 'eating'],
  ['stopped', 'drinking'],
  ['loss', 'of', 'appetite'],
  ['no', 'appetite'],
  ['runny', 'nose'],
  ['running', 'nose'],
  ['watery', 'eyes'],
  ['watery', 'droppings'],
  ['bloody', 'droppings'],
  ['green', 'droppings'],
  ['greenish', 'droppings'],
  ['white', 'droppings'],
  ['whitish', 'droppings'],
  ['yellow', 'droppings'],
] as const;

function firstWord(segment: readonly Piece[], words: ReadonlySet<string>): number {
  return segment.findIndex((piece) => piece.kind === 'word' && words.has(piece.lower));
}

function firstPhrase(segment: readonly Piece[], phrases: readonly (readonly string[])[]): number {
  const found = phrases.map((phrase) => phraseIndex(segment, phrase)).filter((index) => index >= 0);
  return found.length === 0 ? -1 : Math.min(...found);
}

function hasFigure(segment: readonly Piece[], units: ReadonlySet<string>): boolean {
  return figuresIn(segment).some((figure) => figure.unit !== null && units.has(figure.unit));
}

/** "Starter costs 18k", "a bag of feed cost 18k now": what it costs, and not what was spent. "Repair cost 5k" was. */
function isPriceTag(segment: readonly Piece[], at: number): boolean {
  const verb = wordAt(segment, at);
  const isMeasured = segment.some((piece) => piece.kind === 'word' && UNITS.has(piece.lower));
  const isGoods = isMeasured || hasWord(segment, FEED_WORDS) || hasFigure(segment, FEED_UNITS);
  return verb === 'costs' || (verb === 'cost' && (isGoods || hasWord(segment, PRICED)));
}

/** "Hens for sale, 8k each" offers them. */
const sold: Finder = (segment) =>
  phraseIndex(segment, ['for', 'sale']) >= 0 ? -1 : firstWord(segment, SOLD);

const spent: Finder = (segment) => {
  const at = firstWord(segment, PAID);
  if (at >= 0) return isPriceTag(segment, at) ? -1 : at;
  // "Gave the driver 5k for fuel": money that was given for something.
  const gave = firstWord(segment, new Set(['gave', 'give']));
  return gave >= 0 && figuresIn(segment).some(isMoney) && phraseIndex(segment, ['for']) > gave ? gave : -1;
};

/** "Received 16k from Mama Tola for 10 crates": money that came in for goods. */
const earned: Finder = (segment) => {
  const at = firstWord(segment, EARNED);
  const isForGoods =
    phraseIndex(segment, ['for']) > at &&
    figuresIn(segment).some((one) => one.currency === null && one.unit !== null);
  const isOwn =
    hasWord(segment, OWN_PRODUCE) || figuresIn(segment).some((one) => LAID_UNITS.has(one.unit ?? ''));
  return at >= 0 && isForGoods && isOwn && figuresIn(segment).some(isMoney) ? at : -1;
};

const died: Finder = (segment) => {
  const isMachine = hasWord(segment, MACHINES) && !hasWord(segment, ANIMALS);
  return isMachine ? -1 : Math.max(firstWord(segment, DIED), firstPhrase(segment, DEATH_PHRASES));
};

const killed: Finder = (segment) => {
  const at = firstWord(segment, KILLED);
  return at >= 0 && (hasWord(segment, ANIMALS) || figuresIn(segment).length > 0) ? at : -1;
};

/** "Lost 3 hens", not "lost my phone" and not "lost 5k". */
const lost: Finder = (segment) => {
  const at = firstWord(segment, LOST);
  if (at < 0 || hasWord(segment, new Set(['my', 'phone', 'key', 'keys', 'money', 'weight']))) return -1;
  const counted = figuresIn(segment).some(
    (figure) => !isMoney(figure) && (figure.unit === null || figure.unit === 'piece'),
  );
  return hasWord(segment, ANIMALS) || counted ? at : -1;
};

const fed: Finder = (segment) => {
  const isMedicine =
    hasWord(segment, MEDICAL) ||
    hasWord(segment, new Set(['drug', 'drugs', 'vitamin', 'vitamins', 'dewormer']));
  const plain = firstWord(segment, new Set(['fed', 'feeding']));
  if (isMedicine || hasWord(segment, PESTS)) return -1;
  if (plain >= 0 && markAt(segment, plain + 1) !== '/') return plain;
  if (figuresIn(segment).length === 0) return -1;
  const given = firstWord(segment, FED);
  const isFeed =
    hasWord(segment, FEED_WORDS) &&
    (hasFigure(segment, FEED_UNITS) || figuresIn(segment).some((one) => one.value === null));
  const isBagged = hasFigure(segment, new Set(['bag'])) && hasWord(segment, ANIMALS);
  return given >= 0 && (isFeed || isBagged) && !figuresIn(segment).some(isMoney) ? given : -1;
};

const drank: Finder = (segment) => {
  const at = firstWord(segment, DRANK);
  return at >= 0 && hasFigure(segment, VOLUME_UNITS) ? at : -1;
};

/** "Average weight House 2: 2.1kg", where the figure stands behind the colon; "15 fish average 320g" without the word. */
const weighed: Finder = (segment) => {
  const at = firstWord(segment, WEIGHED);
  const isAverage = hasWord(segment, AVERAGES);
  if (at >= 0) return figuresIn(segment).length > 0 || isAverage ? at : -1;
  return isAverage && hasFigure(segment, LIVE_UNITS) && hasWord(segment, ANIMALS)
    ? firstWord(segment, AVERAGES)
    : -1;
};

const medical: Finder = (segment) => (figuresIn(segment).some(isMoney) ? -1 : firstWord(segment, MEDICAL));

const ill: Finder = (segment) =>
  hasWord(segment, RECOVERED)
    ? -1
    : Math.max(firstWord(segment, ILLNESS), firstPhrase(segment, ILLNESS_PHRASES));

/** "Water 200 litres House 2": nothing but the measure, for whom and where. "20 litres of water spilled" says more. */
const watered: Finder = (segment) =>
  isBareMeasure(segment, VOLUME_UNITS) ? firstWord(segment, new Set(['water'])) : -1;

/** "Feed 3 bags", and not "3 bags of feed left" or "received 3 bags of feed". */
const feedLabel: Finder = (segment) =>
  isBareMeasure(segment, FEED_UNITS) ? firstWord(segment, new Set(['feed', 'feeds'])) : -1;

function isBareMeasure(segment: readonly Piece[], units: ReadonlySet<string>): boolean {
  const isPlain = segment.every(
    (piece) =>
      piece.kind !== 'word' || [ANIMALS, FEED_WORDS, MEASURE_WORDS].some((words) => words.has(piece.lower)),
  );
  return isPlain && hasFigure(segment, units) && !segment.some((_, index) => standsForMoney(segment, index));
}

/** "Diesel NGN 3000" and "Transport: 2,500": a cost and its sum. "Diesel is now 1,200 per litre" is only a price. */
const costed: Finder = (segment) => {
  const isPrice = hasWord(segment, new Set(['is', 'are', 'was', 'now', 'price', 'prices']));
  const at = firstWord(segment, COST_WORDS);
  return at >= 0 && !isPrice && (segment.length === 1 || figuresIn(segment).some(isMoney)) ? at : -1;
};

const happened: Finder = (segment) => {
  if (hasWord(segment, NO_EVENTS_OF)) return -1;
  const at = firstWord(segment, EVENTS);
  return at >= 0 ? at : firstWord(segment, new Set(['gave']));
};

/** In order of strength: what was bought or sold says more than the sick birds or the drugs that it was about. */
const FINDERS: readonly (readonly [Kind, Finder])[] = [
  ['sale', sold],
  ['expense', (segment) => firstWord(segment, BOUGHT)],
  ['sale', earned],
  ['expense', spent],
  ['mortality', died],
  ['mortality', killed],
  ['mortality', lost],
  ['feed_use', fed],
  ['water', drank],
  ['weight', weighed],
  ['expense', costed],
  ['note', medical],
  ['symptom', ill],
  ['water', watered],
  ['feed_use', feedLabel],
  ['note', happened],
];

/** The strongest trigger of a segment, or null. */
export function triggerOf(segment: readonly Piece[]): Trigger | null {
  for (const [kind, find] of FINDERS) {
    const index = find(segment);
    if (index >= 0) return { kind, index };
  }
  return null;
}
