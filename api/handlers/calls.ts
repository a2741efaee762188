import type { Call, CallDetail } from '../../contract/wire/call';
import type { Transaction } from '../../db/transaction';
import { seesContent, seesRunOf, sightOf, type Caller } from '../caller';
import { asCaller, type Handler } from '../context';
import { ApiProblem } from '../problem';
import { readBlind } from '../reads/blind';
import { digits, digitsOrNull, mapPage, readPage } from '../reads/keyset';
import { readRunRow } from '../reads/runs';

/** Amounts of a row of `app.calls`, which are strings in JSON. */
type Amounts =
  | 'input_tokens'
  | 'output_tokens'
  | 'cache_read_tokens'
  | 'cache_write_tokens'
  | 'cost_nano_usd'
  | 'latency_ms';
type CallRow = Omit<Call, Amounts | 'attempts' | 'requested_by'> &
  Readonly<Record<Amounts, bigint | null>> & { readonly attempts: bigint; readonly requested_by: string };

export const listCalls: Handler<'runs.calls'> = async (api, { caller, params, query }) => {
  const runId = params.id ?? '';
  const page = await asCaller(api, caller, async (transaction) => {
    await readRunRow(transaction, caller, runId);
    return await readPage<CallRow>(
      transaction,
      {
        list: 'calls',
        select: 'select * from app.calls',
        conditions: [{ text: 'run_id = $', value: runId }],
        order: [
          ['claimed_at', 'timestamptz'],
          ['id', 'uuid'],
        ],
        direction: 'asc',
      },
      query,
    );
  });
  return { status: 200, body: mapPage(page, (row) => toCall(row, caller)) };
};

/** One call, seen from the run that made it, or else from one that rests on it. */
export const getCall: Handler<'calls.get'> = async (api, { caller, params }) => ({
  status: 200,
  body: await asCaller(api, caller, (transaction) => readCall(transaction, caller, params.id ?? '')),
});

async function readCall(transaction: Transaction, caller: Caller, callId: string): Promise<CallDetail> {
  const { onlyRequestedBy } = sightOf(caller);
  const rows = await transaction.rows<CallRow & { run_requested_by: string }>(
    `select c.*, r.requested_by as run_requested_by from app.calls c join app.runs r on r.id = c.run_id
     where c.id = $1 and ($2::uuid is null or r.requested_by = $2::uuid) order by c.billed desc, r.created_at limit 1`,
    [callId, onlyRequestedBy ?? null],
  );
  const [row] = rows;
  if (row === undefined) throw new ApiProblem('not_found');
  const attempts = await transaction.rows<AttemptRow>(
    'select * from app.attempts where ai_run_id = $1 order by attempt',
    [callId],
  );
  const content = seesContent(caller, row.run_requested_by)
    ? await readContent(transaction, callId)
    : { prompt: null, output: null };
  const isHeldBack = await isBlindTo(transaction, caller, callId);
  const isTold = seesRunOf(caller, row.requested_by);
  return {
    ...toCall(row, caller),
    ...(isHeldBack ? { prompt: null, output: null } : content),
    passage_ids: content.prompt === null || isHeldBack ? [] : await shownPassages(transaction, row),
    attempts_made: isTold ? attempts.map(toAttempt) : [],
  };
}

/** Whether a run that rests on the call has a gate at which the caller has still to say what they think themselves. */
async function isBlindTo(transaction: Transaction, caller: Caller, callId: string): Promise<boolean> {
  const rows = await transaction.rows<{ run_id: string }>(
    `select c.run_id from app.calls c join app.runs r on r.id = c.run_id where c.id = $1 and r.state = 'waiting'`,
    [callId],
  );
  const blind = await readBlind(
    transaction,
    caller,
    rows.map(({ run_id: runId }) => runId),
  );
  return blind.runs.size > 0;
}

/** An equal call is made once: whoever rests on it built the same prompt, of the same passages. */
async function shownPassages(transaction: Transaction, call: CallRow): Promise<string[]> {
  if (call.kind === 'embedding') return [];
  const rows = await transaction.rows<{ passage_id: string }>(
    'select passage_id from app.run_passages where run_id = $1 order by ordinal',
    [call.run_id],
  );
  return rows.map(({ passage_id: id }) => id);
}

/**
 * The scrubbed prompt, and the output once it is judged: no run that rests on it may have been kept from showing it, and
 * at least one must have shown it. An embedding has nothing to read.
 */
async function readContent(
  transaction: Transaction,
  callId: string,
): Promise<Pick<CallDetail, 'prompt' | 'output'>> {
  const [content] = await transaction.rows<{ prompt: string | null; output: string | null }>(
    `select t.prompt, case when j.is_shown then t.output end as output
     from app.calls_content t, lateral (
       select coalesce(bool_and(r.advisory = 'available') filter (where r.advisory is not null), false)
           and bool_and(c.kind in ('primary', 'advisor')) as is_shown
       from app.calls c join app.runs r on r.id = c.run_id where c.id = t.id) j
     where t.id = $1`,
    [callId],
  );
  return { prompt: content?.prompt ?? null, output: content?.output ?? null };
}

type AttemptRow = Omit<CallDetail['attempts_made'][number], 'held_nano_usd' | 'cost_nano_usd'> & {
  readonly held_nano_usd: bigint;
  readonly cost_nano_usd: bigint | null;
};

function toAttempt(row: AttemptRow): CallDetail['attempts_made'][number] {
  return {
    attempt: row.attempt,
    state: row.state,
    day: row.day,
    held_nano_usd: digits(row.held_nano_usd),
    cost_nano_usd: digitsOrNull(row.cost_nano_usd),
    error_code: row.error_code,
    started_at: row.started_at,
    ended_at: row.ended_at,
  };
}

/** Who asked for a call, by which run, and so whether this run made it, is told to those who may see that other run. */
function toCall(row: CallRow, caller: Caller): Call {
  const isTold = seesRunOf(caller, row.requested_by);
  return {
    id: row.id,
    run_id: row.run_id,
    made_by_run_id: isTold ? row.made_by_run_id : null,
    billed: isTold ? row.billed : null,
    kind: row.kind,
    feature: row.feature,
    vendor: row.vendor,
    model: row.model,
    region: row.region,
    status: row.status,
    parent_id: row.parent_id,
    requested_by: isTold ? row.requested_by : null,
    prompt_hash: row.prompt_hash,
    output_hash: row.output_hash,
    prompt_content_id: row.prompt_content_id,
    output_content_id: row.output_content_id,
    input_tokens: digitsOrNull(row.input_tokens),
    output_tokens: digitsOrNull(row.output_tokens),
    cache_read_tokens: digitsOrNull(row.cache_read_tokens),
    cache_write_tokens: digitsOrNull(row.cache_write_tokens),
    cost_nano_usd: digitsOrNull(row.cost_nano_usd),
    latency_ms: digitsOrNull(row.latency_ms),
    error_code: row.error_code,
    // When it was made would tell that somebody had asked before.
    claimed_at: isTold ? row.claimed_at : null,
    finished_at: isTold ? row.finished_at : null,
    attempts: digits(row.attempts),
  };
}
