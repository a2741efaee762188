import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ErrorCode } from '../../contract/errors';
import type { CompletionRequest } from '../../contract/model';
import type { Prompt } from '../../contract/pack';
import { classify, CodedFailure } from '../coded-failure';
import type { ActivityDependencies } from '../dependencies';
import type { RunReference } from '../run-reference';
import {
  beginCall,
  finishAnswered,
  finishFailed,
  finishUnsent,
  providerOf,
  type Begun,
  type ClaimedCall,
} from './calls';
import { answerJsonSchema } from './providers/json-schema';
import { storable } from './storable';

export interface CallAnswer {
  readonly outcome: 'answered' | 'refused' | 'failed' | 'closed';
  readonly code: ErrorCode | null;
}

export interface CompleterOptions {
  /** How long to wait for another run that is making the same call, before the caller is told to come back. */
  readonly inFlightMsMax?: number;
}

/**
 * Asked when the call can't begin now, because its model is known to be down, another run is making the same call or the
 * claim breaks. None of that leaves a row that could be counted, so whoever comes back bounds it by time.
 * @returns for how many milliseconds more it makes sense to come back; none when the call is to be given up
 */
export type Patience = () => number;

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
  { database, registry, providers }: Pick<ActivityDependencies, 'database' | 'registry' | 'providers'>,
  { inFlightMsMax = IN_FLIGHT_MS_MAX }: CompleterOptions = {},
) {
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
    const { tenantId } = reference;
    const request = requestOf(begun, signal) ?? (await finishUnsent(database, tenantId, begun));

    const started = performance.now();
    let answer;
    try {
      const given = await providerOf(providers, begun.vendor).complete(request);
      answer = storable(given, performance.now() - started);
    } catch (error) {
      return { outcome: 'failed', code: await finishFailed(database, tenantId, begun, error, signal) };
    }
    await finishAnswered(database, tenantId, begun, answer);
    return { outcome: 'answered', code: null };
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

  /** Undefined when this worker does not know the purpose as the run began with it. */
  function requestOf(call: ClaimedCall, signal: AbortSignal): CompletionRequest | undefined {
    try {
      return {
        ref: { vendor: call.vendor, model: call.model, region: call.region },
        purpose: call.purpose,
        prompt: JSON.parse(call.prompt) as Prompt,
        outputSchema: answerJsonSchema(registry.purpose(call.purpose, call.purpose_version).output),
        maxOutputTokens: Number(call.max_output_tokens),
        signal,
      };
    } catch {
      return undefined;
    }
  }
}

/** @throws CodedFailure when there is patience left, or the fault is the database's, which says nothing of the call */
function codeOfGivenUp(error: unknown, patience: Patience): ErrorCode {
  const { code, retryable, retryAfterMs } = classify(error);
  if (!retryable || code === 'database_unavailable') throw error;
  const leftMs = patience();
  if (leftMs <= 0) return code;
  throw new CodedFailure(code, true, retryAfterMs === null ? null : Math.min(retryAfterMs, leftMs));
}
