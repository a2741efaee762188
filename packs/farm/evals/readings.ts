/**
 * Every number that a text can be read to state, generously: digits with and without their multiplier, number words,
 * fractions, dozens. It only says which figures are there at all, so that a figure that is not there is known to be
 * invented. It shares no code with the rules that read notes: a fault in one must not hide in the other.
 */

const MILLION = 1_000_000n;

const WORD_VALUES: Readonly<Record<string, bigint>> = {
  zero: 0n,
  one: 1n,
  a: 1n,
  an: 1n,
  single: 1n,
  two: 2n,
  pair: 2n,
  couple: 2n,
  three: 3n,
  four: 4n,
  five: 5n,
  six: 6n,
  seven: 7n,
  eight: 8n,
  nine: 9n,
  ten: 10n,
  eleven: 11n,
  twelve: 12n,
  thirteen: 13n,
  fourteen: 14n,
  fifteen: 15n,
  sixteen: 16n,
  seventeen: 17n,
  eighteen: 18n,
  nineteen: 19n,
  twenty: 20n,
  thirty: 30n,
  forty: 40n,
  fifty: 50n,
  sixty: 60n,
  seventy: 70n,
  eighty: 80n,
  ninety: 90n,
};

const MULTIPLIERS: Readonly<Record<string, bigint>> = {
  dozen: 12n,
  dozens: 12n,
  hundred: 100n,
  k: 1000n,
  thousand: 1000n,
  m: MILLION,
  mil: MILLION,
  million: MILLION,
};

const FRACTIONS: Readonly<Record<string, bigint>> = {
  half: 500_000n,
  quarter: 250_000n,
  quarters: 250_000n,
  '½': 500_000n,
  '¼': 250_000n,
  '¾': 750_000n,
};

/** Millionths of a plain decimal such as "12", "2.5" or "1,250.75"; undefined when it is none. */
export function millionths(decimal: string): bigint | undefined {
  const match = /^(\d+)(?:\.(\d{1,6})\d*)?$/.exec(decimal.replaceAll(',', ''));
  if (match === null) return undefined;
  return BigInt(match[1] ?? '0') * MILLION + BigInt((match[2] ?? '').padEnd(6, '0'));
}

/** A text without the scrubber's tokens, whose letters and digits are drawn by chance: "7g" in one is no dose. */
export function withoutTokens(text: string): string {
  return text.replace(/<[a-z0-9_]*_token_[^<>\s]*>/gi, ' ; ');
}

function words(text: string): string[] {
  const plain = withoutTokens(text).toLowerCase();
  return plain.match(/\d+\s*\/\s*\d+|\d[\d,]*\d(?:\.\d+)?|\d(?:\.\d+)?|[½¼¾]|\p{L}+|[^\s]/gu) ?? [];
}

function valueOf(word: string): bigint | undefined {
  const fraction = /^(\d+)\s*\/\s*(\d+)$/.exec(word);
  if (fraction !== null) {
    const denominator = BigInt(fraction[2] ?? '0');
    return denominator === 0n ? undefined : (BigInt(fraction[1] ?? '0') * MILLION) / denominator;
  }
  const spelled = Object.hasOwn(WORD_VALUES, word) ? WORD_VALUES[word] : undefined;
  if (spelled !== undefined) return spelled * MILLION;
  return (Object.hasOwn(FRACTIONS, word) ? FRACTIONS[word] : undefined) ?? millionths(word);
}

function multiplierOf(word: string): bigint | undefined {
  return Object.hasOwn(MULTIPLIERS, word) ? MULTIPLIERS[word] : undefined;
}

const JOINTS: ReadonlySet<string> = new Set(['and', 'a', 'an', '-', 'of', ',']);

/** Adds what a run of figures that starts at `from` can mean: every prefix of it is a reading of its own. */
function readRun(text: readonly string[], from: number, found: Set<bigint>): void {
  let closed = 0n;
  let current = 0n;
  for (let index = from; index < text.length && index < from + 24; index += 1) {
    const word = text[index] ?? '';
    const multiplier = multiplierOf(word);
    // "Two and a half": there the article counts nothing.
    const value = index > from && JOINTS.has(word) ? undefined : valueOf(word);
    if (word.startsWith('dozen') && index > from) {
      // "Two thousand dozen" multiplies all that stands before it.
      current = (closed + current) * 12n;
      closed = 0n;
      found.add(current);
    } else if (multiplier !== undefined && (index > from || word === 'hundred' || word === 'thousand')) {
      current = (current === 0n ? MILLION : current) * multiplier;
      found.add(closed + current);
      if (multiplier >= 1000n) {
        closed += current;
        current = 0n;
      }
    } else if (value !== undefined) {
      current += value;
      found.add(closed + current);
    } else if (!JOINTS.has(word) || index === from) {
      return;
    }
  }
}

/** All readings of the text, in millionths. */
export function readings(text: string): ReadonlySet<bigint> {
  const all = words(text);
  const found = new Set<bigint>();
  all.forEach((word, index) => {
    const value = valueOf(word);
    if (value !== undefined) found.add(value);
    if (value !== undefined || multiplierOf(word) !== undefined) readRun(all, index, found);
    if (word === 'quarters' && index > 0) found.add((valueOf(all[index - 1] ?? '') ?? 0n) / 4n);
  });
  return found;
}
