import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Pairs of batches; each figure is the median over them. */
  readonly pairs: number;
  /** Runs of a batch. */
  readonly runs: number;
  readonly atOnce: number;
  /** Runs one after another, for the times that a single user feels. */
  readonly alone: number;
  /** Model calls through the gateway, and as many straight. */
  readonly calls: number;
  readonly database: 'native' | 'pglite';
  /** So many runs that wait at their gates at once, measured instead of all else. */
  readonly waiting?: number;
  /** Of those, so many are decided. */
  readonly sample: number;
}

/** @throws Error that says which option is wrong */
export function benchOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      pairs: { type: 'string', default: '5' },
      runs: { type: 'string', default: '96' },
      'at-once': { type: 'string', default: '16' },
      alone: { type: 'string', default: '15' },
      calls: { type: 'string', default: '400' },
      database: { type: 'string', default: 'native' },
      waiting: { type: 'string', default: '' },
      sample: { type: 'string', default: '50' },
    },
  });
  const count = (name: 'pairs' | 'runs' | 'at-once' | 'alone' | 'calls' | 'waiting' | 'sample'): number => {
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < 1)
      throw new Error(`--${name} must be a whole number of 1 or more.`);
    return value;
  };
  const { database } = values;
  if (database !== 'native' && database !== 'pglite') throw new Error('--database is native or pglite.');
  return {
    pairs: count('pairs'),
    runs: count('runs'),
    atOnce: count('at-once'),
    alone: count('alone'),
    calls: count('calls'),
    database,
    ...(values.waiting === '' ? {} : { waiting: count('waiting') }),
    sample: count('sample'),
  };
}
