import type { ProposalOutcome, RunOutcome } from '../states';

/** What a run owes in credits when it ends (design: two units). Amounts are whole credits. */
export interface Settlement {
  /** Positive: comes back. Negative: taken in addition. */
  readonly legCredits: bigint;
  readonly deductedCredits: bigint;
  readonly shortfallCredits: bigint;
}

/**
 * Settles a reservation: what was not used comes back, an exact fit is a leg of zero, more is deducted as far as the
 * balance goes and the rest is a shortfall. The database does the same in `core.settle`.
 * @throws RangeError when an amount is negative
 */
export function settlement(
  reservedCredits: bigint,
  actualCredits: bigint,
  balanceCredits: bigint,
): Settlement {
  if (reservedCredits < 0n || actualCredits < 0n || balanceCredits < 0n)
    throw new RangeError('negative amount');
  const beyond = actualCredits > reservedCredits ? actualCredits - reservedCredits : 0n;
  const deducted = beyond < balanceCredits ? beyond : balanceCredits;
  const unused = reservedCredits > actualCredits ? reservedCredits - actualCredits : 0n;
  return { legCredits: unused - deducted, deductedCredits: deducted, shortfallCredits: beyond - deducted };
}

/** The outcome of a run whose proposals have all ended: theirs when they agree, else `mixed`; `nothing` without any. */
export function runOutcome(outcomes: readonly ProposalOutcome[]): RunOutcome {
  const [first, ...rest] = outcomes;
  if (first === undefined) return 'nothing';
  return rest.every((outcome) => outcome === first) ? first : 'mixed';
}
