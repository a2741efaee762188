import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ErrorCode } from '../../contract/errors';
import { CodedFailure } from '../coded-failure';
import type { ActivityDependencies } from '../dependencies';
import type { RunReference } from '../run-reference';
import { beginCall, type Begun } from './calls';
import { createCarrier } from './carry-out';
import { codeOfGivenUp, type Patience } from './patience';

export interface CallAnswer {
  readonly outcome: 'answered' | 'refused' | 'failed' | 'closed';
  readonly code: ErrorCode | null;
}

export interface CompleterOptions {
  /** How long to wait for another run that is making the same call, before the caller is told to come back. */
  readonly inFlightMsMax?: number;
}

const WITHOUT_END: Patience = () => Number.POSITIVE_INFINITY;
const IN_FLIGHT_MS_MAX = 60_000;
const LOOK_AGAIN_MS = 500;

/**
 * The one door to a model for completions: claim (policy, matrix, price, budget, one row, one attempt), call, finish.
 * A call that another run is making is waited for, and its answer shared.
 *
 * @param signal aborts the call, e.g. when the run is withdrawn; what was begun may then be billed
 * @throws CodedFailure retryable when the same call may succeed later
 */
export function createCompleter(
  dependencies: Pick<ActivityDependencies, 'database' | 'registry' | 'providers'>,
  { inFlightMsMax = IN_FLIGHT_MS_MAX }: CompleterOptions = {},
) {
  const { database } = dependencies;
  const carryOut = createCarrier(dependencies);
  return async (
    reference: RunReference,
    kind: 'primary' | 'advisor',
    signal: AbortSignal,
    patience: Patience = WITHOUT_END,
  ): Promise<CallAnswer> => {
    let begun;
    try {
      begun = await beginOrWait(reference, kind, signal);
    } catch (error) {
      return { outcome: 'failed', code: codeOfGivenUp(error, patience) };
    }
    if (begun.state === 'refused' || begun.state === 'failed')
      return { outcome: begun.state, code: begun.code };
    if (begun.state !== 'call') return { outcome: begun.state, code: null };
    const code = await carryOut(reference.tenantId, begun, signal);
    return code === undefined ? { outcome: 'answered', code: null } : { outcome: 'failed', code };
  };

  async function beginOrWait(
    reference: RunReference,
    kind: 'primary' | 'advisor',
    signal: AbortSignal,
  ): Promise<Exclude<Begun, { state: 'in_flight' }>> {
    const until = performance.now() + inFlightMsMax;
    for (;;) {
      const begun = await beginCall(database, reference, { kind });
      if (begun.state !== 'in_flight') return begun;
      if (signal.aborted || performance.now() + LOOK_AGAIN_MS > until)
        throw new CodedFailure('call_in_flight', true);
      await sleep(LOOK_AGAIN_MS);
    }
  }
}
