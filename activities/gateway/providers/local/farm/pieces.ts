/** What a note is made of, from the first cut into words to figures, places and days. Offsets are UTF-16 units of the note. */

interface Spanned {
  readonly start: number;
  readonly end: number;
}

export interface Word extends Spanned {
  readonly kind: 'word';
  readonly text: string;
  readonly lower: string;
}

/** Digits as written. `value` is null when they can be read in more than one way ("12,50", "1.250"). */
export interface Numeral extends Spanned {
  readonly kind: 'numeral';
  readonly text: string;
  readonly value: bigint | null;
}

/** A number of the note. `value` is null when it is hedged, a range, or can be read in more than one way. */
export interface Figure extends Spanned {
  readonly kind: 'figure';
  /** Millionths. */
  readonly value: bigint | null;
  /** ISO 4217 when a sign, a code or a word beside the figure names a currency. */
  readonly currency: string | null;
  /** Written with a thousands suffix ("45k"), which says money unless a unit or a noun follows. */
  readonly suffixed: boolean;
  /** Canonical unit that follows: "bag", "kg". */
  readonly unit: string | null;
}

/** A named place of the tenant; `name` is null for a place that the tenant does not have. */
export interface Place extends Spanned {
  readonly kind: 'place';
  readonly name: string | null;
}

/**
 * A day: fixed; or a weekday, or a month and day, or a day of the month, whose year or week follows from whether it is
 * past or to come; or one that cannot be told ("the other day").
 */
export type DayReading =
  | { readonly form: 'fixed'; readonly iso: string }
  | { readonly form: 'weekday'; readonly weekday: number }
  | { readonly form: 'month_day'; readonly month: number; readonly day: number }
  | { readonly form: 'day_of_month'; readonly day: number }
  | { readonly form: 'unknown' };

export interface Day extends Spanned {
  readonly kind: 'day';
  readonly reading: DayReading;
}

/** A name that the scrubber replaced: `<person_token_ab12>`. Kept as it is. */
export interface PrivacyToken extends Spanned {
  readonly kind: 'token';
  readonly text: string;
}

export interface Mark extends Spanned {
  readonly kind: 'mark';
  readonly text: string;
}

/** A currency sign or code before a number. */
export interface CurrencySign extends Spanned {
  readonly kind: 'currency';
  readonly text: string;
}

/** Phone numbers, clock times, ordinals and durations: digits that are no figure of a record. */
export interface Noise extends Spanned {
  readonly kind: 'noise';
  readonly text: string;
}

export type Piece = Word | Numeral | Figure | Place | Day | PrivacyToken | Mark | CurrencySign | Noise;

/** The word at an index in lower case, or '' when there is none. */
export function wordAt(pieces: readonly Piece[], index: number): string {
  const piece = pieces[index];
  return piece?.kind === 'word' ? piece.lower : '';
}

/** The mark at an index, or '' when there is none. */
export function markAt(pieces: readonly Piece[], index: number): string {
  const piece = pieces[index];
  return piece?.kind === 'mark' ? piece.text : '';
}

export function hasWord(pieces: readonly Piece[], words: ReadonlySet<string>): boolean {
  return pieces.some((piece) => piece.kind === 'word' && words.has(piece.lower));
}

export function figuresIn(pieces: readonly Piece[]): Figure[] {
  return pieces.filter((piece) => piece.kind === 'figure');
}

/** Index of the first place where the words stand one after the other, or -1. */
export function phraseIndex(pieces: readonly Piece[], phrase: readonly string[]): number {
  return pieces.findIndex((_, index) =>
    phrase.every((word, offset) => wordAt(pieces, index + offset) === word),
  );
}

/** Whether a figure is a sum by its own look: it has a currency, or the thousands suffix of one. */
export function isMoney(figure: Figure): boolean {
  return figure.currency !== null || (figure.suffixed && figure.unit === null);
}
