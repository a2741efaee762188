/** A text's letters and digits alone, each still knowing its place: known values are compared however they are set apart. */
import { foldValue, type TextView } from './text-view';

const LETTER = /\p{L}/u;
const DIGIT = /\p{N}/u;
/** Scripts that write words without spaces: a name may stand between any two letters. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;

export interface CompactText {
  readonly text: string;
  /** Place of each unit in the text that it was made of, and behind the last one that text's length. */
  readonly places: readonly number[];
  /**
   * Whether words or numbers meet before the unit, and behind the last one: a match may not cut one in two. Letters end
   * where letters end, digits where digits end.
   */
  readonly borders: readonly boolean[];
}

/** A value's letters and digits, folded. */
export function compactValue(value: string): string {
  return compactText(foldValue(value)).text;
}

type CharacterClass = 'letter' | 'unspaced' | 'digit' | 'other';

/** Makes it of a text that is folded already. Linear in its length. */
export function compactText(folded: string): CompactText {
  const parts: string[] = [];
  const places: number[] = [];
  const borders: boolean[] = [];
  let last: CharacterClass = 'other';
  for (let at = 0; at < folded.length;) {
    const code = folded.codePointAt(at) ?? 0;
    const length = code > 0xffff ? 2 : 1;
    const present = classOf(code);
    if (present !== 'other') {
      parts.push(folded.slice(at, at + length));
      for (let unit = 0; unit < length; unit += 1) {
        places.push(at + unit);
        borders.push(unit === 0 && (present !== last || present === 'unspaced'));
      }
    }
    last = present;
    at += length;
  }
  places.push(folded.length);
  borders.push(true);
  return { text: parts.join(''), places, borders };
}

function classOf(code: number): CharacterClass {
  if (code < 0x80) {
    if ((code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a)) return 'letter';
    return code >= 0x30 && code <= 0x39 ? 'digit' : 'other';
  }
  const character = String.fromCodePoint(code);
  if (UNSPACED.test(character)) return 'unspaced';
  if (LETTER.test(character)) return 'letter';
  return DIGIT.test(character) ? 'digit' : 'other';
}

/** What stands between the unit and the one before it; empty where they follow one another. */
export function gapBefore({ places }: CompactText, folded: string, index: number): string {
  return folded.slice((places[index - 1] ?? 0) + 1, places[index]);
}

/** The range in the source of the units from `start` until before `end`. */
export function sourceOf(
  { places }: CompactText,
  view: TextView,
  start: number,
  end: number,
): { readonly start: number; readonly end: number } {
  return view.source(places[start] ?? 0, (places[end - 1] ?? 0) + 1);
}
