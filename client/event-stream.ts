import { ERRORS, isErrorCode } from '../contract/errors';
import type { Event } from '../contract/wire/event';
import { CountersignError } from './error';
import { pause, type Transport } from './transport';

export interface StreamOptions {
  /** Goes on after this place in the chain; by default with what is sealed from now on. */
  readonly after?: string;
  /** Only these types of events. */
  readonly types?: readonly string[];
  /** Only what happens in this run, or at this gate. */
  readonly runId?: string;
  readonly gateId?: string;
  readonly signal?: AbortSignal;
}

const RECONNECT_MS = 1_000;
/** As the contract names it; the contract's own is beside schemas, which the client loads none of. */
const STREAM_ENDED = 'stream.ended';

/** One block of a stream: a place in the chain, an event with it, or the code that it was ended with. */
interface Block {
  readonly place?: string;
  readonly event?: Event;
  readonly code?: string;
}

/** Events as they are sealed. A stream that breaks is opened again after the last event, so nothing is lost or doubled. */
export async function* streamEvents(
  transport: Transport,
  options: StreamOptions = {},
): AsyncGenerator<Event> {
  const { signal, types, runId, gateId } = options;
  let after = options.after;
  const isOver = (): boolean => signal?.aborted === true;
  while (!isOver()) {
    try {
      const response = await transport.open('events.stream', {
        query: { types: types?.join(','), run_id: runId, gate_id: gateId },
        headers: { Accept: 'text/event-stream', ...(after === undefined ? {} : { 'Last-Event-ID': after }) },
        ...(signal === undefined ? {} : { signal }),
      });
      for await (const { place, event, code } of readBlocks(response)) {
        if (code !== undefined) throw endedBy(code);
        after = place ?? after;
        if (event !== undefined) yield event;
      }
    } catch (error) {
      if (isOver()) return;
      // A body that breaks off is a TypeError of fetch; everything that has a code and won't pass is for the caller.
      const passes = error instanceof CountersignError ? error.retryable : error instanceof TypeError;
      if (!passes) throw error;
    }
    await pause(RECONNECT_MS, signal).catch(() => undefined);
  }
}

function endedBy(code: string): CountersignError {
  const known = isErrorCode(code) ? code : 'internal';
  const { status, retryable, message } = ERRORS[known];
  return new CountersignError(known, status, retryable, message);
}

async function* readBlocks(response: Response): AsyncGenerator<Block> {
  if (response.body === null) return;
  const decoder = new TextDecoder();
  let buffer = '';
  for await (const chunk of response.body) {
    buffer += decoder.decode(chunk as Uint8Array, { stream: true });
    const blocks = buffer.split('\n\n');
    buffer = blocks.pop() ?? '';
    yield* blocks.map(blockOf);
  }
}

function blockOf(text: string): Block {
  const field = (name: string): string | undefined =>
    text
      .split('\n')
      .find((line) => line.startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trimStart();
  const place = field('id');
  const data = field('data');
  if (data === undefined) return place === undefined ? {} : { place };
  if (field('event') === STREAM_ENDED) return { code: (JSON.parse(data) as { code: string }).code };
  const event = JSON.parse(data) as Event;
  return { place: event.seq, event };
}
