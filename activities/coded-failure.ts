import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { DatabaseError } from 'pg';
import { ERRORS, isErrorCode, SQLSTATES, type ErrorCode } from '../contract/errors';

/** A failure that may cross Temporal: a code of the catalogue and nothing else. */
export class CodedFailure extends Error {
  override readonly name = 'CodedFailure';
  constructor(
    readonly code: ErrorCode,
    readonly retryable: boolean = ERRORS[code].retryable,
    readonly retryAfterMs: number | null = null,
  ) {
    super(code);
  }
}

/** However long the database was away, and however rarely a step that fails is tried: what only waited for it goes on soon. */
const OUTAGE_PAUSE_MS_MAX = 30_000;
const OUTAGE_PAUSE_MS_MIN = 1_000;

/**
 * Replaces any error by its code before it crosses: no cause, no detail, no stack. A driver's error carries rows in its
 * detail, a provider's the prompt.
 * @param attempt which one of its activity has failed, from 1 on
 */
export function toApplicationFailure(error: unknown, attempt: number): Error {
  if (error instanceof CancelledFailure) return new CancelledFailure('cancelled');
  const { code, retryable, retryAfterMs } = classify(error);
  const pauseMs = code === 'database_unavailable' ? outagePauseMs(attempt) : retryAfterMs;
  const failure = ApplicationFailure.create({
    type: code,
    message: ERRORS[code].message,
    nonRetryable: !retryable,
    ...(pauseMs === null ? {} : { nextRetryDelay: pauseMs }),
  });
  failure.stack = '';
  return failure;
}

function outagePauseMs(attempt: number): number {
  return Math.min(OUTAGE_PAUSE_MS_MIN * 2 ** (attempt - 1), OUTAGE_PAUSE_MS_MAX);
}

/** The code of an error, for what crosses and for what is logged. */
export function classify(error: unknown): Pick<CodedFailure, 'code' | 'retryable' | 'retryAfterMs'> {
  if (error instanceof CodedFailure) return error;
  if (error instanceof ApplicationFailure && error.type && isErrorCode(error.type)) {
    return { code: error.type, retryable: !error.nonRetryable, retryAfterMs: null };
  }
  if (error instanceof DatabaseError) return classifyDatabaseError(error);
  if (isConnectionError(error)) return { code: 'database_unavailable', retryable: true, retryAfterMs: null };
  return { code: 'step_failed', retryable: true, retryAfterMs: null };
}

/** Of a database that a failover has made read-only: the next connection reaches the other one. */
const READ_ONLY = '25006';

/** Classes 08, 53, 57 (connection, resources, operator) and 40 (serialisation, deadlock) pass with time. */
function classifyDatabaseError(
  error: DatabaseError,
): Pick<CodedFailure, 'code' | 'retryable' | 'retryAfterMs'> {
  const sqlstate = error.code ?? '';
  const ours = SQLSTATES[sqlstate];
  if (ours) return { code: ours, retryable: false, retryAfterMs: null };
  const passing = sqlstate === READ_ONLY || ['08', '40', '53', '55', '57'].includes(sqlstate.slice(0, 2));
  return { code: passing ? 'database_unavailable' : 'step_failed', retryable: true, retryAfterMs: null };
}

function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return (
    /^(ECONN|ENOENT|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)/.test(code) ||
    /connection|timeout exceeded/i.test(error.message)
  );
}
