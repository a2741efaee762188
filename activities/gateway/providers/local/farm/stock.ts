import { wordAt, type Piece } from './pieces';

const STOCK_WORDS: ReadonlySet<string> = new Set(
  'left remaining remain remains alive stock balance survived'.split(' '),
);
const WORDS_BETWEEN_MAX = 3;

/** Whether a figure says what is still there or was there ("5 bags remaining", "197 left", "2 out of 200"), and no event. */
export function isOfStock(pieces: readonly Piece[], index: number): boolean {
  const isOutOf = wordAt(pieces, index - 1) === 'of' && wordAt(pieces, index - 2) === 'out';
  if (isOutOf || STOCK_WORDS.has(wordAt(pieces, index - 1))) return true;
  for (let step = 1; step <= WORDS_BETWEEN_MAX && wordAt(pieces, index + step) !== ''; step += 1) {
    if (STOCK_WORDS.has(wordAt(pieces, index + step))) return true;
  }
  return false;
}
