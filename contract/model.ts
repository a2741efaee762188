/** The port that a model provider fills. Only `activities/gateway/` may call one. */
import type { ModelRef, Prompt } from './pack';

/** The embedding model of an installation that names no other: hashed features, no language model. */
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

/**
 * How many attempts a failure of a kind leaves a call: those that may be billed are counted for `retry_once`, all of them
 * for `retry`. The table in docs/vendor-errors.md is made of these.
 */
export const ATTEMPTS_MAX: Readonly<Record<FailureKind, number>> = { retry: 6, retry_once: 2, fail: 1 };

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

/** An endpoint that speaks OpenAI's wire (vLLM, Ollama, …), for `countersign.config.ts`. */
export interface OpenAiCompatibleEndpoint {
  /** The vendor under which matrix, prices and purposes name it; each has one endpoint. */
  readonly vendor: string;
  /** The region that they name with it, e.g. `on-premises`. */
  readonly region: string;
  /** Up to and with the version, e.g. `https://models.example.org/v1`. */
  readonly baseUrl: string;
  /** Without TLS to another machine, in a network that is trusted with scrubbed prompts. */
  readonly plainHttp?: boolean;
  /** Name of the environment variable that holds its key, if it asks for one. */
  readonly apiKeySetting?: string;
  /** How an answer is forced: by a tool (default), or by a schema, where the server knows no forced tools (Ollama). */
  readonly structure?: 'tool' | 'json_schema';
  /** What the server calls the bound on an answer's length. */
  readonly lengthField?: 'max_tokens' | 'max_completion_tokens';
  /** Default 0. Null leaves it out, for models that refuse the setting. */
  readonly temperature?: number | null;
}

/** Declares a provider for a pack, or for `countersign.config.ts`. Its models need a matrix and a price row each. */
export function defineProvider(provider: Provider): Provider {
  return provider;
}
