/** What each tenant knows, kept between its runs, so that a run pays for what is new and for its own text alone. */
import type { AllowList } from '../../contract/pack';
import { allowListFilter } from './allow-list';
import { compactValue } from './compact-text';
import { KnownIndex } from './known-index';
import { isName, type KnownValue } from './known-value';
import type { ScrubToken } from './token';
import { EVERYDAY_WORDS, ORDINARY_WORDS } from './vocabulary';

/** What `core.known_since` answers with: values, and the mark to ask with next time. */
export interface KnownSince {
  readonly mark: string;
  readonly values: readonly KnownValue[];
}

/** Tenants that are kept; the one that was asked for longest ago leaves. */
const TENANTS_MAX = 100;

export class KnownTenants {
  readonly #kept = new Map<string, KnownTenant>();

  of(tenantId: string): KnownTenant {
    const tenant = this.#kept.get(tenantId) ?? new KnownTenant();
    this.#kept.delete(tenantId);
    this.#kept.set(tenantId, tenant);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > TENANTS_MAX && oldest !== undefined) this.#kept.delete(oldest);
    return tenant;
  }
}

export class KnownTenant {
  readonly #index = new KnownIndex();
  #mark: bigint | undefined;

  /** Until when this has read what the tenant knows; null when it has not. */
  get mark(): string | null {
    return this.#mark?.toString() ?? null;
  }

  /** Adds what was read with a mark of before, in whatever order the answers come, and gives all of it. */
  learn({ mark, values }: KnownSince): KnownIndex {
    this.#index.add(values.filter(isTelling));
    const next = BigInt(mark);
    if (this.#mark === undefined || next > this.#mark) this.#mark = next;
    return this.#index;
  }
}

/** An id that is an ordinary word would take that word out of every text. */
function isTelling({ kind, value }: KnownValue): boolean {
  return isName(kind) || !ORDINARY_WORDS.has(value.trim().toLowerCase());
}

const LONGEST_NAME = 120;
const NAME_WORDS_MIN = 2;
const DIGITS_MIN = 4;

/**
 * What this input tells of people: values of fields that its purpose declares to be a name or a number of somebody. From
 * then on they are known to the tenant. Anybody may write an input, so a name is two words that are not both ordinary.
 */
export function toldValues(tokens: readonly ScrubToken[], allowList: AllowList): readonly KnownValue[] {
  return tokens
    .filter(({ field }) => allowList[field.replaceAll(/\[\d+\]/gu, '[]')]?.rule === 'tokenise')
    .filter(({ kind, value }) => {
      if (value.length > LONGEST_NAME || /[{}[\]"]/u.test(value)) return false;
      if (!isName(kind)) return (value.match(/\p{N}/gu)?.length ?? 0) >= DIGITS_MIN;
      const words = value.toLowerCase().match(/\p{L}+/gu) ?? [];
      return words.length >= NAME_WORDS_MIN && words.some((word) => !EVERYDAY_WORDS.has(word));
    })
    .map(({ kind, value }) => ({ kind, value }));
}

/**
 * Compact forms of what this input's own passing fields say: an id that leaves with its field is no secret in the text
 * beside it, and an institution that somebody else was once named like stays an institution.
 */
export function passingValues(
  input: Readonly<Record<string, unknown>>,
  allowList: AllowList,
  known: KnownIndex,
): ReadonlySet<string> {
  const passing = new Set<string>();
  allowListFilter(allowList)(input, (value, { rule }) => {
    if (rule !== 'pass' || typeof value !== 'string') return undefined;
    passing.add(compactValue(value));
    for (const { start, end } of known.spans(value, { withNameParts: false }))
      passing.add(compactValue(value.slice(start, end)));
    return undefined;
  });
  return passing;
}
