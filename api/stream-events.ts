import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Response } from 'express';
import type { ErrorCode } from '../contract/errors';
import type { Role } from '../contract/states';
import { ENDPOINTS } from '../contract/wire/endpoints';
import { STREAM_ENDED, type Event } from '../contract/wire/event';
import type { RouteQuery } from '../contract/wire/routes';
import type { Caller } from './caller';
import { asCaller } from './context';
import { ApiProblem } from './problem';
import { readEventsAfter, readHead, type EventFilter } from './reads/events';
import type { RawHandler, Serving } from './serve-route';

const POLL_MS = 700;
/** How often a stream asks whether its key still lives and its holder may still watch. */
const RECHECK_MS = 5_000;
const BATCH = 100;
const SEQ = /^(0|[1-9][0-9]{0,17})$/;

/**
 * Server-sent events of the caller's chain: the id is the place in the chain, so `Last-Event-ID` loses nothing and
 * repeats nothing. Looks for new events by polling, which reads them only after they are sealed: the chain has no gaps, and
 * what is sealed later stands later. A reader that takes nothing for a while is told so and let go: it goes on where it was.
 */
export function streamEvents({ api, streams: bounds, draining }: Serving): RawHandler {
  const open = new Map<string, number>();
  let streams = 0;
  return async ({ request, response, caller, query, signal }) => {
    if (caller === undefined) throw new ApiProblem('not_authenticated');
    const { since, types, run_id: runId, gate_id: gateId } = query as RouteQuery<'events.stream'>;
    const filter = { types: types?.split(','), runId, gateId };
    const place = placeOf(request.get('last-event-id')) ?? since ?? (await headSeq(caller));
    const mine = open.get(caller.keyId) ?? 0;
    if (streams >= bounds.streamsMax) throw new ApiProblem('unavailable', { retryAfterSeconds: 5 });
    if (mine >= bounds.streamsOfKeyMax) throw new ApiProblem('rate_limited', { retryAfterSeconds: 5 });
    begin(response);
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    streams += 1;
    open.set(caller.keyId, mine + 1);
    try {
      const code = await follow(response, caller, { place, filter, signal }, () =>
        api.authenticate(request.headers.authorization),
      );
      end(response, code);
    } finally {
      streams -= 1;
      const left = (open.get(caller.keyId) ?? 1) - 1;
      if (left === 0) open.delete(caller.keyId);
      else open.set(caller.keyId, left);
    }
  };

  async function headSeq(caller: Caller): Promise<string> {
    const head = await asCaller(api, caller, (transaction) => readHead(transaction, caller.tenantId));
    return head.seq;
  }

  /** Sends events until something ends the stream, and says what; null when the reader has left. */
  async function follow(
    response: Response,
    caller: Caller,
    from: { readonly place: string; readonly filter: EventFilter; readonly signal: AbortSignal },
    present: () => Promise<Caller | undefined>,
  ): Promise<ErrorCode | null> {
    const { filter, signal } = from;
    let { place } = from;
    let checkedAt = performance.now();
    let writtenAt = checkedAt;
    while (!signal.aborted) {
      const read = await readBatch(caller, place, filter);
      const text = read.events.map(blockOf).join('');
      if (text !== '') writtenAt = performance.now();
      if (text !== '' && !(await taken(response, text, signal))) return signal.aborted ? null : 'stream_slow';
      place = read.place;
      if (performance.now() - writtenAt > bounds.heartbeatMs) {
        writtenAt = performance.now();
        // An id alone is no event, but where a reader goes on that had nothing to be told for long.
        if (!(await taken(response, `: still here\nid: ${place}\n\n`, signal))) return 'stream_slow';
      }
      if (performance.now() - checkedAt > RECHECK_MS) {
        const holder = await present();
        if (holder === undefined) return 'not_authenticated';
        if (!mayWatch(holder.roles)) return 'not_allowed';
        checkedAt = performance.now();
      }
      if (read.events.length < BATCH) await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
    return draining.aborted ? 'unavailable' : null;
  }

  /** The next events, and up to where everything was looked at: a filter leaves out, and never looks twice. */
  async function readBatch(
    caller: Caller,
    after: string,
    filter: EventFilter,
  ): Promise<{ readonly events: readonly Event[]; readonly place: string }> {
    return await asCaller(api, caller, async (transaction) => {
      const isFiltered = Object.values(filter).some((value) => value !== undefined);
      // Before the events: what is sealed in between is found the next time.
      const head = isFiltered ? (await readHead(transaction, caller.tenantId)).seq : after;
      const events = await readEventsAfter(transaction, caller, after, BATCH, filter);
      const last = events.at(-1)?.seq ?? after;
      const isAll = events.length < BATCH && BigInt(head) > BigInt(last);
      return { events, place: isAll ? head : last };
    });
  }

  /** Whether the reader has room for more, or makes some in time. */
  async function taken(response: Response, text: string, signal: AbortSignal): Promise<boolean> {
    if (response.write(text)) return true;
    const late = AbortSignal.any([signal, AbortSignal.timeout(bounds.stalledMsMax)]);
    return await once(response, 'drain', { signal: late }).then(
      () => true,
      () => false,
    );
  }

  /** Says why it ends, where somebody still listens; one that takes not even that is cut off. */
  function end(response: Response, code: ErrorCode | null): void {
    if (code === null) {
      response.end();
      return;
    }
    response.end(`event: ${STREAM_ENDED}\ndata: ${JSON.stringify({ code })}\n\n`);
    const cut = setTimeout(() => response.destroy(), bounds.stalledMsMax);
    response.once('close', () => clearTimeout(cut));
  }
}

function blockOf(event: Event): string {
  return `id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
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
