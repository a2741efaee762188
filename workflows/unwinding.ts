import { CancellationScope } from '@temporalio/workflow';
import type { RunResult } from './steps';

type Compensation = (code: string | null) => Promise<RunResult | undefined>;

/**
 * What undoes a run, in the reverse order of registration. Each compensation is safe when its step never happened, and
 * leaves a tombstone in the database that refuses the step if it comes late.
 */
export class Unwinding {
  private readonly compensations: Compensation[] = [];

  /** Call before the step that it compensates. */
  register(compensation: Compensation): void {
    this.compensations.push(compensation);
  }

  /** Runs all compensations where cancellation can't reach them, and returns how the run ended. */
  async run(code: string | null): Promise<RunResult> {
    return await CancellationScope.nonCancellable(async () => {
      let result: RunResult = { outcome: 'failed', code };
      for (const compensate of [...this.compensations].reverse()) {
        result = (await compensate(code)) ?? result;
      }
      return result;
    });
  }
}
