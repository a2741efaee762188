/**
 * Known values in disguise: letters of other alphabets that look alike, numbers with spaces or dots between the digits, and
 * percent or base64 encoding. The scrubber need not undo them; a prompt that holds one is not sent.
 */
import type { KnownValue } from './known-value';
import type { Span } from './span';
import { viewOf, type ViewOptions } from './text-view';

/** Greek and Cyrillic small letters that look like a Latin one, after folding. */
const LOOKALIKES: Readonly<Record<string, string>> = {
  ...{ а: 'a', в: 'b', с: 'c', е: 'e', һ: 'h', і: 'i', ј: 'j', к: 'k', м: 'm', н: 'h', о: 'o', р: 'p' },
  ...{
    ѕ: 's',
    т: 't',
    у: 'y',
    х: 'x',
    ԁ: 'd',
    ԛ: 'q',
    ԝ: 'w',
    α: 'a',
    β: 'b',
    ε: 'e',
    η: 'n',
    ι: 'i',
    κ: 'k',
  },
  ...{ ν: 'v', ο: 'o', ρ: 'p', τ: 't', υ: 'u', χ: 'x', ı: 'i', ɡ: 'g' },
};
const LOOKALIKE = new RegExp(`[${Object.keys(LOOKALIKES).join('')}]`, 'gu');
const HAS_LOOKALIKE = /[\u0370-\u03ff\u0400-\u052f\u0131\u0261]/u;
/** A number written in parts, at least seven digits in all. */
const DIGITS_APART = /(?<!\d)\d(?:[ .()/_-]{0,2}\d){6,40}(?!\d)/gu;
const PERCENT = /(?:%[0-9a-f]{2}|[\w.+~-]){4,2048}/giu;
const BASE64 = /(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]{8,4096}={0,2}/gu;
const READABLE = /^[\p{L}\p{N}\p{P}\p{S}\p{Zs}\n\r\t]+$/u;

/** A known number by its digits. */
export type NumberLookup = (digits: string) => KnownValue | undefined;

/**
 * Finds disguised values; what the ordinary look finds it need not find too.
 * @param numbers knows those of seven digits and more
 * @param plain looks at a text without disguise
 */
export function disguisedValues(
  text: string,
  numbers: NumberLookup,
  plain: (text: string) => readonly Span[],
  options: ViewOptions,
): readonly Span[] {
  return [
    ...lookalikes(text, plain, options),
    ...spacedNumbers(text, numbers, options),
    ...decoded(text, PERCENT, percentDecoded, plain, options),
    ...decoded(text, BASE64, base64Decoded, plain, options),
  ];
}

function lookalikes(
  text: string,
  plain: (text: string) => readonly Span[],
  options: ViewOptions,
): readonly Span[] {
  if (!HAS_LOOKALIKE.test(text)) return [];
  const view = viewOf(text, { ...options, fold: true });
  // A known single word counts with its capital only, and what imitates one deserves no such doubt.
  const latin = view.text.replace(LOOKALIKE, (letter) => LOOKALIKES[letter] ?? letter);
  const capital = latin.replace(/(?<!\p{L})\p{Ll}/gu, (letter) => letter.toUpperCase());
  return plain(capital.length === view.text.length ? capital : latin).map(({ start, end, kind }) => ({
    ...view.source(start, end),
    kind,
  }));
}

function spacedNumbers(text: string, numbers: NumberLookup, options: ViewOptions): readonly Span[] {
  const view = viewOf(text, options);
  return Array.from(view.text.matchAll(DIGITS_APART)).flatMap((match) => {
    const known = numbers(match[0].replace(/\D/gu, ''));
    if (known === undefined) return [];
    return [{ ...view.source(match.index, match.index + match[0].length), kind: known.kind }];
  });
}

function decoded(
  text: string,
  pattern: RegExp,
  decode: (written: string) => string | undefined,
  plain: (text: string) => readonly Span[],
  options: ViewOptions,
): readonly Span[] {
  const view = viewOf(text, options);
  return Array.from(view.text.matchAll(pattern)).flatMap((match) => {
    const meant = decode(match[0]);
    const [found] = meant === undefined ? [] : plain(meant);
    if (found === undefined) return [];
    return [{ ...view.source(match.index, match.index + match[0].length), kind: found.kind }];
  });
}

function percentDecoded(written: string): string | undefined {
  if (!written.includes('%')) return undefined;
  try {
    return decodeURIComponent(written.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

/** Undefined unless the bytes are a readable text: most long words are no base64. */
function base64Decoded(written: string): string | undefined {
  const meant = Buffer.from(written, 'base64').toString('utf8');
  return meant.length >= 4 && READABLE.test(meant) ? meant : undefined;
}
