import type { ErrorCode } from '../../contract/errors';
import { classify, CodedFailure } from '../coded-failure';

/**
 * Asked when the call can't begin now, because its model is known to be down, another run is making the same call or the
 * claim breaks. None of that leaves a row that could be counted, so whoever comes back bounds it by time.
 * @returns for how many milliseconds more it makes sense to come back; none when the call is to be given up
 */
export type Patience = () => number;

/** A breaker's longest pause is five minutes: whoever waits for as long as this has seen the end of one. */
export const UNBEGUN_MS_MAX = 600_000;

/** @throws CodedFailure when there is patience left, or the fault is the database's, which says nothing of the call */
export function codeOfGivenUp(error: unknown, patience: Patience): ErrorCode {
  const { code, retryable, retryAfterMs } = classify(error);
  if (!retryable || code === 'database_unavailable') throw error;
  const leftMs = patience();
  if (leftMs <= 0) return code;
  throw new CodedFailure(code, true, retryAfterMs === null ? null : Math.min(retryAfterMs, leftMs));
}
