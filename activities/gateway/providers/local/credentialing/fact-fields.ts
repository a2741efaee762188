/** Reads the fields of one fact from the words of one unit. A field may come out with several values; then it is unclear. */
import { readDate, WRITTEN_DATE } from './dates';
import { STATE_CODES } from './states';

export type FactKind = 'licence' | 'board_certification' | 'training';

/** Every value that the words give a field. */
export type ReadFields = ReadonlyMap<string, ReadonlySet<string>>;

const TOKEN = String.raw`<[a-z_]+_token_[A-Za-z0-9_]+>`;
const DATE = `(${WRITTEN_DATE}|${TOKEN})`;
const NUMBER = new RegExp(
  String.raw`\b(?:licen[cs]e\s+)?(?:number|no|nr|#)(?:\.|:|\s)\s*:?\s*(${TOKEN}|[A-Z0-9][A-Z0-9./-]*\d[A-Z0-9./-]*)`,
  'gi',
);
const EXPIRY = new RegExp(
  String.raw`\b(?:expir(?:es|y|ation|ing)(?:\s+date)?|valid\s+(?:until|through|to)|through)\s*(?:on\s+)?:?\s*${DATE}`,
  'gi',
);
const LICENCE_STATUS = /\b(active|inactive|expired|suspended|revoked|surrendered)\b/gi;
const NEGATED = /\b(?:not|never|no longer|formerly|previously|pending|applied|eligible|candidate|seeking)\b/i;
const BOARD = new RegExp(
  String.raw`(${TOKEN}|(?:[A-Z][a-z]+ )*Board of [A-Z][a-z]+(?:(?: and| &|,)? [A-Z][a-z]+)*)`,
  'g',
);

function all(pattern: RegExp, text: string): Set<string> {
  return new Set(
    [...text.matchAll(pattern)].map((match) => (match[1] ?? '').trim()).filter((value) => value !== ''),
  );
}

/** Days as `YYYY-MM-DD`; a token stays; a date that can be read in two ways gives both, which makes the field unclear. */
function daysOf(written: ReadonlySet<string>): Set<string> {
  const days = [...written].flatMap((one) => {
    const range = readDate(one);
    if (range === null) return one.startsWith('<') ? [one] : [];
    return [range.earliest, range.latest];
  });
  return new Set(days);
}

function statesIn(text: string): Set<string> {
  const found = new Set<string>();
  for (const [, name = ''] of text.matchAll(
    new RegExp(String.raw`\b[Ss]tate(?:\s+of|\s*:)?\s+(${TOKEN}|[A-Z]{2}\b)`, 'g'),
  ))
    if (name.startsWith('<') || [...STATE_CODES.values()].includes(name)) found.add(name);
  const plain = text.toLowerCase();
  for (const [name, code] of STATE_CODES) {
    if (new RegExp(`\\b${name}\\b`).test(plain)) found.add(code);
  }
  // "West Virginia" is not also Virginia.
  if (found.has('WV')) found.delete('VA');
  return found;
}

function isEnough(fields: ReadFields): boolean {
  return [...fields.values()].filter((values) => values.size > 0).length >= 2;
}

/** A licence: at least two of state, number, status and expiry. */
export function licenceIn(text: string): ReadFields | null {
  const status = NEGATED.test(text) ? [] : [...all(LICENCE_STATUS, text)].map((word) => word.toLowerCase());
  const fields = new Map([
    ['state', statesIn(text)],
    ['number', all(NUMBER, text)],
    ['status', new Set(status)],
    ['expires_on', daysOf(all(EXPIRY, text))],
  ]);
  const isNamed = (fields.get('state')?.size ?? 0) + (fields.get('number')?.size ?? 0) > 0;
  return isNamed && isEnough(fields) ? fields : null;
}

/** A board certification: the board, and whether and until when. */
export function certificationIn(text: string): ReadFields | null {
  const status = NEGATED.test(text) || !/\bcertified\b|\bcertification\b/i.test(text) ? [] : ['certified'];
  const boards = [...all(BOARD, text)].filter(
    (name) => !name.startsWith('<') || name.startsWith('<organisation_'),
  );
  const fields = new Map([
    ['board', new Set(boards)],
    ['status', new Set(/\b(?:expired|lapsed|revoked|suspended)\b/i.test(text) ? [] : status)],
    ['expires_on', daysOf(all(EXPIRY, text))],
  ]);
  return boards.length > 0 && isEnough(fields) ? fields : null;
}

const LEVELS: readonly (readonly [RegExp, string])[] = [
  [/^(?:medical school|degree)\b/i, 'degree'],
  [/^internship\b/i, 'internship'],
  [/^residency\b/i, 'residency'],
  [/^fellowship\b/i, 'fellowship'],
];
const PERIOD = new RegExp(
  String.raw`[,;(]?\s*(${WRITTEN_DATE}|\d{4}|${TOKEN})\s*(?:-|–|to|until)\s*(${WRITTEN_DATE}|\d{4}|${TOKEN}|present)\)?\s*\.?$`,
);

function dayOrYear(text: string): Set<string> {
  return /^\d{4}$/.test(text) ? new Set([text]) : daysOf(new Set([text]));
}

/** A training line such as `Residency: General Surgery, Sample University, 2011-2016`. */
export function trainingIn(text: string): ReadFields | null {
  const line = text.replace(/^[-*•]\s*/, '');
  const level = LEVELS.find(([pattern]) => pattern.test(line));
  const rest = /^[A-Za-z ]+?\s*[:,–-]\s*(\S[\s\S]*)$/.exec(line)?.[1];
  if (level === undefined || rest === undefined) return null;
  const period = PERIOD.exec(rest);
  const programme = (period === null ? rest : rest.slice(0, period.index)).replace(/[,;\s]+$/, '').trim();
  if (programme === '' || programme.length > 200) return null;
  return new Map([
    ['level', new Set([level[1]])],
    ['programme', new Set([programme])],
    ['from', period === null ? new Set<string>() : dayOrYear(period[1] ?? '')],
    ['until', period === null ? new Set<string>() : dayOrYear(period[2] ?? '')],
  ]);
}
