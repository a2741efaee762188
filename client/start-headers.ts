import type { CreateOptions } from './types';

/** Headers of a request that starts a run. */
export function startHeaders({
  idempotencyKey = crypto.randomUUID(),
  waitSeconds,
}: CreateOptions): Record<string, string> {
  const headers = { 'Idempotency-Key': idempotencyKey };
  return waitSeconds === undefined ? headers : { ...headers, Prefer: `wait=${waitSeconds}` };
}
