/**
 * Reads letters of reference: whom a letter is about, who signed it, when, and whether it recommends in plain words.
 * Sentences come from compromise; one that hedges, refuses or sets conditions never counts as a recommendation.
 */
import nlp from 'compromise';
import { readDate, WRITTEN_DATE, type DayRange } from './dates';
import { spanOf, type Evidence } from './evidence';
import { linesOf } from './structured-lines';
import type { SourceSpan } from '../../../../../contract/pack';
import type { Document, Page } from './user-document';

const TITLE = /\breference\b|\brecommendation\b/i;
const SALUTATION = /^\s*(?:Dear\b|To whom it may concern)/im;
const CLOSING =
  /^\s*(?:Sincerely|Yours (?:sincerely|faithfully|truly)|Respectfully|(?:With )?(?:best|kind|warm) regards|Regards)\b[^\n]*$/i;
const DATE_LINE = new RegExp(`^\\s*(?:Date\\s*:\\s*)?(${WRITTEN_DATE})\\s*$`);

const REFUSES = /\b(?:not|never|cannot|can't|unable|hesitate|reluctant|decline|refuse|against|withdraw)\b/i;
const HEDGES =
  /\b(?:if|unless|provided|subject to|but|however|although|though|except|with (?:some |several )?(?:reservations?|conditions?|caution)|might|may|could|some(?:what)?)\b/i;
const STRENGTHENS =
  /\b(?:without (?:any )?(?:reservation|hesitation)s?|do not hesitate to recommend|don't hesitate to recommend|have no (?:reservation|hesitation)s?(?: in)?)\b/gi;

type Recommendation = 'yes' | 'no' | 'unclear';

interface Said {
  readonly recommends: Recommendation;
  readonly source: SourceSpan;
}

function weigh(sentence: string): Recommendation {
  const rest = sentence.replace(STRENGTHENS, ' ');
  const isNegative = nlp(rest).has('#Negative') || REFUSES.test(rest);
  if (isNegative) return 'no';
  // A question, a third person's view or a condition is not this referee's recommendation.
  if (HEDGES.test(rest) || rest.includes('?') || !/\b(?:I|we)\b/i.test(rest)) return 'unclear';
  return 'yes';
}

function recommendationsOf(page: Page): Said[] {
  if (!/recommend/i.test(page.text)) return [];
  const sentences: unknown = nlp(page.text).json({ offset: true });
  if (!Array.isArray(sentences)) return [];
  return sentences.flatMap((one: unknown): Said[] => {
    const offset = offsetOf(one);
    const source = offset === null ? null : spanOf(page, offset.start, offset.start + offset.length);
    if (source?.quote === undefined || !/\brecommend/i.test(source.quote)) return [];
    const recommends = weigh(source.quote);
    // The noun alone may be a heading; it counts when it is refused.
    const isHeading = recommends !== 'no' && !/\brecommend(?:s|ed|ing)?\b/i.test(source.quote);
    return isHeading ? [] : [{ recommends, source }];
  });
}

function offsetOf(value: unknown): { start: number; length: number } | null {
  if (typeof value !== 'object' || value === null || !('offset' in value)) return null;
  const { offset } = value;
  if (typeof offset !== 'object' || offset === null || !('start' in offset) || !('length' in offset))
    return null;
  const { start, length } = offset;
  return typeof start === 'number' && typeof length === 'number' ? { start, length } : null;
}

/** The line after the closing words; empty when the letter is not signed. */
function signatureOf(document: Document): string {
  for (const page of document.pages) {
    const lines = linesOf(page).map((line) => line.text.trim());
    const closing = lines.findIndex((line) => CLOSING.test(line));
    if (closing < 0) continue;
    return lines.slice(closing + 1).find((line) => line !== '') ?? '';
  }
  return '';
}

function dateOf(document: Document): DayRange | null {
  for (const page of document.pages) {
    for (const line of linesOf(page)) {
      const date = readDate(DATE_LINE.exec(line.text)?.[1] ?? '');
      if (date !== null) return date;
    }
  }
  return null;
}

/**
 * The reference that a letter gives, or none when the document is not a letter of reference about this person, is not
 * signed, or says nothing of a recommendation. All that it says about recommending must agree; else it is unclear.
 */
export function evidenceOfLetter(document: Document, subjectName: string): Evidence[] {
  const text = document.pages.map((page) => page.text).join('\n');
  if (!TITLE.test(document.title) && !TITLE.test(text)) return [];
  if (!SALUTATION.test(text) || subjectName === '' || !text.includes(subjectName)) return [];
  const referee = signatureOf(document);
  const said = document.pages.flatMap(recommendationsOf);
  const first = said[0];
  if (referee === '' || first === undefined) return [];
  const chosen =
    said.find((one) => one.recommends === 'no') ?? said.find((one) => one.recommends === 'unclear') ?? first;
  const statement = {
    kind: 'reference',
    referee,
    received: dateOf(document),
    recommends: chosen.recommends,
  } as const;
  return [{ basis: 'text', statement, source: chosen.source, trustRecordId: null }];
}
