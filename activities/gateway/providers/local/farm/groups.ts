import type { Piece } from './pieces';

type Segment = readonly Piece[];

/**
 * Cuts the segments of a clause into groups of one record each.
 *
 * @param startsNew whether a segment states something that the group which it would join has stated already
 */
export function groupSegments(
  segments: readonly Segment[],
  startsNew: (segment: Segment, group: readonly Piece[]) => boolean,
): Piece[][] {
  const groups: Segment[][] = [];
  for (const segment of segments) {
    const current = groups[groups.length - 1];
    if (current === undefined || startsNew(segment, joined(current))) groups.push([segment]);
    else current.push(segment);
  }
  return groups.map((group) => joined(group));
}

/** Segments one after the other, with a comma where they were apart, so that no reader looks across the cut. */
export function joined(segments: readonly Segment[]): Piece[] {
  return segments.flatMap((segment, index) => {
    const first = segment[0];
    const comma: Piece[] =
      index > 0 && first !== undefined
        ? [{ kind: 'mark', text: ',', start: first.start, end: first.start }]
        : [];
    return [...comma, ...segment];
  });
}

/**
 * Takes out the group whose amount is the sum of all the others ("5 dead: 3 in House 1 and 2 in House 2"), so that
 * nothing is counted twice.
 */
export function withoutTotal<T>(groups: readonly T[], amountOf: (group: T) => bigint | null): T[] {
  const amounts = groups.map(amountOf);
  if (groups.length < 3 || amounts.includes(null)) return [...groups];
  const sum = amounts.reduce((total: bigint, amount) => total + (amount ?? 0n), 0n);
  const total = amounts.findIndex((amount) => amount !== null && amount * 2n === sum);
  return groups.filter((_, index) => index !== total);
}
