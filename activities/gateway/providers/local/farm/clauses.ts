import { figuresIn, hasWord, isMoney, phraseIndex, wordAt, type Piece } from './pieces';
import type { Sentence } from './sentences';
import { standsForMoney } from './money-roles';
import { triggerOf, type Kind, type Trigger } from './triggers';
import { BOUGHT, COST_WORDS, LAID_UNITS, NEGATIVES, OWN_PRODUCE, PAID } from './vocabulary';

/** Neighbouring segments that state one thing, several times perhaps ("3 dead in House 1, 2 in House 2"). */
export interface Clause {
  readonly kind: Kind;
  readonly segments: readonly (readonly Piece[])[];
  /** The word that told the kind, where there is one. */
  readonly trigger: Piece | null;
  readonly sentence: Sentence;
}

interface Open {
  kind: Kind;
  segments: (readonly Piece[])[];
  trigger: Piece | null;
  /** Said not to have happened, or only supposed. */
  denied: boolean;
}

const SUPPOSED: ReadonlySet<string> = new Set(
  `would could can wanted want wants wan expected expecting supposed almost nearly might may if unless agreed promised
   promises hopes hoping ordered orders booked books reserved requested cancelled canceled dey`.split(/\s+/),
);
const QUOTED: ReadonlySet<string> = new Set(
  'asked asking asks offered offering offer quoted quoting quotes quote price prices haggling negotiating pricing'.split(
    ' ',
  ),
);
const RECEIVED: ReadonlySet<string> = new Set(['received', 'collected', 'got', 'transferred']);
const ENTIRELY_DENIED: ReadonlySet<string> = new Set(['nothing', 'none', 'nil', 'nobody']);
const HABITUAL: ReadonlySet<string> = new Set(['every', 'usually', 'always', 'normally']);
/** "Not less than 10 died": they did. */
const COMPARING: ReadonlySet<string> = new Set(['less', 'more', 'fewer', 'only', 'up']);
const EXCEPTIONS: ReadonlySet<string> = new Set(['but', 'only', 'except']);
/** Negatives that are part of what is said to have happened. */
const MEANT_NEGATIVES: readonly (readonly string[])[] = [
  ['survive'],
  ['make', 'it'],
  ['eating'],
  ['drinking'],
  ['gree', 'eat'],
  ['appetite'],
];

/** "Almost sold" was not sold; "sold for almost 15k" was, for a sum that is not known. */
function isSupposed(segment: readonly Piece[]): boolean {
  return segment.some(
    (piece, index) =>
      piece.kind === 'word' && SUPPOSED.has(piece.lower) && segment[index + 1]?.kind !== 'figure',
  );
}

function isDenied(segment: readonly Piece[], trigger: Trigger, sentence: Sentence): boolean {
  if (isSupposed(segment) || hasWord(segment, HABITUAL) || hasWord(segment, ENTIRELY_DENIED)) return true;
  const before = segment.slice(0, trigger.index);
  const negativeAt = before.findIndex(
    (piece, index) =>
      !COMPARING.has(wordAt(before, index + 1)) &&
      ((piece.kind === 'word' && NEGATIVES.has(piece.lower)) || sentence.grammar.tags(piece).has('Negative')),
  );
  const atTrigger = sentence.grammar.tags(segment[trigger.index]).has('Negative');
  const isMeant = MEANT_NEGATIVES.some((phrase) => phraseIndex(segment, phrase) >= 0);
  return (negativeAt >= 0 || atTrigger) && !isMeant;
}

/** "Nil", "none", "zero": a segment that takes back the clause that it follows. */
function takesBack(segment: readonly Piece[]): boolean {
  const words = segment.filter((piece) => piece.kind === 'word');
  const isZero = segment.length === 1 && figuresIn(segment).some((figure) => figure.value === 0n);
  return isZero || (words.length > 0 && words.length <= 2 && hasWord(segment, ENTIRELY_DENIED));
}

/** After a deal, "he paid 20,000" is a payment of it; "paid 3k for transport" is an expense of its own. */
function isPaymentOf(open: Open | null, segment: readonly Piece[], trigger: Trigger): boolean {
  const verb = wordAt(segment, trigger.index);
  const isDeal = open?.kind === 'sale' || (open?.trigger?.kind === 'word' && BOUGHT.has(open.trigger.lower));
  if (open === null || !isDeal || !(PAID.has(verb) || RECEIVED.has(verb))) return false;
  const isOurs = open.kind === 'sale' && hasWord(segment.slice(0, trigger.index), new Set(['we', 'i']));
  const isFor = phraseIndex(segment.slice(trigger.index), ['for']) >= 0 || hasWord(segment, COST_WORDS);
  return !isOurs && !isFor;
}

function isOpeningException(segment: readonly Piece[]): boolean {
  return (
    EXCEPTIONS.has(wordAt(segment, 0)) || (wordAt(segment, 0) === 'and' && EXCEPTIONS.has(wordAt(segment, 1)))
  );
}

/** A triggerless sentence that still states a sale or an expense: goods with a quantity and a sum. */
function silentKind(segments: readonly (readonly Piece[])[], { grammar }: Sentence): Kind | null {
  const pieces = segments.flat();
  // Whoever writes a list writes no verb; with one, the sentence says something else of the goods than that they were sold.
  const hasVerb = pieces.some((piece) => grammar.tags(piece).has('Verb'));
  if (hasVerb || isSupposed(pieces)) return null;
  const figures = figuresIn(pieces);
  if (hasWord(pieces, QUOTED) || hasWord(pieces, new Set(['is', 'are', 'now', 'was']))) return null;
  const hasSum =
    pieces.some((_, index) => standsForMoney(pieces, index)) ||
    pieces.some((piece) => piece.kind === 'mark' && ['@', '='].includes(piece.text));
  const hasQuantity = figures.some((figure) => !isMoney(figure) && figure.value !== null);
  if (!hasSum) return null;
  if (hasWord(pieces, COST_WORDS) || hasWord(pieces, FEED)) return 'expense';
  // "3 goats 120k" may be a purchase or a price as well; eggs and manure a farm only sells.
  const isLaid = hasWord(pieces, OWN_PRODUCE) || figures.some((figure) => LAID_UNITS.has(figure.unit ?? ''));
  return isLaid && hasQuantity ? 'sale' : null;
}

const FEED: ReadonlySet<string> = new Set(['feed', 'feeds']);

const LABELS: ReadonlyMap<string, Kind> = new Map([
  ['feed', 'feed_use'],
  ['feeds', 'feed_use'],
  ['water', 'water'],
  ['weight', 'weight'],
  ['weights', 'weight'],
]);

/** "Feed: 4 bags layer mash": a word that heads the sentence alone says what the figures after it are. */
function labelKind(segment: readonly Piece[]): Kind | null {
  const words = segment.filter((piece) => piece.kind !== 'place' && piece.kind !== 'day');
  return words.length === 1 ? (LABELS.get(wordAt(words, 0)) ?? null) : null;
}

class Assembly {
  readonly closed: Open[] = [];
  #pending: (readonly Piece[])[] = [];
  #open: Open | null = null;

  constructor(readonly sentence: Sentence) {}

  add(segment: readonly Piece[]): void {
    const trigger = triggerOf(segment);
    if (
      trigger !== null &&
      !isPaymentOf(this.#open, segment, trigger) &&
      !this.#continues(segment, trigger)
    ) {
      this.#begin(
        trigger.kind,
        segment,
        segment[trigger.index] ?? null,
        isDenied(segment, trigger, this.sentence),
      );
    } else if (this.#open === null) {
      const labelled = this.#pending.length === 0 ? labelKind(segment) : null;
      if (labelled === null) this.#pending.push(segment);
      else this.#begin(labelled, segment, segment[0] ?? null, false);
    } else if (this.#open.denied && isOpeningException(segment) && figuresIn(segment).length > 0) {
      this.#begin(this.#open.kind, segment, null, isSupposed(segment));
    } else if (takesBack(segment) && segment.some((piece) => piece.kind === 'place')) {
      // "None in House 3" takes nothing back of the other houses.
      return;
    } else if (takesBack(segment)) {
      this.#open.denied = true;
    } else if (this.#open.denied) {
      this.#pending.push(segment);
    } else {
      this.#open.segments.push(segment);
    }
  }

  /**
   * A weaker word inside a clause that it belongs to: "bought 2 bags of starter, drugs" is one purchase after the other,
   * "sneezing and coughing" one sickness, "cleaned the pen and changed the litter" one event.
   */
  #continues(segment: readonly Piece[], trigger: Trigger): boolean {
    if (this.#open === null || this.#open.denied || this.#open.kind !== trigger.kind) return false;
    if (trigger.kind === 'note') return true;
    if (trigger.kind === 'symptom') return figuresIn(segment).length === 0;
    const isVerb = this.sentence.grammar.tags(segment[trigger.index]).has('Verb');
    return trigger.kind === 'expense' && !isVerb && COST_WORDS.has(wordAt(segment, trigger.index));
  }

  #begin(kind: Kind, segment: readonly Piece[], trigger: Piece | null, denied: boolean): void {
    // What stood before a denied clause is not part of the next one.
    const lead = this.#open?.denied === true ? [] : this.#pending;
    this.#close();
    this.#open = {
      kind,
      segments: [...lead.filter((one) => !isSupposed(one)), segment],
      trigger,
      denied,
    };
    this.#pending = [];
  }

  #close(): void {
    if (this.#open !== null) this.closed.push(this.#open);
    this.#open = null;
  }

  /** All clauses; segments that nothing claimed may be a sale or an expense by themselves. */
  finish(): Open[] {
    this.#close();
    const kind = silentKind(this.#pending, this.sentence);
    if (kind !== null) this.closed.push({ kind, segments: this.#pending, trigger: null, denied: false });
    return this.closed;
  }
}

/**
 * What the segments of a sentence state, clause by clause; what they deny or suppose is left out. One place that stands
 * alone says where for all of them (`scope.ts`) and is no part of any.
 */
export function readClauses(sentence: Sentence, segments: readonly (readonly Piece[])[]): Clause[] {
  const assembly = new Assembly(sentence);
  for (const segment of segments) assembly.add(segment);
  const found = assembly.finish();
  const isQuoted = hasWord(sentence.pieces, QUOTED);
  const isFact = (open: Open): boolean =>
    open.trigger?.kind === 'word' && /^(?:sold|bought|paid|purchased)$/.test(open.trigger.lower);
  return found
    .filter((open) => !open.denied)
    .filter((open) => !isQuoted || isFact(open) || (open.kind !== 'sale' && open.kind !== 'expense'))
    .map((open) => ({ kind: open.kind, segments: open.segments, trigger: open.trigger, sentence }));
}

/** A place that stands alone ("…, House 1") says where for its neighbours; see `scope.ts`. */
export function isPlaceOnly(segment: readonly Piece[]): boolean {
  const rest = segment.filter((piece) => piece.kind !== 'place' && piece.kind !== 'mark');
  const isBare = rest.every(
    (piece) => piece.kind === 'word' && /^(?:in|at|for|from|the|all|and)$/.test(piece.lower),
  );
  return isBare && segment.some((piece) => piece.kind === 'place');
}
