import type { ErrorCode } from '../contract/errors';
import type { Problem } from '../contract/wire/problem';

/** A problem that the API answered with, or `unreachable` when no answer came at all. */
export class CountersignError extends Error {
  override readonly name = 'CountersignError';
  constructor(
    readonly code: ErrorCode | 'unreachable',
    /** The HTTP status; 0 when no answer came. */
    readonly status: number,
    /** Whether the same request may succeed later without being changed. */
    readonly retryable: boolean,
    message: string,
    /** The whole problem: where the request is wrong, and what is there now. */
    readonly problem?: Problem,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The error of an answer that is none of 2xx. One without a problem in it did not come from the API itself. */
export function errorOf(status: number, body: unknown): CountersignError {
  if (isProblem(body)) return new CountersignError(body.code, status, body.retryable, body.title, body);
  const passes = status === 429 || status >= 500;
  return new CountersignError(
    passes ? 'unavailable' : 'internal',
    status,
    passes,
    `The server answered with status ${status}.`,
  );
}

function isProblem(body: unknown): body is Problem {
  return (
    typeof body === 'object' && body !== null && 'code' in body && 'title' in body && 'retryable' in body
  );
}
