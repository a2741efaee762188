import type { Sentence } from './sentences';
import { isTitle } from './names';
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
/** Pidgin: "we go sell" is to come. The verb belongs to the deed. */
const COMING = 'go';

const PLAN_PHRASES: readonly (readonly string[])[] = [
  ['remind', 'me', 'to'],
  ["don't", 'forget', 'to'],
  ['dont', 'forget', 'to'],
  ['do', 'not', 'forget', 'to'],
  ["don't", 'forget'],
  ['dont', 'forget'],
  ['remember', 'to'],
  ['need', 'to'],
  ['needs', 'to'],
  ['go', 'sell'],
  ['go', 'buy'],
  ['go', 'pay'],
  ['go', 'vaccinate'],
  ['wan'],
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
const OBJECT_OPENINGS: ReadonlySet<string> = new Set(
  'the a an all our my some more up out down off'.split(' '),
);
const PAST_WORDS =
  /^(?:sold|bought|died|dead|lost|fed|paid|spent|purchased|killed|culled|weighed|drank|gave|used|don)$/;

interface Opening {
  /** Index of the first piece of the deed. */
  readonly from: number;
  /** Whose plan it is: others' plans are no tasks of ours. */
  readonly isOurs: boolean;
}

function phraseOpening(sentence: Sentence, segment: readonly Piece[]): Opening | null {
  for (const phrase of PLAN_PHRASES) {
    const at = segment.findIndex((_, index) =>
      phrase.every((word, offset) => wordAt(segment, index + offset) === word),
    );
    if (at < 0 || isPast(segment.slice(0, at), sentence)) continue;
    const before = segment.slice(0, at).filter((piece) => piece.kind === 'word' || piece.kind === 'token');
    const isOurs = before.every((piece) => piece.kind === 'word' && OURS.has(piece.lower));
    const from = phrase[0] === COMING ? at + 1 : at + phrase.length;
    return { from: NEEDS.has(phrase.join(' ')) ? at : from, isOurs };
  }
  return null;
}

/** "Wash the drinkers", "Prune Pen A": an object that only a verb has. "Bank charges 500" has none. */
function hasObject(segment: readonly Piece[], index: number): boolean {
  const piece = segment[index];
  return piece?.kind === 'place' || piece?.kind === 'token' || OBJECT_OPENINGS.has(wordAt(segment, index));
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
  const isCost = ['cost', 'costs'].includes(wordAt(segment, from + 1));
  const isOnlyOrder = trigger === null || trigger.index === from || trigger.kind === 'note';
  const isCommand =
    tags.has('Imperative') && !isThing && !isNoun && isOnlyOrder && hasObject(segment, from + 1);
  const isOrder = !isCost && (ORDERS.has(word) || isCommand);
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

/** "Vet to visit on Friday", "Vaccination due 25 Nov": to come, whoever is to do it. */
function comingOpening(sentence: Sentence, segment: readonly Piece[]): Opening | null {
  const due = segment.findIndex((_, index) => ['due', 'next'].includes(wordAt(segment, index)));
  const isDue =
    due >= 0 && wordAt(segment, due + 1) !== 'to' && segment.some((piece) => piece.kind === 'day');
  if (isDue && !isPast(segment, sentence)) return { from: 0, isOurs: true };
  const to = segment.findIndex(
    (_, index) =>
      wordAt(segment, index) === 'to' && sentence.grammar.tags(segment[index + 1]).has('Infinitive'),
  );
  const before = segment.slice(0, Math.max(to, 0));
  const isBare = before.length > 0 && before.every((piece) => !sentence.grammar.tags(piece).has('Verb'));
  return to > 0 && isBare && triggerOf(before) === null && !before.some((piece) => piece.kind === 'figure')
    ? { from: to + 1, isOurs: false }
    : null;
}

/** "Mama Tola collected 10 crates, will pay tomorrow": the plan is hers who began the sentence. */
function isOthers(sentence: Sentence, segment: readonly Piece[], opening: Opening): boolean {
  const [first] = sentence.segments;
  const isLater = segment !== first && wordAt(segment, 0) === 'will' && opening.from === 1;
  const [subject] = first ?? [];
  const tags = sentence.grammar.tags(subject);
  return (
    isLater && (subject?.kind === 'token' || tags.has('Person') || tags.has('ProperNoun') || isTitle(subject))
  );
}

function openingOf(sentence: Sentence, segment: readonly Piece[]): Opening | null {
  const opening =
    phraseOpening(sentence, segment) ?? orderOpening(sentence, segment) ?? comingOpening(sentence, segment);
  return opening !== null && isOthers(sentence, segment, opening) ? { ...opening, isOurs: false } : opening;
}

/** Parts the segments of a sentence into what is planned and what is stated as a fact. */
export function dividePlans(sentence: Sentence): Divided {
  const plans: { segments: (readonly Piece[])[]; deed: Piece[]; isOurs: boolean }[] = [];
  const facts: (readonly Piece[])[] = [];
  let isPlanning = false;
  for (const segment of sentence.segments) {
    const opening = openingOf(sentence, segment);
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
