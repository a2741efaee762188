import { sightOf } from '../caller';
import { asCaller, type Handler } from '../context';
import { ApiProblem, refuseIf, type Outcome } from '../problem';
import { readPage } from '../reads/keyset';
import { readRun, readRunRow, SELECT_RUNS, withoutHeldBack, type RunRow } from '../reads/runs';

export const listRuns: Handler<'runs.list'> = async (api, { caller, query }) => {
  const body = await asCaller(api, caller, async (transaction) => {
    const page = await readPage<RunRow>(
      transaction,
      {
        list: 'runs',
        select: SELECT_RUNS,
        conditions: [
          { text: 'state = $', value: query.state },
          { text: 'outcome = $', value: query.outcome },
          { text: 'purpose = $', value: query.purpose },
          { text: 'requested_by = $', value: sightOf(caller).onlyRequestedBy },
        ],
        order: [
          ['created_at', 'timestamptz'],
          ['id', 'uuid'],
        ],
        direction: 'desc',
      },
      query,
    );
    const items = await withoutHeldBack(transaction, caller, page.items);
    return { items, next_cursor: page.next_cursor };
  });
  return { status: 200, body };
};

export const getRun: Handler<'runs.get'> = async (api, { caller, params }) => ({
  status: 200,
  body: await asCaller(api, caller, (transaction) => readRun(transaction, caller, params.id ?? '')),
});

interface Withdrawn extends Outcome {
  readonly run_outcome?: string;
}

/** Takes a run back. Only who asked for it, or an admin. */
export const withdrawRun: Handler<'runs.withdraw'> = async (api, { caller, params }) => {
  const runId = params.id ?? '';
  const withdrawn = await asCaller(api, caller, async (transaction) => {
    const run = await readRunRow(transaction, caller, runId);
    if (run.requested_by !== caller.userId && !caller.roles.includes('admin'))
      throw new ApiProblem('not_allowed');
    return await transaction.value<Withdrawn>('select app.withdraw_run($1, $2)', [runId, caller.userId]);
  });
  if (refuseIf(withdrawn).outcome === 'too_late') throw new ApiProblem('withdraw_too_late');
  if (withdrawn.outcome === 'closed' && withdrawn.run_outcome !== 'withdrawn') {
    throw new ApiProblem('run_closed', { now: { outcome: withdrawn.run_outcome } });
  }
  if (withdrawn.outcome === 'withdrawn') await api.workflows.tellWithdrawn(runId);
  return { status: 200, body: { run_id: runId, outcome: 'withdrawn' } };
};

export const giveFeedback: Handler<'runs.feedback'> = async (api, { caller, params, body }) => {
  const runId = params.id ?? '';
  await asCaller(api, caller, async (transaction) => {
    await readRunRow(transaction, caller, runId);
    refuseIf(
      await transaction.value<Outcome>('select app.give_feedback($1, $2, $3, $4)', [
        runId,
        body.thumb,
        body.comment ?? null,
        caller.userId,
      ]),
    );
  });
  return { status: 204 };
};
