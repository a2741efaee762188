/** The port that a model provider fills. Only `activities/gateway/` may call one. */
import type { ModelRef, Prompt } from './pack';

/** The embedding model of an installation without a vendor: hashed features, no language model. */
export const EMBEDDING_MODEL: ModelRef = { vendor: 'local', model: 'hashed-features-1', region: 'local' };

export interface CompletionRequest {
  readonly ref: ModelRef;
  readonly purpose: string;
  readonly prompt: Prompt;
  /** JSON Schema of the answer; providers force structured output by it. */
  readonly outputSchema: Readonly<Record<string, unknown>>;
  readonly maxOutputTokens: number;
  readonly signal: AbortSignal;
}

export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
}

export interface CompletionAnswer {
  /** Parsed JSON, not yet validated against the purpose's schema. */
  readonly output: unknown;
  readonly usage: Usage;
  readonly providerRequestId: string | null;
}

export interface EmbeddingAnswer {
  /** 1024 numbers, unit length. */
  readonly embedding: readonly number[];
  readonly usage: Usage;
  readonly providerRequestId: string | null;
}

/**
 * Why a call failed, and what follows:
 * - `retry`: try again with backoff; surely unbilled
 * - `retry_once`: one more try; the vendor may have billed
 * - `fail`: no retry; surely unbilled
 */
export type FailureKind = 'retry' | 'retry_once' | 'fail';

/** A provider's failure: a code of the error catalogue, never the vendor's text. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  constructor(
    readonly code:
      'model_unavailable' | 'model_throttled' | 'model_timeout' | 'model_refused' | 'model_malformed',
    readonly kind: FailureKind,
    readonly mayBeBilled: boolean,
    readonly retryAfterMs: number | null = null,
  ) {
    super(code);
  }
}

export interface Provider {
  readonly vendor: string;
  complete(request: CompletionRequest): Promise<CompletionAnswer>;
  embed?(request: {
    readonly ref: ModelRef;
    readonly text: string;
    readonly signal: AbortSignal;
  }): Promise<EmbeddingAnswer>;
}

/** Declares a provider for `countersign.config.ts`. */
export function defineProvider(provider: Provider): Provider {
  return provider;
}
