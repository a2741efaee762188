/**
 * The values that a tenant knows, indexed so that looking for them costs what the text is long, however many there are.
 * An index is made once and grows; one of a run's own tokens is asked beside it.
 */
import type { TokenKind } from '../../contract/pack';
import { compactText, gapBefore, sourceOf, type CompactText } from './compact-text';
import { isDistinctive, isName, type KnownValue } from './known-value';
import type { Span } from './span';
import { foldValue, viewOf, type ViewOptions } from './text-view';
import { EVERYDAY_WORDS, ORDINARY_WORDS } from './vocabulary';

interface Needle {
  readonly kind: TokenKind;
  /** What stands between units of the value, by place. */
  readonly gaps: ReadonlyMap<number, string>;
  /** What people may put there instead; undefined where it must be as it is in the value. */
  readonly otherGap: RegExp | undefined;
  /** Digits may be set apart anywhere. */
  readonly isNumber: boolean;
  /** Words may follow one another without a gap, as in an address or a handle. */
  readonly mayJoin: boolean;
  /** What the value begins and ends with besides, where that must be there too. */
  readonly edges: readonly [before: string, after: string];
  /** A single word of a name, or one that is also an ordinary word, counts only where it has a capital letter. */
  readonly needsCapital: boolean;
  readonly isPart: boolean;
}

export interface KnownLook {
  readonly view?: ViewOptions | undefined;
  /** Whether single words of names count too. */
  readonly withNameParts: boolean;
  /** Whether a value of this kind and compact form may stay where it is. */
  readonly mayStay?: (kind: TokenKind, compact: string) => boolean;
}

const IDENTIFIERS: ReadonlySet<TokenKind> = new Set([
  ...(['phone', 'fax', 'ssn', 'mrn', 'health_plan', 'account', 'licence'] as const),
  ...(['vehicle', 'device', 'biometric', 'code', 'email'] as const),
]);
const PART_LETTERS_MIN = 3;
const JOINED_MIN = 8;
const NUMBER_DIGITS_MIN = 7;
const WORDS_TURNED_MAX = 4;
const NAME_GAP = /^[ .,_'/-]{1,3}$/u;
const CODE_GAP = /^[ ._/:-]{1,3}$/u;
const EMAIL_GAP = /^[ ._/:@()[\]-]{1,4}$/u;
const NUMBER_GAP = /^[ .()/_-]{1,2}$/u;
const CAPITAL_FIRST = /^\p{Lu}/u;

export class KnownIndex {
  /** Numbers of seven digits and more, by their digits: what is looked for in disguise. */
  readonly numbers = new Map<string, KnownValue>();
  readonly #needles = new Map<string, Needle[]>();
  readonly #lengths = new Set<number>();
  readonly #heads = new Set<string>();
  #sorted: readonly number[] = [];

  constructor(values: readonly KnownValue[] = []) {
    this.add(values);
  }

  /** Adds values; of equal ones the first names the kind. */
  add(values: readonly KnownValue[]): void {
    for (const value of values) this.#addOne(value);
    this.#sorted = [...this.#lengths].sort((a, b) => a - b);
  }

  #addOne(value: KnownValue): void {
    if (!isDistinctive(value.value)) return;
    const folded = foldValue(value.value);
    const compact = compactText(folded);
    const { text } = compact;
    const isNumber = text.length >= NUMBER_DIGITS_MIN && /^\d+$/u.test(text);
    if (isNumber && !this.numbers.has(text)) this.numbers.set(text, value);
    const isPerson = isName(value.kind);
    // "12-34" might be an amount where it is written in another way.
    const isTelling = IDENTIFIERS.has(value.kind) && (isNumber || /\p{L}/u.test(text));
    const needle: Needle = {
      kind: value.kind,
      gaps: gapsOf(compact, folded),
      otherGap: isPerson ? NAME_GAP : value.kind === 'email' ? EMAIL_GAP : isTelling ? CODE_GAP : undefined,
      isNumber: isNumber && isTelling,
      mayJoin: isTelling || (isPerson && text.length >= JOINED_MIN && !ORDINARY_WORDS.has(text)),
      edges: value.kind === 'place' ? edgesOf(compact, folded) : ['', ''],
      needsCapital: isPerson && ORDINARY_WORDS.has(folded),
      isPart: false,
    };
    this.#put(text, needle);
    if (isPerson) this.#addFormsOf(folded, needle);
    if (value.kind === 'email') this.#addSpeltOut(folded, needle);
  }

  /** An address as people say it: "ada at farm dot example", and with its dots left as they are. */
  #addSpeltOut(folded: string, whole: Needle): void {
    const [local = '', host = ''] = folded.split('@');
    const dotted = host.replaceAll('.', ' dot ');
    for (const form of [
      `${local} at ${host}`,
      `${local} at ${dotted}`,
      `${local.replaceAll('.', ' dot ')} at ${dotted}`,
    ]) {
      const compact = compactText(form);
      this.#put(compact.text, { ...whole, gaps: gapsOf(compact, form) });
    }
  }

  /** The name turned round ("Okafor, Emeka"), and its single words. */
  #addFormsOf(folded: string, whole: Needle): void {
    const words = folded.split(/[^\p{L}']+/u).filter((word) => word !== '');
    if (words.length < 2) return;
    const turned = [words.at(-1), ...words.slice(0, -1)].join(' ');
    const compact = compactText(turned);
    if (words.length <= WORDS_TURNED_MAX && isDistinctive(turned))
      this.#put(compact.text, { ...whole, gaps: gapsOf(compact, turned), needsCapital: false });
    for (const word of words) {
      if (word.length < PART_LETTERS_MIN || EVERYDAY_WORDS.has(word)) continue;
      const part = compactText(word);
      this.#put(part.text, { ...whole, gaps: gapsOf(part, word), needsCapital: true, isPart: true });
    }
  }

  #put(text: string, needle: Needle): void {
    const known = this.#needles.get(text);
    if (known?.some((one) => isSame(one, needle)) === true) return;
    if (known === undefined) this.#needles.set(text, [needle]);
    // A whole value goes before a part of another: it may count without a capital.
    else known.splice(needle.isPart ? known.length : known.filter((one) => !one.isPart).length, 0, needle);
    this.#lengths.add(text.length);
    this.#heads.add(text.slice(0, 2));
  }

  spans(text: string, { view: options = {}, withNameParts, mayStay }: KnownLook): readonly Span[] {
    if (this.#needles.size === 0) return [];
    const view = viewOf(text, { ...options, fold: true });
    const compact = compactText(view.text);
    const found: Span[] = [];
    for (let start = 0; start < compact.text.length; start += 1) {
      if (compact.borders[start] !== true || !this.#heads.has(compact.text.slice(start, start + 2))) continue;
      for (const length of this.#sorted) {
        const end = start + length;
        if (end > compact.text.length) break;
        if (compact.borders[end] !== true) continue;
        const word = compact.text.slice(start, end);
        const needles = this.#needles.get(word);
        if (needles === undefined) continue;
        const range = sourceOf(compact, view, start, end);
        const isCapital = CAPITAL_FIRST.test(text.slice(range.start, range.end));
        const needle = needles.find(
          (one) =>
            (withNameParts || !one.isPart) &&
            (isCapital || !one.needsCapital) &&
            mayStay?.(one.kind, word) !== true &&
            fits(one, compact, view.text, start, end),
        );
        if (needle !== undefined) found.push({ ...range, kind: needle.kind });
      }
    }
    return found;
  }
}

/** The index of values, or the one that is given. */
export function knownIndex(values: KnownIndex | readonly KnownValue[]): KnownIndex {
  return values instanceof KnownIndex ? values : new KnownIndex(values);
}

function gapsOf(compact: CompactText, folded: string): ReadonlyMap<number, string> {
  const gaps = new Map<number, string>();
  for (let index = 1; index < compact.text.length; index += 1) {
    const gap = gapBefore(compact, folded, index);
    if (gap !== '') gaps.set(index, gap);
  }
  return gaps;
}

function edgesOf({ places, text }: CompactText, folded: string): readonly [string, string] {
  return [folded.slice(0, places[0]), folded.slice((places[text.length - 1] ?? 0) + 1)];
}

function isSame(one: Needle, other: Needle): boolean {
  return (
    one.isPart === other.isPart &&
    one.needsCapital === other.needsCapital &&
    one.mayJoin === other.mayJoin &&
    one.otherGap === other.otherGap &&
    one.edges.join() === other.edges.join() &&
    [...one.gaps].join() === [...other.gaps].join()
  );
}

/** Whether what stands between the units is what may: the value's own, or what people put there or leave out. */
function fits(needle: Needle, compact: CompactText, folded: string, start: number, end: number): boolean {
  const { places } = compact;
  const first = places[start] ?? 0;
  const last = places[end - 1] ?? 0;
  const [before, after] = needle.edges;
  if (!folded.endsWith(before, first) || !folded.startsWith(after, last + 1)) return false;
  // Nothing is set apart, neither in the value nor here.
  if (needle.gaps.size === 0 && last - first === end - 1 - start) return true;
  for (let index = start + 1; index < end; index += 1) {
    const own = needle.gaps.get(index - start);
    const gap = gapBefore(compact, folded, index);
    if (gap === (own ?? '')) continue;
    if (gap === '' ? needle.mayJoin || own === "'" : mayStand(needle, gap, own !== undefined)) continue;
    return false;
  }
  return true;
}

function mayStand({ isNumber, otherGap }: Needle, gap: string, isGap: boolean): boolean {
  if (isNumber) return NUMBER_GAP.test(gap);
  return isGap && otherGap?.test(gap) === true;
}
