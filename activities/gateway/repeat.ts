import type { ErrorCode } from '../../contract/errors';
import { callInTenant } from '../../db/transaction';
import { CodedFailure } from '../coded-failure';
import type { ActivityDependencies } from '../dependencies';
import type { ClaimedCall } from './calls';
import { createCarrier } from './carry-out';
import { codeOfGivenUp, type Patience } from './patience';
import { spreadMs } from './vendor-health';

export interface ReplayReference {
  readonly tenantId: string;
  readonly replayId: string;
}

/** Both answers to one prompt, as they are stored. */
export interface TwoAnswers {
  readonly stored: string;
  readonly output: string;
  readonly purpose: string;
  readonly purpose_version: number;
}

/** What `app.begin_replay` answers. */
type Begun =
  | { readonly state: 'closed' }
  | { readonly state: 'waiting'; readonly retry_after_ms: number }
  | ({ readonly state: 'answered' } & TwoAnswers)
  | (ClaimedCall & { readonly state: 'call' });

/** There are two answers to compare; or no more is to be done; or the call can't be made, for this reason. */
export type Repeated = TwoAnswers | 'closed' | { readonly code: ErrorCode };

/**
 * The one door to a model for replays: the same claim, policy, matrix, price and budget as any other call, a row of its own.
 * A replay that has answered before is not sent again: what is stored is given back.
 *
 * @throws CodedFailure retryable when the same replay may succeed later; `content_altered` when the stored prompt or answer
 * is not what was hashed, before anything is sent
 */
export function createRepeater(
  dependencies: Pick<ActivityDependencies, 'database' | 'registry' | 'providers'>,
) {
  const { database } = dependencies;
  const carryOut = createCarrier(dependencies);

  return async (reference: ReplayReference, signal: AbortSignal, patience: Patience): Promise<Repeated> => {
    let begun;
    try {
      begun = await begin(reference);
    } catch (error) {
      return { code: codeOfGivenUp(error, patience) };
    }
    if (begun.state === 'call') {
      const code = await carryOut(reference.tenantId, begun, signal);
      if (code !== undefined) return { code };
      begun = await begin(reference);
    }
    if (begun.state === 'closed') return 'closed';
    // A newer task of the same replay has taken over.
    if (begun.state === 'call') throw new CodedFailure('call_fenced', true);
    return begun;
  };

  async function begin({
    tenantId,
    replayId,
  }: ReplayReference): Promise<Exclude<Begun, { state: 'waiting' }>> {
    const begun = await callInTenant<Begun>(database, tenantId, 'select app.begin_replay($1)', [replayId]);
    if (begun.state === 'waiting')
      throw new CodedFailure('model_unavailable', true, spreadMs(begun.retry_after_ms));
    return begun;
  }
}
