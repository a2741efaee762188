/**
 * Account and card numbers: IBAN (mod 97), payment cards (Luhn), routing numbers (ABA), sort codes, and ten digits beside
 * the name of a Nigerian bank. Labelled accounts are in `identifiers.ts`.
 */
import type { Recogniser, Span } from '../span';

const IBAN = /(?<![\p{L}\p{N}])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?![\p{L}\p{N}])/giu;
const CARD = /(?<![\d.,-])\d(?:[ -]?\d){12,18}(?![\d]|[.,-]\d)/gu;
const SORT_CODE = /(?<!\d)\d{2}-\d{2}-\d{2}[ ,/]{1,3}\d{8}(?!\d)/gu;
const SORT_CODE_LABELLED =
  /(?<![\p{L}])sort\s?code\s?(?:is|:|#)?\s{0,2}(?<id>\d{2}[- ]\d{2}[- ]\d{2})(?!\d)/dgiu;
const BANKS =
  'gtb(?:ank)?|guaranty|gtco|uba|first\\s?bank|fbn|zenith|access|fidelity|sterling|union(?=\\s+bank)|wema|polaris|ecobank|fcmb|stanbic|keystone|heritage|jaiz|opay|moniepoint|palmpay|kuda';
const BESIDE_BANK = new RegExp(
  `(?<![\\d.,₦$-])(?<id>\\d{10})(?=[ ,(-]{1,3}(?:${BANKS})(?![\\p{L}]))`,
  'dgiu',
);

export const recogniseAccount: Recogniser = (view) => {
  const spans: Span[] = [];
  const add = (pattern: RegExp, isValid: (digits: string) => boolean): void => {
    for (const match of view.matchAll(pattern)) {
      const [start, end] = match.indices?.groups?.['id'] ?? [match.index, match.index + match[0].length];
      if (isValid(view.slice(start, end).replace(/[ -]/gu, ''))) spans.push({ start, end, kind: 'account' });
    }
  };
  add(IBAN, isIban);
  add(CARD, passesLuhn);
  add(SORT_CODE, () => true);
  add(SORT_CODE_LABELLED, () => true);
  add(BESIDE_BANK, () => true);
  return spans;
};

/** ISO 13616: the check digits make the number congruent to 1 modulo 97. */
export function isIban(text: string): boolean {
  if (text.length < 15 || text.length > 34) return false;
  const moved = (text.slice(4) + text.slice(0, 4)).toUpperCase();
  let remainder = 0;
  for (const character of moved) {
    const value = /\d/u.test(character) ? character : String(character.charCodeAt(0) - 55);
    remainder = Number(`${remainder}${value}`) % 97;
  }
  return remainder === 1;
}

/** ISO/IEC 7812: the sum of digits, every second one doubled, is a multiple of ten. A row of zeros is none. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = Number(digits.charAt(digits.length - 1 - place));
    const doubled = place % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum > 0 && sum % 10 === 0;
}
