import { beating } from './beating';
import type { ActivityDependencies } from './dependencies';
import { createCompleter, type CallAnswer } from './gateway/complete';
import { UNBEGUN_MS_MAX } from './gateway/patience';
import type { RunReference } from './run-reference';

export interface InvokeOptions {
  /** How long a call may wait to begin, from the first look that found that it can't. */
  readonly unbegunMsMax?: number;
}

/** Step 3: the model call, through the one door. */
export function createInvoke(
  dependencies: Pick<ActivityDependencies, 'database' | 'registry' | 'providers'>,
  { unbegunMsMax = UNBEGUN_MS_MAX }: InvokeOptions = {},
) {
  const complete = createCompleter(dependencies);
  return async ({
    tenantId,
    runId,
    kind,
  }: RunReference & { kind: 'primary' | 'advisor' }): Promise<CallAnswer> =>
    await beating(unbegunMsMax, (signal, patience) => complete({ tenantId, runId }, kind, signal, patience));
}
