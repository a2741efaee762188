/** Made-up values of every class, with right check digits where the real ones have them. Nobody's. */
import type { TemplateSet } from './template';

/** A seeded source of numbers from 0 to below 1 (mulberry32): the same seed makes the same set everywhere. */
export type Random = () => number;

export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface Source {
  readonly random: Random;
  readonly set: TemplateSet;
}

const UPPER = 'ABCDEFGHJKLMNPRSTUVWXYZ';
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);

export function pick<T>(random: Random, from: readonly T[]): T {
  const chosen = from[Math.floor(random() * from.length)];
  if (chosen === undefined) throw new Error('nothing to pick from');
  return chosen;
}

function between(random: Random, min: number, max: number): number {
  return min + Math.floor(random() * (max - min + 1));
}

const two = (number: number): string => String(number).padStart(2, '0');

/** Each `#` of the mask becomes a digit (the first of a number is never 0), each `@` a capital letter. */
export function masked(random: Random, mask: string): string {
  return mask.replace(/[#@]/gu, (sign: string, place: number) => {
    if (sign === '@') return pick(random, Array.from(UPPER));
    const isFirst = place === 0 || !/[#\d]/u.test(mask.charAt(place - 1));
    return String(between(random, isFirst ? 1 : 0, 9));
  });
}

function letters(random: Random, length: number): string {
  return Array.from({ length }, () => pick(random, Array.from(LOWER))).join('');
}

function luhnDigit(body: string): string {
  const sum = Array.from(body)
    .reverse()
    .reduce((total, digit, place) => {
      const doubled = place % 2 === 0 ? Number(digit) * 2 : Number(digit);
      return total + (doubled > 9 ? doubled - 9 : doubled);
    }, 0);
  return String((10 - (sum % 10)) % 10);
}

function withLuhn(body: string, prefix = ''): string {
  return `${body}${luhnDigit(`${prefix}${body}`)}`;
}

/** Nine digits and the check digit modulo 11; a body whose check would be 10 is made again. */
function nhsNumber(random: Random): string {
  for (;;) {
    const body = masked(random, '#########');
    const sum = Array.from(body).reduce((total, digit, place) => total + Number(digit) * (10 - place), 0);
    const check = (11 - (sum % 11)) % 11;
    if (check < 10) return `${body.slice(0, 3)} ${body.slice(3, 6)} ${body.slice(6)}${check}`;
  }
}

function dea(random: Random): string {
  const digits = masked(random, '######');
  const at = (place: number): number => Number(digits.charAt(place));
  const sum = at(0) + at(2) + at(4) + 2 * (at(1) + at(3) + at(5));
  return `B${pick(random, Array.from(UPPER))}${digits}${sum % 10}`;
}

function vin(random: Random): string {
  const body = `${pick(random, ['1HG', 'JTD', 'WVW', 'SAL'])}CM826`;
  const tail = `3A${masked(random, '######')}`.padEnd(8, '0');
  const values = '0123456789.ABCDEFGH..JKLMN.P.R..STUVWXYZ';
  const weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
  const sum = Array.from(`${body}0${tail}`).reduce(
    (total, character, place) => total + (values.indexOf(character) % 10) * (weights[place] ?? 0),
    0,
  );
  return `${body}${sum % 11 === 10 ? 'X' : sum % 11}${tail}`;
}

function iban(random: Random): string {
  const account = `WEST${masked(random, '##############')}`;
  const numeric = Array.from(`${account}GB00`).map((sign) =>
    /\d/u.test(sign) ? sign : String(sign.charCodeAt(0) - 55),
  );
  const check = 98n - (BigInt(numeric.join('')) % 97n);
  return `GB${String(check).padStart(2, '0')}${account}`;
}

function aba(random: Random): string {
  const body = `0${masked(random, '#######')}`;
  const weights = [3, 7, 1, 3, 7, 1, 3, 7];
  const sum = Array.from(body).reduce(
    (total, digit, place) => total + Number(digit) * (weights[place] ?? 0),
    0,
  );
  return `${body}${(10 - (sum % 10)) % 10}`;
}

function dateOf(random: Random): { readonly day: number; readonly month: number; readonly year: number } {
  return { day: between(random, 1, 28), month: between(random, 1, 12), year: between(random, 1938, 2026) };
}

function ordinal(day: number): string {
  if (day % 10 === 1 && day !== 11) return `${day}st`;
  if (day % 10 === 2 && day !== 12) return `${day}nd`;
  return day % 10 === 3 && day !== 13 ? `${day}rd` : `${day}th`;
}

const DATES: Readonly<Record<string, (date: ReturnType<typeof dateOf>) => string>> = {
  slash: ({ day, month, year }) => `${two(day)}/${two(month)}/${year}`,
  us: ({ day, month, year }) => `${month}/${day}/${year}`,
  iso: ({ day, month, year }) => `${year}-${two(month)}-${two(day)}`,
  dots: ({ day, month, year }) => `${two(day)}.${two(month)}.${year}`,
  long: ({ day, month, year }) => `${day} ${MONTHS[month - 1] ?? ''} ${year}`,
  ordinal: ({ day, month, year }) => `${ordinal(day)} ${MONTHS[month - 1] ?? ''}, ${year}`,
  monthyear: ({ month, year }) => `${MONTHS[month - 1] ?? ''} ${year}`,
  short: ({ day, month, year }) =>
    `${two(day)}-${(MONTHS[month - 1] ?? '').slice(0, 3)}-${String(year).slice(2)}`,
};

const FORMATS: Readonly<Record<string, (source: Source) => string>> = {
  'name:given': ({ random, set }) => pick(random, set.given),
  'name:surname': ({ random, set }) => pick(random, set.surnames),
  'name:full': ({ random, set }) => `${pick(random, set.given)} ${pick(random, set.surnames)}`,
  'name:comma': ({ random, set }) => `${pick(random, set.surnames)}, ${pick(random, set.given)}`,
  'name:initials': ({ random, set }) => `${masked(random, '@. @.')} ${pick(random, set.surnames)}`,
  'place:street': ({ random, set }) =>
    `${between(random, 1, 240)} ${pick(random, set.streets)} ${pick(random, ['Street', 'Road', 'Avenue', 'Close', 'Lane'])}`,
  'place:town': ({ random, set }) => pick(random, set.towns),
  'phone:us': ({ random }) => `(${pick(random, ['415', '212', '503', '713'])}) ${masked(random, '5##-####')}`,
  'phone:usintl': ({ random }) => `+1 ${pick(random, ['415', '212', '503'])} ${masked(random, '5## ####')}`,
  'phone:uk': ({ random }) => `020 7946 ${masked(random, '0###')}`,
  'phone:ng': ({ random }) => `0${pick(random, ['803', '806', '813', '905'])}${masked(random, '#######')}`,
  'phone:ngspaced': ({ random }) =>
    `0${pick(random, ['803', '806', '813', '905'])} ${masked(random, '### ####')}`,
  'phone:ke': ({ random }) => `07${masked(random, '#')}${masked(random, '# ### ###')}`,
  'phone:keintl': ({ random }) => `+2547${masked(random, '########')}`,
  'fax:us': ({ random }) => `(${pick(random, ['415', '212', '503'])}) ${masked(random, '5##-####')}`,
  'fax:uk': ({ random }) => `020 7946 ${masked(random, '0###')}`,
  'email:plain': ({ random }) => `${letters(random, 6)}.${letters(random, 4)}@${letters(random, 7)}.example`,
  'email:plus': ({ random }) =>
    `${letters(random, 5)}+${letters(random, 3)}@mail.${letters(random, 6)}.example`,
  'email:spelt': ({ random }) => `${letters(random, 7)} at ${letters(random, 6)} dot com`,
  'ssn:us': ({ random }) => `${between(random, 101, 665)}-${masked(random, '##-####')}`,
  'ssn:usbare': ({ random }) => `${between(random, 101, 665)}${masked(random, '######')}`,
  'ssn:nino': ({ random }) =>
    `${pick(random, ['AB', 'CE', 'JK', 'PR'])} ${masked(random, '## ## ##')} ${pick(random, ['A', 'B', 'C', 'D'])}`,
  'ssn:nin': ({ random }) => masked(random, '###########'),
  'health_plan:nhs': ({ random }) => nhsNumber(random),
  'health_plan:mbi': ({ random }) => masked(random, '1EG#-TE#-MK##'),
  'account:nuban': ({ random }) => `0${masked(random, '#########')}`,
  'account:bvn': ({ random }) => `22${masked(random, '#########')}`,
  'account:card': ({ random }) =>
    withLuhn(`4${masked(random, '##############')}`).replace(/(\d{4})(?=\d)/gu, '$1 '),
  'account:iban': ({ random }) => iban(random),
  'account:aba': ({ random }) => aba(random),
  'licence:npi': ({ random }) => withLuhn(`1${masked(random, '########')}`, '80840'),
  'licence:dea': ({ random }) => dea(random),
  'vehicle:vin': ({ random }) => vin(random),
  'vehicle:ng': ({ random }) => masked(random, '@@@-###@@'),
  'vehicle:ke': ({ random }) => masked(random, 'K@@ ###@'),
  'vehicle:uk': ({ random }) => masked(random, '@@## @@@'),
  'device:imei': ({ random }) => withLuhn(masked(random, '35############')),
  'device:mac': ({ random }) =>
    Array.from({ length: 6 }, () => between(random, 16, 255).toString(16)).join(':'),
  'url:deep': ({ random }) =>
    `https://${letters(random, 6)}.example/p/${letters(random, 5)}?id=${masked(random, '####')}`,
  'url:plain': ({ random }) => `http://www.${letters(random, 7)}.example/login`,
  'url:bare': ({ random }) => `${letters(random, 8)}.com.ng/${letters(random, 4)}`,
  'ip:v4': ({ random }) => Array.from({ length: 4 }, () => between(random, 1, 254)).join('.'),
  'ip:v4port': ({ random }) =>
    `10.${between(random, 1, 254)}.${between(random, 1, 254)}.${between(random, 1, 254)}:8080`,
  'ip:v6': ({ random }) =>
    `2001:db8:${between(random, 4096, 65535).toString(16)}::${between(random, 16, 255).toString(16)}`,
  'biometric:hex': ({ random }) =>
    Array.from({ length: 4 }, () => between(random, 4096, 65535).toString(16)).join(''),
  'photo:file': ({ random }) => `IMG_${masked(random, '########')}_${masked(random, '######')}.jpg`,
  'photo:img': ({ random }) => `DSC${masked(random, '0####')}.JPG`,
};

/** A value of one slot. Throws for a format that there is none of: a mistake in a template. */
export function valueOf(source: Source, name: string): string {
  if (name.startsWith('date:')) {
    const format = DATES[name.slice('date:'.length)];
    if (format !== undefined) return format(dateOf(source.random));
  }
  const format = FORMATS[name];
  if (format === undefined) throw new Error(`no such format: ${name}`);
  return format(source);
}
