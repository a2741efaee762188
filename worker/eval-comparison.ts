/**
 * What evals as they are now say of an answer, beside what was stored when it was judged. Pure, and without content: names,
 * versions, verdicts and severities.
 */
import { OUTPUT_CONFORMS } from '../activities/judge';

/** Of one eval over one proposal. */
export interface Verdict {
  readonly ordinal: number;
  readonly name: string;
  readonly version: number;
  readonly verdict: 'pass' | 'fail';
  readonly severity: 'block' | 'flag';
}

/** How a run's verdicts differ. A proposal that nobody judged by this eval, and that fails it now, is newly failing too. */
export const CHANGES = ['newly_failing', 'newly_passing', 'severity_changed'] as const;
export type Change = (typeof CHANGES)[number];

/** What one eval makes of one run. */
export interface EvalDifference {
  readonly name: string;
  readonly version: number;
  /** Versions that the stored verdicts are of; none when this eval had never judged the run. */
  readonly storedVersions: readonly number[];
  /** Empty when every proposal has the verdict that it had, or passes an eval that had not judged it. */
  readonly changes: readonly Change[];
  /** Whether something differs although the version is the one that was stored: then a pack's code, or the tenant's facts, changed without it. */
  readonly sameVersionChanged: boolean;
}

export interface EvalName {
  readonly name: string;
  readonly version: number;
}

/**
 * Compares each eval of a run that has something to say about it: whether the answer conforms always, the others when it
 * can be read now and has proposals.
 * @param evals those that judge the purpose now
 */
export function compareRun(
  stored: readonly Verdict[],
  present: readonly Verdict[],
  evals: readonly EvalName[],
): EvalDifference[] {
  const conforms = difference(OUTPUT_CONFORMS, [whole(stored)], [whole(present)]);
  const judged = evals.filter(({ name }) => present.some((row) => row.name === name));
  return [
    conforms,
    ...judged.map((one) =>
      difference(
        one,
        stored.filter(({ name }) => name === one.name),
        present.filter(({ name }) => name === one.name),
      ),
    ),
  ];
}

/** Evals that judged a run then, and are none of its purpose any more. */
export function retiredEvals(stored: readonly Verdict[], evals: readonly EvalName[]): string[] {
  const names = new Set([OUTPUT_CONFORMS.name, ...evals.map(({ name }) => name)]);
  return [...new Set(stored.map(({ name }) => name))].filter((name) => !names.has(name)).sort();
}

/** That an answer conforms leaves no row; that it does not, one. */
function whole(rows: readonly Verdict[]): Verdict {
  return (
    rows.find(({ name }) => name === OUTPUT_CONFORMS.name) ?? {
      ...OUTPUT_CONFORMS,
      ordinal: 0,
      verdict: 'pass',
      severity: 'block',
    }
  );
}

function difference(
  { name, version }: EvalName,
  stored: readonly Verdict[],
  present: readonly Verdict[],
): EvalDifference {
  const before = new Map(stored.map((row) => [row.ordinal, row]));
  const changed = present.flatMap((after) => {
    const was = before.get(after.ordinal);
    const change = changeOf(was, after);
    return change === undefined ? [] : [{ change, sameVersion: was?.version === after.version }];
  });
  return {
    name,
    version,
    storedVersions: [...new Set(stored.map((row) => row.version))].sort((a, b) => a - b),
    changes: CHANGES.filter((one) => changed.some(({ change }) => change === one)),
    sameVersionChanged: changed.some(({ sameVersion }) => sameVersion),
  };
}

function changeOf(before: Verdict | undefined, after: Verdict): Change | undefined {
  if (after.verdict === 'fail' && before?.verdict !== 'fail') return 'newly_failing';
  if (before === undefined || after.verdict === 'pass')
    return before?.verdict === 'fail' ? 'newly_passing' : undefined;
  // How severe an eval that passes would have been is nobody's difference.
  return before.severity === after.severity ? undefined : 'severity_changed';
}
