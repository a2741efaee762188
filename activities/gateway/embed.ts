import { createHash } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { EMBEDDING_MODEL } from '../../contract/model';
import { inTenant } from '../../db/transaction';
import { CodedFailure } from '../coded-failure';
import type { ActivityDependencies } from '../dependencies';
import type { RunReference } from '../run-reference';
import { providerOf, type ClaimedCall } from './complete';
import { EMBEDDING_DIMENSIONS } from './providers/local/embedding';

/**
 * The one door to a model for embeddings: the same claim, price and budget as a completion, a row of its own.
 * @returns 1024 numbers
 * @throws CodedFailure by the catalogue
 */
export function createEmbedder({ database, providers }: ActivityDependencies) {
  return async ({ tenantId, runId }: RunReference, text: string): Promise<readonly number[]> => {
    const provider = providerOf(providers, EMBEDDING_MODEL.vendor);
    if (!provider.embed) throw new CodedFailure('model_unavailable', false);
    // Random tokens make each run's text its own, so the run is part of the key: nothing is shared by a guessable hash.
    const key = createHash('sha256')
      .update(JSON.stringify([tenantId, runId, EMBEDDING_MODEL, text]))
      .digest();
    const begun = await inTenant(database, tenantId, (transaction) =>
      transaction.value<{ state: string; code?: string } & ClaimedCall>(
        'select app.begin_call($1, $2, $3, $4, $5, $6, $7)',
        [
          runId,
          'embedding',
          key,
          text,
          EMBEDDING_MODEL.vendor,
          EMBEDDING_MODEL.model,
          EMBEDDING_MODEL.region,
        ],
      ),
    );
    // The vector is cheap to make again here and is not kept as an answer to be fetched.
    if (begun.state !== 'call' && begun.state !== 'answered')
      throw new CodedFailure('model_unavailable', false);
    const started = performance.now();
    const answer = await provider.embed({ ref: EMBEDDING_MODEL, text, signal: AbortSignal.timeout(3_000) });
    if (answer.embedding.length !== EMBEDDING_DIMENSIONS) throw new CodedFailure('model_malformed', false);
    if (begun.state === 'call') {
      await inTenant(database, tenantId, (transaction) =>
        transaction.value('select app.finish_call($1, $2, $3)', [
          begun.ai_run_id,
          begun.attempt,
          JSON.stringify({
            status: 'answered',
            output: JSON.stringify(answer.embedding),
            input_tokens: String(answer.usage.inputTokens),
            output_tokens: '0',
            cache_read_tokens: '0',
            cache_write_tokens: '0',
            latency_ms: String(Math.round(performance.now() - started)),
            provider_request_id: answer.providerRequestId,
          }),
        ]),
      );
    }
    return answer.embedding;
  };
}
