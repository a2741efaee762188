import { RUN_WORKFLOW } from '../../../workflows/messages';
import { runStartOptions } from '../../../workflows/start';
import { faultyWorkers, type FaultyWorker, type FaultyWorkers } from '../../support/faulty-workers';
import { governedRuns, type GateRow, type Governed } from '../../support/governed';
import type { Person } from '../../support/world';

export interface WorkerChanges {
  readonly taskQueue?: string;
  readonly databaseUrl?: string;
  readonly temporalAddress?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface FaultyRuns {
  readonly governed: Governed;
  readonly faults: FaultyWorkers;
  startWorker(changes?: WorkerChanges): Promise<FaultyWorker>;
  /** Accepts a note of one sale, another one each time, so that no two runs share a model call. */
  accept(): Promise<string>;
  startRun(runId: string, taskQueue?: string): Promise<void>;
  /** Waits for the run's one gate. */
  gateOf(runId: string): Promise<GateRow>;
}

const RECORD = 'farm.record';

/** For the test file that calls it at its top level: real runs, carried by workers in processes that can be killed. */
export function faultyRuns(): FaultyRuns {
  const faults = faultyWorkers();
  // Defined before those of the database and Temporal, so that workers go first.
  afterAll(() => faults.close());
  const governed = governedRuns({ worker: false });
  let sold = 0;
  return {
    governed,
    faults,
    startWorker: ({ taskQueue, databaseUrl, temporalAddress, environment } = {}) =>
      faults.start({
        databaseUrl: databaseUrl ?? governed.database.url('worker'),
        temporalAddress: temporalAddress ?? governed.temporal.address,
        temporalNamespace: governed.temporal.namespace,
        taskQueue: taskQueue ?? governed.taskQueue,
        ...(environment === undefined ? {} : { environment }),
      }),

    async accept() {
      sold += 1;
      return await governed.accept(governed.world.farm.hand, RECORD, {
        note: `We sold ${sold} crates of eggs for ₦${sold * 1_500}`,
        occurred_at: '2025-11-10T17:40:00+01:00',
      });
    },

    async startRun(runId, taskQueue = governed.taskQueue) {
      await startWorkflow(governed, governed.world.farm.hand, runId, taskQueue);
    },

    async gateOf(runId) {
      const { farm } = governed.world;
      await governed.settled(farm.id, runId, ['waiting']);
      return only(await governed.gates(farm.id, runId));
    },
  };
}

async function startWorkflow(
  { client }: Governed,
  { tenantId }: Person,
  runId: string,
  taskQueue: string,
): Promise<void> {
  await client.workflow.start(RUN_WORKFLOW, runStartOptions({ tenantId, runId, purpose: RECORD }, taskQueue));
}

export function only(gates: readonly GateRow[]): GateRow {
  const [gate] = gates;
  if (!gate || gates.length !== 1) throw new Error(`${gates.length} gates`);
  return gate;
}
