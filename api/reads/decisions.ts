import { createPatch } from 'rfc6902';
import type { Decision, Intent } from '../../contract/wire/decision';
import type { Transaction } from '../../db/transaction';
import { sightOf, type Caller } from '../caller';
import { ApiProblem } from '../problem';
import { readBlind } from './blind';
import { noteReidentified } from './reidentified';

/** A row of `app.decisions`. */
export interface DecisionRow extends Omit<Decision, 'rationale' | 'rationale_content_id' | 'edits'> {
  readonly decision_rationale_content_id: string | null;
  readonly meaning: NonNullable<Decision['signature']>['meaning'] | null;
  readonly reauthenticated: boolean;
  readonly authenticated_at: string | null;
  readonly payload_content_id: string;
}

export const SELECT_DECISIONS = 'select * from app.decisions';

interface DecisionContent {
  readonly id: string;
  readonly decision_rationale: string | null;
  readonly rationale_parts: Decision['rationale_parts'] | null;
  readonly edits: Record<string, unknown> | null;
  readonly original: Record<string, unknown> | null;
  readonly printed_name: string | null;
  readonly view: Decision['view'];
}

/** Decisions with reason and edits for those who read content; the callers of this see either all content or none. */
export async function withDecisionContent(
  transaction: Transaction,
  caller: Caller,
  rows: readonly DecisionRow[],
): Promise<Decision[]> {
  const contents =
    rows.length > 0 && sightOf(caller).content === 'all'
      ? await transaction.rows<DecisionContent>(
          'select id, decision_rationale, rationale_parts, edits, original, printed_name, view from app.decisions_content where id = any ($1::uuid[])',
          [rows.map(({ id }) => id)],
        )
      : [];
  const byId = new Map(contents.map((content) => [content.id, content]));
  const shown = rows.filter(({ id }) => byId.has(id));
  await noteReidentified(
    transaction,
    caller,
    shown.flatMap(({ id, edits_content_id: edited, payload_content_id: proposed }) =>
      byId.get(id)?.original ? [edited, proposed] : [edited],
    ),
  );
  return rows.map((row) => toDecision(row, byId.get(row.id)));
}

function toDecision(row: DecisionRow, content: DecisionContent | undefined): Decision {
  return {
    id: row.id,
    gate_id: row.gate_id,
    run_id: row.run_id,
    proposal_id: row.proposal_id,
    record_type: row.record_type,
    class: row.class,
    gate_version: row.gate_version,
    verdict: row.verdict,
    actor_kind: row.actor_kind,
    actor_user_id: row.actor_user_id,
    on_behalf_of: row.on_behalf_of,
    delegation_id: row.delegation_id,
    authority_policy_version: row.authority_policy_version,
    intent_id: row.intent_id,
    ai_advisory_id: row.ai_advisory_id,
    manual: row.manual,
    proposal_hash: row.proposal_hash,
    shown_hash: row.shown_hash,
    disposition: row.disposition,
    reason_code: row.reason_code,
    rationale: content?.decision_rationale ?? null,
    rationale_content_id: row.decision_rationale_content_id,
    rationale_parts: content?.rationale_parts ?? [],
    edits: content?.edits ?? null,
    original: content?.original ?? null,
    patch: patchOf(content?.original ?? null, content?.edits ?? null),
    signature: signatureOf(row, content),
    view: content?.view ?? null,
    edits_content_id: row.edits_content_id,
    self_confirmed: row.self_confirmed,
    decided_at: row.decided_at,
    auth_method: row.auth_method,
    key_id: row.key_id,
    key_created_by: row.key_created_by,
    stored_at: row.stored_at,
    record_ids: row.record_ids,
    undo_until: row.undo_until,
  };
}

/** Those of the rows that the caller may know: not what others decided where they have still to say what they think. */
export async function knownDecisions(
  transaction: Transaction,
  caller: Caller,
  rows: readonly DecisionRow[],
): Promise<readonly DecisionRow[]> {
  const others = rows.filter(({ actor_user_id: by }) => by !== caller.userId);
  const blind = await readBlind(
    transaction,
    caller,
    others.map(({ run_id: runId }) => runId),
  );
  return rows.filter((row) => row.actor_user_id === caller.userId || !blind.gates.has(row.gate_id));
}

/** JSON Patch (RFC 6902) from what was proposed to what was edited; null where either is not there. */
export function patchOf(
  original: Readonly<Record<string, unknown>> | null,
  edits: Readonly<Record<string, unknown>> | null,
): Decision['patch'] {
  return original === null || edits === null ? null : createPatch(original, edits).map((one) => ({ ...one }));
}

function signatureOf(row: DecisionRow, content: DecisionContent | undefined): Decision['signature'] {
  const { meaning, stored_at: signedAt, shown_hash: shown } = row;
  if (meaning === null || signedAt === null || shown === null) return null;
  return {
    printed_name: content?.printed_name ?? null,
    meaning,
    signed_at: signedAt,
    proposal_hash: row.proposal_hash,
    shown_hash: shown,
    reauthenticated_at: row.reauthenticated ? row.authenticated_at : null,
  };
}

/** @throws ApiProblem `not_found`, or `view_required` when it is held back from the caller */
export async function readDecision(transaction: Transaction, caller: Caller, id: string): Promise<Decision> {
  const found = await transaction.rows<DecisionRow>(`${SELECT_DECISIONS} where id = $1`, [id]);
  const rows = await knownDecisions(transaction, caller, found);
  if (rows.length < found.length) throw new ApiProblem('view_required');
  const [decision] = await withDecisionContent(transaction, caller, rows);
  if (decision === undefined) throw new ApiProblem('not_found');
  return decision;
}

/** @throws ApiProblem `intent_not_found`, or `view_required` when it is another's and held back from the caller */
export async function readKnownIntent(transaction: Transaction, caller: Caller, id: string): Promise<Intent> {
  const intent = await readIntent(transaction, id);
  if (intent.actor_user_id === caller.userId) return intent;
  const blind = await readBlind(transaction, caller, [intent.run_id]);
  if (blind.gates.has(intent.gate_id)) throw new ApiProblem('view_required');
  return intent;
}

/** @throws ApiProblem `intent_not_found` */
export async function readIntent(transaction: Transaction, id: string): Promise<Intent> {
  const [intent] = await transaction.rows<Intent>(
    `select id, gate_id, run_id, gate_version, verdict, actor_user_id, stored_at, outcome, code, decision_id, answered_at
     from app.intents where id = $1`,
    [id],
  );
  if (intent === undefined) throw new ApiProblem('intent_not_found');
  return intent;
}
