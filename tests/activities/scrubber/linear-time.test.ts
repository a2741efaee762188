import { KnownIndex } from '../../../activities/scrubber/known-index';
import { leakScan } from '../../../activities/scrubber/leak-scan';
import { rehydrate } from '../../../activities/scrubber/rehydrate';
import { recogniseAccount } from '../../../activities/scrubber/recognisers/account';
import { recogniseAge } from '../../../activities/scrubber/recognisers/age';
import { recogniseDate } from '../../../activities/scrubber/recognisers/date';
import { recogniseDevice } from '../../../activities/scrubber/recognisers/device';
import { recogniseEmail } from '../../../activities/scrubber/recognisers/email';
import {
  recogniseCodeLabel,
  recogniseHealthPlanLabel,
  recogniseLicenceLabel,
  recogniseMedicalRecordLabel,
  recogniseVehicleLabel,
} from '../../../activities/scrubber/recognisers/identifiers';
import { recognisePerson } from '../../../activities/scrubber/recognisers/person';
import { recognisePhone } from '../../../activities/scrubber/recognisers/phone';
import { recogniseAddress } from '../../../activities/scrubber/recognisers/place';
import { recogniseUniqueCode } from '../../../activities/scrubber/recognisers/unique-code';
import { recogniseVehicle } from '../../../activities/scrubber/recognisers/vehicle';
import { recogniseIp, recogniseUrl } from '../../../activities/scrubber/recognisers/web';
import { randomToken, tokenLike } from '../../../activities/scrubber/token';

/*
 * Whoever asks chooses the text, and the scrubber holds the worker's only thread while it reads. So each part of it is
 * given rows of what it looks for the beginning of, and must not take more than its share for four times as much. Time is
 * the process's own, so that other work on the machine doesn't count.
 */

const UNITS = [
  ...[
    'a',
    'a ',
    'A',
    'A ',
    '1',
    '1 ',
    '11 ',
    '111 ',
    '1-',
    '1.',
    '1,',
    '1:',
    '1/',
    '1-1-',
    '(1',
    '+1 ',
    ' ',
    '\t',
    '\n',
  ],
  ...[
    'Ada ',
    'Ada-',
    "O'",
    'J.',
    'J. ',
    'Ada J ',
    'Ada van ',
    'Dr ',
    'Dr Ada ',
    'Dr. Zwicky House 1 ',
    "Marek's ",
  ],
  ...[
    'Sold x ',
    'Sold Ada ',
    'Bought ',
    'Signed ',
    'Sincerely ',
    'Sincerely\n',
    'Ada, MD ',
    'Name: ',
    'Name: Ada, ',
  ],
  ...['@', 'a@', 'a@b.', 'a.', 'a-', 'at ', ' (at) ', 'a at b dot ', 'www.', 'http://', 'a:', 'ab:', '00:'],
  ...[
    '12 Ada ',
    'P.O. Box ',
    'zip ',
    'AB 1',
    'Plot ',
    'MRN ',
    'MRN is ',
    'hospital no ',
    'policy no no ',
    'ref A-1-',
    'id : ',
  ],
  ...[
    '90 ',
    '90 years ',
    'ninety ',
    'one hundred ',
    'May ',
    '1 May ',
    'on ',
    '2020-',
    'AB12 ',
    '(01)',
    'call ',
    'tel: 1',
    '020 7946 ',
  ],
  ...[
    '<',
    '<person',
    '<person_token_',
    '_token_',
    '\\_token\\_',
    '\\',
    '\\u0041',
    'e\u0301',
    '\u200b',
    '\ud83d',
    '👩🏽‍⚕️',
    'ｔ',
  ],
];
/** Long enough for what is quadratic to outgrow what is not. */
const LENGTH = 20_000;
/** These read each letter of every text, whatever it is; a shorter one shows the same. */
const LENGTH_OF_THOROUGH = 5_000;
const THOROUGH: ReadonlySet<string> = new Set(['known values', 'leak scan', 'phone', 'rehydrate']);
const TIMES = 4;
const NOISE_MS = 40;
const LOOKS = 3;

const tokens = Array.from({ length: 20 }, (_, index) => ({
  token: randomToken('person'),
  kind: 'person' as const,
  value: `Ada ${'a'.repeat(index + 1)} Obi`,
  field: 'note',
}));
const known = new KnownIndex([
  ...tokens,
  { kind: 'person', value: 'aa aa' },
  { kind: 'person', value: 'Ada Ada' },
]);

const PARTS: Readonly<Record<string, (text: string) => unknown>> = {
  account: (text) => recogniseAccount(text, new Map()),
  address: (text) => recogniseAddress(text, new Map()),
  age: (text) => recogniseAge(text, new Map()),
  'code label': (text) => recogniseCodeLabel(text, new Map()),
  date: (text) => recogniseDate(text, new Map()),
  device: (text) => recogniseDevice(text, new Map()),
  email: (text) => recogniseEmail(text, new Map()),
  'health plan label': (text) => recogniseHealthPlanLabel(text, new Map()),
  ip: (text) => recogniseIp(text, new Map()),
  'known values': (text) => known.spans(text, { withNameParts: true }),
  'leak scan': (text) => leakScan({ text, tokens, knownValues: [], passedNames: ['Ada House', 'House 1'] }),
  'licence label': (text) => recogniseLicenceLabel(text, new Map()),
  'medical record label': (text) => recogniseMedicalRecordLabel(text, new Map()),
  person: (text) => recognisePerson(text, new Map()),
  phone: (text) => recognisePhone(text, new Map()),
  rehydrate: (text) => rehydrate({ value: text, tokens }),
  'token-like': (text) => tokenLike(text, []),
  'unique code': (text) => recogniseUniqueCode(text, new Map()),
  url: (text) => recogniseUrl(text, new Map()),
  vehicle: (text) => recogniseVehicle(text, new Map()),
  'vehicle label': (text) => recogniseVehicleLabel(text, new Map()),
};

function cpuMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

test.each(Object.entries(PARTS))('%s takes time in proportion to its text', (name, read) => {
  const length = THOROUGH.has(name) ? LENGTH_OF_THOROUGH : LENGTH;
  const slow = UNITS.filter((unit) => {
    const once = unit.repeat(Math.ceil(length / unit.length));
    const more = unit.repeat(Math.ceil((TIMES * length) / unit.length));
    read(once);
    // Quadratic work takes sixteen times as long, each time; a collection of garbage only once.
    return Array.from({ length: LOOKS }).every(() => {
      const after = cpuMs(() => read(more));
      return after > NOISE_MS && after > 2 * TIMES * cpuMs(() => read(once));
    });
  });
  expect(slow).toEqual([]);
});
