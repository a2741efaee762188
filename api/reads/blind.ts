import type { Role } from '../../contract/states';
import type { Transaction } from '../../db/transaction';
import type { Caller } from '../caller';

/** What is held back from the caller until they have recorded a view of their own. */
export interface Blind {
  readonly gates: ReadonlySet<string>;
  readonly runs: ReadonlySet<string>;
  readonly proposals: ReadonlySet<string>;
}

interface BlindRow {
  readonly gate_id: string;
  readonly run_id: string;
  readonly proposal_id: string;
}

const DECIDING: readonly Role[] = ['reviewer', 'senior', 'admin'];
const NOTHING: Blind = { gates: new Set(), runs: new Set(), proposals: new Set() };

/** Of which open gates of these runs, or of all, the caller must not yet be shown what the model said and others decided. */
export async function readBlind(
  transaction: Transaction,
  caller: Caller,
  runIds: readonly string[] | 'all',
): Promise<Blind> {
  if (runIds.length === 0 || !caller.roles.some((role) => DECIDING.includes(role))) return NOTHING;
  const rows = await transaction.rows<BlindRow>(
    'select gate_id, run_id, proposal_id from app.blind_gates($1, $2)',
    [caller.userId, runIds === 'all' ? null : [...new Set(runIds)]],
  );
  return {
    gates: new Set(rows.map((row) => row.gate_id)),
    runs: new Set(rows.map((row) => row.run_id)),
    proposals: new Set(rows.map((row) => row.proposal_id)),
  };
}
