import type { ChainHead, Event } from '../../contract/wire/event';
import type { Transaction } from '../../db/transaction';
import { ApiProblem } from '../problem';
import { digits } from './keyset';

type EventRow = Omit<Event, 'seq'> & { readonly seq: bigint };
type HeadRow = Omit<ChainHead, 'seq'> & { readonly seq: bigint };

/** The head of the tenant's chain. */
export async function readHead(transaction: Transaction, tenantId: string): Promise<ChainHead> {
  const [row] = await transaction.rows<HeadRow>(
    'select tenant_id, seq, entry_hash, at from app.chain_head where tenant_id = $1',
    [tenantId],
  );
  if (row === undefined) throw new ApiProblem('not_found');
  return { ...row, seq: digits(row.seq) };
}

/** Events after a place in the chain, oldest first. */
export async function readEventsAfter(
  transaction: Transaction,
  seq: string,
  limit: number,
  runId?: string,
): Promise<Event[]> {
  const rows = await transaction.rows<EventRow>(
    `select seq, type, at, actor_kind, actor_user_id, run_id, payload, payload_hash, prev_hash, entry_hash
     from app.events where seq > $1::bigint and ($2::uuid is null or run_id = $2::uuid) order by seq limit $3`,
    [seq, runId ?? null, limit],
  );
  return rows.map((row) => ({ ...row, seq: digits(row.seq) }));
}
