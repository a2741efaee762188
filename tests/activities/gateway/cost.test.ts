import * as fc from 'fast-check';
import { costNanoUsd, costNanoUsdMax, type PriceRow } from '../../../activities/gateway/providers/cost';

/** Claude Sonnet 4.5 with the five-minute cache, $3 and $15 per million tokens: 3,000 and 15,000 nano-dollars each. */
const SONNET: PriceRow = {
  inputNanoUsdPerToken: 3_000n,
  outputNanoUsdPerToken: 15_000n,
  cacheReadNanoUsdPerToken: 300n,
  cacheWriteNanoUsdPerToken: 3_750n,
};
const TITAN: PriceRow = {
  inputNanoUsdPerToken: 20n,
  outputNanoUsdPerToken: 0n,
  cacheReadNanoUsdPerToken: 0n,
  cacheWriteNanoUsdPerToken: 0n,
};

function usage(inputTokens: number, outputTokens = 0, cacheReadTokens = 0, cacheWriteTokens = 0) {
  return { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens };
}

test.each([
  ['nothing', usage(0), SONNET, 0n],
  ['a million tokens in', usage(1_000_000), SONNET, 3_000_000_000n],
  ['a million tokens out', usage(0, 1_000_000), SONNET, 15_000_000_000n],
  ['one of each', usage(1, 1, 1, 1), SONNET, 22_050n],
  ['a prompt from the cache', usage(50, 200, 10_000), SONNET, 6_150_000n],
  ['a prompt into the cache', usage(50, 200, 0, 10_000), SONNET, 40_650_000n],
  ['one embedding', usage(8_192), TITAN, 163_840n],
  ['more than a float could hold', usage(Number.MAX_SAFE_INTEGER), SONNET, 27_021_597_764_222_973_000n],
])('%s', (_name, used, price, expected) => {
  expect(costNanoUsd(used, price)).toBe(expected);
});

test('no usage within the bounds costs more than the worst case', () => {
  const price = fc
    .tuple(fc.bigInt(0n, 100_000n), fc.bigInt(0n, 100_000n), fc.bigInt(0n, 100_000n), fc.bigInt(0n, 100_000n))
    .map(([input, output, cacheRead, cacheWrite]): PriceRow => ({
      inputNanoUsdPerToken: input,
      outputNanoUsdPerToken: output,
      cacheReadNanoUsdPerToken: cacheRead,
      cacheWriteNanoUsdPerToken: cacheWrite,
    }));
  const part = fc.integer({ min: 0, max: 40_000 });
  fc.assert(
    fc.property(price, part, part, part, part, (row, input, read, write, output) => {
      const most = costNanoUsdMax({ maxInputTokens: input + read + write, maxOutputTokens: output }, row);
      expect(costNanoUsd(usage(input, output, read, write), row)).toBeLessThanOrEqual(most);
    }),
  );
});

test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER + 1])(
  'a count of %p is refused',
  (tokens) => {
    expect(() => costNanoUsd(usage(tokens), SONNET)).toThrow(RangeError);
    expect(() => costNanoUsdMax({ maxInputTokens: tokens, maxOutputTokens: 0 }, SONNET)).toThrow(RangeError);
  },
);

test('a negative price is refused', () => {
  expect(() => costNanoUsd(usage(1), { ...SONNET, cacheReadNanoUsdPerToken: -1n })).toThrow(RangeError);
});
