import { DatabaseError } from 'pg';
import { ERRORS, isErrorCode, SQLSTATES, type ErrorCode } from '../contract/errors';
import type { Problem } from '../contract/wire/problem';

export type ProblemExtras = Partial<Pick<Problem, 'errors' | 'evals' | 'now' | 'changed' | 'run_id'>> & {
  readonly retryAfterSeconds?: number;
};

/** Ends a request with a problem of the catalogue. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  constructor(
    readonly code: ErrorCode,
    readonly extras: ProblemExtras = {},
  ) {
    super(code);
  }
}

/** What a database function answers: what it did, or the code of its refusal and where the thing is now. */
export interface Outcome {
  readonly outcome: string;
  readonly code?: string | null;
  readonly now?: Readonly<Record<string, unknown>>;
}

/** @throws ApiProblem when the database refused */
export function refuseIf<Answer extends Outcome>(answer: Answer): Answer {
  if (answer.outcome !== 'refused') return answer;
  throw problemOf(answer.code, answer.now === undefined ? {} : { now: answer.now });
}

/** A problem by a code that came as text; one that is not of the catalogue is ours to answer for. */
export function problemOf(code: string | null | undefined, extras: ProblemExtras = {}): ApiProblem {
  return code && isErrorCode(code) ? new ApiProblem(code, extras) : new ApiProblem('internal');
}

/** The body of a problem (RFC 9457). */
export function problemBody(code: ErrorCode, extras: ProblemExtras = {}): Problem {
  const { status, message, retryable } = ERRORS[code];
  const { retryAfterSeconds: _header, ...members } = extras;
  return { type: `urn:countersign:problem:${code}`, title: message, status, code, retryable, ...members };
}

const RETRY_AFTER_SECONDS = 2;

/** The problem that answers for an error. Nothing of a driver's message crosses: it may carry a row. */
export function toProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  if (error instanceof DatabaseError) {
    const sqlstate = error.code ?? '';
    // Connection, transaction, resources, locks and operator: these pass with time.
    if (['08', '40', '53', '55', '57'].includes(sqlstate.slice(0, 2))) return unavailable();
    return new ApiProblem(SQLSTATES[sqlstate] ?? 'internal');
  }
  return isConnectionError(error) ? unavailable() : new ApiProblem('internal');
}

function unavailable(): ApiProblem {
  return new ApiProblem('unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS });
}

function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return (
    /^(ECONN|ENOENT|EPIPE|ETIMEDOUT|EHOSTUNREACH)/.test(code) ||
    /connection terminated|timeout exceeded when trying to connect|Client has encountered/i.test(
      error.message,
    )
  );
}
