/** Something that is measured: one run from its start to its end, in the three parts that a user feels. */
export interface Contender {
  readonly name: string;
  /** One whole run; milliseconds. */
  run(): Promise<RunTimes>;
}

export interface RunTimes {
  /** From the request until a person could decide. */
  readonly toGateMs: number;
  /** From the verdict until the run was settled and closed. */
  readonly toSettledMs: number;
}

export interface Batch {
  readonly runsPerSecond: number;
  readonly times: readonly RunTimes[];
}

/** Runs a contender so many times, so many at once. */
export async function batch(contender: Contender, runs: number, atOnce: number): Promise<Batch> {
  const times: RunTimes[] = [];
  let left = runs;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: Math.min(atOnce, runs) }, async () => {
      while (left > 0) {
        left -= 1;
        times.push(await contender.run());
      }
    }),
  );
  return { runsPerSecond: (runs * 1_000) / (performance.now() - started), times };
}
