/**
 * Numbers with a form or a check digit of their own: DEA registrations, NPI (Luhn), NMC pins, British driving licences,
 * Medicare beneficiaries, NHS numbers (modulo 11).
 */
import type { TokenKind } from '../../../contract/pack';
import type { Recogniser, Span } from '../span';
import { passesLuhn } from './account';

const DEA = /(?<![\p{L}\p{N}])[ABCDEFGHJKLMPRSTUX][A-Z9]\d{7}(?![\p{L}\p{N}])/giu;
const NMC_PIN = /(?<![\p{L}\p{N}])\d{2}[A-L]\d{4}[CEINSW](?![\p{L}\p{N}])/gu;
/** Five letters of the surname (filled with 9), six digits of the birth date, initials, check characters. */
const DRIVING_LICENCE = /(?<![\p{L}\p{N}])[A-Z]{2,5}9{0,3}\d{6}[A-Z9]{2}\d?[A-Z0-9]{2,3}(?![\p{L}\p{N}])/gu;
/** CMS: eleven characters, letters without B, I, L, O, S and Z, often written 4-3-4. */
const MEDICARE =
  /(?<![\p{L}\p{N}])[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y]{2}\d{2}(?![\p{L}\p{N}])/giu;
const NHS = /(?<![\d.,-])\d{3}([ -])\d{3}\1\d{4}(?![\d]|[.,-]\d)/gu;
const NHS_LABELLED = /(?<![\p{L}])nhs[^\d\n]{0,12}(?<id>\d{3}[ -]?\d{3}[ -]?\d{4})(?!\d)/dgiu;
/** Ten digits that begin with 1 or 2; one in ten passes by chance, so the text around must speak of a provider. */
const NPI = /(?<![\d.,-])[12]\d{9}(?![\d]|[.,-]\d)/gu;
const PROVIDER =
  /(?<![\p{L}])(?:npi|providers?|physicians?|prescribers?|surgeons?|attending|referring|practitioners?|dr|doctors?|md|do|np|pa-c|clinicians?|radiologists?|pharmacists?|nurses?)(?![\p{L}])/iu;
const NPI_WINDOW = 80;

export const recogniseLicence: Recogniser = (view) => {
  const spans: Span[] = [];
  const add = (pattern: RegExp, kind: TokenKind, isValid: (text: string, at: number) => boolean): void => {
    for (const match of view.matchAll(pattern)) {
      const [start, end] = match.indices?.groups?.['id'] ?? [match.index, match.index + match[0].length];
      if (isValid(view.slice(start, end), start)) spans.push({ start, end, kind });
    }
  };
  add(DEA, 'licence', hasDeaCheckDigit);
  add(NMC_PIN, 'licence', () => true);
  add(DRIVING_LICENCE, 'licence', isDrivingLicence);
  add(MEDICARE, 'health_plan', () => true);
  add(NHS, 'health_plan', isNhsNumber);
  add(NHS_LABELLED, 'health_plan', () => true);
  add(NPI, 'licence', (text, at) => isNpi(text) && speaksOfProvider(view, at));
  return spans;
};

/** The last digit is that of (1st + 3rd + 5th) + 2 × (2nd + 4th + 6th). */
export function hasDeaCheckDigit(number: string): boolean {
  const digit = (place: number): number => Number(number.charAt(place + 1));
  const sum = digit(1) + digit(3) + digit(5) + 2 * (digit(2) + digit(4) + digit(6));
  return sum % 10 === digit(7);
}

/** 45 CFR 162.406: Luhn over the number with the prefix 80840 of American health identifiers. */
export function isNpi(number: string): boolean {
  return passesLuhn(`80840${number}`);
}

/** The tenth digit is 11 less the weighted sum of the nine before it modulo 11; a 10 is never given out. */
export function isNhsNumber(text: string): boolean {
  const digits = text.replace(/\D/gu, '');
  let sum = 0;
  for (let place = 0; place < 9; place += 1) sum += Number(digits.charAt(place)) * (10 - place);
  return digits.length === 10 && (11 - (sum % 11)) % 11 === Number(digits.charAt(9));
}

function isDrivingLicence(text: string): boolean {
  return text.length === 16;
}

function speaksOfProvider(view: string, at: number): boolean {
  return PROVIDER.test(view.slice(Math.max(0, at - NPI_WINDOW), at + 10 + NPI_WINDOW));
}
