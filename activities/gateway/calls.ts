import { setTimeout as sleep } from 'node:timers/promises';
import { CancelledFailure } from '@temporalio/common';
import { ERRORS, type ErrorCode } from '../../contract/errors';
import { ATTEMPTS_MAX, ProviderError, type Provider, type Usage } from '../../contract/model';
import type { ModelRef } from '../../contract/pack';
import type { Database } from '../../db/pool';
import { callInTenant } from '../../db/transaction';
import { classify, CodedFailure } from '../coded-failure';
import type { RunReference } from '../run-reference';
import { isReachable, noteVendor, spreadMs } from './vendor-health';

/** A claimed call with one attempt that holds its worst case: what `app.begin_call` hands out. */
export interface ClaimedCall {
  readonly ai_run_id: string;
  readonly attempt: number;
  /** Attempts before this one that a vendor may have billed. */
  readonly billed_before: number;
  /** The model failed lately: that it answers is news to the other workers. */
  readonly troubled: boolean;
  readonly prompt: string;
  readonly purpose: string;
  readonly purpose_version: number;
  readonly vendor: string;
  readonly model: string;
  readonly region: string;
  readonly max_output_tokens: string;
}

/** What `app.begin_call` answers. Only an embedding is answered with its output. */
export type Begun =
  | { readonly state: 'in_flight' }
  | { readonly state: 'closed' }
  | { readonly state: 'answered'; readonly output: string | null }
  | { readonly state: 'refused' | 'failed'; readonly code: ErrorCode }
  | (ClaimedCall & { readonly state: 'call' });

interface Waiting {
  readonly state: 'waiting';
  readonly retry_after_ms: number;
}

/** Prompt and key of completions are stored by scrub; an embedding brings its own. */
export type CallRequest =
  | { readonly kind: 'primary' | 'advisor' }
  | { readonly kind: 'embedding'; readonly callKey: Buffer; readonly text: string; readonly ref: ModelRef };

/** An answer that may be stored. */
export interface StorableAnswer {
  readonly output: string;
  readonly usage: Usage;
  readonly latencyMs: number;
  readonly providerRequestId: string | null;
}

/** An answer was paid for: it is worth more tries than the first when the database is away for a moment. */
const FINISH_AGAIN_AFTER_MS = [200, 800];
/** A vendor that asks for a longer pause gets this one: a run doesn't wait for days on a header. */
const RETRY_AFTER_MS_MAX = 300_000;
/** Cancelled for these, the activity is no longer wanted by anybody; for all others the same call is attempted again. */
const UNWANTED: ReadonlySet<string> = new Set(['CANCELLED', 'NOT_FOUND']);

/**
 * Claims the call of a run: policy, matrix, price and budget are checked and the worst case is held, right now.
 * @throws CodedFailure `model_unavailable`, retryable, while the model's breaker is open: nothing is held or sent
 */
export async function beginCall(
  database: Database,
  { tenantId, runId }: RunReference,
  request: CallRequest,
): Promise<Begun> {
  const given =
    request.kind === 'embedding'
      ? [request.callKey, request.text, request.ref.vendor, request.ref.model, request.ref.region]
      : [null, null, null, null, null];
  const begun = await callInTenant<Begun | Waiting>(
    database,
    tenantId,
    'select app.begin_call($1, $2, $3, $4, $5, $6, $7)',
    [runId, request.kind, ...given],
  );
  if (begun.state === 'waiting')
    throw new CodedFailure('model_unavailable', true, spreadMs(begun.retry_after_ms));
  return begun;
}

/** @throws CodedFailure `call_fenced` when a newer attempt, or the end of the run, has taken over */
export async function finishAnswered(
  database: Database,
  tenantId: string,
  call: ClaimedCall,
  answer: StorableAnswer,
): Promise<void> {
  await finish(database, tenantId, call, answeredResult(answer));
  if (call.troubled) await noteVendor(database, call, true);
}

/** An answer as `app.finish_call` takes it. */
export function answeredResult({ output, usage, latencyMs, providerRequestId }: StorableAnswer) {
  return {
    status: 'answered',
    output,
    input_tokens: String(usage.inputTokens),
    output_tokens: String(usage.outputTokens),
    cache_read_tokens: String(usage.cacheReadTokens),
    cache_write_tokens: String(usage.cacheWriteTokens),
    latency_ms: String(Math.round(latencyMs)),
    provider_request_id: providerRequestId,
  };
}

/**
 * Ends the attempt by its kind of error.
 * @returns the code, when the call has failed for good
 * @throws CodedFailure retryable, when another attempt makes sense
 */
export async function finishFailed(
  database: Database,
  tenantId: string,
  call: ClaimedCall,
  error: unknown,
  signal: AbortSignal,
): Promise<ErrorCode> {
  const failure = asProviderError(error, signal);
  const isUnwanted = signal.aborted && !isAttemptedAgain(signal.reason);
  const isLast =
    failure.kind === 'fail' ||
    (failure.kind === 'retry_once' && call.billed_before + 1 >= ATTEMPTS_MAX.retry_once) ||
    call.attempt >= ATTEMPTS_MAX.retry;
  const final = isUnwanted || (isLast && !signal.aborted);
  await finish(database, tenantId, call, {
    status: 'failed',
    code: failure.code,
    may_be_billed: failure.mayBeBilled,
    final,
  });
  // A call that was withdrawn says nothing of the model.
  const reachable = signal.aborted ? undefined : isReachable(failure);
  if (reachable === false || (reachable && call.troubled)) await noteVendor(database, call, reachable);
  if (final) return failure.code;
  const pauseMs = failure.retryAfterMs === null ? null : Math.min(failure.retryAfterMs, RETRY_AFTER_MS_MAX);
  throw new CodedFailure(failure.code, true, pauseMs);
}

/** Ends an attempt of which nothing was sent, because this worker can't build the request; another one may. */
export async function finishUnsent(database: Database, tenantId: string, call: ClaimedCall): Promise<never> {
  await finish(database, tenantId, call, {
    status: 'failed',
    code: 'step_failed',
    may_be_billed: false,
    final: false,
  });
  throw new CodedFailure('step_failed', ERRORS.step_failed.retryable);
}

export function providerOf(providers: ReadonlyMap<string, Provider>, vendor: string): Provider {
  const provider = providers.get(vendor);
  if (!provider) throw new ProviderError('model_unavailable', 'fail', false);
  return provider;
}

async function finish(
  database: Database,
  tenantId: string,
  call: ClaimedCall,
  result: object,
): Promise<void> {
  const finished = await persistently(() =>
    callInTenant<{ state: string }>(database, tenantId, 'select app.finish_call($1, $2, $3)', [
      call.ai_run_id,
      call.attempt,
      JSON.stringify(result),
    ]),
  );
  // The next look at the call tells who has taken over.
  if (finished.state === 'fenced') throw new CodedFailure('call_fenced', true);
}

/** Tries again where the database was away. Doing it twice changes nothing: the second is fenced. */
async function persistently<Result>(work: () => Promise<Result>): Promise<Result> {
  for (const pauseMs of FINISH_AGAIN_AFTER_MS) {
    try {
      return await work();
    } catch (error) {
      if (classify(error).code !== 'database_unavailable') throw error;
      await sleep(pauseMs);
    }
  }
  return await work();
}

/** A worker that drains, or lost touch with the server, leaves the call to its next attempt. */
function isAttemptedAgain(reason: unknown): boolean {
  return reason instanceof CancelledFailure && !UNWANTED.has(reason.message);
}

/** What a provider did not classify itself may have been billed, and is tried once more. */
function asProviderError(error: unknown, signal: AbortSignal): ProviderError {
  if (error instanceof ProviderError) return error;
  if (signal.aborted) return new ProviderError('model_timeout', 'retry_once', true);
  return new ProviderError('model_unavailable', 'retry_once', true);
}
