/** What may stay: names of the tenant's places, which every prompt of it lists, and what the run's own fields let out. */
import type { TokenKind } from '../../contract/pack';
import { KnownIndex } from './known-index';
import { isName } from './known-value';
import type { Span } from './span';

/** Finds names that may stay, exactly as they are given but for case, accents and runs of spaces. */
export function passedNameIndex(names: readonly string[]): KnownIndex {
  return new KnownIndex(names.map((value) => ({ kind: 'place', value })));
}

/**
 * What of the tenant's knowledge stays where it is, by the compact forms that the run's fields are declared to let out:
 * everything but the names of its people, whom an admin has named.
 */
export function staysOfTenant(passing: ReadonlySet<string> = new Set()) {
  return (kind: TokenKind, compact: string): boolean => kind !== 'person' && passing.has(compact);
}

/** The same of the run's own tokens: codes. What else has become a token here must not leave in any field. */
export function staysOfRun(passing: ReadonlySet<string> = new Set()) {
  return (kind: TokenKind, compact: string): boolean => kind === 'code' && passing.has(compact);
}

/** The names in `found` that do not lie inside one of `passed`. Anything but a name is found wherever it is. */
export function outside(passed: readonly Span[], found: readonly Span[]): readonly Span[] {
  if (passed.length === 0) return found;
  const starts = [...passed].sort((a, b) => a.start - b.start);
  const reach: number[] = [];
  for (const { end } of starts) reach.push(Math.max(end, reach.at(-1) ?? 0));
  return found.filter(({ kind, start, end }) => {
    if (!mayBePlace(kind)) return true;
    return (reach[countUntil(starts, start) - 1] ?? 0) < end;
  });
}

/** What the name of a place may be made of. */
function mayBePlace(kind: TokenKind): boolean {
  return isName(kind) || kind === 'place' || kind === 'organisation';
}

/** How many of the sorted spans begin at or before the place; by halving, as texts may be long. */
function countUntil(sorted: readonly Span[], place: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.start ?? 0) <= place) low = middle + 1;
    else high = middle;
  }
  return low;
}
