import { isErrorCode, type ErrorCode } from '../../contract/errors';
import type { Gate } from '../../contract/wire/gate';
import type { Transaction } from '../../db/transaction';
import { seesContent, shownDuplicate, sightOf, type Caller } from '../caller';
import { readableAmounts } from '../edits';
import { ApiProblem } from '../problem';
import { readGateDecisions, readVersions } from './gate-history';
import { readGateAgreement } from './agreement';
import { readBlind } from './blind';
import { readWork } from './gate-work';
import { readQuestions, type QuestionContent } from './questions';
import { noteReidentified } from './reidentified';

/** A row of `app.gates`. */
export interface GateRow {
  readonly id: string;
  readonly run_id: string;
  readonly purpose: string;
  readonly proposal_id: string;
  readonly record_type: string;
  /** What may be recorded, where the approver chooses. */
  readonly record_types: readonly string[];
  /** What the approvals of its present version named of them. */
  readonly named_record_type: string | null;
  readonly record_class: Gate['class'];
  readonly version: number;
  readonly proposal_hash: string;
  readonly payload_content_id: string;
  readonly manual: boolean;
  readonly advisory: Gate['advisory'];
  readonly roles: Gate['roles'];
  readonly seats: number;
  readonly seat_roles: Gate['seat_roles'];
  /** Asks a view of one's own before the model's is shown. */
  readonly blind_first: boolean;
  readonly seats_taken: bigint;
  readonly separation: Gate['separation'];
  readonly rationale_rule: Gate['rationale_rule'];
  readonly rationale_parts: Gate['rationale_parts'];
  readonly reauthenticate_minutes: number | null;
  readonly compensates_record_id: string | null;
  readonly compensation_act: Gate['compensation_act'];
  readonly reason_codes: string[];
  readonly dispositions: Gate['dispositions'];
  readonly escalation_level: number;
  readonly confidence_permille: number | null;
  readonly possible_duplicate_of: string | null;
  /** Who asked for what it may be a duplicate of. */
  readonly duplicate_requested_by: string | null;
  readonly duplicate_created_at: string | null;
  readonly requested_by: string;
  readonly opened_at: string;
  readonly due_at: string;
  readonly closed_at: string | null;
  readonly claimed_by: string | null;
  readonly claimed_until: string | null;
  readonly waiting_for: Gate['waiting_for'];
  readonly outcome: Gate['outcome'];
  readonly decision_id: string | null;
}

export const SELECT_GATES = 'select * from app.gates';

/** @throws ApiProblem `gate_not_found` also when the caller may not see its run */
export async function readGateRow(
  transaction: Transaction,
  caller: Caller,
  gateId: string,
): Promise<GateRow> {
  const [row] = await transaction.rows<GateRow>(`${SELECT_GATES} where id = $1`, [gateId]);
  const { onlyRequestedBy } = sightOf(caller);
  if (row === undefined || (onlyRequestedBy !== undefined && row.requested_by !== onlyRequestedBy)) {
    throw new ApiProblem('gate_not_found');
  }
  return row;
}

/** Gates as a list shows them: with question and payload, without input, decisions and comments. */
export async function withContent(
  transaction: Transaction,
  caller: Caller,
  rows: readonly GateRow[],
): Promise<Gate[]> {
  const blind = await readBlind(transaction, caller, runsToAskAbout(rows));
  const readable = rows.filter((row) => seesContent(caller, row.requested_by) && !blind.gates.has(row.id));
  const questions = await readQuestions(
    transaction,
    readable.map(({ id }) => id),
  );
  const payloads = await readPayloads(transaction, readable);
  const refusals = await readRefusals(transaction, caller, rows);
  const shown = readable.filter(({ proposal_id: id }) => payloads.has(id));
  await noteReidentified(
    transaction,
    caller,
    shown.map(({ payload_content_id: id }) => id),
  );
  return rows.map((row) => ({
    ...toGate(row, questions.get(row.id), payloads.get(row.proposal_id) ?? null),
    possible_duplicate_of: shownDuplicate(caller, row),
    possible_duplicate_at: shownDuplicate(caller, row) === null ? null : row.duplicate_created_at,
    refusal: refusals.get(row.id)?.refusal ?? null,
    acting_for: [...(refusals.get(row.id)?.acting_for ?? [])],
    ...(blind.gates.has(row.id) ? HELD_BACK : {}),
  }));
}

/** What a list would tell of a gate's proposal and verdicts beside their content. */
const HELD_BACK = {
  blind: true,
  confidence: null,
  possible_duplicate_of: null,
  possible_duplicate_at: null,
  seats_taken: null,
} as const satisfies Partial<Gate>;

/** Only open gates that ask a view of one's own first hold anything back, and most ask none. */
function runsToAskAbout(rows: readonly GateRow[]): string[] {
  return rows.filter((row) => row.blind_first && row.closed_at === null).map(({ run_id: runId }) => runId);
}

/** One gate as this reviewer gets it, with the hash that commits to what is shown. */
export async function readGate(transaction: Transaction, caller: Caller, gateId: string): Promise<Gate> {
  const row = await readGateRow(transaction, caller, gateId);
  const content = seesContent(caller, row.requested_by);
  // First: what changes while the rest is read makes a verdict stale, and never binds it to what was not shown.
  const shown = content ? await readShownHash(transaction, caller, gateId) : null;
  const [gate] = await withContent(transaction, caller, [row]);
  if (gate === undefined) throw new ApiProblem('gate_not_found');
  const [input] = content
    ? await transaction.rows<{ input: Record<string, unknown> }>(
        'select input from app.run_input_content where id = $1',
        [row.run_id],
      )
    : [];
  const [amounts = {}] = await readableAmounts(transaction, [gate.payload]);
  const whole = {
    ...gate,
    amounts,
    input: input?.input ?? null,
    versions: await readVersions(transaction, row),
  };
  // What others said of it would tell what they were shown.
  if (gate.blind) return { ...whole, ...(await readWork(transaction, gateId, false)) };
  return {
    ...whole,
    // Where a model said how sure it is; a plain gate by hand asks nothing.
    agreement: row.confidence_permille === null ? null : await readGateAgreement(transaction, gateId),
    decisions: await readGateDecisions(transaction, caller, gateId, content),
    views: row.blind_first ? await readViews(transaction, gateId, content) : [],
    comments: await readComments(transaction, gateId, content),
    ...(await readWork(transaction, gateId, content)),
    shown_hash: shown,
  };
}

/** What commits to the view of a gate as the caller gets it now, by the database, which asks it of a verdict again. */
async function readShownHash(transaction: Transaction, caller: Caller, gateId: string): Promise<string> {
  return await transaction.value<string>("select encode(app.shown_hash($1, $2), 'hex')", [
    gateId,
    caller.userId,
  ]);
}

/** What reviewers thought before they were shown what the model said. All of it is content. */
async function readViews(transaction: Transaction, gateId: string, content: boolean): Promise<Gate['views']> {
  if (!content) return [];
  return await transaction.rows<Gate['views'][number]>(
    'select user_id, opinion, disposition, note, at from app.gate_views_content where gate_id = $1 order by at, id',
    [gateId],
  );
}

async function readComments(
  transaction: Transaction,
  gateId: string,
  content: boolean,
): Promise<Gate['comments']> {
  return await transaction.rows<Gate['comments'][number]>(
    `select id, user_id, ${content ? 'text' : 'null as text'}, at from app.comments_content where gate_id = $1 order by at, id`,
    [gateId],
  );
}

interface Deciding {
  readonly refusal: ErrorCode | null;
  readonly acting_for: readonly string[];
}

/**
 * Why the caller could not decide about each of the gates, and in whose place they could; a service is told that it never
 * could.
 */
async function readRefusals(
  transaction: Transaction,
  caller: Caller,
  rows: readonly GateRow[],
): Promise<ReadonlyMap<string, Deciding>> {
  const found = await transaction.rows<{ id: string; refusal: string | null; acting_for: string[] }>(
    `select id, app.gate_refusal(id, $2) as refusal, app.acting_for(id, $2) as acting_for
     from unnest($1::uuid[]) as asked (id)`,
    [rows.map(({ id }) => id), caller.userId],
  );
  return new Map(
    found.map(({ id, refusal, acting_for: actingFor }) => [
      id,
      { refusal: refusal !== null && isErrorCode(refusal) ? refusal : null, acting_for: actingFor },
    ]),
  );
}

async function readPayloads(
  transaction: Transaction,
  rows: readonly GateRow[],
): Promise<ReadonlyMap<string, Record<string, unknown>>> {
  if (rows.length === 0) return new Map();
  const found = await transaction.rows<{ id: string; payload: Record<string, unknown> }>(
    'select id, payload from app.proposals_content where id = any ($1::uuid[])',
    [rows.map(({ proposal_id: id }) => id)],
  );
  return new Map(found.map(({ id, payload }) => [id, payload]));
}

function toGate(
  row: GateRow,
  question: QuestionContent | undefined,
  payload: Record<string, unknown> | null,
): Omit<Gate, 'refusal' | 'acting_for' | 'possible_duplicate_of' | 'possible_duplicate_at'> {
  return {
    id: row.id,
    version: row.version,
    run_id: row.run_id,
    purpose: row.purpose,
    proposal_id: row.proposal_id,
    record_type: row.record_type,
    record_types: [...row.record_types],
    class: row.record_class,
    state: row.closed_at === null ? 'open' : 'closed',
    outcome: row.outcome,
    decision_id: row.decision_id,
    manual: row.manual,
    advisory: row.advisory,
    question: question?.question ?? null,
    if_approved: question?.if_approved ?? null,
    if_rejected: question?.if_rejected ?? null,
    missing: [...(question?.missing ?? [])],
    sources: [...(question?.sources ?? [])],
    flags: [...(question?.flags ?? [])],
    payload,
    amounts: {},
    compensates_record_id: row.compensates_record_id,
    compensation_act: row.compensation_act,
    input: null,
    proposal_hash: row.proposal_hash,
    confidence: row.confidence_permille,
    role: row.roles.at(-1) ?? 'reviewer',
    roles: row.roles,
    seats: row.seats,
    seat_roles: row.seat_roles,
    blind: false,
    views: [],
    agreement: null,
    seats_taken: Number(row.seats_taken),
    separation: row.separation,
    rationale_rule: row.rationale_rule,
    rationale_parts: row.rationale_parts,
    reauthenticate_minutes: row.reauthenticate_minutes,
    reason_codes: row.reason_codes,
    dispositions: row.dispositions,
    escalation_level: row.escalation_level,
    requested_by: row.requested_by,
    opened_at: row.opened_at,
    due_at: row.due_at,
    closed_at: row.closed_at,
    claimed_by: row.claimed_by,
    claimed_until: row.claimed_until,
    waiting_for: row.waiting_for,
    shown_hash: null,
    versions: [],
    decisions: [],
    comments: [],
    questions: [],
    handovers: [],
  };
}
