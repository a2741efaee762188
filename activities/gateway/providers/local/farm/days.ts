import { DateTime } from 'luxon';
import { markAt, wordAt, type Day, type DayReading, type Piece } from './pieces';
import { UNITS } from './vocabulary';

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const WEEKDAYS_SHORT = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun', 'tues', 'weds', 'thur', 'thurs'];
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const PARTS_OF_DAY: ReadonlySet<string> = new Set(['morning', 'afternoon', 'evening', 'noon', 'night']);
const BEFORE_A_NAME: ReadonlySet<string> = new Set(
  'to from of give gave with and mr mrs by paid bro uncle aunty madam called asked told salary for'.split(
    ' ',
  ),
);
const VAGUE_DAYS: readonly (readonly string[])[] = [
  ['overnight'],
  ['the', 'night'],
  ['in', 'the', 'night'],
  ['the', 'other', 'day'],
  ['last', 'week'],
  ['last', 'month'],
  ['this', 'week'],
  ['next', 'week'],
  ['next', 'month'],
  ['recently'],
  ['weekend'],
  ['some', 'days', 'ago'],
  ['few', 'days', 'ago'],
  ['soon'],
];

interface Found {
  readonly reading: DayReading;
  readonly length: number;
}

function weekdayAt(pieces: readonly Piece[], index: number): number {
  const word = wordAt(pieces, index).replace(/'s$/, '');
  const full = WEEKDAYS.indexOf(word);
  if (full >= 0) return full + 1;
  const short = WEEKDAYS_SHORT.indexOf(word);
  return short < 0 ? 0 : ([1, 2, 3, 4, 5, 6, 7, 2, 3, 4, 4][short] ?? 0);
}

function monthAt(pieces: readonly Piece[], index: number): number {
  const word = wordAt(pieces, index);
  const month = MONTHS.findIndex((name) => word.startsWith(name)) + 1;
  if (word === 'march' || word === 'may' || month === 0) return month;
  return /^(?:jan(?:uary)?|feb(?:ruary)?|apr(?:il)?|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|mar)$/.test(
    word,
  )
    ? month
    : 0;
}

function dayNumberAt(pieces: readonly Piece[], index: number): number {
  const piece = pieces[index];
  if (piece === undefined || (piece.kind !== 'numeral' && piece.kind !== 'noise')) return 0;
  const match = /^(\d{1,2})(?:st|nd|rd|th)?$/i.exec(piece.text);
  const day = match === null ? 0 : Number(match[1]);
  return day >= 1 && day <= 31 ? day : 0;
}

function fixed(date: DateTime): DayReading {
  const iso = date.toISODate();
  return iso === null ? { form: 'unknown' } : { form: 'fixed', iso };
}

function writtenDate(text: string): DayReading | null {
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (iso !== null) {
    const date = DateTime.fromISO(text, { zone: 'utc' });
    return date.isValid ? fixed(date) : { form: 'unknown' };
  }
  const match = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{2}|\d{4})$/.exec(text);
  if (match === null) return null;
  const [first, second] = [Number(match[1]), Number(match[2])];
  const year = Number(match[3]) + (match[3]?.length === 2 ? 2000 : 0);
  // 03/04 is the third of April to some and the fourth of March to others.
  if (first <= 12 && second <= 12 && first !== second) return { form: 'unknown' };
  const date = DateTime.utc(year, Math.min(second, first), Math.max(first, second));
  return date.isValid && first >= second ? fixed(date) : { form: 'unknown' };
}

/** "11/12 Nov", "Nov 11/12": two days, and none of them said. */
function twoDaysOfMonth(pieces: readonly Piece[], index: number): Found | null {
  const at = monthAt(pieces, index) > 0 ? index + 1 : index;
  const isPair =
    dayNumberAt(pieces, at) > 0 && markAt(pieces, at + 1) === '/' && dayNumberAt(pieces, at + 2) > 0;
  const hasMonth = at > index || monthAt(pieces, at + 3) > 0;
  return isPair && hasMonth ? { reading: { form: 'unknown' }, length: 4 } : null;
}

/** "12 Nov", "Nov 12", "12th of November 2025". */
function monthAndDay(pieces: readonly Piece[], index: number): Found | null {
  const of = wordAt(pieces, index + 1) === 'of' ? 1 : 0;
  const dayFirst = dayNumberAt(pieces, index) > 0 && monthAt(pieces, index + 1 + of) > 0;
  const day = dayFirst ? dayNumberAt(pieces, index) : dayNumberAt(pieces, index + 1);
  const month = dayFirst ? monthAt(pieces, index + 1 + of) : monthAt(pieces, index);
  if (day === 0 || month === 0) return null;
  const length = dayFirst ? 2 + of : 2;
  const comma = markAt(pieces, index + length) === ',' ? 1 : 0;
  const year = pieces[index + length + comma];
  if (year?.kind === 'numeral' && /^20\d{2}$/.test(year.text)) {
    const date = DateTime.utc(Number(year.text), month, day);
    return { reading: date.isValid ? fixed(date) : { form: 'unknown' }, length: length + comma + 1 };
  }
  return { reading: { form: 'month_day', month, day }, length };
}

/** "Between Monday and Wednesday", "from Monday to Wednesday": several days, and none of them said. */
function isSpanOfDays(pieces: readonly Piece[], index: number, length: number): boolean {
  const before = wordAt(pieces, index - 1);
  const after = wordAt(pieces, index + length);
  const isNext = weekdayAt(pieces, index + length + 1) > 0;
  return isNext && ['between', 'from'].includes(before) && ['and', 'to', 'till', 'until'].includes(after);
}

/** A weekday, unless it stands where a person's name would: Sunday and Friday are names as well. */
function weekday(pieces: readonly Piece[], index: number, today: DateTime): Found | null {
  const lead = wordAt(pieces, index);
  const qualified = ['last', 'next', 'this', 'coming'].includes(lead) ? 1 : 0;
  const number = weekdayAt(pieces, index + qualified);
  if (number === 0) return null;
  const partOfDay = PARTS_OF_DAY.has(wordAt(pieces, index + qualified + 1)) ? 1 : 0;
  const length = qualified + 1 + partOfDay;
  if (lead === 'next') return { reading: { form: 'unknown' }, length };
  if (lead === 'last') {
    const back = (today.weekday - number + 7) % 7 || 7;
    return { reading: fixed(today.minus({ days: back })), length };
  }
  const before = wordAt(pieces, index - 1);
  if (isSpanOfDays(pieces, index, length)) return { reading: { form: 'unknown' }, length };
  if (qualified === 0 && partOfDay === 0 && BEFORE_A_NAME.has(before)) return null;
  if (before === 'every' || before === 'each') return null;
  return { reading: { form: 'weekday', weekday: number }, length };
}

/** "3 days ago", "two days ago", "in 5 days" with the figure still as written. */
function counted(pieces: readonly Piece[], index: number, today: DateTime): Found | null {
  const piece = pieces[index];
  const spelled = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven'].indexOf(
    wordAt(pieces, index),
  );
  const days = piece?.kind === 'numeral' ? dayNumberAt(pieces, index) : spelled;
  if (days < 1 || !/^days?$/.test(wordAt(pieces, index + 1))) return null;
  if (wordAt(pieces, index + 2) === 'ago') return { reading: fixed(today.minus({ days })), length: 3 };
  return null;
}

function spoken(pieces: readonly Piece[], index: number, today: DateTime): Found | null {
  const word = wordAt(pieces, index);
  const next = wordAt(pieces, index + 1);
  const partOfDay = PARTS_OF_DAY.has(next) ? 1 : 0;
  if (word === 'today' || word === 'tonight') return { reading: fixed(today), length: 1 };
  if (word === 'this' && partOfDay === 1) return { reading: fixed(today), length: 2 };
  if (word === 'last' && next === 'night') return { reading: fixed(today.minus({ days: 1 })), length: 2 };
  if (word === 'tomorrow') return { reading: fixed(today.plus({ days: 1 })), length: 1 + partOfDay };
  if (word === 'yesterday') return { reading: fixed(today.minus({ days: 1 })), length: 1 + partOfDay };
  const article = word === 'the' ? 1 : 0;
  const dayBefore = ['day', 'before', 'yesterday'].every(
    (part, at) => wordAt(pieces, index + article + at) === part,
  );
  if (dayBefore) return { reading: fixed(today.minus({ days: 2 })), length: 3 + article };
  const vague = VAGUE_DAYS.find((phrase) => phrase.every((part, at) => wordAt(pieces, index + at) === part));
  return vague === undefined ? null : { reading: { form: 'unknown' }, length: vague.length };
}

/**
 * "31/10", with no year: a day and a month when only one order of the two makes a date. "On 5/11" is a day that cannot
 * be told; elsewhere two small numbers and a slash are a fraction or a rate.
 */
function dayAndMonth(pieces: readonly Piece[], index: number): Found | null {
  const isPair = pieces[index]?.kind === 'numeral' && markAt(pieces, index + 1) === '/';
  const [first, second] = isPair ? [dayNumberAt(pieces, index), dayNumberAt(pieces, index + 2)] : [0, 0];
  const [low, high] = [Math.min(first, second), Math.max(first, second)];
  const isNamed = ['on', 'dated', 'since'].includes(wordAt(pieces, index - 1));
  const isFraction = first < second && [2, 4, 5, 8].includes(second);
  const isFirst = index === 0 && !isFraction && !UNITS.has(wordAt(pieces, index + 3));
  const isHead = isFirst || (markAt(pieces, index + 3) === ':' && high > 12);
  if (low < 1 || low > 12 || !(isNamed || isHead)) return null;
  const reading: DayReading = high > 12 ? { form: 'month_day', month: low, day: high } : { form: 'unknown' };
  return { reading, length: 3 };
}

function dayAt(pieces: readonly Piece[], index: number, today: DateTime): Found | null {
  const piece = pieces[index];
  if (piece?.kind === 'noise') {
    const written = writtenDate(piece.text);
    if (written !== null) return { reading: written, length: 1 };
  }
  const found =
    spoken(pieces, index, today) ??
    counted(pieces, index, today) ??
    weekday(pieces, index, today) ??
    twoDaysOfMonth(pieces, index) ??
    monthAndDay(pieces, index) ??
    dayAndMonth(pieces, index);
  if (found !== null) return found;
  const isOrdinal = piece?.kind === 'noise' && dayNumberAt(pieces, index) > 0;
  return isOrdinal ? { reading: { form: 'day_of_month', day: dayNumberAt(pieces, index) }, length: 1 } : null;
}

/** Joins what names a day into days. `today` is the local day of the note. */
export function readDays(pieces: readonly Piece[], today: DateTime): Piece[] {
  const read: Piece[] = [];
  for (let index = 0; index < pieces.length;) {
    const piece = pieces[index];
    if (piece === undefined) break;
    const found = dayAt(pieces, index, today);
    const last = found === null ? undefined : pieces[index + found.length - 1];
    if (found === null || last === undefined) {
      read.push(piece);
      index += 1;
      continue;
    }
    const day: Day = { kind: 'day', reading: found.reading, start: piece.start, end: last.end };
    // "Since yesterday" says how long, not when.
    const isLength = ['since', 'every'].includes(wordAt(read, read.length - 1));
    read.push(isLength ? { kind: 'noise', text: '', start: day.start, end: day.end } : day);
    index += found.length;
  }
  return read;
}

/** "By Friday" in what is still to be done: there it is never the name of a person. */
export function readDeadlines(pieces: readonly Piece[]): Piece[] {
  return pieces.map((piece, index) => {
    const number = weekdayAt(pieces, index);
    const isDeadline = number > 0 && ['by', 'before', 'for', 'on'].includes(wordAt(pieces, index - 1));
    return isDeadline
      ? { kind: 'day', reading: { form: 'weekday', weekday: number }, start: piece.start, end: piece.end }
      : piece;
  });
}
