/** Phone and fax numbers of Nigeria, the United States and Britain, and any number in international form. */
import { findPhoneNumbersInText } from 'libphonenumber-js/max';
import type { TokenKind } from '../../../contract/pack';
import { MASK } from '../text-view';
import type { Recogniser, Span } from '../span';
import { piecesOf } from './language';

const REGIONS = ['NG', 'US', 'GB'] as const;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/giu;
const TIMESTAMP = /\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?/gu;
/** Decimals and money with separators are no numbers to dial. */
const AMOUNT =
  /(?:[₦$£€]|(?<![\p{L}])(?:N|NGN|USD|GBP)\s?)\d[\d,.]*|(?<![\d.])\d{1,3}(?:,\d{3})+(?:\.\d+)?/giu;
/** The library asks whether a number is assigned; what is written like one is removed anyway. */
const WRITTEN_LIKE_ONE = [
  /(?<![\d+])(?:\+?234[ .-]?|0)[789][01]\d[ .-]?\d{3}[ .-]?\d{4}(?!\d)/gu,
  /(?<![\d.-])(?:\+?1[ .-]?)?(?:\(\d{3}\)\s?|\d{3}[.-])\d{3}[.-]\d{4}(?![\d-])/gu,
  /(?<![\d+])\+\d{1,3}(?:[ .()-]{0,2}\d){6,12}(?!\d)/gu,
] as const;
const LABELLED =
  /(?<![\p{L}])(?:phone|telephone|tel\.?|mobile|mob\.?|cell|gsm|whatsapp|whats\s?app|contact|call|text|fax|facsimile|pager|beeper)(?:\s(?:no\.?|number|line))?\s?(?:is|on|at|#|:|=)?[ :]{0,3}(?<id>\+?\(?\d(?:[ ().-]{0,2}\d){6,14})(?!\d)/dgiu;
const FAX_BEFORE = /(?:fax|facsimile)[^\p{L}\d]{0,6}(?:(?:no|number|is|line)[^\p{L}\d]{0,4}){0,2}$/iu;
const FAX_WINDOW = 32;
const DIGITS_MIN = 7;
/** A stretch of a line without letters; a number to dial has a plus or three digits in a row somewhere in it. */
const STRETCH = /[^\p{L}\n]+/gu;
const TELLING = /\d{3}|\+/u;
const PIECE_LENGTH_MAX = 2_000;
const PIECE_OVERLAP = 40;

export const recognisePhone: Recogniser = (view) => {
  if (!/\d(?:[^\d\p{L}]{0,3}\d){6}/u.test(view)) return [];
  const readable = [UUID, TIMESTAMP, AMOUNT].reduce((text, pattern) => text.replace(pattern, blank), view);
  // The library takes its time over every digit, so it is spared what can't be one: counts, weights, times.
  const dialled = readable.replace(STRETCH, (stretch) => (TELLING.test(stretch) ? stretch : blank(stretch)));
  const ranges: [number, number][] = REGIONS.flatMap((region) => assignedNumbers(dialled, region));
  for (const pattern of [...WRITTEN_LIKE_ONE, LABELLED]) {
    for (const match of readable.matchAll(pattern)) {
      ranges.push(match.indices?.groups?.['id'] ?? [match.index, match.index + match[0].length]);
    }
  }
  return ranges.map(([start, end]): Span => ({ start, end, kind: phoneOrFax(view, start) }));
};

function assignedNumbers(text: string, region: (typeof REGIONS)[number]): [number, number][] {
  return piecesOf(text, PIECE_LENGTH_MAX, PIECE_OVERLAP).flatMap((piece) =>
    findPhoneNumbersInText(piece.text, { defaultCountry: region })
      .filter(({ startsAt, endsAt, number }) => {
        const written = piece.text.slice(startsAt, endsAt);
        const digits = written.match(/\d/gu)?.length ?? 0;
        return digits >= DIGITS_MIN && number.getType() !== undefined && !isRowOfCounts(written);
      })
      .map(({ startsAt, endsAt }): [number, number] => [piece.offset + startsAt, piece.offset + endsAt]),
  );
}

/** "12 13 14 15 16" is a row of counts: no region served writes numbers in groups of one or two digits. */
function isRowOfCounts(written: string): boolean {
  if (written.startsWith('+')) return false;
  const groups = written.split(/\D+/u).filter((group) => group !== '');
  return groups.length >= 3 && groups.every((group) => group.length <= 2);
}

function phoneOrFax(view: string, start: number): TokenKind {
  return FAX_BEFORE.test(view.slice(Math.max(0, start - FAX_WINDOW), start)) ? 'fax' : 'phone';
}

function blank(match: string): string {
  return MASK.repeat(match.length);
}
