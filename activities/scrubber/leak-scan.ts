/** The last look at a finished prompt, after scrubbing: what it finds blocks the call. */
import type { TokenKind } from '../../contract/pack';
import { disguisedValues, type NumberLookup } from './disguises';
import { knownIndex, KnownIndex } from './known-index';
import type { KnownValue } from './known-value';
import { outside, passedNameIndex, staysOfRun, staysOfTenant } from './passed-names';
import { recogniseStructured } from './recognise';
import type { Span } from './span';
import { exactTokens, type ScrubToken } from './token';
import type { ViewOptions } from './text-view';

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
  readonly knownValues: KnownIndex | readonly KnownValue[];
  /** As they were when the input was scrubbed. */
  readonly passedNames?: readonly string[];
  /** Compact forms of what fields are declared to let out. */
  readonly passing?: ReadonlySet<string>;
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
export function leakScan(request: LeakScanRequest): { leaks: readonly Leak[] } {
  const { text, tokens, knownValues, passedNames = [], passing, dates = 'keep' } = request;
  const looks = [
    { index: knownIndex(knownValues), mayStay: staysOfTenant(passing) },
    { index: new KnownIndex(tokens.filter(isScanned)), mayStay: staysOfRun(passing) },
  ];
  const passed = passedNameIndex(passedNames);
  const number: NumberLookup = (digits) =>
    looks.map(({ index }) => index.numbers.get(digits)).find((known) => known !== undefined);
  const masked = exactTokens(text);
  const found: Span[] = [];
  // Without a backslash there is no escape to read, and both views are one.
  for (const jsonEscapes of text.includes('\\') ? [false, true] : [false]) {
    const view = { masked, jsonEscapes };
    const known = (read: string, options?: ViewOptions): readonly Span[] =>
      looks.flatMap(({ index, mayStay }) =>
        index.spans(read, { view: options, withNameParts: false, mayStay }),
      );
    const leaked = [
      ...known(text, view),
      ...disguisedValues(text, number, known, view),
      ...recogniseStructured(text, dates, view).filter((span) => isTelling(text, span)),
    ];
    found.push(...outside(passed.spans(text, { view, withNameParts: false }), leaked));
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
