import type { Feedback, Proposal, Run } from '../../contract/wire/run';
import type { Transaction } from '../../db/transaction';
import { seesContent, shownDuplicate, sightOf, type Caller } from '../caller';
import { ApiProblem } from '../problem';
import { readBlind } from './blind';
import { digits, digitsOrNull } from './keyset';
import { readQuestions, type QuestionContent } from './questions';
import { noteReidentified } from './reidentified';

/** A row of `app.runs`. */
export interface RunRow {
  readonly id: string;
  readonly purpose: string;
  readonly purpose_version: number;
  readonly state: Run['state'];
  readonly step: Run['step'];
  readonly outcome: Run['outcome'];
  readonly code: string | null;
  readonly advisory: Run['advisory'];
  readonly requested_by: string;
  readonly subject_user_id: string | null;
  readonly input_content_id: string;
  readonly by_hand_of: string | null;
  readonly resend_of: string | null;
  readonly compensates_record_id: string | null;
  readonly compensation_act: Run['compensation_act'];
  readonly confidence_permille: number | null;
  readonly reserved_credits: bigint;
  readonly actual_credits: bigint | null;
  readonly deducted_credits: bigint | null;
  readonly shortfall_credits: bigint | null;
  readonly withdrawn_at: string | null;
  readonly created_at: string;
  readonly closed_at: string | null;
  readonly cost_nano_usd: bigint;
  readonly input_tokens: bigint;
  readonly output_tokens: bigint;
  readonly calls: bigint;
}

export const SELECT_RUNS = 'select * from app.runs';

/** @throws ApiProblem `run_not_found` also when the caller may not see it: that it exists is not told either */
export async function readRunRow(transaction: Transaction, caller: Caller, runId: string): Promise<RunRow> {
  const [row] = await transaction.rows<RunRow>(`${SELECT_RUNS} where id = $1`, [runId]);
  const { onlyRequestedBy } = sightOf(caller);
  if (row === undefined || (onlyRequestedBy !== undefined && row.requested_by !== onlyRequestedBy)) {
    throw new ApiProblem('run_not_found');
  }
  return row;
}

/** A run with its input and proposals, as the caller may see it. */
export async function readRun(transaction: Transaction, caller: Caller, runId: string): Promise<Run> {
  const row = await readRunRow(transaction, caller, runId);
  const content = seesContent(caller, row.requested_by);
  const [said] = await transaction.rows<SaidRow>(content ? SELECT_SAID : SELECT_FEEDBACK, [runId]);
  const { isBlind, ...proposed } = await readProposals(transaction, caller, row, content);
  return {
    ...toRun(row),
    input: said?.input ?? null,
    ...proposed,
    // What others thought of the answer would tell whoever must first say what they think.
    feedback: isBlind ? [] : [...(said?.feedback ?? [])],
  };
}

interface SaidRow {
  readonly input: Record<string, unknown> | null;
  readonly feedback: readonly Feedback[];
}

/** With the words, in one statement: what was asked, and what people made of the answer. */
const SELECT_SAID = `select i.input, ${feedbackOf({ words: true })} as feedback from app.run_input_content i where i.id = $1`;
const SELECT_FEEDBACK = `select null as input, ${feedbackOf({ words: false })} as feedback from (select $1::uuid as id) i`;

function feedbackOf({ words }: { readonly words: boolean }): string {
  const comment = words ? '(select c.comment from app.feedback_content c where c.id = f.id)' : 'null';
  return `(select coalesce(json_agg(json_build_object('id', f.id, 'user_id', f.user_id, 'thumb', f.thumb, 'comment', ${comment},
      'content_id', f.comment_content_id, 'at', app.utc(f.at)) order by f.at, f.id), '[]')
    from app.feedback f where f.run_id = i.id)`;
}

/** Runs as lists show them: without the model's confidence where it is held back from the caller. */
export async function withoutHeldBack(
  transaction: Transaction,
  caller: Caller,
  rows: readonly RunRow[],
): Promise<Run[]> {
  // A gate is open only while its run waits.
  const waiting = rows.filter(
    ({ state, confidence_permille: shown }) => state === 'waiting' && shown !== null,
  );
  const blind = await readBlind(
    transaction,
    caller,
    waiting.map(({ id }) => id),
  );
  return rows.map((row) => ({ ...toRun(row), ...(blind.runs.has(row.id) ? { confidence: null } : {}) }));
}

/** A run as lists show it: without input and proposals. */
export function toRun(row: RunRow): Run {
  return {
    id: row.id,
    purpose: row.purpose,
    purpose_version: row.purpose_version,
    state: row.state,
    step: row.step,
    outcome: row.outcome,
    code: row.code,
    advisory: row.advisory,
    requested_by: row.requested_by,
    subject_user_id: row.subject_user_id,
    by_hand_of: row.by_hand_of,
    resend_of: row.resend_of,
    compensates_record_id: row.compensates_record_id,
    compensation_act: row.compensation_act,
    confidence: row.confidence_permille,
    workflow_id: row.id,
    created_at: row.created_at,
    closed_at: row.closed_at,
    withdrawn_at: row.withdrawn_at,
    input: null,
    input_content_id: row.input_content_id,
    proposals: [],
    feedback: [],
    credits: {
      reserved: digits(row.reserved_credits),
      actual: digitsOrNull(row.actual_credits),
      deducted: digitsOrNull(row.deducted_credits),
      shortfall: digitsOrNull(row.shortfall_credits),
    },
    cost_nano_usd: digits(row.cost_nano_usd),
    tokens: { input: digits(row.input_tokens), output: digits(row.output_tokens) },
    calls: digits(row.calls),
  };
}

interface ProposalRow {
  readonly id: string;
  readonly kind: Proposal['kind'];
  readonly record_type: string;
  readonly recorded_as: string | null;
  readonly record_class: Proposal['class'];
  readonly payload_content_id: string;
  readonly hash: string;
  readonly confidence_permille: number | null;
  readonly state: Proposal['state'];
  readonly outcome: Proposal['outcome'];
  readonly possible_duplicate_of: string | null;
  readonly duplicate_requested_by: string | null;
  readonly gate_id: string | null;
  /** Its gate is open, and asks a view of one's own first. */
  readonly blind_first: boolean;
  readonly created_at: string;
}

/** Proposals that may be shown: what a blocking eval keeps from view is not among them. With the run's confidence in them. */
async function readProposals(
  transaction: Transaction,
  caller: Caller,
  run: RunRow,
  content: boolean,
): Promise<Pick<Run, 'proposals' | 'confidence'> & { readonly isBlind: boolean }> {
  const runId = run.id;
  const rows = await transaction.rows<ProposalRow>(
    'select * from app.proposals where run_id = $1 and shown order by ordinal',
    [runId],
  );
  const payloads = content
    ? await transaction.rows<{ id: string; payload: Record<string, unknown> }>(
        'select id, payload from app.proposals_content where run_id = $1',
        [runId],
      )
    : [];
  const blind = await readBlind(transaction, caller, rows.some((row) => row.blind_first) ? [runId] : []);
  const payloadById = new Map(
    payloads.filter(({ id }) => !blind.proposals.has(id)).map(({ id, payload }) => [id, payload]),
  );
  const gateIds = rows.flatMap(({ gate_id: gateId }) =>
    gateId === null || blind.gates.has(gateId) ? [] : [gateId],
  );
  const questions = await readQuestions(transaction, content ? gateIds : []);
  const shown = rows.filter(({ id }) => payloadById.has(id));
  await noteReidentified(
    transaction,
    caller,
    shown.map(({ payload_content_id: id }) => id),
  );
  return {
    isBlind: blind.runs.has(runId),
    confidence: blind.runs.has(runId) ? null : run.confidence_permille,
    proposals: rows.map((row) => ({
      ...toProposal(row, payloadById.get(row.id) ?? null, questions.get(row.gate_id ?? '')),
      possible_duplicate_of: shownDuplicate(caller, row),
      ...(blind.proposals.has(row.id) ? { confidence: null, possible_duplicate_of: null } : {}),
    })),
  };
}

function toProposal(
  row: ProposalRow,
  payload: Record<string, unknown> | null,
  question: QuestionContent | undefined,
): Omit<Proposal, 'possible_duplicate_of'> {
  return {
    id: row.id,
    kind: row.kind,
    record_type: row.record_type,
    recorded_as: row.recorded_as,
    class: row.record_class,
    payload,
    content_id: row.payload_content_id,
    sources: [...(question?.sources ?? [])],
    missing: [...(question?.missing ?? [])],
    hash: row.hash,
    confidence: row.confidence_permille,
    state: row.state,
    outcome: row.outcome,
    gate: row.gate_id,
    created_at: row.created_at,
  };
}
