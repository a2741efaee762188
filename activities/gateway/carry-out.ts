import { performance } from 'node:perf_hooks';
import type { ErrorCode } from '../../contract/errors';
import type { CompletionRequest } from '../../contract/model';
import type { Prompt } from '../../contract/pack';
import type { ActivityDependencies } from '../dependencies';
import { finishAnswered, finishFailed, finishUnsent, providerOf, type ClaimedCall } from './calls';
import { answerJsonSchema } from './providers/json-schema';
import { storable } from './storable';

/** Undefined when the call has been answered; else the code with which it has failed for good. */
export type CarriedOut = ErrorCode | undefined;

/**
 * Sends a claimed completion to its model and ends the attempt by what comes back.
 *
 * @param signal aborts the call; what was begun may then be billed
 * @throws CodedFailure retryable when another attempt makes sense
 */
export function createCarrier({
  database,
  registry,
  providers,
}: Pick<ActivityDependencies, 'database' | 'registry' | 'providers'>) {
  return async (tenantId: string, call: ClaimedCall, signal: AbortSignal): Promise<CarriedOut> => {
    const request = requestOf(call, signal) ?? (await finishUnsent(database, tenantId, call));
    const started = performance.now();
    let answer;
    try {
      const given = await providerOf(providers, call.vendor).complete(request);
      answer = storable(given, performance.now() - started);
    } catch (error) {
      return await finishFailed(database, tenantId, call, error, signal);
    }
    await finishAnswered(database, tenantId, call, answer);
    return undefined;
  };

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
