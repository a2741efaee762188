import type { Replay } from '../../contract/wire/replay';
import type { Transaction } from '../../db/transaction';
import { asCaller, type Handler } from '../context';
import { ApiProblem, refuseIf, type Outcome } from '../problem';
import { digits, mapPage, readPage } from '../reads/keyset';
import { readRunRow } from '../reads/runs';

type ReplayRow = Omit<Replay, 'cost_nano_usd'> & { readonly cost_nano_usd: bigint };

/** Has a call repeated: stored before anybody is told, then given to Temporal; if that fails a sweep starts it. */
export const createReplay: Handler<'runs.replay'> = async (api, { caller, params, body, idempotencyKey }) => {
  const { replay, isReplayed } = await asCaller(api, caller, async (transaction) => {
    const accepted = refuseIf(
      await transaction.value<Outcome & { readonly replay_id: string }>(
        'select app.accept_replay($1, $2, $3, $4)',
        [params.id, body?.call_id ?? null, idempotencyKey, caller.userId],
      ),
    );
    return {
      replay: await readReplay(transaction, accepted.replay_id),
      isReplayed: accepted.outcome === 'replayed',
    };
  });
  if (!isReplayed) {
    const isStarted = await api.workflows.replay({ tenantId: caller.tenantId, replayId: replay.id });
    if (!isStarted)
      api.log.warn({ code: 'unavailable', of: 'temporal', replay_id: replay.id }, 'start left to the sweep');
  }
  return {
    status: 202,
    body: replay,
    headers: {
      Location: `/v1/replays/${replay.id}`,
      ...(isReplayed ? { 'Idempotency-Replayed': 'true' } : {}),
    },
  };
};

export const listReplays: Handler<'runs.replays'> = async (api, { caller, params, query }) => {
  const runId = params.id ?? '';
  const page = await asCaller(api, caller, async (transaction) => {
    await readRunRow(transaction, caller, runId);
    return await readPage<ReplayRow>(
      transaction,
      {
        list: 'replays',
        select: 'select * from app.replays',
        conditions: [{ text: 'run_id = $', value: runId }],
        order: [
          ['created_at', 'timestamptz'],
          ['id', 'uuid'],
        ],
        direction: 'asc',
      },
      query,
    );
  });
  return { status: 200, body: mapPage(page, toReplay) };
};

export const getReplay: Handler<'replays.get'> = async (api, { caller, params }) => ({
  status: 200,
  body: await asCaller(api, caller, (transaction) => readReplay(transaction, params.id ?? '')),
});

async function readReplay(transaction: Transaction, id: string): Promise<Replay> {
  const [row] = await transaction.rows<ReplayRow>('select * from app.replays where id = $1', [id]);
  if (row === undefined) throw new ApiProblem('replay_not_found');
  return toReplay(row);
}

function toReplay(row: ReplayRow): Replay {
  return {
    id: row.id,
    run_id: row.run_id,
    call_id: row.call_id,
    replay_call_id: row.replay_call_id,
    requested_by: row.requested_by,
    state: row.state,
    outcome: row.outcome,
    code: row.code,
    agreement: row.agreement,
    fields_compared: row.fields_compared,
    fields_differing: row.fields_differing,
    differing: row.differing,
    cost_nano_usd: digits(row.cost_nano_usd),
    created_at: row.created_at,
    closed_at: row.closed_at,
  };
}
