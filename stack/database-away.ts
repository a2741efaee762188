import { reasonOf } from './doctor/check';

/** Thrown where somebody waits for a database that does not answer; the message says what to do. */
export class DatabaseAwayError extends Error {
  override readonly name = 'DatabaseAwayError';

  constructor(cause: unknown) {
    super(
      `The database does not answer (${reasonOf(cause)}): see that it is up, and that DATABASE_URL, or the one for the role, names it.`,
      { cause },
    );
  }
}

/** What the system says when nobody is there, by the error of one try or of a name's several addresses. */
const AWAY = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
]);

/** @throws DatabaseAwayError instead of what a driver says of a database that is not there */
export async function withDatabase<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const tries: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
    const isAway = tries.some((one) => one instanceof Error && 'code' in one && AWAY.has(String(one.code)));
    throw isAway ? new DatabaseAwayError(error) : error;
  }
}
