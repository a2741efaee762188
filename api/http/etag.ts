import { ApiProblem } from '../problem';

/** The ETag of a version. */
export function etagOf(version: number): string {
  return `"${version}"`;
}

/**
 * The version that the caller has seen: `If-Match: "3"`, or 0 by `If-None-Match: *` for what is not there yet.
 *
 * @throws ApiProblem `precondition_required` when neither is sent, `version_stale` when it names no version of ours
 */
export function expectedVersion(ifMatch: string | undefined, ifNoneMatch: string | undefined): number {
  if (ifMatch === undefined) {
    if (ifNoneMatch?.trim() === '*') return 0;
    throw new ApiProblem('precondition_required');
  }
  const [, digits] = /^(?:W\/)?"([0-9]{1,9})"$/.exec(ifMatch.trim()) ?? [];
  if (digits === undefined) throw new ApiProblem('version_stale');
  return Number(digits);
}
