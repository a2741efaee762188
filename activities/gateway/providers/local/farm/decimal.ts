/** Exact decimals as whole millionths, so that no sum of money and no quantity ever passes through a float. */

export const MILLIONTHS = 1_000_000n;

/** Millionths of plain digits with at most six decimal places ("12", "2.5"); null for anything else. */
export function parseDecimal(digits: string): bigint | null {
  const match = /^(\d{1,15})(?:\.(\d{1,6}))?$/.exec(digits);
  if (match === null) return null;
  return BigInt(match[1] ?? '0') * MILLIONTHS + BigInt((match[2] ?? '').padEnd(6, '0'));
}

/** "2.5" for 2500000n; without trailing zeros. */
export function formatDecimal(value: bigint): string {
  const fraction = (value % MILLIONTHS).toString().padStart(6, '0').replace(/0+$/, '');
  const whole = (value / MILLIONTHS).toString();
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

const QUANTITY_MAX = 1_000_000_000_000n * MILLIONTHS;

/** A quantity as records write it; null for none and for more than twelve digits before the point. */
export function formatQuantity(value: bigint): string | null {
  return value > 0n && value < QUANTITY_MAX ? formatDecimal(value) : null;
}

/** The exact product, or null when it needs more than six decimal places. */
export function multiply(left: bigint, right: bigint): bigint | null {
  const product = left * right;
  return product % MILLIONTHS === 0n ? product / MILLIONTHS : null;
}

/** A whole number that fits a JavaScript integer, or null. */
export function wholeNumber(value: bigint): number | null {
  const whole = value / MILLIONTHS;
  return value % MILLIONTHS === 0n && whole > 0n && whole <= 10_000_000n ? Number(whole) : null;
}

/** Records hold no longer sums. */
const MINOR_DIGITS_MAX = 18;

/** Digits of minor units of a currency with `minorDigits` places (2 for NGN); null unless it is a whole number above zero. */
export function minorUnits(value: bigint, minorDigits: number): string | null {
  const scaled = value * 10n ** BigInt(minorDigits);
  const isWhole = scaled % MILLIONTHS === 0n && scaled > 0n;
  const digits = (scaled / MILLIONTHS).toString();
  return isWhole && digits.length <= MINOR_DIGITS_MAX ? digits : null;
}
