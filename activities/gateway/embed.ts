import { performance } from 'node:perf_hooks';
import type { ErrorCode } from '../../contract/errors';
import { EMBEDDING_MODEL, ProviderError, type EmbeddingAnswer, type Provider } from '../../contract/model';
import type { ModelRef } from '../../contract/pack';
import { callInTenant } from '../../db/transaction';
import { CodedFailure } from '../coded-failure';
import type { ActivityDependencies } from '../dependencies';
import type { RunReference } from '../run-reference';
import {
  answeredResult,
  beginCall,
  finishAnswered,
  finishFailed,
  providerOf,
  type ClaimedCall,
  type StorableAnswer,
} from './calls';
import { EMBEDDING_DIMENSIONS } from './providers/local/embedding';
import { storable } from './storable';
import { noteVendor, spreadMs } from './vendor-health';

const EMBEDDING_MS_MAX = 3_000;
/** The deadline of a call is ours and not its run's: what it cuts off is attempted again. */
const NEVER = new AbortController().signal;

/**
 * The one door to a model for embeddings: the same claim, price and budget as a completion, a row of its own. A text that
 * the run has embedded before is not embedded again: the stored vector is given back.
 *
 * @param callKey 32 bytes; random tokens make each run's text its own, so the run is part of what it is made of
 * @returns 1024 numbers
 * @throws CodedFailure by the catalogue
 */
export function createEmbedder({ database, providers, embedding = EMBEDDING_MODEL }: ActivityDependencies) {
  return async (reference: RunReference, text: string, callKey: Buffer): Promise<readonly number[]> => {
    const { tenantId } = reference;
    const begun = await beginCall(database, reference, {
      kind: 'embedding',
      callKey,
      text,
      ref: embedding,
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

    let given;
    try {
      given = await askForVector(providers, embedding, text);
    } catch (error) {
      throw new CodedFailure(await finishFailed(database, tenantId, begun, error, NEVER), false);
    }
    await finishAnswered(database, tenantId, begun, given.answer);
    return given.vector;
  };
}

/** A passage of a document: whose it is, and the text that may leave. */
export interface PassageToEmbed {
  readonly tenantId: string;
  readonly passageId: string;
  /** Scrubbed. Where an attempt was begun before, the text of that one is sent. */
  readonly text: string;
  readonly callKey: Buffer;
}

export interface PassageAnswer {
  /** `refused`: by policy, matrix, price or budget, as they are now. `closed`: the document takes no more. */
  readonly outcome: 'embedded' | 'refused' | 'failed' | 'closed';
  readonly code: ErrorCode | null;
}

type BegunPassage =
  | { readonly state: 'answered' | 'closed' }
  | { readonly state: 'refused'; readonly code: ErrorCode }
  | { readonly state: 'waiting'; readonly retry_after_ms: number }
  | (ClaimedCall & { readonly state: 'call' });

/**
 * The same door for a passage of a document: claimed, priced and held against the day before it is sent, and its vector
 * stored in the transaction that ends the call.
 * @throws CodedFailure retryable when the same passage may succeed later
 */
export function createPassageEmbedder({
  database,
  providers,
  embedding = EMBEDDING_MODEL,
}: Pick<ActivityDependencies, 'database' | 'providers' | 'embedding'>) {
  return async ({ tenantId, passageId, text, callKey }: PassageToEmbed): Promise<PassageAnswer> => {
    const { vendor, model, region } = embedding;
    const begun = await callInTenant<BegunPassage>(
      database,
      tenantId,
      'select app.begin_passage($1, $2, $3, $4, $5, $6)',
      [passageId, callKey, text, vendor, model, region],
    );
    switch (begun.state) {
      case 'answered':
        return { outcome: 'embedded', code: null };
      case 'closed':
        return { outcome: 'closed', code: null };
      case 'refused':
        return { outcome: 'refused', code: begun.code };
      case 'waiting':
        throw new CodedFailure('model_unavailable', true, spreadMs(begun.retry_after_ms));
      case 'call':
        break;
    }
    let given;
    try {
      given = await askForVector(providers, embedding, begun.prompt);
    } catch (error) {
      return { outcome: 'failed', code: await finishFailed(database, tenantId, begun, error, NEVER) };
    }
    const { output: _digest, ...result } = answeredResult(given.answer);
    const finished = await callInTenant<{ readonly state: string }>(
      database,
      tenantId,
      'select app.finish_passage($1, $2, $3, $4, $5)',
      [passageId, begun.ai_run_id, begun.attempt, JSON.stringify(given.vector), JSON.stringify(result)],
    );
    if (finished.state === 'fenced') throw new CodedFailure('call_fenced', true);
    if (begun.troubled) await noteVendor(database, begun, true);
    return { outcome: 'embedded', code: null };
  };
}

/** Asks the embedding model. @throws ProviderError, or whatever a provider throws */
async function askForVector(
  providers: ReadonlyMap<string, Provider>,
  ref: ModelRef,
  text: string,
): Promise<{ readonly vector: readonly number[]; readonly answer: StorableAnswer }> {
  const started = performance.now();
  const provider = providerOf(providers, ref.vendor);
  if (!provider.embed) throw new ProviderError('model_unavailable', 'fail', false);
  const signal = AbortSignal.timeout(EMBEDDING_MS_MAX);
  const given = await provider.embed({ ref, text, signal });
  const vector = vectorOf(given);
  return { vector, answer: storable({ ...given, output: vector }, performance.now() - started) };
}

function vectorOf({ embedding }: EmbeddingAnswer): readonly number[] {
  if (embedding.length !== EMBEDDING_DIMENSIONS || !embedding.every(Number.isFinite))
    throw new ProviderError('model_malformed', 'retry_once', true);
  return embedding;
}
