import { markAt, wordAt, type Numeral, type Piece, type Place } from './pieces';

/** "House 3" is a head and an identifier; a name of another form is matched word by word. */
interface NamedPlace {
  readonly name: string;
  readonly head: string;
  readonly identifier: string;
}

/** Words that number a place. With a number that the tenant does not have they are still no count of animals. */
const PLACE_HEADS: ReadonlySet<string> = new Set(
  'house pen pond coop barn shed block cage section unit batch flock row line plot flat brooder paddock'.split(
    ' ',
  ),
);

const SPELLED_NUMBERS = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
];

function namedPlaces(names: readonly string[]): NamedPlace[] {
  return names.flatMap((name) => {
    const match = /^(\p{L}+)\s+([0-9]{1,3}|\p{L})$/u.exec(name.trim());
    return match === null
      ? []
      : [{ name, head: (match[1] ?? '').toLowerCase(), identifier: (match[2] ?? '').toLowerCase() }];
  });
}

function identifierAt(pieces: readonly Piece[], index: number): string {
  const piece = pieces[index];
  if (piece?.kind === 'numeral') return /^\d{1,3}$/.test(piece.text) ? piece.text : '';
  const word = wordAt(pieces, index);
  const spelled = SPELLED_NUMBERS.indexOf(word);
  if (spelled >= 0) return String(spelled);
  return /^\p{L}$/u.test(word) ? word : '';
}

/** Index of the identifier that belongs to the head at `index`, past "no", "number", "-" and "#"; -1 when there is none. */
function identifierIndex(pieces: readonly Piece[], index: number): number {
  let at = index + 1;
  if (['no', 'number', 'num'].includes(wordAt(pieces, at)) || ['-', '#'].includes(markAt(pieces, at)))
    at += 1;
  if (markAt(pieces, at) === '.') at += 1;
  return identifierAt(pieces, at) === '' ? -1 : at;
}

/** "H2": the head's first letter joined to the number, when exactly one place of the tenant is meant. */
function abbreviated(pieces: readonly Piece[], index: number, places: readonly NamedPlace[]): string | null {
  const letter = wordAt(pieces, index);
  const next = pieces[index + 1];
  if (letter.length !== 1 || next?.kind !== 'numeral' || next.start !== pieces[index]?.end) return null;
  const meant = places.filter((place) => place.head.startsWith(letter) && place.identifier === next.text);
  return meant.length === 1 ? (meant[0]?.name ?? null) : null;
}

/** A one-letter name such as "a" counts only where the head is written, and not where an article would be read as well. */
function isArticle(pieces: readonly Piece[], index: number): boolean {
  const after = pieces[index + 1];
  return (
    wordAt(pieces, index) === 'a' &&
    after?.kind === 'word' &&
    /^(?:dozen|bag|few|half|quarter)$/.test(after.lower)
  );
}

/** A name of several words that has no identifier, such as "North barn". Returns how many pieces it takes. */
function wholeName(pieces: readonly Piece[], index: number, name: string): number {
  const wanted = name.toLowerCase().split(/\s+/);
  return wanted.every((word, offset) => wordAt(pieces, index + offset) === word) ? wanted.length : 0;
}

function placeAt(
  pieces: readonly Piece[],
  index: number,
  places: readonly NamedPlace[],
  names: readonly string[],
): { readonly name: string | null; readonly length: number } | null {
  const short = abbreviated(pieces, index, places);
  if (short !== null) return { name: short, length: 2 };
  const whole = names.find((name) => wholeName(pieces, index, name) > 0);
  if (whole !== undefined) return { name: whole, length: wholeName(pieces, index, whole) };
  const head = wordAt(pieces, index).replace(/s$/, '');
  const isHead = PLACE_HEADS.has(head) || places.some((place) => place.head === head);
  const identifier = isHead ? identifierIndex(pieces, index) : -1;
  if (identifier < 0 || isArticle(pieces, identifier)) return null;
  const wanted = identifierAt(pieces, identifier);
  const found = places.find((place) => place.head === head && place.identifier === wanted);
  const isLetter = pieces[identifier]?.kind === 'word' && /^\p{L}$/u.test(wanted);
  if (found === undefined && isLetter) return null;
  return { name: found?.name ?? null, length: identifier - index + 1 };
}

/** The 2 of "House 1/2", and of "House 1 and 2" when nothing follows that it could count. */
function joinedIdentifier(pieces: readonly Piece[], index: number): Numeral | null {
  const [numeral, next] = [pieces[index + 1], pieces[index + 2]];
  const isSlash = markAt(pieces, index) === '/';
  const isJoined = wordAt(pieces, index) === 'and' || markAt(pieces, index) === '&' || isSlash;
  const isLast =
    isSlash || next === undefined || (next.kind === 'mark' && next.text !== '/' && next.text !== '½');
  return isJoined && isLast && numeral?.kind === 'numeral' && /^\d{1,3}$/.test(numeral.text) ? numeral : null;
}

/** Joins the words and numbers of places into places, so that "House 3" never leaves a 3 to be counted. */
export function readPlaces(pieces: readonly Piece[], names: readonly string[]): Piece[] {
  const places = namedPlaces(names);
  const read: Piece[] = [];
  for (let index = 0; index < pieces.length;) {
    const piece = pieces[index];
    if (piece === undefined) break;
    const found = placeAt(pieces, index, places, names);
    const last = found === null ? undefined : pieces[index + found.length - 1];
    if (found === null || last === undefined) {
      read.push(piece);
      index += 1;
      continue;
    }
    const place: Place = { kind: 'place', name: found.name, start: piece.start, end: last.end };
    read.push(place);
    index += found.length;
    const more = joinedIdentifier(pieces, index);
    if (more === null) continue;
    const also = found.name?.replace(/\S+$/, more.text);
    const isKnown = also !== undefined && names.includes(also);
    read.push({ kind: 'place', name: isKnown ? also : null, start: more.start, end: more.end });
    index += 2;
  }
  return read;
}
