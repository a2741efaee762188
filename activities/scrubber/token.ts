/** Tokens: what they look like, how they are minted, and how strings that merely look like one are found. */
import { randomBytes } from 'node:crypto';
import { TOKEN_KINDS, type TokenKind } from '../../contract/pack';
import { viewOf, type SourceRange } from './text-view';

/** One identifier that was replaced. `value` is content: it belongs in the vault and nowhere else. */
export interface ScrubToken {
  readonly token: string;
  readonly kind: TokenKind;
  /** The exact stretch of the source, so that rehydrating restores it to the letter. */
  readonly value: string;
  /** Where it was found first, with indices: `documents[0].text`. */
  readonly field: string;
}

export type MintToken = (kind: TokenKind) => string;

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const BODY_LENGTH = 20;
/** So much of a token's random part, on its own or in another case, is still recognised as that token altered. */
const TELLING_LENGTH = 8;

const EXACT = /<[a-z]+(?:_[a-z]+)*_token_[a-z2-7]{20}>/g;
const EXACT_WHOLE = /^<([a-z]+(?:_[a-z]+)*)_token_([a-z2-7]{20})>$/;
/** `_token_` in any case, underscores escaped or not (`\_token\_`): the middle of whatever could be taken for a token. */
const MARKER = /\\?_token\\?_/gi;
const BEFORE_MARKER = /<?[\p{L}\p{N}_\\-]*$/u;
const AFTER_MARKER = /^[\p{L}\p{N}_\\]*>?/u;
/** A bracketed kind with other separators: `<patient token …>`. */
const RESPELT = new RegExp(
  `<\\s?(?:${TOKEN_KINDS.map((kind) => kind.replaceAll('_', '[ _-]')).join('|')})[ _-]{1,2}token[ _-]{0,2}[a-z0-9]*\\s?>?`,
  'giu',
);

/** Mints `<kind_token_…>` with 100 bits of cryptographic randomness: 20 characters of lowercase base32. */
export function randomToken(kind: TokenKind): string {
  const body = Array.from(randomBytes(BODY_LENGTH), (byte) => ALPHABET.charAt(byte & 31)).join('');
  return `<${kind}_token_${body}>`;
}

/** Whether `text` is, from its first to its last character, a well-formed token of the kind. */
export function isTokenOf(kind: TokenKind, text: string): boolean {
  return EXACT_WHOLE.exec(text)?.[1] === kind;
}

/** The part of a token that is random. */
export function tokenBody(token: string): string {
  return EXACT_WHOLE.exec(token)?.[2] ?? token;
}

/** Ranges of all well-formed tokens of the text, in order, whoever minted them. */
export function exactTokens(text: string): readonly SourceRange[] {
  return Array.from(text.matchAll(EXACT), (match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
}

/** Ranges of those well-formed tokens that are in `tokens`. */
export function ownTokens(text: string, tokens: ReadonlySet<string>): readonly SourceRange[] {
  return exactTokens(text).filter(({ start, end }) => tokens.has(text.slice(start, end)));
}

/**
 * Ranges of everything that could be taken for a token, outside `own`: foreign, truncated, re-cased, re-spelt.
 * Invisible characters do not hide it.
 */
export function tokenLike(text: string, own: readonly SourceRange[]): readonly SourceRange[] {
  const view = viewOf(text, { masked: own });
  const ranges: SourceRange[] = [];
  let from = 0;
  for (const match of view.text.matchAll(MARKER)) {
    const markerEnd = match.index + match[0].length;
    if (match.index < from) continue;
    const before = BEFORE_MARKER.exec(view.text.slice(from, match.index))?.[0].length ?? 0;
    const after = AFTER_MARKER.exec(view.text.slice(markerEnd))?.[0].length ?? 0;
    from = markerEnd + after;
    ranges.push(view.source(match.index - before, from));
  }
  for (const match of view.text.matchAll(RESPELT)) {
    ranges.push(view.source(match.index, match.index + match[0].length));
  }
  return ranges;
}

/** The text in which the random parts of tokens are looked for: plain and in lower case. */
export function bodySearchText(text: string): string {
  return viewOf(text).text.toLowerCase();
}

/** Whether a `bodySearchText` holds the telling part of one of these tokens' random bodies. */
export function holdsBodyOf(searchText: string, tokens: Iterable<string>): boolean {
  for (const token of tokens) {
    if (searchText.includes(tokenBody(token).slice(0, TELLING_LENGTH))) return true;
  }
  return false;
}
