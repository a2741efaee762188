/** Dates finer than a year (45 CFR 164.514(b)(2)(i)(C)). A year alone, a weekday and a time of day stay. */
import { spansOf, type Recogniser } from '../span';

const MONTH =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?';
const DAY = '(?:0?[1-9]|[12]\\d|3[01])(?:st|nd|rd|th)?';
const YEAR = "(?:(?:18|19|20)\\d{2}|'\\d{2})";
const LEFT = '(?<![\\p{L}\\p{N}])';
const RIGHT = '(?![\\p{L}\\p{N}])';
const TIME = '(?:T\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d+)?)?(?:Z|[+-]\\d{2}:?\\d{2})?)?';

const PATTERNS = [
  new RegExp(`${LEFT}\\d{4}([-/.])\\d{1,2}\\1\\d{1,2}${TIME}${RIGHT}`, 'giu'),
  new RegExp(
    `(?<![\\p{L}\\p{N}./-])\\d{1,2}([-/.])\\d{1,2}\\1(?:\\d{4}|\\d{2})(?![\\p{L}\\p{N}]|[./-]\\d)`,
    'giu',
  ),
  new RegExp(`${LEFT}${DAY}(?:\\s+(?:day\\s+)?of)?[\\s-]+${MONTH}(?:,?[\\s-]+${YEAR})?${RIGHT}`, 'giu'),
  new RegExp(`${LEFT}${MONTH}[\\s-]+${DAY}(?:\\s*[-,]?\\s*${YEAR})?${RIGHT}`, 'giu'),
  new RegExp(`${LEFT}${MONTH}(?:,|\\s+of)?[\\s-]*${YEAR}${RIGHT}`, 'giu'),
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

export const recogniseDate: Recogniser = (view) =>
  [...PATTERNS, MONTH_ALONE].flatMap((pattern) => spansOf(view, pattern, 'date'));
