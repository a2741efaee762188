/** What a source says that may settle a criterion, and where it says so. Facts and passages end up in one form. */
import type { SourceSpan } from '../../../../../contract/pack';
import { readDate, type DayRange } from './dates';
import type { Fact, Page } from './user-document';

/** When something expires: a day (or two, if it is written unclearly), never, not said, or said in an unreadable way. */
export type Expiry = DayRange | 'never' | 'unstated' | 'unreadable';

export type Statement =
  | { readonly kind: 'licence'; readonly state: string; readonly status: string; readonly expires: Expiry }
  | {
      readonly kind: 'board_certification';
      readonly board: string;
      readonly status: string;
      readonly expires: Expiry;
    }
  | {
      /** The number of procedures of one code that the subject did in a period, both days included. */
      readonly kind: 'case_volume';
      readonly procedureCode: string;
      readonly count: number;
      readonly from: string;
      readonly until: string;
    }
  | {
      readonly kind: 'reference';
      readonly referee: string;
      readonly received: DayRange | null;
      readonly recommends: 'yes' | 'no' | 'unclear';
    }
  | { readonly kind: 'reference_count'; readonly count: number; readonly until: DayRange | null }
  | {
      readonly kind: 'sanction_search';
      readonly list: string;
      readonly result: 'clear' | 'open' | 'closed';
      readonly searched: DayRange | null;
    };

/**
 * How much weight a source has: a fact whose verification holds on the packet's date, a fact whose
 * verification has run out (history: it neither settles nor contradicts), a fact that never was verified, or a passage.
 */
export type Basis = 'verified' | 'lapsed' | 'unverified' | 'text';

export interface Evidence {
  readonly basis: Basis;
  readonly statement: Statement;
  readonly source: SourceSpan;
  readonly trustRecordId: string | null;
}

/** Compares names of boards, lists, states and people without regard to case, spacing and punctuation. */
export function sameName(a: string, b: string): boolean {
  const plain = (name: string) =>
    name
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_]+/gu, ' ')
      .trim();
  return plain(a) !== '' && plain(a) === plain(b);
}

/** The span of a page from `start` to `end`, without blanks at its ends. Null when nothing is left. */
export function spanOf(page: Page, start: number, end: number): SourceSpan | null {
  let [from, to] = [start, end];
  while (from < to && /\s/.test(page.text.charAt(from))) from += 1;
  while (to > from && /\s/.test(page.text.charAt(to - 1))) to -= 1;
  if (from >= to) return null;
  return { field: page.field, page: page.page, start: from, end: to, quote: page.text.slice(from, to) };
}

/** One clear day, or null. */
export function clearDay(text: string | undefined): string | null {
  const range = text === undefined ? null : readDate(text);
  return range !== null && range.earliest === range.latest ? range.earliest : null;
}

/** Reads an expiry; a token for a withheld date is unreadable. */
export function readExpiry(text: string | undefined): Expiry {
  if (text === undefined || text.trim() === '') return 'unstated';
  if (/^(?:never|does not expire|no expiry|lifetime)$/i.test(text.trim())) return 'never';
  return readDate(text) ?? 'unreadable';
}

/** Reads a search's result in words; null for any that this check does not know. */
export function readResult(text: string): 'clear' | 'open' | 'closed' | null {
  const plain = text.trim().toLowerCase();
  if (
    /^(?:clear|none|none found|none open|no open sanctions?|no match(?:es)?|no records? found)$/.test(plain)
  )
    return 'clear';
  if (/^(?:open|open sanctions?|active sanctions?|excluded)$/.test(plain)) return 'open';
  return /^(?:closed|resolved|lifted)$/.test(plain) ? 'closed' : null;
}

/** Reads whether a referee recommends; anything but a plain yes or no is unclear. */
export function readRecommends(text: string): 'yes' | 'no' | 'unclear' {
  const plain = text.trim().toLowerCase();
  return plain === 'yes' || plain === 'no' ? plain : 'unclear';
}

/** A verification holds when the tier is 4 or 5, there is a receipt, and it lasts beyond the packet's date. */
function basisOf(fact: Fact, asOf: string): Basis {
  const until = fact.verified_until === undefined ? null : readDate(fact.verified_until);
  if (fact.receipt_id === undefined || until === null) return 'unverified';
  // After its end a view shows tier 3 with the old receipt, so the tier alone does not tell.
  if (until.earliest <= asOf) return 'lapsed';
  return fact.tier >= 4 ? 'verified' : 'unverified';
}

function statementOf(fact: Fact): Statement | null {
  switch (fact.kind) {
    case 'licence':
      return { kind: fact.kind, ...fact.value, expires: readExpiry(fact.value.expires_on) };
    case 'board_certification':
      return { kind: fact.kind, ...fact.value, expires: readExpiry(fact.value.expires_on) };
    case 'case_volume': {
      const [from, until] = [clearDay(fact.value.from), clearDay(fact.value.until)];
      if (from === null || until === null || from > until) return null;
      return {
        kind: fact.kind,
        procedureCode: fact.value.procedure_code,
        count: fact.value.count,
        from,
        until,
      };
    }
    case 'reference':
      return {
        kind: fact.kind,
        referee: fact.value.referee,
        received: readDate(fact.value.received_on),
        recommends: readRecommends(fact.value.recommends),
      };
    case 'reference_count':
      return { kind: fact.kind, count: fact.value.count, until: readDate(fact.value.until) };
    case 'sanction_search': {
      const result = readResult(fact.value.result);
      return result === null
        ? null
        : {
            kind: fact.kind,
            list: fact.value.list,
            result,
            searched: readDate(fact.value.searched_on ?? ''),
          };
    }
  }
}

/** Turns the packet's facts into evidence. */
export function evidenceOfFacts(facts: readonly Fact[], asOf: string): Evidence[] {
  return facts.flatMap((fact) => {
    const statement = statementOf(fact);
    if (statement === null) return [];
    const source: SourceSpan = {
      field: `facts[${fact.index}].value`,
      ...(fact.receipt_id === undefined ? {} : { receipt_id: fact.receipt_id }),
    };
    return [{ basis: basisOf(fact, asOf), statement, source, trustRecordId: fact.trust_record_id }];
  });
}
