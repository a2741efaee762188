import { CountersignError } from '../client/error';
import { DatabaseAwayError } from '../stack/database-away';
import { FolderLockedError } from '../stack/folder-lock';

/** What the command's exit status says. 3 and 130 are also those of `start`. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  inUse: 3,
  refused: 4,
  notAllowed: 5,
  unavailable: 6,
  differs: 7,
  interrupted: 130,
} as const;

export const EXIT_HELP = `
Exit status:
  0    it was done
  1    it failed, or what was verified does not hold
  2    the command, or its input, is not well-formed
  3    the data folder is in use by another stack
  4    refused, stale, decided already, or not there: the answer says which
  5    no key, an unknown one, or one whose roles do not allow this
  6    the API or a part of the stack is not reachable now; the same command may succeed later
  7    it was done, and what was compared differs
  130  interrupted`;

/** Thrown for what the person who types can put right. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const STATUS_USAGE = new Set([400, 413, 415, 428]);

/** The exit status that an error stands for. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return EXIT.usage;
  if (error instanceof FolderLockedError) return EXIT.inUse;
  if (error instanceof DatabaseAwayError) return EXIT.unavailable;
  if (!(error instanceof CountersignError)) return EXIT.failed;
  if (error.code === 'not_authenticated' || error.code === 'not_allowed') return EXIT.notAllowed;
  if (error.status === 0 || error.status === 429 || error.status === 503 || error.status === 504)
    return EXIT.unavailable;
  if (STATUS_USAGE.has(error.status)) return EXIT.usage;
  return error.status < 500 ? EXIT.refused : EXIT.failed;
}
