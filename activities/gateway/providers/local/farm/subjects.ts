import type { Clause } from './clauses';
import { PART_WORDS } from './money-roles';
import { figuresIn, hasWord, wordAt, type Piece } from './pieces';
import {
  ANIMALS,
  BOUGHT,
  BOUGHT_STOCK,
  COST_WORDS,
  FEED_WORDS,
  LAID_UNITS,
  PAID,
  PRODUCE,
  UNITS,
} from './vocabulary';

const US: ReadonlySet<string> = new Set(['we', 'i', 'us', 'me', 'our', 'my', 'farm']);
/** People of the farm, whose purchases are the farm's. */
const OURS: ReadonlySet<string> = new Set(
  'manager boys boy worker workers attendant supervisor boss oga madam wife husband driver staff'.split(' '),
);
/** How, and out of what, we pay. */
const MEANS: ReadonlySet<string> = new Set(
  'cash transfer pos cheque card bank account pocket savings petty sales my our'.split(' '),
);
const CUSTOMERS: ReadonlySet<string> = new Set(['customer', 'customers', 'buyer', 'buyers']);
const NO_SUBJECT: ReadonlySet<string> = new Set(
  'don have has had just also then and but plus so today the a an new finally already been was were is are for on of in at'.split(
    ' ',
  ),
);

/** Words before the verb of a clause that name who did it; none for "Bought feed", "we bought", "feed bought". */
export function subjectOf(clause: Clause): Piece[] {
  const segment =
    clause.segments.find((one) => clause.trigger !== null && one.includes(clause.trigger)) ?? [];
  const before = segment.slice(0, clause.trigger === null ? 0 : segment.indexOf(clause.trigger));
  const isGoods = (piece: Piece): boolean =>
    piece.kind === 'figure' ||
    (piece.kind === 'word' &&
      [ANIMALS, COST_WORDS, FEED_WORDS, PRODUCE].some((words) => words.has(piece.lower))) ||
    (piece.kind === 'word' && UNITS.has(piece.lower));
  if (before.some(isGoods) || hasWord(before, US) || hasWord(before, OURS)) return [];
  return before.filter(
    (piece) => piece.kind === 'token' || (piece.kind === 'word' && !NO_SUBJECT.has(piece.lower)),
  );
}

/** Index of the name in "10 crates bought by Mama Tola"; null when the verb has no such agent. */
function buyerAfterBy(clause: Clause): number | null {
  const pieces = clause.segments.flat();
  const at = clause.trigger === null ? -1 : pieces.indexOf(clause.trigger);
  const name = pieces[at + 2];
  const isOurs = name?.kind === 'word' && (US.has(name.lower) || OURS.has(name.lower));
  return wordAt(pieces, at + 1) === 'by' && name !== undefined && !isOurs ? at + 2 : null;
}

/** "Payment from the hotel", "paid by Mama Tola": money that came in. */
function namesPayer(pieces: readonly Piece[]): boolean {
  return pieces.some((piece, index) => {
    const name = pieces[index + 1];
    const isName =
      name?.kind === 'token' || (name?.kind === 'word' && !US.has(name.lower) && !MEANS.has(name.lower));
    return piece.kind === 'word' && ['from', 'by'].includes(piece.lower) && isName;
  });
}

/** "Top Feeds sells starter at 42k", "they are selling at 4,500": a price of others, and no sale of ours. */
export function isSaleOfOthers(clause: Clause): boolean {
  const verb = clause.trigger === null ? '' : wordAt([clause.trigger], 0);
  return ['sell', 'sells', 'selling'].includes(verb) && subjectOf(clause).length > 0;
}

/**
 * Whose deal a purchase or a payment was.
 * - `ours`: we bought or paid, or nobody is named
 * - `sold_to`: somebody else bought what farms sell, so that it was our sale to them
 * - `theirs`: somebody else paid, or bought what we may have sent them for
 */
export function partyOf(clause: Clause): 'ours' | 'sold_to' | 'theirs' {
  const verb = clause.trigger === null ? '' : wordAt([clause.trigger], 0);
  const isByBuyer = BOUGHT.has(verb) && buyerAfterBy(clause) !== null;
  if (isByBuyer) return 'sold_to';
  const isDeal = BOUGHT.has(verb) || PAID.has(verb);
  const pieces = clause.segments.flat();
  const isPaidToUs = PAID.has(verb) && namesPayer(pieces);
  if (!isDeal || !(isPaidToUs || subjectOf(clause).length > 0)) return 'ours';
  const isFromUs = pieces.some(
    (_, index) => wordAt(pieces, index) === 'from' && US.has(wordAt(pieces, index + 1)),
  );
  const isCustomer = hasWord(subjectOf(clause), CUSTOMERS);
  const isProduce =
    hasWord(pieces, PRODUCE) || figuresIn(pieces).some((one) => LAID_UNITS.has(one.unit ?? ''));
  const isStock = isProduce && !hasWord(pieces, BOUGHT_STOCK) && !hasWord(pieces, FEED_WORDS);
  if (BOUGHT.has(verb)) return isFromUs || isStock || isCustomer ? 'sold_to' : 'theirs';
  // "Hotel paid 42k for 10 crates" is a sale; "she paid her 15k balance" is one that was written down before.
  const isForGoods = isStock && pieces.some((_, index) => wordAt(pieces, index) === 'for');
  return isForGoods && !hasWord(pieces, PART_WORDS) ? 'sold_to' : 'theirs';
}
