import { setTimeout as sleep } from 'node:timers/promises';
import type { Response } from 'express';
import type { Role } from '../contract/states';
import { ENDPOINTS } from '../contract/wire/endpoints';
import type { RouteQuery } from '../contract/wire/routes';
import type { Caller } from './caller';
import { asCaller } from './context';
import { ApiProblem } from './problem';
import { readEventsAfter, readHead } from './reads/events';
import type { RawHandler, Serving } from './serve-route';

const POLL_MS = 700;
const HEARTBEAT_MS = 15_000;
/** How often a stream asks whether its key still lives and its holder may still watch. */
const RECHECK_MS = 5_000;
const BATCH = 100;
const STREAMS_MAX = 200;
const SEQ = /^(0|[1-9][0-9]{0,17})$/;

/**
 * Server-sent events of the caller's chain: the id is the place in the chain, so `Last-Event-ID` loses nothing and
 * repeats nothing. Looks for new events by polling, which reads them only after they are sealed.
 */
export function streamEvents({ api }: Serving): RawHandler {
  let streams = 0;
  return async ({ request, response, caller, query, signal }) => {
    if (caller === undefined) throw new ApiProblem('not_authenticated');
    if (streams >= STREAMS_MAX) throw new ApiProblem('unavailable', { retryAfterSeconds: 5 });
    const { since } = query as RouteQuery<'events.stream'>;
    let last = placeOf(request.get('last-event-id')) ?? since ?? (await headSeq(caller));
    if (request.method === 'HEAD') {
      begin(response);
      response.end();
      return;
    }
    streams += 1;
    try {
      begin(response);
      let checkedAt = performance.now();
      let writtenAt = performance.now();
      while (!signal.aborted) {
        const events = await asCaller(api, caller, (transaction) =>
          readEventsAfter(transaction, caller, last, BATCH),
        );
        for (const event of events) {
          response.write(`id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
          last = event.seq;
        }
        if (events.length > 0) writtenAt = performance.now();
        else if (performance.now() - writtenAt > HEARTBEAT_MS) {
          response.write(': still here\n\n');
          writtenAt = performance.now();
        }
        if (performance.now() - checkedAt > RECHECK_MS) {
          const present = await api.authenticate(request.headers.authorization);
          if (present === undefined || !mayWatch(present.roles)) break;
          checkedAt = performance.now();
        }
        if (events.length < BATCH) await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
      }
    } finally {
      streams -= 1;
      response.end();
    }
  };

  async function headSeq(caller: Caller): Promise<string> {
    const head = await asCaller(api, caller, (transaction) => readHead(transaction, caller.tenantId));
    return head.seq;
  }
}

function mayWatch(roles: readonly Role[]): boolean {
  return roles.some((role) => ENDPOINTS['events.stream'].roles.some((allowed) => allowed === role));
}

function placeOf(lastEventId: string | undefined): string | undefined {
  if (lastEventId === undefined || lastEventId === '') return undefined;
  if (!SEQ.test(lastEventId)) throw new ApiProblem('cursor_invalid');
  return lastEventId;
}

function begin(response: Response): void {
  response.writeHead(200, {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-store',
    Connection: 'keep-alive',
    'X-Accel-Buffering': 'no',
  });
  response.write('retry: 2000\n\n');
}
