/** The last look at a finished prompt, after scrubbing: what it finds blocks the call. */
import type { TokenKind } from '../../contract/pack';
import { disguisedValues } from './disguises';
import {
  isDistinctive,
  knownValueMatcher,
  outside,
  passedNameMatcher,
  type KnownValue,
} from './known-values';
import { recogniseStructured } from './recognise';
import type { Span } from './span';
import { exactTokens, type ScrubToken } from './token';

export interface Leak {
  readonly kind: TokenKind;
  /** UTF-16 units in the scanned text, `end` exclusive. */
  readonly start: number;
  readonly end: number;
}

export interface LeakScanRequest {
  /** One block of the prompt as it is sent; escapes of JSON are read too. */
  readonly text: string;
  /** All tokens of the run. */
  readonly tokens: readonly ScrubToken[];
  readonly knownValues: readonly KnownValue[];
  /** As they were when the input was scrubbed. */
  readonly passedNames?: readonly string[];
  /** As it was when the input was scrubbed. Default `keep`. */
  readonly dates?: 'keep' | 'tokenise';
}

/** Digits in one row may be a count or an amount in a JSON document; a phone number has a sign, a zero or separators. */
const BARE_NUMBER = /^[1-9]\d*$/u;

/**
 * Finds, outside tokens, every value that a token stands for, every known value, disguised ones too, and every structured
 * identifier.
 * Values too short to be told from ordinary text (`isDistinctive`) are not searched for. Says where, and never what.
 */
export function leakScan({ text, tokens, knownValues, passedNames = [], dates = 'keep' }: LeakScanRequest): {
  leaks: readonly Leak[];
} {
  const values = [...knownValues, ...tokens.filter(isScanned)].filter(({ value }) => isDistinctive(value));
  const matcher = knownValueMatcher(values, { withNameParts: false });
  const masked = exactTokens(text);
  const found: Span[] = [];
  // Without a backslash there is no escape to read, and both views are one.
  for (const jsonEscapes of text.includes('\\') ? [false, true] : [false]) {
    const view = { masked, jsonEscapes };
    const leaked = [
      ...matcher.spans(text, view),
      ...disguisedValues(text, values, (plain) => matcher.spans(plain), view),
      ...recogniseStructured(text, dates, view).filter((span) => isTelling(text, span)),
    ];
    found.push(...outside(passedNameMatcher(passedNames).spans(text, view), leaked));
  }
  const leaks = new Map(found.map(({ kind, start, end }) => [`${start}:${end}`, { kind, start, end }]));
  return { leaks: [...leaks.values()].sort((a, b) => a.start - b.start || a.end - b.end) };
}

/** Dates and towns are replaced field by field: another field of the same prompt may be declared to pass them. */
function isScanned({ kind, value }: ScrubToken): boolean {
  return kind !== 'date' && !(kind === 'place' && !/\p{N}/u.test(value));
}

function isTelling(text: string, { kind, start, end }: Span): boolean {
  return !(kind === 'phone' && BARE_NUMBER.test(text.slice(start, end)));
}
