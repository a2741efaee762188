/** The middle of some numbers. @throws RangeError when there are none */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  const lower = sorted.length % 2 === 0 ? sorted[middle - 1] : upper;
  if (upper === undefined || lower === undefined) throw new RangeError('no numbers');
  return (upper + lower) / 2;
}

/** The value that so many of a hundred do not exceed (nearest rank). @throws RangeError when there are none */
export function percentile(values: readonly number[], rank: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil((sorted.length * rank) / 100) - 1)];
  if (value === undefined) throw new RangeError('no numbers');
  return value;
}

export function rounded(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}
