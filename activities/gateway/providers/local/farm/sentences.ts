import { doubtsTheLast, leavesSumsOpen } from './doubts';
import { Grammar } from './grammar';
import { hasWord, markAt, phraseIndex, wordAt, type Piece } from './pieces';

export interface Sentence {
  readonly pieces: readonly Piece[];
  /** Parts between commas, dashes, colons, brackets and "and". */
  readonly segments: readonly (readonly Piece[])[];
  readonly grammar: Grammar;
  /** It, or the sentence after it, says that its sums are not sure, not all or not paid. */
  readonly hasOpenSums: boolean;
}

const ENDS: ReadonlySet<string> = new Set(['.', '!', '?', ';', '\n']);
const SEPARATORS: ReadonlySet<string> = new Set([
  ',',
  '-',
  '–',
  '—',
  ':',
  '(',
  ')',
  '&',
  '|',
  '•',
  '→',
  '[',
  ']',
]);
const JOINTS: ReadonlySet<string> = new Set(['and', 'then', 'also', 'while', 'plus', 'but', 'whereas']);

const ASKS: ReadonlySet<string> = new Set(
  'how what when where who why which should can could do does did shall whose'.split(' '),
);
const HEARD: ReadonlySet<string> = new Set(
  "heard hear hearing rumour rumor rumours rumors allegedly neighbour's neighbours' neighbor's gossip news".split(
    ' ',
  ),
);
const REPORTED: readonly (readonly string[])[] = [
  ['they', 'said'],
  ['they', 'say'],
  ['dem', 'say'],
  ['people', 'say'],
  ['people', 'said'],
  ['says'],
  ['told', 'me'],
  ['told', 'us'],
  ['said', 'that'],
  ['other', 'farm'],
  ['other', 'farms'],
  ['neighbouring', 'farm'],
];

/** Whether the sentence states what happened, or only asks, supposes or repeats what others said. */
export function statesSomething(sentence: Sentence, endsInQuestion: boolean): boolean {
  const { pieces } = sentence;
  const first = pieces.findIndex((piece) => piece.kind === 'word');
  const opening = wordAt(pieces, first);
  const isAsked = endsInQuestion || ASKS.has(opening);
  const isSupposed = opening === 'if' || opening === 'whether' || wordAt(pieces, first + 1) === 'if';
  const isReported =
    isToldFirst(pieces) ||
    hasWord(pieces, HEARD) ||
    REPORTED.some((phrase) => phraseIndex(pieces, phrase) >= 0);
  return !isAsked && !isSupposed && !isReported && !isAboutNeighbour(pieces);
}

/** "Emeka said he sold 30 crates" repeats what was said; "sold 30 crates, told him to come back" states it. */
function isToldFirst(pieces: readonly Piece[]): boolean {
  const figure = pieces.findIndex((piece) => piece.kind === 'figure');
  return hasWord(pieces.slice(0, Math.max(figure, 0)), new Set(['said', 'told', 'claims', 'claimed']));
}

/** A neighbour as the one that something happened to; as a buyer ("to the neighbour") he is of no matter. */
function isAboutNeighbour(pieces: readonly Piece[]): boolean {
  const at = pieces.findIndex((piece) => piece.kind === 'word' && /^neighbo(?:u)?rs?$/.test(piece.lower));
  if (at < 0) return false;
  const before = [1, 2, 3].map((back) => wordAt(pieces, at - back));
  return !before.includes('to') && !before.includes('from');
}

/** Cuts the pieces of a note into sentences that state something. A "." inside a number never gets here. */
export function readSentences(pieces: readonly Piece[]): Sentence[] {
  const sentences: Sentence[] = [];
  let current: Piece[] = [];
  let last: { hasOpenSums: boolean } | null = null;
  const close = (mark: string): void => {
    const hasOpenSums = leavesSumsOpen(current);
    const sentence = {
      pieces: current,
      segments: segmentsOf(current),
      grammar: new Grammar(current),
      hasOpenSums,
    };
    if (last !== null && doubtsTheLast(current)) last.hasOpenSums = true;
    const hasContent = current.some((piece) => piece.kind !== 'mark' && piece.kind !== 'noise');
    if (hasContent && statesSomething(sentence, mark === '?')) sentences.push(sentence);
    if (hasContent) last = sentence;
    current = [];
  };
  pieces.forEach((piece, index) => {
    const mark = markAt(pieces, index);
    if (ENDS.has(mark)) close(mark);
    else current.push(piece);
  });
  close('');
  return sentences;
}

function segmentsOf(pieces: readonly Piece[]): Piece[][] {
  const segments: Piece[][] = [];
  let current: Piece[] = [];
  // "House 1: 2 dead, House 2: 4 dead": there each place heads its own figure, and one heads them all otherwise.
  const isPlaceHead = (index: number): boolean =>
    pieces[index - 1]?.kind === 'place' && [':', '-', '–', '='].includes(markAt(pieces, index));
  const isTabular = pieces.filter((_, index) => isPlaceHead(index)).length > 1;
  pieces.forEach((piece, index) => {
    const isSeparator = SEPARATORS.has(markAt(pieces, index)) && !(isTabular && isPlaceHead(index));
    const isJoint = JOINTS.has(wordAt(pieces, index));
    if (isSeparator || isJoint) {
      if (current.length > 0) segments.push(current);
      // A joint stays with what it opens: "but one in House 2" is told from "one in House 2".
      current = isJoint ? [piece] : [];
    } else {
      current.push(piece);
    }
  });
  if (current.length > 0) segments.push(current);
  return segments.filter((segment) => segment.some((piece) => piece.kind !== 'mark' && !isJointOnly(piece)));
}

function isJointOnly(piece: Piece): boolean {
  return piece.kind === 'word' && JOINTS.has(piece.lower);
}
