import { isSize, readGoods, type Goods } from './goods';
import type { Grammar } from './grammar';
import { nameAt, nameBefore, nameText } from './names';
import { hasWord, wordAt, type Piece } from './pieces';
import { standsForMoney } from './money-roles';
import { COST_WORDS, FEED_WORDS, PAID } from './vocabulary';

const ARTICLES: ReadonlySet<string> = new Set(['the', 'a', 'an', 'our', 'my']);
const MONEY_VERBS: ReadonlySet<string> = new Set([...PAID, 'gave', 'give']);
const ENDS_THING: ReadonlySet<string> = new Set(['to', 'from', 'at', 'by', 'via', 'with', 'on', 'for']);
const PERSON_TAGS = ['Person', 'Actor', 'Honorific', 'FirstName', 'LastName', 'ProperNoun'];
const THING_WORDS_MAX = 8;

/** Whether a verb of paying is meant, after which a person may stand ("paid the electrician 8k"). */
export function isMoneyVerb(piece: Piece | null): boolean {
  return piece?.kind === 'word' && MONEY_VERBS.has(piece.lower);
}

function afterArticle(pieces: readonly Piece[], index: number): number {
  return ARTICLES.has(wordAt(pieces, index)) ? index + 1 : index;
}

/** Where the words begin that say what was paid for ("for wiring Pen A", "on drugs"); -1 when none do. */
function purposeStart(pieces: readonly Piece[]): number {
  const at = pieces.findIndex((_, index) => {
    const next = pieces[afterArticle(pieces, index + 1)];
    const isThing = next?.kind === 'word' || (next?.kind === 'figure' && !standsForMoney(pieces, index + 1));
    return ['for', 'on'].includes(wordAt(pieces, index)) && isThing;
  });
  return at < 0 ? -1 : afterArticle(pieces, at + 1);
}

/** Words and places from `from` on ("wiring Pen A"), up to a figure, a day, a mark or the next preposition. */
function thingAt(pieces: readonly Piece[], from: number): Piece[] {
  const thing: Piece[] = [];
  for (const piece of pieces.slice(from, from + THING_WORDS_MAX)) {
    const goesOn = piece.kind === 'place' || (piece.kind === 'word' && !ENDS_THING.has(piece.lower));
    if (!goesOn) break;
    thing.push(piece);
  }
  return thing;
}

/** The name right after the verb, and whether it is somebody who was paid. */
function objectOf(
  pieces: readonly Piece[],
  triggerIndex: number,
  grammar: Grammar,
): { name: Piece[]; isPerson: boolean } {
  if (triggerIndex < 0) return { name: [], isPerson: false };
  const name = nameAt(pieces, afterArticle(pieces, triggerIndex + 1), true);
  const isGoods = hasWord(name, COST_WORDS) || hasWord(name, FEED_WORDS);
  const isNamed = name.some((piece) => PERSON_TAGS.some((tag) => grammar.tags(piece).has(tag)));
  const isPerson = !isGoods && (isNamed || name[0]?.kind === 'token' || purposeStart(pieces) >= 0);
  return { name, isPerson };
}

/** Who was paid, where the name stands right after the verb: "the electrician". */
export function paidParty(
  note: string,
  pieces: readonly Piece[],
  triggerIndex: number,
  grammar: Grammar,
): string | null {
  const { name, isPerson } = objectOf(pieces, triggerIndex, grammar);
  const [first] = name;
  if (!isPerson || first === undefined) return null;
  const article = pieces.slice(triggerIndex + 1, pieces.indexOf(first));
  return nameText(note, [...article, ...name]);
}

/** What was paid for. It is counted only where the count stands with it ("for 3 bags"): "to three workers" counts people. */
export function paidGoods(
  note: string,
  pieces: readonly Piece[],
  triggerIndex: number,
  grammar: Grammar,
): Goods {
  const start = purposeStart(pieces);
  const uncounted = (item: string | null): Goods => ({ quantity: null, unit: null, item, isCounted: false });
  if (start >= 0) {
    const first = pieces[start];
    const isCounted = first?.kind === 'figure' && !isSize(pieces, start, first);
    return isCounted
      ? readGoods(note, pieces.slice(start), -1, grammar)
      : uncounted(nameText(note, thingAt(pieces, start)));
  }
  const object = objectOf(pieces, triggerIndex, grammar);
  if (object.name.length > 0 && !object.isPerson) return uncounted(nameText(note, object.name));
  const sum = pieces.findIndex((_, index) => standsForMoney(pieces, index));
  const following = sum < 0 ? [] : nameAt(pieces, afterArticle(pieces, sum + 1), true);
  const before = [triggerIndex, sum].filter((index) => index > 0 && !object.isPerson);
  const leading = before.map((index) => nameBefore(pieces, index, grammar)).find((name) => name.length > 0);
  return uncounted(nameText(note, following.length > 0 ? following : (leading ?? [])));
}
