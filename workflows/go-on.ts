import {
  allHandlersFinished,
  condition,
  makeContinueAsNewFunc,
  patched,
  workflowInfo,
} from '@temporalio/workflow';
import type { Gates } from './gates';
import type { RunArguments } from './messages';
import { DUE, GATE_ROLE, PURPOSE, STATE, TENANT } from './search-attributes';

/**
 * Lets a run that waits go on in a new history, under the same workflow id, once this one has grown long: a workflow takes two
 * thousand Updates and some fifty thousand events, and a gate that months of clocks and messages touch must not meet either
 * bound. Nobody is left without an answer: first every Update that came is dealt with; what came by signal is taken along.
 * Returns when there is something else to do before, or no need.
 */
export async function goOnWhenLong(request: RunArguments, gates: Gates): Promise<void> {
  // Asked last, so that it costs a history nothing until then; histories of before there was this never went on anew.
  if (!isLong(request) || !patched('goes-on-anew')) return;
  await condition(() => gates.inbox.length > 0 || allHandlersFinished());
  const carried = gates.carry();
  if (carried === undefined || !allHandlersFinished()) return;
  const { typedSearchAttributes: shown, taskTimeoutMs } = workflowInfo();
  const next = makeContinueAsNewFunc({
    workflowTaskTimeout: taskTimeoutMs,
    typedSearchAttributes: shown.getAll().filter(({ key }) => OURS.has(key.name)),
  });
  await next({ ...request, carried });
}

const OURS: ReadonlySet<string> = new Set([TENANT, PURPOSE, STATE, GATE_ROLE, DUE].map(({ name }) => name));

function isLong({ eventsMax }: RunArguments): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  return eventsMax === undefined ? continueAsNewSuggested : historyLength >= eventsMax;
}
