/** Identifiers that belong to nobody, in sentences as people write them, one arbitrary for each class. */
import * as fc from 'fast-check';
import type { TokenKind } from '../../../../contract/pack';

export interface Canary {
  readonly kind: TokenKind;
  /** What must not be left in a scrubbed text. */
  readonly value: string;
  /** The value in a sentence that gives its class away. */
  readonly sentence: string;
}

const digits = (length: number): fc.Arbitrary<string> =>
  fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length })
    .map((row) => row.join(''));
const letters = (length: number): fc.Arbitrary<string> =>
  fc
    .array(fc.constantFrom(...'ABCDEFGHJKLMNPRSTUVWXYZ'), { minLength: length, maxLength: length })
    .map((row) => row.join(''));
const lower = (min: number, max: number): fc.Arbitrary<string> =>
  fc
    .array(fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz'), { minLength: min, maxLength: max })
    .map((row) => row.join(''));

function said(
  kind: TokenKind,
  value: fc.Arbitrary<string>,
  ...templates: readonly string[]
): fc.Arbitrary<Canary> {
  return fc
    .tuple(value, fc.constantFrom(...templates))
    .map(([text, template]) => ({ kind, value: text, sentence: template.replaceAll('{}', text) }));
}

/** Appends the digit that makes a number pass Luhn. */
export function withLuhnDigit(body: string): string {
  const sum = Array.from(body)
    .reverse()
    .map(Number)
    .map((digit, place) => (place % 2 === 0 ? digit * 2 : digit))
    .reduce((total, digit) => total + (digit > 9 ? digit - 9 : digit), 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
}

/** A British IBAN with right check digits. */
export function iban(bank: string, account: string): string {
  const numeric = Array.from(`${bank}${account}GB00`, (character) =>
    /\d/.test(character) ? character : String(character.charCodeAt(0) - 55),
  ).join('');
  const check = 98n - (BigInt(numeric) % 97n);
  return `GB${check.toString().padStart(2, '0')}${bank}${account}`;
}

const month = fc.constantFrom('January', 'March', 'June', 'October', 'Dec', 'Sept');
const day = fc.integer({ min: 1, max: 28 });
const year = fc.integer({ min: 1930, max: 2026 });
const two = (number: number): string => String(number).padStart(2, '0');

const PERSONS = fc.constantFrom(
  'Emeka Okafor',
  'Ngozi Adebayo',
  'Chidinma Nwosu',
  'John Smith',
  'Mary Johnson',
  'Aisha Bello',
  'Robert Williams',
  'Tunde Balogun',
  'Jennifer Davis',
  'Fatima Yusuf',
  'Michael Brown',
  'Elizabeth Garcia',
);
const SURNAMES = fc.constantFrom(
  'Okonkwo',
  'Fitzgerald',
  "O'Brien",
  'Zwicky',
  'Quillfeather',
  'Adeyemi-Cole',
  'Vandersloot',
  'Núñez',
);

const DATES: fc.Arbitrary<string> = fc
  .tuple(day, month, year)
  .chain(([d, m, y]) =>
    fc.constantFrom(
      `${d} ${m} ${y}`,
      `${m} ${d}, ${y}`,
      `${y}-${two((d % 12) + 1)}-${two(d)}`,
      `${two(d)}/${two((d % 12) + 1)}/${y}`,
      `${m} ${y}`,
    ),
  );

/** One arbitrary for each class that a recogniser stands for. */
export const CANARIES: Readonly<Record<string, fc.Arbitrary<Canary>>> = {
  'names after titles': said(
    'person',
    SURNAMES,
    'Seen by Dr. {} today.',
    'Mrs {} called twice.',
    'Gave it to Alhaji {}.',
  ),
  'names of the library and the list': said(
    'person',
    PERSONS,
    'We met {} at the gate.',
    'Sold 12 crates to {} for cash.',
    'Name: {}',
  ),
  'names with a degree': said(
    'person',
    SURNAMES.map((name) => `Ottoline ${name}`),
    'Signed, {}, MD',
    'It was reviewed by {}, FACS',
  ),
  'e-mail': said(
    'email',
    fc.tuple(lower(2, 12), lower(2, 12)).map(([a, b]) => `${a}.x@${b}.example.com`),
    'Write to {} please.',
    'mail:{}',
    '({})',
  ),
  url: said(
    'url',
    lower(3, 12).map((path) => `https://portal.example.org/p/${path}?id=7`),
    'It is at {} now.',
    'See <{}>.',
    'link={}',
  ),
  'ip version 4': said('ip', fc.ipV4(), 'From {} at noon.', 'ip={};'),
  'ip version 6': said(
    'ip',
    fc
      .tuple(fc.integer({ min: 4096, max: 65535 }), fc.integer({ min: 4096, max: 65535 }))
      .map(([a, b]) => `2001:db8::${a.toString(16)}:${b.toString(16)}`),
    'From {} at noon.',
    'host [{}]',
  ),
  'social security': said(
    'ssn',
    fc.tuple(digits(3), digits(2), digits(4)).map((parts) => parts.join('-')),
    'SSN {} on file.',
    'He gave {} as his number.',
  ),
  'social security by label': said('ssn', digits(9), 'SSN: {}.', 'social security number {}'),
  'phone in Nigeria': said(
    'phone',
    fc.tuple(fc.constantFrom('803', '813', '706', '905'), digits(7)).map(([a, b]) => `0${a}${b}`),
    'Call {} today.',
    'My line is {}.',
    'Tel: {}',
  ),
  'phone in the US': said(
    'phone',
    fc.tuple(digits(3), digits(4)).map(([a, b]) => `(415) ${a}-${b}`),
    'Call {} today.',
    'cell {}',
  ),
  'phone in Britain': said(
    'phone',
    digits(4).map((end) => `020 7946 ${end}`),
    'Ring {} after six.',
    'phone: {}',
  ),
  'phone in international form': said(
    'phone',
    digits(6).map((end) => `+44 7911 ${end}`),
    'Reach us on {}.',
    'whatsapp {}',
  ),
  fax: said(
    'fax',
    digits(4).map((end) => `(415) 555-${end}`),
    'Fax: {}',
    'fax no. {}',
    'Our facsimile number is {}.',
  ),
  'medical record': said(
    'mrn',
    digits(8),
    'MRN {} was admitted.',
    'medical record no. {}',
    'Hospital number: {}',
    'patient id #{}',
  ),
  'health plan': said(
    'health_plan',
    fc.tuple(letters(3), digits(7)).map((parts) => parts.join('-')),
    'Policy no. {}',
    'member ID {} is active.',
    'HMO number: {}',
  ),
  'bank account': said(
    'account',
    digits(10),
    'Account no {}',
    'acct: {}',
    'pay to a/c {} please',
    'GTBank {}',
  ),
  iban: said(
    'account',
    digits(14).map((account) => iban('WEST', account)),
    'Pay to {} please.',
    'IBAN {}',
  ),
  card: said(
    'account',
    digits(14)
      .map((body) => withLuhnDigit(`4${body}`))
      .map((card) => card.replace(/(\d{4})(?=\d)/g, '$1 ')),
    'Paid with {} at the till.',
    'card {}',
  ),
  licence: said(
    'licence',
    fc.tuple(letters(2), digits(6)).map((parts) => parts.join('')),
    'Licence no. {}',
    'license number {} is active',
    'MDCN: {}',
  ),
  'number plate in Nigeria': said(
    'vehicle',
    fc.tuple(letters(3), digits(3), letters(2)).map((parts) => parts.join('-')),
    'The truck {} came.',
    'plate {}',
  ),
  'number plate in Britain': said(
    'vehicle',
    fc.tuple(letters(2), digits(2), letters(3)).map(([a, b, c]) => `${a}${b} ${c}`),
    'The van {} came.',
  ),
  'vehicle identification': said(
    'vehicle',
    digits(6).map((end) => `1HGCM82633A${end}`),
    'Its VIN is {} as stamped.',
    'chassis no {}',
  ),
  'device serial': said(
    'device',
    fc.tuple(letters(2), digits(6)).map((parts) => parts.join('-')),
    'serial no {}',
    'Pacemaker s/n: {} works.',
    'device id {}',
  ),
  'hardware address': said(
    'device',
    fc
      .array(fc.integer({ min: 16, max: 255 }), { minLength: 6, maxLength: 6 })
      .map((row) => row.map((b) => b.toString(16)).join(':')),
    'The sensor {} is offline.',
  ),
  date: said('date', DATES, 'Born {} in town.', 'It was on {}.', 'from {} onwards'),
  'age over 89': said(
    'age',
    fc
      .integer({ min: 90, max: 119 })
      .chain((age) => fc.constantFrom(`${age} years old`, `${age}-year-old`, `aged ${age}`, `${age} y/o`)),
    'She is {} and well.',
    'The patient, {}, walked.',
  ),
  'street address': said(
    'place',
    fc.integer({ min: 1, max: 999 }).map((number) => `${number} Broad Pine Street`),
    'She stays at {} with her aunt.',
    'Deliver to {}.',
  ),
  'postal code': said('place', digits(5), 'Portland, OR {} is home.', 'zip code {}'),
  biometric: said(
    'biometric',
    digits(8).map((body) => `FP-${body}`),
    'Fingerprint ID {} matched.',
    'face template {}',
    'voiceprint: {}',
  ),
  photograph: said(
    'photo',
    digits(6).map((body) => `IMG_${body}.jpg`),
    'See {} of the wound.',
    'photo {}',
  ),
  'birth date': said('birth_date', DATES, 'DOB: {}', 'Date of birth {} as written.', 'She was born on {}.'),
  'national health number': said(
    'health_plan',
    fc.constantFrom('943 476 5919', '401 023 2137', '987 654 4321'),
    'NHS no. {}',
    'NHS number: {}',
  ),
  'national number of Nigeria': said('ssn', digits(11), 'NIN: {}', 'NIN {} seen.'),
  'bank verification': said(
    'account',
    digits(9).map((body) => `22${body}`),
    'BVN: {}',
    'BVN {}',
  ),
  'number plate in Kenya': said(
    'vehicle',
    fc.tuple(letters(2), digits(3), letters(1)).map(([a, b, c]) => `K${a} ${b}${c}`),
    'The pickup {} came.',
  ),
  'unique code': said('code', fc.uuid(), 'The form {} is signed.', 'ref: {}'),
  'labelled code': said(
    'code',
    fc.tuple(letters(2), digits(6)).map((parts) => parts.join('')),
    'Ref no: {}',
    'invoice no {}',
    'claim number {}',
  ),
};
