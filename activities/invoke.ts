import { Context } from '@temporalio/activity';
import type { ActivityDependencies } from './dependencies';
import { createCompleter, type CallAnswer } from './gateway/complete';
import type { RunReference } from './run-reference';

const HEARTBEAT_EVERY_MS = 2_000;

/** Step 3: the model call, through the one door. Heartbeats, so that a withdrawal or a kill reaches it. */
export function createInvoke(dependencies: ActivityDependencies) {
  const complete = createCompleter(dependencies);
  return async ({
    tenantId,
    runId,
    kind,
  }: RunReference & { kind: 'primary' | 'advisor' }): Promise<CallAnswer> => {
    const context = Context.current();
    const beat = setInterval(() => context.heartbeat(), HEARTBEAT_EVERY_MS);
    try {
      return await complete({ tenantId, runId }, kind, context.cancellationSignal);
    } finally {
      clearInterval(beat);
    }
  };
}
