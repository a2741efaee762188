import { MILLIONTHS, multiply } from './decimal';
import { moneyIn, type Role } from './money-roles';
import type { Piece } from './pieces';
import { UNITS } from './vocabulary';

/** Money of one deal in millionths of the major unit; null where the note leaves a doubt. */
export interface Sums {
  readonly total: bigint | null;
  readonly unitPrice: bigint | null;
  /** ISO 4217, or null when no currency is named. */
  readonly currency: string | null;
  /** The note has figures of money at all. */
  readonly isStated: boolean;
}

const SPOILERS: ReadonlySet<string> = new Set([
  'less',
  'minus',
  'discount',
  'commission',
  'deducted',
  'refund',
  'refunded',
  'returned',
  'plus',
  'instead',
  'wey',
  'except',
  'half',
]);

/** A price per kilogram of something that was counted in bags cannot be multiplied. */
function fitsUnit(per: string, unit: string | null): boolean {
  if (per === '') return unit !== null;
  const perUnit = UNITS.get(per);
  if (unit === 'piece') return perUnit === undefined ? per !== 'unknown' : perUnit === 'piece';
  return perUnit !== undefined && perUnit === unit;
}

function same(values: readonly bigint[]): bigint | null {
  const distinct = new Set(values);
  const [only] = distinct;
  return distinct.size === 1 && only !== undefined ? only : null;
}

const NOTHING: Sums = { total: null, unitPrice: null, currency: null, isStated: false };

/**
 * Tells unit price, total and payments apart. Every figure of money must have one role that agrees with all others, or
 * the sum stays open: a wrong sum is the worst error, and an open one costs a person a moment.
 *
 * @param quantity millionths, null when it is unknown
 */
export function readSums(pieces: readonly Piece[], quantity: bigint | null, unit: string | null): Sums {
  const money = moneyIn(pieces);
  if (money.length === 0) return NOTHING;
  const currencies = new Set(
    money.flatMap((one) => (one.figure.currency === null ? [] : [one.figure.currency])),
  );
  const [currency = null] = currencies;
  const doubtful: Sums = { total: null, unitPrice: null, currency, isStated: true };
  const isSpoilt = pieces.some((piece) => piece.kind === 'word' && SPOILERS.has(piece.lower));
  if (currencies.size > 1 || isSpoilt || money.some((one) => one.role === 'doubtful')) return doubtful;
  const valuesOf = (role: Role): bigint[] =>
    money.flatMap((one) => (one.role === role && one.figure.value !== null ? [one.figure.value] : []));
  const prices = money.filter((one) => one.role === 'unit_price');
  const unitPrice = prices.every((one) => fitsUnit(one.per, unit)) ? same(valuesOf('unit_price')) : null;
  if (prices.length > 0 && unitPrice === null)
    return { ...doubtful, total: statedTotal(valuesOf, prices.length) };
  return { ...weigh(valuesOf, unitPrice, quantity, unit), currency, isStated: true };
}

/** A price that does not fit the unit leaves only a total that was called one. */
function statedTotal(valuesOf: (role: Role) => bigint[], priceCount: number): bigint | null {
  const others = [...valuesOf('plain'), ...valuesOf('bare_at'), ...valuesOf('paid'), ...valuesOf('part')];
  return priceCount === 1 && others.length === 0 ? same(valuesOf('total')) : null;
}

function weigh(
  valuesOf: (role: Role) => bigint[],
  unitPrice: bigint | null,
  quantity: bigint | null,
  unit: string | null,
): Pick<Sums, 'total' | 'unitPrice'> {
  const totals = valuesOf('total');
  const plain = [
    ...valuesOf('plain'),
    ...(totals.length === 0 && valuesOf('part').length === 0 ? valuesOf('paid') : []),
  ];
  const bareAt = valuesOf('bare_at');
  const product = unitPrice === null || quantity === null ? null : multiply(unitPrice, quantity);
  if (unitPrice !== null) {
    const stated = [...totals, ...plain, ...bareAt];
    const agrees = product !== null && stated.every((value) => value === product);
    return { unitPrice, total: agrees ? product : null };
  }
  if (totals.length > 0) {
    const total = plain.length === 0 ? same(totals) : same([...totals, ...plain]);
    const asPrice = same(bareAt);
    const isPrice = asPrice !== null && quantity !== null && multiply(asPrice, quantity) === total;
    return bareAt.length === 0 || isPrice
      ? { total, unitPrice: isPrice ? asPrice : null }
      : { total: null, unitPrice: null };
  }
  if (bareAt.length > 0) {
    const [asPrice, paid] = [same(bareAt), same(plain)];
    // "12 crates at 1,600, got 19,200": what was paid shows that the other was the price of one.
    const isPrice =
      asPrice !== null && quantity !== null && paid !== null && multiply(asPrice, quantity) === paid;
    if (isPrice) return { total: paid, unitPrice: asPrice };
    const isSingle = quantity === MILLIONTHS && plain.length === 0;
    return { total: isSingle ? asPrice : null, unitPrice: null };
  }
  // "6 layers 4k", "50 chicks $3.25": of animals, a sum that stands alone is as likely the price of one.
  if (unit === 'piece' && quantity !== MILLIONTHS && valuesOf('plain').length > 0)
    return { total: null, unitPrice: null };
  const isOnlyPart = valuesOf('part').length > 0;
  return { total: isOnlyPart || plain.length !== 1 ? null : (plain[0] ?? null), unitPrice: null };
}
