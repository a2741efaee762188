import nlp from 'compromise';
import { z } from 'zod';
import type { Piece } from './pieces';
import { ANIMALS, COST_WORDS, FEED_WORDS, PRODUCE, UNITS } from './vocabulary';

const taggedSentences = z.array(
  z.object({
    terms: z.array(z.object({ tags: z.array(z.string()), offset: z.object({ start: z.number() }) })),
  }),
);

/** Names of things that compromise would take for verbs ("crates", "layers", "feed"). */
const FARM_NOUNS = Object.fromEntries(
  [...ANIMALS, ...PRODUCE, ...FEED_WORDS, ...COST_WORDS, ...UNITS.keys()]
    .filter((word) => word.length > 2)
    .map((word) => [word, 'Noun']),
);

const NO_TAGS: ReadonlySet<string> = new Set();

/** Parts of speech of the words of one sentence, as compromise tags them. Pieces that are no words have none. */
export class Grammar {
  readonly #tags = new Map<Piece, Set<string>>();
  #isParsed = false;

  constructor(private readonly sentence: readonly Piece[]) {}

  /** compromise is asked once, and only of sentences that have words. */
  #parse(): void {
    this.#isParsed = true;
    if (!this.sentence.some((piece) => piece.kind === 'word')) return;
    const startsAt = new Map<number, Piece>();
    let masked = '';
    for (const piece of this.sentence) {
      const word = standIn(piece);
      if (word === '') continue;
      startsAt.set(masked.length, piece);
      masked += `${word} `;
    }
    const parsed = taggedSentences.safeParse(
      nlp(masked, FARM_NOUNS).json({ offset: true, terms: { tags: true, offset: true } }),
    );
    if (parsed.success)
      this.#collect(
        parsed.data.flatMap((tagged) => tagged.terms),
        startsAt,
      );
  }

  #collect(
    terms: readonly { tags: string[]; offset: { start: number } }[],
    startsAt: ReadonlyMap<number, Piece>,
  ): void {
    let current: Set<string> | undefined;
    for (const term of terms) {
      const piece = startsAt.get(term.offset.start);
      // A contraction has several terms ("didn't": did, not); the later ones belong to the piece before.
      if (piece !== undefined) {
        current = this.#tags.get(piece) ?? new Set<string>();
        this.#tags.set(piece, current);
      }
      for (const tag of term.tags) current?.add(tag);
    }
  }

  /** compromise's tags of a piece: "Verb", "PastTense", "Imperative", "Negative" … */
  tags(piece: Piece | undefined): ReadonlySet<string> {
    if (!this.#isParsed) this.#parse();
    return (piece === undefined ? undefined : this.#tags.get(piece)) ?? NO_TAGS;
  }
}

/** What stands for a piece while compromise reads the sentence, so that figures, names and places cannot mislead it. */
function standIn(piece: Piece): string {
  switch (piece.kind) {
    case 'word':
      return piece.text;
    case 'figure':
    case 'numeral':
      return '5';
    case 'place':
      return 'Lagos';
    case 'day':
      return 'today';
    case 'token':
      return 'Musa';
    default:
      return '';
  }
}
