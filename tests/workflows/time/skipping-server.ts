import { TestWorkflowEnvironment } from '@temporalio/testing';
import { SEARCH_ATTRIBUTES } from '../../../stack/temporal/namespace';
import { timeSkippingServer } from '../../../stack/temporal/time-skipping';
import type { TestServer } from '../../support/governed';

/** How the server's API numbers the kinds of search attributes. */
const KIND_NUMBERS = { Keyword: 2, Datetime: 6 } as const;

const STARTS_MAX = 5;

/** Temporal on which months pass in a moment. */
export interface SkippingServer {
  /** For `governedRuns`. */
  start(): Promise<TestServer>;
  /** Lets the server's time pass; timers fire in their order. */
  sleep(duration: Parameters<TestWorkflowEnvironment['sleep']>[0]): Promise<void>;
}

/** A time-skipping server of one test file. Its time stands still but for the real one's passing, until `sleep`. */
export function skippingServer(): SkippingServer {
  let environment: TestWorkflowEnvironment | undefined;
  return {
    async start() {
      const started = await startPatiently(await timeSkippingServer());
      environment = started;
      const namespace = started.namespace ?? 'default';
      await started.connection.operatorService.addSearchAttributes({
        namespace,
        searchAttributes: Object.fromEntries(
          Object.entries(SEARCH_ATTRIBUTES).map(([name, kind]) => [name, KIND_NUMBERS[kind]]),
        ),
      });
      return {
        address: started.address,
        namespace,
        canList: false,
        stop: async () => await started.teardown(),
      };
    },
    async sleep(duration) {
      if (environment === undefined) throw new Error('The server is there inside hooks and tests only.');
      await environment.sleep(duration);
    },
  };
}

/** The SDK gives the server five seconds to start, which are too few on a busy machine. */
async function startPatiently(path: string): Promise<TestWorkflowEnvironment> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await TestWorkflowEnvironment.createTimeSkipping({
        server: { executable: { type: 'existing-path', path } },
      });
    } catch (error) {
      if (attempt === STARTS_MAX) throw error;
    }
  }
}
