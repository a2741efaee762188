import type { Piece } from './pieces';
import { parseDecimal } from './decimal';
import { respelled } from './spelling';

/** Order matters: what contains digits without being a figure (tokens, phones, dates, times) is cut out first. */
const PATTERNS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['space', /[^\S\n]+/uy],
  ['token', /<[a-z][a-z0-9_]*_token_[^<>\s]{1,80}>/iuy],
  ['phone', /\+\d{10,14}(?!\d)|0[789]\d{2}[ -]?\d{3}[ -]?\d{4}(?!\d)|\d{9,}(?![\d.,])/uy],
  ['date', /\d{4}-\d{2}-\d{2}(?!\d)|\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})(?!\d)/uy],
  ['time', /\d{1,2}(?::|\.)\d{2}\s?[ap]\.?m\b\.?|\d{1,2}:\d{2}(?!\d)|\d{1,2}\s?[ap]\.?m\b\.?/iuy],
  ['ordinal', /\d{1,2}(?:st|nd|rd|th)\b/iuy],
  // "12, 500" may be a sum with a slip or two figures; it is one numeral that cannot be told.
  ['split', /\d{1,3}(?:,\d{3})*(?:, \d{3}(?:,\d{3})*)+(?:\.\d{1,2})?(?!\d)/uy],
  ['numeral', /\d[\d,.]*\d|\d/uy],
  ['glyph', /[½¼¾]/uy],
  ['currency', /GH₵|[A-Z]{0,2}\$(?=\s?\d)|\p{Sc}(?=\s?\d)|#(?=\s?\d)|(?<!\p{L})(?:N(?=\s?\d)|n(?=\d))/uy],
  ['word', /(?:Mrs?|Dr|Ms|Alh|Engr|Prof|St)\.(?=\s)|\p{L}[\p{L}\p{M}]*(?:['’-]\p{L}[\p{L}\p{M}]*)*/uy],
  ['mark', /[^]/uy],
];

const GROUPED = /^[1-9]\d{0,2}(?:,\d{3})+(?:\.\d{1,2})?$/;
const PLAIN = /^\d+(?:\.\d{1,6})?$/;
/** "1.250" is 1,250 to some hands and one and a quarter to others. */
const THOUSANDS_OR_DECIMALS = /^[1-9]\d{0,2}\.\d{3}$/;

/** Millionths, or null when the digits can be read in more than one way or are malformed. */
function numeralValue(text: string): bigint | null {
  if (THOUSANDS_OR_DECIMALS.test(text)) return null;
  if (GROUPED.test(text)) return parseDecimal(text.replaceAll(',', ''));
  return PLAIN.test(text) && !/^0\d/.test(text) ? parseDecimal(text) : null;
}

function pieceOf(name: string, text: string, start: number): Piece | null {
  const span = { start, end: start + text.length };
  switch (name) {
    case 'space':
      return null;
    case 'token':
      return { kind: 'token', text, ...span };
    case 'split':
      return { kind: 'numeral', text, value: null, ...span };
    case 'numeral':
      return { kind: 'numeral', text, value: numeralValue(text), ...span };
    case 'currency':
      return { kind: 'currency', text: text.toUpperCase(), ...span };
    case 'word':
      return { kind: 'word', text, lower: respelled(text.toLowerCase().replace('’', "'")), ...span };
    case 'mark':
    case 'glyph':
      return { kind: 'mark', text, ...span };
    default:
      return { kind: 'noise', text, ...span };
  }
}

/** Cuts a note into pieces. Total: every character belongs to a piece or is a space. */
export function lex(note: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  while (at < note.length) {
    for (const [name, pattern] of PATTERNS) {
      pattern.lastIndex = at;
      const text = pattern.exec(note)?.[0];
      if (text === undefined || text === '') continue;
      const piece = pieceOf(name, text, at);
      if (piece !== null) pieces.push(piece);
      at += text.length;
      break;
    }
  }
  return pieces;
}
