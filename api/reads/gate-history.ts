import type { Gate } from '../../contract/wire/gate';
import type { Transaction } from '../../db/transaction';
import type { Caller } from '../caller';
import { patchOf } from './decisions';
import { noteReidentified } from './reidentified';

/** The verdicts of a gate, with what each wrote in the place of the proposal. */
export async function readGateDecisions(
  transaction: Transaction,
  caller: Caller,
  gateId: string,
  content: boolean,
): Promise<Gate['decisions']> {
  const rows = await transaction.rows<GateDecisionRow>(
    `select d.id, d.gate_version, d.actor_user_id, d.actor_kind, d.on_behalf_of, d.verdict, d.disposition, d.reason_code, d.named_record_type as record_type,
       ${content ? 'c.decision_rationale as rationale, c.edits, c.original' : 'null as rationale, null as edits, null as original'},
       d.meaning, d.edits_content_id, d.self_confirmed, d.decided_at
     from app.decisions d ${content ? 'join app.decisions_content c on c.id = d.id' : ''}
     where d.gate_id = $1 order by d.decided_at, d.id`,
    [gateId],
  );
  await noteReidentified(
    transaction,
    caller,
    rows.map(({ edits, edits_content_id: id }) => (edits === null ? null : id)),
  );
  return rows.map(({ original, edits_content_id: _id, ...row }) => ({
    ...row,
    patch: patchOf(original, row.edits),
  }));
}

type GateDecisionRow = Omit<Gate['decisions'][number], 'patch'> & {
  readonly original: Record<string, unknown> | null;
  readonly edits_content_id: string | null;
};

/** What each version changed of the one before. */
export async function readVersions(
  transaction: Transaction,
  { id, version }: Pick<Gate, 'id' | 'version'>,
): Promise<Gate['versions']> {
  if (version === 1) return [];
  return await transaction.rows<Gate['versions'][number]>(
    'select version, cause, changed, policy_version, at from app.gate_versions where gate_id = $1 order by version',
    [id],
  );
}
