import type { ChainHead, Event } from '../../contract/wire/event';
import type { Transaction } from '../../db/transaction';
import type { Caller } from '../caller';
import { ApiProblem } from '../problem';
import { readBlind } from './blind';
import { digits } from './keyset';

type EventRow = Omit<Event, 'seq'> & { readonly seq: bigint };
type HeadRow = Omit<ChainHead, 'seq'> & { readonly seq: bigint };

/** Which events are told of; all of them where nothing is said. */
export interface EventFilter {
  readonly types?: readonly string[] | undefined;
  readonly runId?: string | undefined;
  readonly gateId?: string | undefined;
}

/** The head of the tenant's chain. */
export async function readHead(transaction: Transaction, tenantId: string): Promise<ChainHead> {
  const [row] = await transaction.rows<HeadRow>(
    'select tenant_id, seq, entry_hash, at from app.chain_head where tenant_id = $1',
    [tenantId],
  );
  if (row === undefined) throw new ApiProblem('not_found');
  return { ...row, seq: digits(row.seq) };
}

/**
 * Events after a place in the chain, oldest first. What others decided at a gate where the caller has still to say what they
 * think is withheld: its hash holds the place, so that the chain verifies all the same.
 */
export async function readEventsAfter(
  transaction: Transaction,
  caller: Caller,
  seq: string,
  limit: number,
  { types, runId, gateId }: EventFilter = {},
): Promise<Event[]> {
  const rows = await transaction.rows<EventRow>(
    `select seq, type, at, actor_kind, actor_user_id, run_id, payload, payload_hash, prev_hash, entry_hash
     from app.events e where seq > $1::bigint and ($2::uuid is null or run_id = $2::uuid)
       and ($4::text[] is null or type = any ($4::text[]))
       -- What happens at a gate is of its run, and by run there is an index.
       and ($5::uuid is null or (run_id = (select g.run_id from app.gates g where g.id = $5::uuid)
         and e.payload::json -> 'body' ->> 'gate_id' = $5::text))
     order by seq limit $3`,
    [seq, runId ?? null, limit, types ?? null, gateId ?? null],
  );
  const told = rows.filter(
    ({ type, actor_user_id: by }) => type === 'decision.recorded' && by !== caller.userId,
  );
  const blind = await readBlind(
    transaction,
    caller,
    told.flatMap(({ run_id: id }) => id ?? []),
  );
  return rows.map((row) => {
    const isHeldBack = told.includes(row) && blind.gates.has(gateOf(row.payload));
    return { ...row, seq: digits(row.seq), payload: isHeldBack ? null : row.payload };
  });
}

/** Of which gate an event tells. */
function gateOf(payload: string | null): string {
  const { body } = JSON.parse(payload ?? '{"body":{}}') as { body: Readonly<Record<string, unknown>> };
  return typeof body.gate_id === 'string' ? body.gate_id : '';
}
