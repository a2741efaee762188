import { performance } from 'node:perf_hooks';
import { isErrorCode } from '../../contract/errors';
import { ProviderError, type CompletionAnswer, type Provider } from '../../contract/model';
import type { Prompt } from '../../contract/pack';
import { inTenant } from '../../db/transaction';
import { CodedFailure } from '../coded-failure';
import type { ActivityDependencies } from '../dependencies';
import type { RunReference } from '../run-reference';
import { answerJsonSchema } from './providers/json-schema';

export interface CallAnswer {
  readonly outcome: 'answered' | 'refused' | 'failed' | 'closed';
  readonly code: string | null;
}

/** What `app.begin_call` answers. */
type Begun =
  | { readonly state: 'answered' | 'in_flight' | 'closed' }
  | { readonly state: 'refused' | 'failed'; readonly code: string }
  | (ClaimedCall & { readonly state: 'call' });

export interface ClaimedCall {
  readonly ai_run_id: string;
  readonly attempt: number;
  readonly prompt: string;
  readonly purpose: string;
  readonly purpose_version: number;
  readonly vendor: string;
  readonly model: string;
  readonly region: string;
  readonly max_output_tokens: string;
}

/**
 * The one door to a model for completions: claim (policy, matrix, price, budget, one row, one attempt), call, finish.
 * @param signal aborts the call, e.g. when the run is withdrawn; what was begun may then be billed
 * @throws CodedFailure retryable when the same call may succeed later
 */
export function createCompleter({ database, registry, providers }: ActivityDependencies) {
  return async (
    { tenantId, runId }: RunReference,
    kind: 'primary' | 'advisor',
    signal: AbortSignal,
  ): Promise<CallAnswer> => {
    const begun = await inTenant(database, tenantId, (transaction) =>
      transaction.value<Begun>('select app.begin_call($1, $2)', [runId, kind]),
    );
    if (begun.state === 'in_flight') throw new CodedFailure('call_in_flight', true);
    if (begun.state === 'refused' || begun.state === 'failed')
      return { outcome: begun.state, code: begun.code };
    if (begun.state !== 'call') return { outcome: begun.state, code: null };

    const started = performance.now();
    try {
      const answer = await request(begun, signal);
      await finish(tenantId, begun, answered(answer, performance.now() - started));
      return { outcome: 'answered', code: null };
    } catch (error) {
      if (error instanceof CodedFailure) throw error;
      return await giveBack(tenantId, begun, error, signal);
    }
  };

  async function request(call: ClaimedCall, signal: AbortSignal): Promise<CompletionAnswer> {
    const prompt = JSON.parse(call.prompt) as Prompt;
    return await providerOf(providers, call.vendor).complete({
      ref: { vendor: call.vendor, model: call.model, region: call.region },
      purpose: call.purpose,
      prompt,
      outputSchema: answerJsonSchema(registry.purpose(call.purpose, call.purpose_version).output),
      maxOutputTokens: Number(call.max_output_tokens),
      signal,
    });
  }

  async function finish(tenantId: string, call: ClaimedCall, result: object): Promise<void> {
    const finished = await inTenant(database, tenantId, (transaction) =>
      transaction.value<{ state: string }>('select app.finish_call($1, $2, $3)', [
        call.ai_run_id,
        call.attempt,
        JSON.stringify(result),
      ]),
    );
    // A newer attempt, or the end of the run, has taken over: the next look at the call tells which.
    if (finished.state === 'fenced') throw new CodedFailure('call_fenced', true);
  }

  /** Ends the attempt by its kind of error, and says whether another one makes sense. */
  async function giveBack(
    tenantId: string,
    call: ClaimedCall,
    error: unknown,
    signal: AbortSignal,
  ): Promise<CallAnswer> {
    const failure = asProviderError(error, signal);
    const final =
      signal.aborted || failure.kind === 'fail' || (failure.kind === 'retry_once' && call.attempt >= 2);
    await finish(tenantId, call, {
      status: 'failed',
      code: failure.code,
      may_be_billed: failure.mayBeBilled,
      final,
    });
    if (final) return { outcome: 'failed', code: failure.code };
    throw new CodedFailure(failure.code, true, failure.retryAfterMs);
  }
}

export function providerOf(providers: ReadonlyMap<string, Provider>, vendor: string): Provider {
  const provider = providers.get(vendor);
  if (!provider) throw new ProviderError('model_unavailable', 'fail', false);
  return provider;
}

function answered(answer: CompletionAnswer, latencyMs: number): object {
  return {
    status: 'answered',
    output: JSON.stringify(answer.output),
    input_tokens: String(answer.usage.inputTokens),
    output_tokens: String(answer.usage.outputTokens),
    cache_read_tokens: String(answer.usage.cacheReadTokens),
    cache_write_tokens: String(answer.usage.cacheWriteTokens),
    latency_ms: String(Math.round(latencyMs)),
    provider_request_id: answer.providerRequestId,
  };
}

/** What a provider did not classify itself may have been billed, and is tried once more. */
function asProviderError(error: unknown, signal: AbortSignal): ProviderError {
  if (error instanceof ProviderError) return error;
  if (signal.aborted) return new ProviderError('model_timeout', 'fail', true);
  const code =
    error instanceof Error && 'code' in error && isErrorCode(String(error.code)) ? String(error.code) : '';
  return new ProviderError(code === 'model_timeout' ? code : 'model_unavailable', 'retry_once', true);
}
