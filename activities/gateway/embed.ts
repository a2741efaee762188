import { performance } from 'node:perf_hooks';
import { EMBEDDING_MODEL, ProviderError, type EmbeddingAnswer } from '../../contract/model';
import { CodedFailure } from '../coded-failure';
import type { ActivityDependencies } from '../dependencies';
import type { RunReference } from '../run-reference';
import { beginCall, finishAnswered, finishFailed, providerOf } from './calls';
import { EMBEDDING_DIMENSIONS } from './providers/local/embedding';
import { storable } from './storable';

const EMBEDDING_MS_MAX = 3_000;

/**
 * The one door to a model for embeddings: the same claim, price and budget as a completion, a row of its own. A text that
 * the run has embedded before is not embedded again: the stored vector is given back.
 *
 * @param callKey 32 bytes; random tokens make each run's text its own, so the run is part of what it is made of
 * @returns 1024 numbers
 * @throws CodedFailure by the catalogue
 */
export function createEmbedder({ database, providers }: ActivityDependencies) {
  return async (reference: RunReference, text: string, callKey: Buffer): Promise<readonly number[]> => {
    const { tenantId } = reference;
    const begun = await beginCall(database, reference, {
      kind: 'embedding',
      callKey,
      text,
      ref: EMBEDDING_MODEL,
    });
    switch (begun.state) {
      case 'answered':
        return JSON.parse(begun.output ?? '[]') as number[];
      case 'refused':
      case 'failed':
        throw new CodedFailure(begun.code, false);
      case 'closed':
        throw new CodedFailure('run_withdrawn', false);
      case 'in_flight':
        throw new CodedFailure('call_in_flight', true);
      case 'call':
        break;
    }

    const signal = AbortSignal.timeout(EMBEDDING_MS_MAX);
    const started = performance.now();
    let vector: readonly number[];
    let answer;
    try {
      const provider = providerOf(providers, begun.vendor);
      if (!provider.embed) throw new ProviderError('model_unavailable', 'fail', false);
      const given = await provider.embed({ ref: EMBEDDING_MODEL, text, signal });
      vector = vectorOf(given);
      answer = storable({ ...given, output: vector }, performance.now() - started);
    } catch (error) {
      // The deadline is ours and not the run's: what it cuts off is attempted again.
      const never = new AbortController().signal;
      throw new CodedFailure(await finishFailed(database, tenantId, begun, error, never), false);
    }
    await finishAnswered(database, tenantId, begun, answer);
    return vector;
  };
}

function vectorOf({ embedding }: EmbeddingAnswer): readonly number[] {
  if (embedding.length !== EMBEDDING_DIMENSIONS || !embedding.every(Number.isFinite))
    throw new ProviderError('model_malformed', 'retry_once', true);
  return embedding;
}
