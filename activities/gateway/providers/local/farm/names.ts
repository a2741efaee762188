import type { Grammar } from './grammar';
import { wordAt, type Piece } from './pieces';
import { BOUGHT, DIED, FED, PAID, PREPOSITIONS, SOLD, STOP_WORDS, UNITS } from './vocabulary';

const ARTICLES: ReadonlySet<string> = new Set([
  'the',
  'a',
  'an',
  'one',
  'our',
  'my',
  'his',
  'her',
  'their',
  'some',
]);
const NOT_NAMES: ReadonlySet<string> = new Set(
  'market town house farm home bank account him her them me us buyer phone number cash each all of customer'.split(
    ' ',
  ),
);
const TITLES: ReadonlySet<string> = new Set(
  'mr mrs ms miss dr mama baba iya papa alhaji alhaja hajia malam mallam chief madam aunty uncle oga sir pastor engr bro sister'.split(
    ' ',
  ),
);
const WORDS_MAX = 5;

function isVerb(word: string): boolean {
  return [SOLD, BOUGHT, PAID, DIED, FED].some((verbs) => verbs.has(word));
}

function endsName(word: string, withOf: boolean): boolean {
  if (withOf && word === 'of') return false;
  return word === 'x' || PREPOSITIONS.has(word) || STOP_WORDS.has(word) || isVerb(word);
}

function isTitled(name: readonly Piece[]): boolean {
  return name.every(isTitle);
}

export function isTitle(piece: Piece | undefined): boolean {
  return piece?.kind === 'word' && TITLES.has(piece.lower.replace('.', ''));
}

/** Pieces of the name that starts at `from`: words up to a preposition, a verb, a figure, a place, a day or a mark. */
export function nameAt(pieces: readonly Piece[], from: number, withOf = false): Piece[] {
  const name: Piece[] = [];
  for (let index = from; index < pieces.length && name.length < WORDS_MAX; index += 1) {
    const piece = pieces[index];
    // The scrubber leaves the title of a name: "Mama <person_token_ab12>".
    if (piece?.kind === 'token') return isTitled(name) ? [...name, piece] : name;
    if (piece?.kind !== 'word' || endsName(piece.lower, withOf && name.length > 0)) break;
    name.push(piece);
  }
  while (name.length > 0 && wordAt(name, name.length - 1) === 'of') name.pop();
  return name;
}

/** The name that ends right before `end`, read backwards. */
export function nameBefore(pieces: readonly Piece[], end: number, grammar: Grammar): Piece[] {
  const name: Piece[] = [];
  for (let index = end - 1; index >= 0 && name.length < WORDS_MAX; index -= 1) {
    const piece = pieces[index];
    if (piece?.kind !== 'word' || endsName(piece.lower, false)) break;
    const isConjugated = grammar.tags(piece).has('PastTense') || grammar.tags(piece).has('Adverb');
    if (isConjugated) break;
    name.unshift(piece);
  }
  return name;
}

/** The text of a name as it was written, with the typing errors of the words that the rules know put right. */
export function nameText(note: string, name: readonly Piece[]): string | null {
  const [first, last] = [name[0], name[name.length - 1]];
  if (first === undefined || last === undefined) return null;
  const isMisspelt = name.some((piece) => spellingOf(piece, note) !== note.slice(piece.start, piece.end));
  if (!isMisspelt) return note.slice(first.start, last.end);
  return name.map((piece) => spellingOf(piece, note)).join(' ');
}

function spellingOf(piece: Piece, note: string): string {
  const written = note.slice(piece.start, piece.end);
  const isPutRight = piece.kind === 'word' && piece.lower !== written.toLowerCase().replace('’', "'");
  return isPutRight ? piece.lower : written;
}

/** A party to a deal after "to" or "from": a token, a name, or "the school". Null when it is no party. */
export function partyAt(note: string, pieces: readonly Piece[], from: number): string | null {
  const article = ARTICLES.has(wordAt(pieces, from)) ? 1 : 0;
  const name = nameAt(pieces, from + article);
  const [first] = name;
  if (
    first === undefined ||
    (first.kind === 'word' && (NOT_NAMES.has(first.lower) || UNITS.has(first.lower)))
  )
    return null;
  const start = pieces[from];
  return nameText(note, start === undefined ? name : [start, ...name.slice(article === 0 ? 1 : 0)]);
}

/** The first party after one of the words ("to", "from"); what somebody did it for ("to raise money") is none. */
export function partyAfter(
  note: string,
  pieces: readonly Piece[],
  words: readonly string[],
  grammar: Grammar,
): string | null {
  for (let index = 0; index < pieces.length; index += 1) {
    if (!words.includes(wordAt(pieces, index))) continue;
    const next = pieces[index + 1];
    const isDeed = grammar.tags(next).has('Infinitive') && next?.kind === 'word' && next.text === next.lower;
    const party = isDeed ? null : partyAt(note, pieces, index + 1);
    if (party !== null) return party;
  }
  return null;
}
