import { setTimeout as sleep } from 'node:timers/promises';
import type { Run } from '../contract/wire/run';
import type { Caller } from './caller';
import { asCaller, type Api } from './context';
import { readRun } from './reads/runs';

const POLL_MS_MIN = 40;
const POLL_MS_MAX = 500;

/**
 * The run as it is once a gate is open or it is closed, or after `seconds`, whichever comes first. Looks into the
 * database, which is the truth about a run, at growing distances.
 */
export async function waitForRun(
  api: Api,
  caller: Caller,
  runId: string,
  seconds: number,
  signal: AbortSignal,
): Promise<Run> {
  const deadline = performance.now() + seconds * 1000;
  for (let pauseMs = POLL_MS_MIN; ; pauseMs = Math.min(pauseMs * 1.3, POLL_MS_MAX)) {
    const leftMs = deadline - performance.now();
    const isLast = leftMs <= 0 || signal.aborted;
    if (isLast || (await isSettled(api, caller, runId))) {
      return await asCaller(api, caller, (transaction) => readRun(transaction, caller, runId));
    }
    await sleep(Math.min(pauseMs, leftMs), undefined, { signal }).catch(() => undefined);
  }
}

async function isSettled(api: Api, caller: Caller, runId: string): Promise<boolean> {
  const state = await asCaller(api, caller, (transaction) =>
    transaction.value<Run['state']>('select state from app.runs where id = $1', [runId]),
  );
  return state === 'waiting' || state === 'closed';
}
