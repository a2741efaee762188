import type { Grammar } from './grammar';
import { nameAt, nameBefore, nameText } from './names';
import { wordAt, type Figure, type Piece } from './pieces';
import { countsNoun, standsForMoney } from './sums';
import { MASS_UNITS, UNITS } from './vocabulary';

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

/** Figures that count goods, without sums of money and sizes. */
export function countedIn(pieces: readonly Piece[]): Counted[] {
  const counted = pieces.flatMap((piece, index) => {
    if (piece.kind !== 'figure' || piece.currency !== null || standsForMoney(pieces, index)) return [];
    return isSize(pieces, index, piece) ? [] : [{ figure: piece, index }];
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
    const named = counted.length > 1 ? null : uncountedItem(note, pieces, triggerIndex);
    return { quantity: null, unit: null, item: named, isCounted: counted.length > 1 };
  }
  const { figure, index } = only;
  const from = wordAt(pieces, index + 1) === 'of' ? index + 2 : index + 1;
  const named = nameAt(pieces, from);
  const before = named.length === 0 ? nameBefore(pieces, index, grammar) : [];
  const item = nameText(note, named.length > 0 ? named : before) ?? labelBefore(note, pieces, index);
  const isCounting =
    figure.unit === null && (countsNoun(pieces, index) || before.length > 0 || item !== null);
  return {
    quantity: figure.value,
    unit: figure.unit ?? (isCounting ? 'piece' : null),
    item,
    isCounted: true,
  };
}

/** "Eggs: 12 crates", "catfish out 48 kg": the first words of the group, when they lead up to the figure. */
function labelBefore(note: string, pieces: readonly Piece[], index: number): string | null {
  const first = pieces.findIndex((piece) => piece.kind === 'word');
  return first >= 0 && first < index ? nameText(note, nameAt(pieces.slice(0, index), first)) : null;
}

/** Goods without a number: what follows the verb ("bought feed"), or leads up to the sum ("Diesel NGN 3000"). */
function uncountedItem(note: string, pieces: readonly Piece[], triggerIndex: number): string | null {
  const article = ['the', 'a', 'an', 'some'].includes(wordAt(pieces, triggerIndex + 1)) ? 1 : 0;
  const following = nameText(note, nameAt(pieces, triggerIndex + 1 + article, true));
  return following ?? (triggerIndex > 0 ? nameText(note, nameAt(pieces, 0, true)) : null);
}
