import { RUN_ACTIONS } from '../../contract/states';
import type { Run } from '../../contract/wire/run';
import { inTenant } from '../../db/transaction';
import { sightOf } from '../caller';
import { asCaller, type Api, type Asked, type Handler } from '../context';
import { canonicalJson } from '../http/json-text';
import { validate } from '../http/validate';
import { ApiProblem, problemOf, refuseIf, type Outcome } from '../problem';
import { mapPage, readPage } from '../reads/keyset';
import { readRun, readRunRow, SELECT_RUNS, toRun, type RunRow } from '../reads/runs';
import { runSubject } from '../run-subject';
import { waitForRun } from '../wait-for-run';

interface AcceptedRun extends Outcome {
  readonly outcome: 'accepted' | 'replayed' | 'refused';
  readonly run_id: string;
}

interface RunToAccept {
  /** Under which the caller's Idempotency-Key is unique. */
  readonly route: string;
  /** What a repeated key must ask again. */
  readonly request: string;
  readonly purpose: string;
  readonly input: Readonly<Record<string, unknown>>;
}

interface StartedRun {
  readonly status: 200 | 202;
  readonly body: Run;
  readonly headers: Readonly<Record<string, string>>;
}

/** Starts a run: stored before anybody is told, then given to Temporal; if that fails a sweep starts it. */
export const createRun: Handler<'runs.create'> = async (api, asked) => {
  const { purpose: name, input } = asked.body;
  const purpose = api.registry.latestPurpose(name);
  if (purpose === undefined) throw new ApiProblem('purpose_unknown');
  validate(purpose.input, input, '/input');
  return await accept(api, asked, {
    route: 'POST /v1/runs',
    request: canonicalJson(asked.body),
    purpose: name,
    input,
  });
};

/** Sends a refused or failed run again, with the input that it keeps: a new run under a key of its own. */
export const resendRun: Handler<'runs.resend'> = async (api, asked) => {
  const earlier = await asCaller(api, asked.caller, (transaction) =>
    readRun(transaction, asked.caller, asked.params.id ?? ''),
  );
  const isEnded = earlier.outcome === 'refused' || earlier.outcome === 'failed';
  if (!RUN_ACTIONS[earlier.state].includes('resend') || !isEnded) throw new ApiProblem('not_resendable');
  if (earlier.input === null) throw new ApiProblem('not_allowed');
  return await accept(api, asked, {
    route: 'POST /v1/runs/{id}/resend',
    request: canonicalJson({ resend_of: earlier.id }),
    purpose: earlier.purpose,
    input: earlier.input,
  });
};

async function accept(
  api: Api,
  asked: Asked<'runs.create'> | Asked<'runs.resend'>,
  run: RunToAccept,
): Promise<StartedRun> {
  const { caller } = asked;
  const { known, isReplayed } = await asCaller(api, caller, async (transaction) => {
    const accepted = await transaction.value<AcceptedRun>(
      'select app.accept_run($1, $2, $3, $4, $5, $6, $7)',
      [
        run.route,
        asked.idempotencyKey,
        run.request,
        run.purpose,
        JSON.stringify(run.input),
        caller.userId,
        await runSubject(transaction, api.registry.latestPurpose(run.purpose), run.input),
      ],
    );
    const { run_id: id, outcome } = refuseIf(accepted);
    return { known: await readRun(transaction, caller, id), isReplayed: outcome === 'replayed' };
  });
  const runId = known.id;
  if (!isReplayed) {
    const isStarted = await api.workflows.start({ tenantId: caller.tenantId, runId, purpose: run.purpose });
    if (!isStarted)
      api.log.warn({ code: 'unavailable', of: 'temporal', run_id: runId }, 'start left to the sweep');
  }
  if (asked.waitSeconds === 0) return answerOf(known, 0, isReplayed);
  const waited = await waitForRun(api, caller, runId, asked.waitSeconds, asked.signal);
  return answerOf(waited, asked.waitSeconds, isReplayed);
}

/** 202 while it goes on; once a gate is open or the run is closed a waiting caller gets 200, or the refusal as a problem. */
function answerOf(run: Run, waitedSeconds: number, isReplayed: boolean): StartedRun {
  const isSettled = run.state === 'waiting' || run.state === 'closed';
  const headers = {
    Location: `/v1/runs/${run.id}`,
    ...(isReplayed ? { 'Idempotency-Replayed': 'true' } : {}),
    ...(waitedSeconds > 0 ? { 'Preference-Applied': `wait=${waitedSeconds}` } : {}),
  };
  if (waitedSeconds > 0 && run.outcome === 'refused') throw problemOf(run.code, { run_id: run.id });
  return { status: waitedSeconds > 0 && isSettled ? 200 : 202, body: run, headers };
}

export const listRuns: Handler<'runs.list'> = async (api, { caller, query }) => {
  const page = await asCaller(api, caller, (transaction) =>
    readPage<RunRow>(
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
    ),
  );
  return { status: 200, body: mapPage(page, toRun) };
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
  const withdrawn = await inTenant(api.database, caller.tenantId, async (transaction) => {
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
