import { setTimeout as sleep } from 'node:timers/promises';
import type { DecisionRequest, Intent } from '../../contract/wire/decision';
import type { Transaction } from '../../db/transaction';
import type { Caller } from '../caller';
import { checkedEdits } from '../edits';
import { asCaller, type Answered, type Api, type Handler } from '../context';
import { canonicalJson } from '../http/json-text';
import { ApiProblem, problemOf, type Outcome } from '../problem';
import { readDecision, readIntent } from '../reads/decisions';
import { readGateRow, type GateRow } from '../reads/gates';

const ANSWER_MS_MAX = 3_000;
const POLL_MS_MIN = 50;
const POLL_MS_MAX = 400;

interface StoredIntent extends Outcome {
  readonly intent_id: string;
  /** Of a refusal: what has changed since the view that the verdict names. */
  readonly changed?: readonly string[];
}

/**
 * Stores a verdict, from which commit on it is accepted, and delivers it to the run. Answers with whichever comes first:
 * the Update's result or the row that says what became of it; after three seconds with where to look.
 */
export const decide: Handler<'gates.decide'> = async (api, { caller, params, body, signal }) => {
  const stored = await store(api, caller, params.id ?? '', body);
  try {
    await deliver(api, caller, stored, signal);
    return await asCaller(api, caller, async (transaction) =>
      answerOf(transaction, caller, await readIntent(transaction, stored.id), body),
    );
  } catch (error) {
    if (error instanceof ApiProblem) throw error;
    // Accepted is accepted: whatever broke after that commit, the caller learns where to look.
    return laterAnswer(stored);
  }
};

/** Delivers the verdict and waits for its outcome, by Update or by row, for as long as an answer may take. */
export async function deliver(
  api: Api,
  caller: Caller,
  intent: Pick<Intent, 'id' | 'run_id' | 'gate_id'>,
  signal: AbortSignal,
): Promise<void> {
  const answering = new AbortController();
  const stop = (): void => answering.abort();
  signal.addEventListener('abort', stop);
  try {
    await Promise.race([
      api.workflows
        .deliver(
          { runId: intent.run_id, intentId: intent.id, gateId: intent.gate_id },
          ANSWER_MS_MAX,
          answering.signal,
        )
        // An Update that brought no answer leaves the word to the row.
        .then((answer) => (answer === undefined ? new Promise<never>(() => undefined) : undefined)),
      outcomeRow(api, caller, intent.id, answering.signal),
    ]);
  } finally {
    answering.abort();
    signal.removeEventListener('abort', stop);
  }
}

async function store(api: Api, caller: Caller, gateId: string, request: DecisionRequest): Promise<Intent> {
  const answer = await asCaller(api, caller, async (transaction) => {
    const gate = await readGateRow(transaction, caller, gateId);
    const edits = await checkedEdits(api, transaction, gate, request);
    const [proofId, secret] = request.proof?.split('.') ?? [];
    const refusal = await transaction.value<StoredIntent>(
      `select app.store_intent(p_gate_id => $1, p_gate_version => $2, p_proposal_hash => decode($3, 'hex'),
         p_shown_hash => decode($4, 'hex'), p_verdict => $5, p_disposition => $6, p_reason_code => $7, p_rationale => $8,
         p_rationale_parts => $9, p_edits => $10, p_record_type => $11, p_on_behalf_of => $12, p_key_id => $13,
         p_actor_user_id => $14, p_authenticated_at => $15, p_proof_id => $16, p_proof_secret => $17)`,
      [
        gateId,
        ...verdictWords(request, edits),
        caller.keyId,
        caller.userId,
        caller.authenticatedAt,
        proofId ?? null,
        secret === undefined ? null : Buffer.from(secret, 'base64url'),
      ],
    );
    return refusal.outcome === 'stored'
      ? { intent: await readIntent(transaction, refusal.intent_id) }
      : { refusal };
  });
  if (answer.intent !== undefined) return answer.intent;
  // Told after the commit: an edit or a policy may have made another gate of it, although the verdict was refused.
  const { code, now = {}, changed } = answer.refusal;
  throw conflict(code, now, request, changed);
}

/** A verdict's own words, in the order in which the database takes them to be stored, and to be proved for. */
export function verdictWords(request: DecisionRequest, edits: string | null): unknown[] {
  return [
    request.gate_version,
    request.proposal_hash,
    request.shown_hash,
    request.verdict,
    request.disposition ?? null,
    request.reason_code ?? null,
    request.rationale ?? null,
    request.rationale_parts === undefined ? null : canonicalJson(request.rationale_parts),
    edits,
    request.record_type ?? null,
    request.on_behalf_of ?? null,
  ];
}

/** Waits until the intent has an outcome, or the time is up. */
async function outcomeRow(api: Api, caller: Caller, intentId: string, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + ANSWER_MS_MAX;
  for (let pauseMs = POLL_MS_MIN; ; pauseMs = Math.min(pauseMs * 1.5, POLL_MS_MAX)) {
    const leftMs = deadline - performance.now();
    if (leftMs <= 0 || signal.aborted) return;
    await sleep(Math.min(pauseMs, leftMs), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    const outcome = await asCaller(api, caller, (transaction) =>
      transaction.value<string | null>('select outcome from app.intents where id = $1', [intentId]),
    );
    if (outcome !== null) return;
  }
}

async function answerOf(
  transaction: Transaction,
  caller: Caller,
  intent: Intent,
  request: DecisionRequest,
): Promise<Answered<'gates.decide'>> {
  if (intent.outcome === null) return laterAnswer(intent);
  if (intent.outcome === 'applied' && intent.decision_id !== null) {
    const decision = await readDecision(transaction, caller, intent.decision_id);
    return { status: 200, body: decision, headers: { Location: `/v1/decisions/${decision.id}` } };
  }
  const gate = await readGateRow(transaction, caller, intent.gate_id);
  const winner = await winnerOf(transaction, gate);
  throw conflict(
    codeOf(intent),
    // The verdict was accepted: what became of it can be looked up by its id.
    { ...presentGate(gate), ...winner, intent_id: intent.id },
    request,
    await changesSince(transaction, gate.id, request.gate_version),
  );
}

/** What later versions of the gate have changed, by the names of its fields. */
async function changesSince(transaction: Transaction, gateId: string, version: number): Promise<string[]> {
  const rows = await transaction.rows<{ name: string }>(
    'select distinct unnest(changed) as name from app.gate_versions where gate_id = $1 and version > $2 order by 1',
    [gateId, version],
  );
  return rows.map(({ name }) => name);
}

function laterAnswer(intent: Intent): Answered<'gates.decide'> {
  return { status: 202, body: intent, headers: { Location: `/v1/intents/${intent.id}` } };
}

/** Outcomes that say why by themselves; a conflict has a code of its own. */
const CODE_BY_OUTCOME: Readonly<Partial<Record<string, string>>> = {
  late: 'gate_late',
  superseded: 'verdict_superseded',
  taken_back: 'verdict_taken_back',
};

/** Why a verdict was not applied; null while it may still be. */
export function codeOf({ outcome, code }: Pick<Intent, 'outcome' | 'code'>): string | null {
  return outcome === null ? null : (CODE_BY_OUTCOME[outcome] ?? code);
}

/** A conflict that shows what is there now and names what has changed since the caller saw it. */
function conflict(
  code: string | null | undefined,
  now: Readonly<Record<string, unknown>>,
  request: DecisionRequest,
  viewChanges: readonly string[] = [],
): ApiProblem {
  const changed = new Set([
    ...viewChanges,
    ...(now.gate_version !== undefined && now.gate_version !== request.gate_version ? ['gate_version'] : []),
    ...(now.proposal_hash !== undefined && now.proposal_hash !== request.proposal_hash
      ? ['proposal_hash']
      : []),
    ...(typeof now.gate_outcome === 'string' ? ['gate_outcome'] : []),
  ]);
  return problemOf(code, { now, changed: [...changed] });
}

function presentGate(gate: GateRow): Record<string, unknown> {
  return {
    gate_id: gate.id,
    gate_version: gate.version,
    proposal_hash: gate.proposal_hash,
    due_at: gate.due_at,
    gate_outcome: gate.outcome,
    decision_id: gate.decision_id,
    record_type: gate.named_record_type,
  };
}

/** Who won a closed gate. */
async function winnerOf(transaction: Transaction, gate: GateRow): Promise<Record<string, unknown>> {
  if (gate.decision_id === null) return {};
  const [decision] = await transaction.rows<Record<string, unknown>>(
    'select actor_kind, actor_user_id, decided_at as at from app.decisions where id = $1',
    [gate.decision_id],
  );
  return decision ?? {};
}
