import { CHANGES, type Change, type EvalDifference } from './eval-comparison';

/** A run whose verdicts would have been others. */
export interface ChangedRun {
  readonly tenant_id: string;
  readonly run_id: string;
  readonly changes: readonly Change[];
}

/** One eval over all runs. A run that changes in two ways is counted under both, and once as changed. */
export interface EvalReport {
  readonly name: string;
  readonly version: number;
  readonly stored_versions: readonly number[];
  readonly judged: number;
  /** The same verdicts as were stored. */
  readonly same: number;
  /** Runs that it had not judged before, and that pass. */
  readonly first_passing: number;
  readonly newly_failing: number;
  readonly newly_passing: number;
  readonly severity_changed: number;
  /** Of the changed: those where the version is the one that was stored. */
  readonly same_version_changed: number;
  readonly changed: number;
  readonly changed_runs: readonly ChangedRun[];
  readonly changed_runs_left_off: number;
}

/** Runs that can't be judged any more, by why. */
export interface UnjudgedReport {
  readonly code: UnjudgedCode;
  readonly runs: number;
  readonly run_ids: readonly string[];
  readonly run_ids_left_off: number;
}

export const UNJUDGED_CODES = {
  not_evaluated: 'no eval has judged the answer yet, or the run ended before one could',
  content_withheld: 'prompt or answer is not there any more',
  content_altered: 'prompt or answer is not what was hashed; operations have been paged',
  purpose_not_declared: 'no pack declares this version of the purpose',
  prompt_unreadable: 'the stored prompt is none that can be read',
  eval_failed: 'an eval threw on it',
} as const;
export type UnjudgedCode = keyof typeof UNJUDGED_CODES;

interface EvalCounts {
  readonly name: string;
  readonly version: number;
  readonly storedVersions: Set<number>;
  judged: number;
  same: number;
  firstPassing: number;
  sameVersionChanged: number;
  readonly byChange: Record<Change, number>;
  readonly changedRuns: ChangedRun[];
  changed: number;
}

/** Counts differences run by run, and keeps the ids of the first of them. */
export class EvalTally {
  readonly #evals = new Map<string, EvalCounts>();
  readonly #retired = new Map<string, number>();
  readonly #unjudged = new Map<UnjudgedCode, { runs: number; runIds: string[] }>();
  #judged = 0;

  /** @param idsMax so many ids are kept for each eval, and for each reason why a run can't be judged */
  constructor(private readonly idsMax: number) {}

  add(
    run: { readonly tenantId: string; readonly runId: string },
    differences: readonly EvalDifference[],
  ): void {
    this.#judged += 1;
    for (const one of differences) {
      const counts = this.#countsOf(one);
      counts.judged += 1;
      for (const version of one.storedVersions) counts.storedVersions.add(version);
      if (one.changes.length === 0) {
        if (one.storedVersions.length === 0) counts.firstPassing += 1;
        else counts.same += 1;
        continue;
      }
      for (const change of one.changes) counts.byChange[change] += 1;
      if (one.sameVersionChanged) counts.sameVersionChanged += 1;
      counts.changed += 1;
      if (counts.changedRuns.length < this.idsMax)
        counts.changedRuns.push({ tenant_id: run.tenantId, run_id: run.runId, changes: one.changes });
    }
  }

  addRetired(names: readonly string[]): void {
    for (const name of names) this.#retired.set(name, (this.#retired.get(name) ?? 0) + 1);
  }

  addUnjudged(code: UnjudgedCode, runId: string): void {
    const counts = this.#unjudged.get(code) ?? { runs: 0, runIds: [] };
    this.#unjudged.set(code, counts);
    counts.runs += 1;
    if (counts.runIds.length < this.idsMax) counts.runIds.push(runId);
  }

  get judged(): number {
    return this.#judged;
  }

  evals(): EvalReport[] {
    return [...this.#evals.values()]
      .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.version - b.version))
      .map((counts) => ({
        name: counts.name,
        version: counts.version,
        stored_versions: [...counts.storedVersions].sort((a, b) => a - b),
        judged: counts.judged,
        same: counts.same,
        first_passing: counts.firstPassing,
        ...counts.byChange,
        same_version_changed: counts.sameVersionChanged,
        changed: counts.changed,
        changed_runs: counts.changedRuns,
        changed_runs_left_off: counts.changed - counts.changedRuns.length,
      }));
  }

  retired(): { readonly name: string; readonly runs: number }[] {
    return [...this.#retired]
      .map(([name, runs]) => ({ name, runs }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  unjudged(): UnjudgedReport[] {
    return [...this.#unjudged].map(([code, { runs, runIds }]) => ({
      code,
      runs,
      run_ids: runIds,
      run_ids_left_off: runs - runIds.length,
    }));
  }

  #countsOf({ name, version }: EvalDifference): EvalCounts {
    const key = `${name} ${version}`;
    const counts = this.#evals.get(key) ?? {
      name,
      version,
      storedVersions: new Set<number>(),
      judged: 0,
      same: 0,
      firstPassing: 0,
      sameVersionChanged: 0,
      byChange: Object.fromEntries(CHANGES.map((change) => [change, 0])) as Record<Change, number>,
      changedRuns: [],
      changed: 0,
    };
    this.#evals.set(key, counts);
    return counts;
  }
}
