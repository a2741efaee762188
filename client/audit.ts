import type { Event } from '../contract/wire/event';
import type { Transport } from './transport';
import type { Answer, Query } from './types';
import { verifyChain, type ChainPlace, type ChainReport } from './verify-chain';

const EVENTS_PER_REQUEST = 1_000;

/** The tenant's chain of events, and the proof of it. */
export function auditOver(transport: Transport) {
  const head = (): Promise<Answer<'audit.head'>> => transport.send('audit.head');
  const recent = (query: Query<'audit.recent'> = {}): Promise<Answer<'audit.recent'>> =>
    transport.send('audit.recent', { query });

  /** Events after a place, oldest first, until there are none. */
  async function* events(after = '0'): AsyncGenerator<Event> {
    for (let since = after; ;) {
      const answer = await recent({ since, limit: EVENTS_PER_REQUEST });
      yield* answer.events;
      const last = answer.events.at(-1);
      if (last === undefined) return;
      since = last.seq;
    }
  }

  return {
    head,
    recent,
    events,
    /**
     * Verifies the whole chain here. The head of the same API shows only that the answer was not cut; anchors that
     * were kept elsewhere (heads read before, checkpoints) show that the chain was not.
     */
    async verify(anchors: readonly ChainPlace[] = []): Promise<ChainReport> {
      const { tenant_id: tenantId, ...present } = await head();
      return await verifyChain(tenantId, events(), { anchors: [...anchors, present] });
    },
  };
}
