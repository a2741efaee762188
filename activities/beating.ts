import { Context } from '@temporalio/activity';
import type { Patience } from './gateway/patience';

const HEARTBEAT_EVERY_MS = 2_000;

/**
 * Carries out the call of a model with heartbeats, so that a withdrawal or a kill reaches it. For how long none could begin
 * is what one activity task tells the next, by its heartbeats; how often one began is counted by the database.
 * @param unbegunMsMax how long a call may wait to begin, from the first look that found that it can't
 */
export async function beating<Result>(
  unbegunMsMax: number,
  work: (signal: AbortSignal, patience: Patience) => Promise<Result>,
): Promise<Result> {
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
    return await work(context.cancellationSignal, patience);
  } finally {
    clearInterval(beat);
  }
}
