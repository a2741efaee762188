import { CountersignError } from '../client/error';
import type { Client } from '../client/index';
import type { Gate } from '../contract/wire/gate';

/** How long a gate is held that somebody looks at from a command line, unless it is held on to. */
export const LEASE_SECONDS = 300;

/** Others were first: the next one is tried. */
const GONE = new Set(['gate_claimed', 'gate_closed', 'gate_late', 'gate_not_found']);

/**
 * Claims the gate that is due first among those that the caller could decide about now, that nobody else holds and that wait
 * for no answer of the requester, and returns it as it is then. One that the caller holds already counts too.
 * @param passed ids of gates that are not wanted
 */
export async function claimNext(
  client: Client,
  passed: ReadonlySet<string> = new Set(),
): Promise<Gate | undefined> {
  const gone = new Set(passed);
  for (;;) {
    const held = await soonest(client, 'me', gone);
    const free = await soonest(client, 'nobody', gone);
    const [next] = [held, free]
      .filter((gate) => gate !== undefined)
      .sort((one, other) => Date.parse(one.due_at) - Date.parse(other.due_at));
    if (next === undefined) return undefined;
    try {
      await client.gates.claim(next.id, LEASE_SECONDS);
      return await client.gates.get(next.id);
    } catch (error) {
      if (!(error instanceof CountersignError) || !GONE.has(error.code)) throw error;
      gone.add(next.id);
    }
  }
}

async function soonest(
  client: Client,
  holder: 'me' | 'nobody',
  gone: ReadonlySet<string>,
): Promise<Gate | undefined> {
  const query = { state: 'open', decidable: 'true', waiting_for: 'reviewer', claimed_by: holder } as const;
  // One at a time: whoever is shown a gate's content is noted.
  for (let cursor: string | undefined; ;) {
    const page = await client.gates.list({ ...query, limit: 1, cursor });
    const wanted = page.items.find(({ id }) => !gone.has(id));
    if (wanted !== undefined || page.next_cursor === null) return wanted;
    cursor = page.next_cursor;
  }
}
