/** What a call costs, in integer nano-dollars. Nothing here is a float: token counts become bigint before they meet a price. */
import type { Usage } from '../../../contract/model';

/** A row of prices. Nano-dollars per token: 3,000 is $3 per million tokens. */
export interface PriceRow {
  readonly inputNanoUsdPerToken: bigint;
  readonly outputNanoUsdPerToken: bigint;
  readonly cacheReadNanoUsdPerToken: bigint;
  readonly cacheWriteNanoUsdPerToken: bigint;
}

export interface CallBounds {
  readonly maxInputTokens: number;
  readonly maxOutputTokens: number;
}

/** Cost of what was used. `inputTokens` excludes the cached ones, as Bedrock counts. RangeError for a count below 0 or not whole. */
export function costNanoUsd(usage: Usage, price: PriceRow): bigint {
  assertPrice(price);
  return (
    count(usage.inputTokens) * price.inputNanoUsdPerToken +
    count(usage.outputTokens) * price.outputNanoUsdPerToken +
    count(usage.cacheReadTokens) * price.cacheReadNanoUsdPerToken +
    count(usage.cacheWriteTokens) * price.cacheWriteNanoUsdPerToken
  );
}

/** The most that a call within its bounds can cost: every input token at the dearest of the three input prices. */
export function costNanoUsdMax(bounds: CallBounds, price: PriceRow): bigint {
  assertPrice(price);
  const inputs = [
    price.inputNanoUsdPerToken,
    price.cacheReadNanoUsdPerToken,
    price.cacheWriteNanoUsdPerToken,
  ];
  const dearest = inputs.reduce((a, b) => (a > b ? a : b));
  return count(bounds.maxInputTokens) * dearest + count(bounds.maxOutputTokens) * price.outputNanoUsdPerToken;
}

function count(tokens: number): bigint {
  if (!Number.isSafeInteger(tokens) || tokens < 0)
    throw new RangeError('a token count is a whole number from 0');
  return BigInt(tokens);
}

function assertPrice(price: PriceRow): void {
  const isNegative = [
    price.inputNanoUsdPerToken,
    price.outputNanoUsdPerToken,
    price.cacheReadNanoUsdPerToken,
    price.cacheWriteNanoUsdPerToken,
  ].some((nanoUsd) => nanoUsd < 0n);
  if (isNegative) throw new RangeError('a price is not negative');
}
