/**
 * Finds values that the tenant already knows (its people, subjects, identifiers), whatever their case, accents, spaces
 * or quotes are in the text. The scrubber and the leak scan ask the same matcher, so they cannot disagree.
 */
import type { TokenKind } from '../../contract/pack';
import type { Span } from './span';
import { foldValue, viewOf, type TextView, type ViewOptions } from './text-view';
import { EVERYDAY_WORDS, ORDINARY_WORDS } from './vocabulary';

export interface KnownValue {
  readonly kind: TokenKind;
  readonly value: string;
}

interface Needle {
  readonly folded: string;
  readonly kind: TokenKind;
  /** A single word that is also an ordinary one counts as a name only where it has a capital letter. */
  readonly needsCapital: boolean;
}

const NAME_KINDS: ReadonlySet<TokenKind> = new Set(['person', 'patient', 'provider']);
/** What the name of a place may be made of. */
const PASSABLE_KINDS: ReadonlySet<TokenKind> = new Set([...NAME_KINDS, 'place', 'organisation']);
const LETTER = /\p{L}/u;
const DIGIT = /\p{N}/u;
const CAPITAL_FIRST = /^\p{Lu}/u;
/** Scripts that write words without spaces: a name may stand between any two letters. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;
const PART_LETTERS_MIN = 3;

/**
 * Whether a value can be searched for at all: two letters, or four digits, or four letters and digits together.
 * A shorter one ("92", "B") would replace half of an ordinary text, and is protected by its field's rule alone.
 */
export function isDistinctive(value: string): boolean {
  const folded = foldValue(value);
  const letters = folded.match(/\p{L}/gu)?.length ?? 0;
  const digits = folded.match(/\p{N}/gu)?.length ?? 0;
  return letters >= 2 || digits >= 4 || letters + digits >= 4;
}

/** Matches known values in texts. Building one costs a pass over the values; keep it for all texts of a run. */
export interface KnownValueMatcher {
  readonly spans: (text: string, view?: ViewOptions) => readonly Span[];
}

/**
 * `withNameParts` also finds the single words of a known person's name ("Okafor" of "Emeka Okafor"), except
 * ordinary words, and only where they begin with a capital letter.
 */
export function knownValueMatcher(
  values: readonly KnownValue[],
  { withNameParts }: { readonly withNameParts: boolean },
): KnownValueMatcher {
  const needles = new Map<string, Needle>();
  const parts = new Map<string, Needle>();
  for (const { kind, value } of values) {
    if (!isDistinctive(value)) continue;
    const folded = foldValue(value);
    const needsCapital = NAME_KINDS.has(kind) && ORDINARY_WORDS.has(folded);
    if (!needles.has(folded)) needles.set(folded, { folded, kind, needsCapital });
    if (!withNameParts || !NAME_KINDS.has(kind)) continue;
    for (const part of namePartsOf(folded)) parts.set(part, { folded: part, kind, needsCapital: true });
  }
  for (const [folded, part] of parts) if (!needles.has(folded)) needles.set(folded, part);
  const all = [...needles.values()];
  return {
    spans: (text, view = {}) => {
      const folded = viewOf(text, { ...view, fold: true });
      return all.flatMap((needle) => occurrences(needle, text, folded));
    },
  };
}

/** Finds names that may stay: those of the tenant's places, which every prompt of it lists. */
export function passedNameMatcher(names: readonly string[]): KnownValueMatcher {
  return knownValueMatcher(
    names.map((value) => ({ kind: 'place', value })),
    { withNameParts: false },
  );
}

/** The names in `found` that do not lie inside one of `passed`. Anything but a name is found wherever it is. */
export function outside(passed: readonly Span[], found: readonly Span[]): readonly Span[] {
  if (passed.length === 0) return found;
  const starts = [...passed].sort((a, b) => a.start - b.start);
  const reach: number[] = [];
  for (const { end } of starts) reach.push(Math.max(end, reach.at(-1) ?? 0));
  return found.filter(({ kind, start, end }) => {
    if (!PASSABLE_KINDS.has(kind)) return true;
    return (reach[countUntil(starts, start) - 1] ?? 0) < end;
  });
}

/** How many of the sorted spans begin at or before the place; by halving, as texts may be long. */
function countUntil(sorted: readonly Span[], place: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.start ?? 0) <= place) low = middle + 1;
    else high = middle;
  }
  return low;
}

function namePartsOf(folded: string): readonly string[] {
  const words = folded.split(/[^\p{L}']+/u);
  if (words.length < 2) return [];
  return words.filter((word) => word.length >= PART_LETTERS_MIN && !EVERYDAY_WORDS.has(word));
}

function occurrences(needle: Needle, text: string, view: TextView): readonly Span[] {
  const spans: Span[] = [];
  const { folded, kind } = needle;
  for (let at = view.text.indexOf(folded); at !== -1; at = view.text.indexOf(folded, at + 1)) {
    const end = at + folded.length;
    if (!isWhole(view.text, at, end)) continue;
    const range = view.source(at, end);
    if (needle.needsCapital && !CAPITAL_FIRST.test(text.slice(range.start, range.end))) continue;
    spans.push({ ...range, kind });
  }
  return spans;
}

/** A match may not cut a word or a number in two: letters end where letters end, digits where digits end. */
function isWhole(text: string, start: number, end: number): boolean {
  return !joins(before(text, start), after(text, start)) && !joins(before(text, end), after(text, end));
}

function before(text: string, at: number): string {
  return Array.from(text.slice(Math.max(0, at - 2), at)).at(-1) ?? '';
}

function after(text: string, at: number): string {
  return Array.from(text.slice(at, at + 2))[0] ?? '';
}

function joins(left: string, right: string): boolean {
  if (UNSPACED.test(left) || UNSPACED.test(right)) return false;
  return (LETTER.test(left) && LETTER.test(right)) || (DIGIT.test(left) && DIGIT.test(right));
}
