import type { Transaction } from '../../db/transaction';
import type { Caller } from '../caller';

/**
 * Notes that the caller is about to be shown contents that have identifiers back, as an event of the chain, once a day for
 * each content. It belongs into the transaction that reads them: an answer leaves after its commit, so nobody sees what
 * could not be noted.
 */
export async function noteReidentified(
  transaction: Transaction,
  caller: Caller,
  contentIds: readonly (string | null)[],
): Promise<void> {
  const ids = contentIds.filter((id) => id !== null);
  if (ids.length > 0)
    await transaction.rows('select app.note_reidentified($1::uuid[], $2)', [ids, caller.userId]);
}
