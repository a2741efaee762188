/** Dates finer than a year (45 CFR 164.514(b)(2)(i)(C)). A year alone, a weekday and a time of day stay. */
import { spansOf, type Recogniser, type Span } from '../span';

const MONTH =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?';
const DAY = '(?:0?[1-9]|[12]\\d|3[01])(?:st|nd|rd|th)?';
const YEAR = "(?:(?:18|19|20)\\d{2}|'\\d{2})";
const LEFT = '(?<![\\p{L}\\p{N}])';
const RIGHT = '(?![\\p{L}\\p{N}])';
const TIME = '(?:T\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d+)?)?(?:Z|[+-]\\d{2}:?\\d{2})?)?';

const ISO = `${LEFT}\\d{4}([-/.])\\d{1,2}\\1\\d{1,2}${TIME}${RIGHT}`;
const NUMERIC = `(?<![\\p{L}\\p{N}./-])\\d{1,2}([-/.])\\d{1,2}\\1(?:\\d{4}|\\d{2})(?![\\p{L}\\p{N}]|[./-]\\d)`;
const DAY_FIRST = `${LEFT}${DAY}(?:\\s+(?:day\\s+)?of)?[\\s/-]+${MONTH}(?:,?[\\s/-]+(?:${YEAR}|(?<=[-/])\\d{2}))?${RIGHT}`;
const MONTH_FIRST = `${LEFT}${MONTH}[\\s-]+${DAY}(?:\\s*[-,]?\\s*${YEAR})?${RIGHT}`;
const MONTH_YEAR = `${LEFT}${MONTH}(?:,|\\s+of)?[\\s-]*${YEAR}${RIGHT}`;

const PATTERNS = [
  new RegExp(ISO, 'giu'),
  new RegExp(NUMERIC, 'giu'),
  new RegExp(DAY_FIRST, 'giu'),
  new RegExp(MONTH_FIRST, 'giu'),
  new RegExp(MONTH_YEAR, 'giu'),
  new RegExp(`${LEFT}\\d{1,2}/(?:19|20)\\d{2}${RIGHT}`, 'giu'),
  new RegExp(
    `${LEFT}(?:on|since|until|till|by|from|dated?|dob|born|before|after)\\s*:?\\s+(?<id>\\d{1,2}[/-]\\d{1,2})${RIGHT}`,
    'dgiu',
  ),
  /(?<![\p{L}\p{N}])(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?![\p{L}\p{N}])/gu,
] as const;
/** A month on its own, written with a capital; "May" and "March" only where no verb can stand. */
const MONTH_ALONE =
  /(?<![\p{L}\p{N}])(?:January|February|April|June|July|August|September|October|November|December|(?<=(?:in|last|since|until|by|of|this|next|every|during|early|late|mid)[\s-])(?:May|March))(?![\p{L}\p{N}])/gu;
/** Nothing is a date that has neither a digit nor the name of a month. */
const ANY_DATE = new RegExp(`\\d|${LEFT}${MONTH}`, 'iu');

/** Where a purpose passes dates: one that a label or a pronoun makes somebody's birth date. "12 kids born 3 May" is none. */
const BIRTH = new RegExp(
  `${LEFT}(?:d\\.?\\s?o\\.?\\s?b\\.?|date\\s+of\\s+birth|birth\\s?date|birthday|(?:he|she|i|patient|mother|father|wife|husband|son|daughter)\\s+(?:was|is)\\s+born)\\s{0,3}(?:is|was|on|in|:|=|-)?\\s{0,3}(?:the\\s)?(?<id>${[
    ISO,
    NUMERIC,
    DAY_FIRST,
    MONTH_FIRST,
    MONTH_YEAR,
  ]
    .map((pattern) => pattern.replaceAll('([-/.])', '[-/.]').replaceAll('\\1', '[-/.]'))
    .join('|')})`,
  'dgiu',
);
const BIRTH_SPOKEN_OF = /birth|born|d\.? ?o\.? ?b/iu;

export const recogniseDate: Recogniser = (view) =>
  ANY_DATE.test(view)
    ? [...PATTERNS, MONTH_ALONE]
        .flatMap((pattern) => spansOf(view, pattern, 'date'))
        .filter(isCalendarDay, view)
    : [];

/** Birth dates of persons, which no purpose passes in a text. */
export const recogniseBirthDate: Recogniser = (view) =>
  BIRTH_SPOKEN_OF.test(view) ? spansOf(view, BIRTH, 'birth_date') : [];

const THREE_NUMBERS = /^(\d{1,2})[-/.](\d{1,2})[-/.]\d{2,4}$/;

/** "45/60/30" is no date in any order of day and month. */
function isCalendarDay(this: string, { start, end }: Span): boolean {
  const parts = THREE_NUMBERS.exec(this.slice(start, end));
  if (parts === null) return true;
  const [first, second] = [Number(parts[1]), Number(parts[2])];
  return first > 0 && second > 0 && Math.max(first, second) <= 31 && Math.min(first, second) <= 12;
}
