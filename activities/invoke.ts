import { Context } from '@temporalio/activity';
import type { ActivityDependencies } from './dependencies';
import { createCompleter, type CallAnswer } from './gateway/complete';
import type { RunReference } from './run-reference';

export interface InvokeOptions {
  /** How long a call may wait to begin, from the first look that found that it can't. */
  readonly unbegunMsMax?: number;
}

const HEARTBEAT_EVERY_MS = 2_000;
/** A breaker's longest pause is five minutes: whoever waits for as long as this has seen the end of one. */
const UNBEGUN_MS_MAX = 600_000;

/**
 * Step 3: the model call, through the one door. Heartbeats, so that a withdrawal or a kill reaches it. Attempts are counted
 * by the database; for how long none could begin is what one activity task tells the next, by its heartbeats.
 */
export function createInvoke(
  dependencies: Pick<ActivityDependencies, 'database' | 'registry' | 'providers'>,
  { unbegunMsMax = UNBEGUN_MS_MAX }: InvokeOptions = {},
) {
  const complete = createCompleter(dependencies);
  return async ({
    tenantId,
    runId,
    kind,
  }: RunReference & { kind: 'primary' | 'advisor' }): Promise<CallAnswer> => {
    const context = Context.current();
    const told: unknown = context.info.heartbeatDetails;
    let unbegunSince = typeof told === 'number' ? told : undefined;
    const beat = setInterval(() => context.heartbeat(unbegunSince), HEARTBEAT_EVERY_MS);
    const patience = (): number => {
      unbegunSince ??= Date.now();
      context.heartbeat(unbegunSince);
      return unbegunSince + unbegunMsMax - Date.now();
    };
    try {
      return await complete({ tenantId, runId }, kind, context.cancellationSignal, patience);
    } finally {
      clearInterval(beat);
    }
  };
}
