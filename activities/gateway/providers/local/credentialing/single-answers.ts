/** Criteria that one statement can answer: licence, board certification, sanctions. */
import type { Basis, Evidence, Expiry } from './evidence';
import { sameName } from './evidence';
import { findByBasis, finding, ofBasis, type Finding, type Findings } from './finding';

type Says = 'met' | 'not_met' | 'open';

const LICENCE_ENDED: ReadonlySet<string> = new Set(['inactive', 'suspended', 'revoked', 'surrendered']);
const CERTIFICATION_ENDED: ReadonlySet<string> = new Set(['not_certified', 'not certified', 'revoked']);
const LAPSED: ReadonlySet<string> = new Set(['expired', 'lapsed']);

/** Whether something that is in force by its status still is by its date. */
function inForce(expires: Expiry, asOf: string, basis: Basis): Says {
  if (expires === 'never') return 'met';
  // A source that was asked directly and names no end vouches for today; a copy of a paper does not.
  if (expires === 'unstated') return basis === 'text' ? 'open' : 'met';
  if (expires === 'unreadable') return 'open';
  if (expires.earliest >= asOf) return 'met';
  return lapsed(basis, expires.latest < asOf);
}

/** A paper that has run out may have been renewed since, so only a verified fact says that something has lapsed. */
function lapsed(basis: Basis, isCertain: boolean): Says {
  return basis === 'verified' && isCertain ? 'not_met' : 'open';
}

function licenceSays(one: Evidence, asOf: string): Says {
  if (one.statement.kind !== 'licence') return 'open';
  const status = one.statement.status.trim().toLowerCase();
  if (LICENCE_ENDED.has(status)) return 'not_met';
  if (LAPSED.has(status)) return lapsed(one.basis, true);
  return status === 'active' ? inForce(one.statement.expires, asOf, one.basis) : 'open';
}

function certificationSays(one: Evidence, asOf: string): Says {
  if (one.statement.kind !== 'board_certification') return 'open';
  const status = one.statement.status.trim().toLowerCase();
  if (CERTIFICATION_ENDED.has(status)) return 'not_met';
  if (LAPSED.has(status)) return lapsed(one.basis, true);
  return status === 'certified' ? inForce(one.statement.expires, asOf, one.basis) : 'open';
}

interface Words {
  readonly met: string;
  readonly notMet: string;
  readonly open: Readonly<Record<Basis, string>>;
}

function answer(
  evidence: readonly Evidence[],
  says: (one: Evidence) => Says,
  words: Words,
  basis: Basis,
): Finding {
  const met = evidence.filter((one) => says(one) === 'met');
  const notMet = evidence.filter((one) => says(one) === 'not_met');
  if (met.length > 0 && notMet.length > 0) return finding('conflict', 'They disagree.', [...met, ...notMet]);
  if (met.length > 0) return finding('met', words.met, met);
  if (notMet.length > 0) return finding('not_met', words.notMet, notMet);
  return finding('open', words.open[basis], evidence);
}

const OPEN_WORDS: Readonly<Record<Basis, string>> = {
  verified: 'A verified fact leaves it open.',
  lapsed: 'A verification has run out.',
  unverified: 'A fact about it is not verified.',
  text: 'A document speaks of it but does not settle it.',
};

/** Whether the licence of a state is active on the packet's date. */
export function licenceFindings(evidence: readonly Evidence[], state: string, asOf: string): Findings {
  const relevant = evidence.filter(
    (one) => one.statement.kind === 'licence' && sameName(one.statement.state, state),
  );
  const words = {
    met: `the licence of ${state} is active.`,
    notMet: `the licence of ${state} is not active.`,
    open: OPEN_WORDS,
  };
  return findByBasis(relevant, (some, basis) => answer(some, (one) => licenceSays(one, asOf), words, basis));
}

/** Whether a board's certification is in force on the packet's date. */
export function certificationFindings(evidence: readonly Evidence[], board: string, asOf: string): Findings {
  const relevant = evidence.filter(
    (one) => one.statement.kind === 'board_certification' && sameName(one.statement.board, board),
  );
  const words = {
    met: 'the certification is in force.',
    notMet: 'the certification is not in force.',
    open: OPEN_WORDS,
  };
  return findByBasis(relevant, (some, basis) =>
    answer(some, (one) => certificationSays(one, asOf), words, basis),
  );
}

/** A clear search on paper says something as long as it is recent enough; an open sanction on paper always does. */
function sanctionSays(one: Evidence, searchedFrom: string | null): Says {
  if (one.statement.kind !== 'sanction_search') return 'open';
  const { result, searched } = one.statement;
  if (result === 'open') return 'not_met';
  if (one.basis !== 'text') return 'met';
  return searchedFrom !== null && searched !== null && searched.earliest >= searchedFrom ? 'met' : 'open';
}

function isOnListOf(one: Evidence, others: readonly Evidence[]): boolean {
  return others.some(
    (other) =>
      one.statement.kind === 'sanction_search' &&
      other.statement.kind === 'sanction_search' &&
      sameName(one.statement.list, other.statement.list),
  );
}

/**
 * Whether any list has an open sanction. A clear search of one list says nothing against an open sanction on another,
 * so beside an open one only searches of the same list are heard.
 * @param searchedFrom first day of which a search on paper counts; null when only verified facts can show a clear list
 */
export function sanctionFindings(evidence: readonly Evidence[], searchedFrom: string | null): Findings {
  const searches = evidence.filter((one) => one.statement.kind === 'sanction_search');
  const says = (one: Evidence) => sanctionSays(one, searchedFrom);
  const opened = (some: readonly Evidence[]) => some.filter((one) => says(one) === 'not_met');
  const verifiedOpen = opened(ofBasis(searches, 'verified'));
  const heard = verifiedOpen.length > 0 ? searches.filter((one) => isOnListOf(one, verifiedOpen)) : searches;
  const words = { met: 'no open sanction was found.', notMet: 'a sanction is open.', open: OPEN_WORDS };
  return findByBasis(heard, (some, basis) => {
    const open = opened(some);
    const related = open.length > 0 ? some.filter((one) => isOnListOf(one, open)) : some;
    return answer(related, says, words, basis);
  });
}
