/** When a field that was read equals a field that was labelled, as the README says. */

const NAMES: ReadonlySet<string> = new Set(['item', 'species', 'feed', 'buyer', 'supplier']);
const PROSE: ReadonlySet<string> = new Set(['text', 'title', 'description', 'cause']);
const ARTICLES: ReadonlySet<string> = new Set(['a', 'an', 'the']);
const SHARED_WORDS_MIN = 0.6;

function words(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];
}

function plainName(text: string): string {
  return words(text)
    .filter((word) => !ARTICLES.has(word))
    .map((word) => (word.length > 3 ? word.replace(/s$/, '') : word))
    .join(' ');
}

/** Share of words that two texts have in common, of the longer one's words. */
function sharedWords(left: string, right: string): number {
  const [one, other] = [new Set(words(left)), new Set(words(right))];
  const longer = Math.max(one.size, other.size);
  return longer === 0 ? 1 : [...one].filter((word) => other.has(word)).length / longer;
}

/** A field's value to compare and to print: text as it is, all else as JSON. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Whether a field holds what was labelled. Numbers, sums, units, places and days must be equal to the character. */
export function holds(field: string, read: unknown, labelled: unknown): boolean {
  if (read === undefined || read === null || labelled === undefined) return false;
  const [one, other] = [asText(read), asText(labelled)];
  if (NAMES.has(field)) return plainName(one) === plainName(other);
  if (PROSE.has(field)) return sharedWords(one, other) >= SHARED_WORDS_MIN;
  return one === other;
}
