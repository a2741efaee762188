/** Bodies as Bedrock's Converse and Titan Text Embeddings v2 write them, after the API reference. */

/** An answer of a purpose that proposes nothing. */
export const ANSWER = { proposals: [], confidence_permille: 1000, confidence_origin: 'as told' };

export interface ConverseUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly totalTokens: number;
  readonly cacheReadInputTokens?: number;
  readonly cacheWriteInputTokens?: number;
}

export const USAGE: ConverseUsage = { inputTokens: 100, outputTokens: 20, totalTokens: 120 };

export function converseAnswer(
  input: unknown,
  {
    usage = USAGE,
    stopReason = 'tool_use',
    content = [{ toolUse: { toolUseId: 'tool-1', name: 'answer', input } }],
  }: { readonly usage?: unknown; readonly stopReason?: unknown; readonly content?: unknown } = {},
): object {
  return {
    output: { message: { role: 'assistant', content } },
    stopReason,
    usage,
    metrics: { latencyMs: 12 },
  };
}

/** A vector of unit length in one direction. */
export function unitVector(length = 1024): number[] {
  return Array.from({ length }, (_, place) => (place === 0 ? 1 : 0));
}
