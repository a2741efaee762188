export interface Check {
  readonly name: string;
  /**
   * `warn`: it works, but not for long, or less is known than could be. `away`: it does not run or answer now, and may
   * later. `fail`: it stays so until somebody mends it.
   */
  readonly verdict: 'ok' | 'warn' | 'away' | 'fail';
  readonly detail: string;
  /** What to do about it; absent where all is well. */
  readonly remedy?: string;
}

export type Found = Omit<Check, 'name'>;

/** How whoever reads this brings a stack up. */
export const START = 'countersign start (in a checkout: npm start)';

export function ok(detail: string): Found {
  return { verdict: 'ok', detail };
}

export function warn(detail: string, remedy: string): Found {
  return { verdict: 'warn', detail, remedy };
}

export function away(detail: string, remedy: string): Found {
  return { verdict: 'away', detail, remedy };
}

export function fail(detail: string, remedy: string): Found {
  return { verdict: 'fail', detail, remedy };
}

/** The shortest true words for an error: its code where it says more than a message that may be empty. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  return error.message === '' && 'code' in error ? String(error.code) : error.message;
}

const EXPIRY_DAYS_MIN = 30;
const DAY_MS = 86_400_000;

/** How near an end is: nothing for one that is far or never comes. */
export function ending(until: string | null): 'over' | 'soon' | undefined {
  if (until === null) return undefined;
  const at = Date.parse(until);
  if (at <= Date.now()) return 'over';
  return at < Date.now() + EXPIRY_DAYS_MIN * DAY_MS ? 'soon' : undefined;
}
