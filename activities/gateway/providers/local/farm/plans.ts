import type { Sentence } from './sentences';
import { hasWord, markAt, wordAt, type Piece } from './pieces';
import { triggerOf } from './triggers';
import { ANIMALS, COST_WORDS, FEED_WORDS, ILLNESS, PRODUCE, UNITS } from './vocabulary';

/** What is still to be done: the segments that say it, and where in the first of them the deed begins. */
export interface Plan {
  readonly segments: readonly (readonly Piece[])[];
  /** Pieces that name the deed. */
  readonly deed: readonly Piece[];
}

export interface Divided {
  readonly plans: readonly Plan[];
  readonly facts: readonly (readonly Piece[])[];
}

/** "Need 5 bags of feed": without the word the deed would read as a fact. */
const NEEDS: ReadonlySet<string> = new Set(['need', 'needs']);

const PLAN_PHRASES: readonly (readonly string[])[] = [
  ['remind', 'me', 'to'],
  ["don't", 'forget', 'to'],
  ['dont', 'forget', 'to'],
  ['do', 'not', 'forget', 'to'],
  ['remember', 'to'],
  ['need', 'to'],
  ['needs', 'to'],
  ['need'],
  ['needs'],
  ['have', 'to'],
  ['has', 'to'],
  ['supposed', 'to'],
  ['going', 'to'],
  ['planning', 'to'],
  ['plan', 'to'],
  ['hoping', 'to'],
  ['want', 'to'],
  ['to', 'do'],
  ["let's"],
  ['let', 'us'],
  ['make', 'we'],
  ['todo'],
  ['must'],
  ['should'],
  ["we'll"],
  ["i'll"],
  ['will'],
  ['task'],
];

/** Verbs that open an order, where compromise takes some of them for nouns ("order", "clean", "check"). */
const ORDERS: ReadonlySet<string> = new Set(
  `buy order call check clean collect fix repair vaccinate deworm wash change move bring send pay get ask tell sell pick clear
   spray disinfect weigh refill replace book arrange prepare isolate cull separate remove follow confirm schedule service mend remind`.split(
    /\s+/,
  ),
);
const OURS: ReadonlySet<string> = new Set([
  'we',
  'i',
  'you',
  'please',
  'pls',
  'also',
  'still',
  'and',
  'but',
  'then',
  'now',
  'must',
  'just',
]);
const COURTESY: ReadonlySet<string> = new Set(['please', 'pls', 'kindly', 'abeg', 'and', 'then', 'also']);
const PAST_WORDS =
  /^(?:sold|bought|died|dead|lost|fed|paid|spent|purchased|killed|culled|weighed|drank|gave|used|don)$/;

interface Opening {
  /** Index of the first piece of the deed. */
  readonly from: number;
  /** Whose plan it is: others' plans are no tasks of ours. */
  readonly isOurs: boolean;
}

function phraseOpening(segment: readonly Piece[]): Opening | null {
  for (const phrase of PLAN_PHRASES) {
    const at = segment.findIndex((_, index) =>
      phrase.every((word, offset) => wordAt(segment, index + offset) === word),
    );
    if (at < 0) continue;
    const before = segment.slice(0, at).filter((piece) => piece.kind === 'word' || piece.kind === 'token');
    const isOurs = before.every((piece) => piece.kind === 'word' && OURS.has(piece.lower));
    return { from: NEEDS.has(phrase.join(' ')) ? at : at + phrase.length, isOurs };
  }
  return null;
}

/** A sentence that begins with an order: "Call the vet", "please clean House 2". */
function orderOpening(sentence: Sentence, segment: readonly Piece[]): Opening | null {
  const isHead = (one: readonly Piece[]): boolean =>
    one.every((piece) => piece.kind === 'day' || piece.kind === 'place' || piece.kind === 'mark');
  if (segment !== sentence.segments.find((one) => !isHead(one))) return null;
  let from = 0;
  while (COURTESY.has(wordAt(segment, from)) || markAt(segment, from) !== '') from += 1;
  const word = wordAt(segment, from);
  const tags = sentence.grammar.tags(segment[from]);
  const isThing =
    [ANIMALS, COST_WORDS, FEED_WORDS, ILLNESS, PRODUCE].some((words) => words.has(word)) || UNITS.has(word);
  const isNoun = ['water', 'feed', 'weight', 'sale', 'sales', 'note', 'mortality', 'light', 'rain'].includes(
    word,
  );
  const trigger = triggerOf(segment);
  // compromise takes many a noun for an order; what states something else further on is none.
  const isOnlyOrder = trigger === null || trigger.index === from || trigger.kind === 'note';
  const isOrder = ORDERS.has(word) || (tags.has('Imperative') && !isThing && !isNoun && isOnlyOrder);
  // "Sell 3 goats 60k" and "Buy 5 bags: 90,000" are short for what was done as often as for what is to do.
  const isSettled = hasWord(segment, new Set(['don', 'already']));
  return word !== '' && isOrder && !isSettled ? { from, isOurs: true } : null;
}

function isPast(segment: readonly Piece[], sentence: Sentence): boolean {
  const trigger = triggerOf(segment);
  const piece = trigger === null ? undefined : segment[trigger.index];
  return (
    piece?.kind === 'word' && (PAST_WORDS.test(piece.lower) || sentence.grammar.tags(piece).has('PastTense'))
  );
}

/** Parts the segments of a sentence into what is planned and what is stated as a fact. */
export function dividePlans(sentence: Sentence): Divided {
  const plans: { segments: (readonly Piece[])[]; deed: Piece[]; isOurs: boolean }[] = [];
  const facts: (readonly Piece[])[] = [];
  let isPlanning = false;
  for (const segment of sentence.segments) {
    const opening = phraseOpening(segment) ?? orderOpening(sentence, segment);
    const current = plans[plans.length - 1];
    if (opening !== null) {
      plans.push({ segments: [segment], deed: segment.slice(opening.from), isOurs: opening.isOurs });
      isPlanning = true;
    } else if (isPlanning && current !== undefined && !isPast(segment, sentence)) {
      current.segments.push(segment);
      current.deed.push(...segment);
    } else {
      isPlanning = false;
      facts.push(segment);
    }
  }
  return { plans: plans.filter((plan) => plan.isOurs), facts };
}
