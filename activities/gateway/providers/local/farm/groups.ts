import type { Piece } from './pieces';

type Segment = readonly Piece[];

/**
 * Cuts the segments of a clause into groups of one record each: a new one begins where a segment has a figure of its own
 * and the group before has one already.
 *
 * @param hasOwn whether a segment has what makes a record, given the group that it would join
 */
export function groupSegments(segments: readonly Segment[], hasOwn: (segment: Segment, group: readonly Segment[]) => boolean): Piece[][] {
  const groups: Segment[][] = [];
  let hasMain = false;
  for (const segment of segments) {
    const current = groups[groups.length - 1];
    const isMain = hasOwn(segment, current ?? []);
    if (current === undefined || (isMain && hasMain)) {
      groups.push([segment]);
      hasMain = isMain;
    } else {
      current.push(segment);
      hasMain = hasMain || isMain;
    }
  }
  return groups.map((group) => joined(group));
}

/** Segments one after the other, with a comma where they were apart, so that no reader looks across the cut. */
export function joined(segments: readonly Segment[]): Piece[] {
  return segments.flatMap((segment, index) => {
    const first = segment[0];
    const comma: Piece[] = index > 0 && first !== undefined ? [{ kind: 'mark', text: ',', start: first.start, end: first.start }] : [];
    return [...comma, ...segment];
  });
}
