import { minorDigits, NO_CURRENCY } from '../../../../../contract/currency';
import { minorUnits } from './decimal';
import { DOUBTFUL, read, UNMENTIONED, type Reading } from './scope';
import type { Sums } from './sums';

export interface MoneyFields {
  readonly total_minor: Reading<string>;
  readonly unit_price_minor: Reading<string>;
  readonly currency: Reading<string>;
}

/**
 * Sums as records write them. Where there is a doubt about the currency, or about which record of several a sum is
 * meant for (`isShared`), nothing is written.
 */
export function moneyFields(sums: Sums, tenantCurrency: string, isShared: boolean): MoneyFields {
  const currency = sums.currency ?? tenantCurrency;
  const digits = currency === NO_CURRENCY ? null : minorDigits(currency);
  if (digits === null) return { total_minor: DOUBTFUL, unit_price_minor: UNMENTIONED, currency: DOUBTFUL };
  const sumOf = (value: bigint | null): Reading<string> => {
    const text = value === null || isShared ? null : minorUnits(value, digits);
    if (text !== null) return read(text);
    return sums.isStated || isShared ? DOUBTFUL : UNMENTIONED;
  };
  return {
    total_minor: sumOf(sums.total),
    unit_price_minor: sums.unitPrice === null || isShared ? UNMENTIONED : sumOf(sums.unitPrice),
    currency: read(currency),
  };
}
