import type { Grammar } from './grammar';
import { nameAt, nameBefore, nameText } from './names';
import { hasWord, wordAt, type Figure, type Piece } from './pieces';
import { isOfStock } from './stock';
import { countsNoun, standsForMoney } from './money-roles';
import { ANIMALS, COST_WORDS, FEED_WORDS, MASS_UNITS, PRODUCE, UNITS, VAGUE } from './vocabulary';

const GOODS = [ANIMALS, COST_WORDS, FEED_WORDS, PRODUCE] as const;

/** What was dealt in: how much of what. Null where the note does not say or leaves a doubt. */
export interface Goods {
  readonly quantity: bigint | null;
  readonly unit: string | null;
  readonly item: string | null;
  /** The note has a quantity, though it may not be certain. */
  readonly isCounted: boolean;
}

interface Counted {
  readonly figure: Figure;
  readonly index: number;
}

/** "25kg bag", "3.2 kg each": what one of them holds or weighs, and no quantity. */
export function isSize(pieces: readonly Piece[], index: number, figure: Figure): boolean {
  if (figure.unit === null || !MASS_UNITS.has(figure.unit)) return false;
  const next = wordAt(pieces, index + 1);
  return next === 'each' || next === 'average' || UNITS.has(next);
}

/** "2 bags (50kg)": a weight that stands alone behind a count says how much the counted things hold. */
export function isOnlyWeight(segment: readonly Piece[]): boolean {
  const [figure] = segment;
  return segment.length === 1 && figure?.kind === 'figure' && MASS_UNITS.has(figure.unit ?? '');
}

/** Figures that count goods, without sums of money and sizes. */
export function countedIn(pieces: readonly Piece[]): Counted[] {
  const counted = pieces.flatMap((piece, index) => {
    if (piece.kind !== 'figure' || piece.currency !== null || standsForMoney(pieces, index)) return [];
    return isSize(pieces, index, piece) || isOfStock(pieces, index) ? [] : [{ figure: piece, index }];
  });
  const isMass = ({ figure }: Counted): boolean => figure.unit !== null && MASS_UNITS.has(figure.unit);
  const countable = counted.filter((one) => !isMass(one));
  // "2 rams, 45kg": the rams were sold, the kilograms describe them.
  return countable.length === 1 && counted.length > 1 ? countable : counted;
}

/** The goods of a group of pieces. `triggerIndex` is where its verb stands, or -1. */
export function readGoods(
  note: string,
  pieces: readonly Piece[],
  triggerIndex: number,
  grammar: Grammar,
): Goods {
  const counted = countedIn(pieces);
  const [only] = counted;
  if (only === undefined || counted.length > 1) {
    const named = counted.length > 1 ? null : uncountedItem(note, pieces, triggerIndex, grammar);
    return { quantity: null, unit: null, item: named, isCounted: counted.length > 1 };
  }
  const { figure, index } = only;
  const from = wordAt(pieces, index + 1) === 'of' ? index + 2 : index + 1;
  const named = nameAt(pieces, from);
  const before = named.length === 0 ? nameBefore(pieces, index, grammar) : [];
  const label = labelBefore(note, pieces, index);
  // "Labour 5 men 25k" paid for labour.
  const isCost = COST_WORDS.has(wordAt(pieces, 0)) && !GOODS.some((words) => hasWord(named, words));
  const item = (isCost ? label : null) ?? nameText(note, named.length > 0 ? named : before) ?? label;
  const isCounting =
    figure.unit === null && (countsNoun(pieces, index) || before.length > 0 || item !== null);
  return {
    quantity: figure.value,
    unit: figure.unit ?? (isCounting ? 'piece' : null),
    item,
    isCounted: true,
  };
}

/** "Eggs: 12 crates", "catfish out 48 kg": the first words of the group, when they name goods and lead up to the figure. */
function labelBefore(note: string, pieces: readonly Piece[], index: number): string | null {
  const first = pieces.findIndex((piece) => piece.kind === 'word');
  if (first < 0 || first >= index) return null;
  const label = nameAt(pieces.slice(0, index), first);
  return GOODS.some((words) => hasWord(label, words)) ? nameText(note, label) : null;
}

/** Goods without a number: what follows the verb ("bought feed"), or leads up to the sum ("Diesel NGN 3000"). */
function uncountedItem(
  note: string,
  pieces: readonly Piece[],
  triggerIndex: number,
  grammar: Grammar,
): string | null {
  // "Diesel NGN 3000", "Transport: 2,500": the word that told the kind is the thing.
  if (COST_WORDS.has(wordAt(pieces, triggerIndex))) {
    const name = [...nameBefore(pieces, triggerIndex, grammar), ...nameAt(pieces, triggerIndex, true)];
    return nameText(note, name);
  }
  const article = ['the', 'a', 'an', 'some', 'of'].includes(wordAt(pieces, triggerIndex + 1)) ? 1 : 0;
  const following = nameAt(pieces, triggerIndex + 1 + article, true);
  const name = following.length === 0 && triggerIndex > 0 ? nameAt(pieces, 0, true) : following;
  // "Several crates" counts something that it does not name.
  const isMeasure =
    hasWord(name, VAGUE) || name.some((piece) => piece.kind === 'word' && UNITS.has(piece.lower));
  return isMeasure ? null : nameText(note, name);
}
