/** Licence numbers with a form of their own: DEA registrations and Medicare beneficiary identifiers. */
import type { Recogniser, Span } from '../span';

const DEA = /(?<![\p{L}\p{N}])[ABCDEFGHJKLMPRSTUX][A-Z9]\d{7}(?![\p{L}\p{N}])/giu;
/** CMS: eleven characters, letters without B, I, L, O, S and Z, often written 4-3-4. */
const MEDICARE =
  /(?<![\p{L}\p{N}])[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y]{2}\d{2}(?![\p{L}\p{N}])/giu;

export const recogniseLicence: Recogniser = (view) => {
  const spans: Span[] = [];
  for (const match of view.matchAll(DEA)) {
    if (hasDeaCheckDigit(match[0])) spans.push({ start: match.index, end: match.index + 9, kind: 'licence' });
  }
  for (const match of view.matchAll(MEDICARE)) {
    spans.push({ start: match.index, end: match.index + match[0].length, kind: 'health_plan' });
  }
  return spans;
};

/** The last digit is that of (1st + 3rd + 5th) + 2 × (2nd + 4th + 6th). */
function hasDeaCheckDigit(number: string): boolean {
  const digit = (place: number): number => Number(number.charAt(place + 1));
  const sum = digit(1) + digit(3) + digit(5) + 2 * (digit(2) + digit(4) + digit(6));
  return sum % 10 === digit(7);
}
