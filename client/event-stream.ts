import type { Event } from '../contract/wire/event';
import { CountersignError } from './error';
import { pause, type Transport } from './transport';

export interface StreamOptions {
  /** Goes on after this place in the chain; by default with what is sealed from now on. */
  readonly after?: string;
  readonly signal?: AbortSignal;
}

const RECONNECT_MS = 1_000;

/** Events as they are sealed. A stream that breaks is opened again after the last event, so nothing is lost or doubled. */
export async function* streamEvents(
  transport: Transport,
  options: StreamOptions = {},
): AsyncGenerator<Event> {
  const { signal } = options;
  let after = options.after;
  const isOver = (): boolean => signal?.aborted === true;
  while (!isOver()) {
    try {
      const response = await transport.open('events.stream', {
        headers: { Accept: 'text/event-stream', ...(after === undefined ? {} : { 'Last-Event-ID': after }) },
        ...(signal === undefined ? {} : { signal }),
      });
      for await (const event of readEvents(response)) {
        after = event.seq;
        yield event;
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

async function* readEvents(response: Response): AsyncGenerator<Event> {
  if (response.body === null) return;
  const decoder = new TextDecoder();
  let buffer = '';
  for await (const chunk of response.body) {
    buffer += decoder.decode(chunk as Uint8Array, { stream: true });
    const blocks = buffer.split('\n\n');
    buffer = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = block
        .split('\n')
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(5).trimStart())
        .join('\n');
      if (data !== '') yield JSON.parse(data) as Event;
    }
  }
}
