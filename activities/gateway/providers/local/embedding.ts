/**
 * The local embedding, `hashed-features-1`. It is not a language model: words, pairs of words and three-letter pieces are
 * hashed into 1,024 signed counters, and the vector is scaled to length one. Texts are near when they share words and
 * spellings; synonyms are as far apart as anything. It runs anywhere, sends nothing, and gives equal numbers everywhere:
 * only integer hashes, additions, products and square roots are used, all exactly defined by IEEE 754.
 */
import { exactTokens } from '../../../scrubber/token';

export const LOCAL_EMBEDDING_MODEL = 'hashed-features-1';
export const EMBEDDING_DIMENSIONS = 1024;

const WORD_WEIGHT = 1;
const PAIR_WEIGHT = 0.5;
const PIECE_WEIGHT = 0.25;
const STOP_WORD_WEIGHT = 0.1;
const PIECE_LENGTH = 3;
/** What a text without any word is mapped to, since a vector of zeros has no direction. */
const EMPTY_FEATURE = 'empty';

const STOP_WORDS: ReadonlySet<string> = new Set(
  'a an the and or but of to in on at by for from with as is are was were be been it its this that these those i we he she they you my our his her their not no do does did have has had will would can could should may'.split(
    ' ',
  ),
);

/** Embeds a text: 1,024 numbers of unit length. Tokens of the scrubber count by their kind, never by their random part. */
export function embedHashedFeatures(text: string): readonly number[] {
  const counts = featureWeights(text);
  const vector = new Array<number>(EMBEDDING_DIMENSIONS).fill(0);
  for (const [feature, { weight, count }] of counts) {
    const hash = stableHash(feature);
    const sign = hash >>> 31 === 0 ? 1 : -1;
    const place = hash % EMBEDDING_DIMENSIONS;
    vector[place] = (vector[place] ?? 0) + sign * weight * Math.sqrt(count);
  }
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  if (length === 0) return embedHashedFeatures(EMPTY_FEATURE);
  return vector.map((value) => value / length);
}

function featureWeights(
  text: string,
): ReadonlyMap<string, { readonly weight: number; readonly count: number }> {
  const features = new Map<string, { weight: number; count: number }>();
  const add = (feature: string, weight: number): void => {
    const known = features.get(feature);
    if (known === undefined) features.set(feature, { weight, count: 1 });
    else known.count += 1;
  };
  const words = wordsOf(text);
  if (words.length === 0) add(EMPTY_FEATURE, WORD_WEIGHT);
  words.forEach((word, index) => {
    const isStopWord = STOP_WORDS.has(word);
    add(`w ${word}`, isStopWord ? STOP_WORD_WEIGHT : WORD_WEIGHT);
    const next = words[index + 1];
    if (next !== undefined)
      add(`p ${word} ${next}`, isStopWord && STOP_WORDS.has(next) ? STOP_WORD_WEIGHT : PAIR_WEIGHT);
    if (!isStopWord) for (const piece of piecesOf(word)) add(`c ${piece}`, PIECE_WEIGHT);
  });
  return features;
}

function wordsOf(text: string): readonly string[] {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end } of exactTokens(text)) {
    const kind = text.slice(start + 1, text.indexOf('_token_', start));
    parts.push(text.slice(at, start), ` ${kind} `);
    at = end;
  }
  const plain = [...parts, text.slice(at)].join('').normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return plain.match(/[\p{L}\p{N}]+(?:[.,]\p{N}+)*/gu) ?? [];
}

function piecesOf(word: string): readonly string[] {
  const characters = Array.from(`^${word}$`);
  const pieces: string[] = [];
  for (let at = 0; at + PIECE_LENGTH <= characters.length; at += 1) {
    pieces.push(characters.slice(at, at + PIECE_LENGTH).join(''));
  }
  return pieces;
}

/** FNV-1a over UTF-16 units, 32 bits, then mixed (murmur3's finaliser) so that high bit and low bits are independent. */
function stableHash(feature: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < feature.length; at += 1) {
    hash = Math.imul(hash ^ feature.charCodeAt(at), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
