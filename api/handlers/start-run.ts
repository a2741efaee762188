import { RUN_ACTIONS } from '../../contract/states';
import type { Run } from '../../contract/wire/run';
import type { Transaction } from '../../db/transaction';
import { asCaller, type Api, type Asked, type Handler } from '../context';
import { canonicalJson } from '../http/json-text';
import { validate } from '../http/validate';
import { ApiProblem, problemOf, refuseIf, type Outcome } from '../problem';
import { readRun } from '../reads/runs';
import { waitForRun } from '../wait-for-run';

export interface AcceptedRun extends Outcome {
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
  /** The run that is sent again. */
  readonly resendOf?: string;
  /** The run that a person records by hand, and as what. */
  readonly byHand?: { readonly of: string; readonly recordType: string };
}

export interface StartedRun {
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
  const earlier = await endedRun(api, asked);
  return await accept(api, asked, {
    route: 'POST /v1/runs/{id}/resend',
    request: canonicalJson({ resend_of: earlier.id }),
    purpose: earlier.purpose,
    input: earlier.input,
    resendOf: earlier.id,
  });
};

/** Opens one manual gate for what was refused or failed. The caller says as what; a reviewer then writes the record. */
export const recordByHand: Handler<'runs.by_hand'> = async (api, asked) => {
  const earlier = await endedRun(api, asked);
  const byHand = { of: earlier.id, recordType: asked.body.record_type };
  return await accept(api, asked, {
    route: 'POST /v1/runs/{id}/by-hand',
    request: canonicalJson(byHand),
    purpose: earlier.purpose,
    input: earlier.input,
    byHand,
  });
};

/** The run, if it was refused or failed and the caller may read its input. */
async function endedRun(
  api: Api,
  { caller, params }: Pick<Asked<'runs.resend'>, 'caller' | 'params'>,
): Promise<Run & { readonly input: Record<string, unknown> }> {
  const run = await asCaller(api, caller, (transaction) => readRun(transaction, caller, params.id ?? ''));
  const isEnded = run.outcome === 'refused' || run.outcome === 'failed';
  if (!RUN_ACTIONS[run.state].includes('resend') || !isEnded) throw new ApiProblem('not_resendable');
  if (run.input === null) throw new ApiProblem('not_allowed');
  return { ...run, input: run.input };
}

type Starting = Pick<Asked<'runs.create'>, 'caller' | 'idempotencyKey' | 'waitSeconds' | 'signal'>;

async function accept(api: Api, asked: Starting, run: RunToAccept): Promise<StartedRun> {
  return await startAccepted(api, asked, async (transaction) => ({
    accepted: await transaction.value<AcceptedRun>(
      'select app.accept_run($1, $2, $3, $4, $5, $6, $7, $8, $9)',
      [
        run.route,
        asked.idempotencyKey,
        run.request,
        run.purpose,
        JSON.stringify(run.input),
        asked.caller.userId,
        run.resendOf ?? null,
        run.byHand?.of ?? null,
        run.byHand?.recordType ?? null,
      ],
    ),
    purpose: run.purpose,
  }));
}

/** Accepts a run in one transaction, and from its commit on gives it to Temporal and waits for it as long as the caller does. */
export async function startAccepted(
  api: Api,
  asked: Starting,
  accept: (transaction: Transaction) => Promise<{ readonly accepted: AcceptedRun; readonly purpose: string }>,
): Promise<StartedRun> {
  const { caller } = asked;
  const { known, isReplayed, purpose } = await asCaller(api, caller, async (transaction) => {
    const { accepted, purpose: name } = await accept(transaction);
    const { run_id: id, outcome } = refuseIf(accepted);
    return {
      known: await readRun(transaction, caller, id),
      isReplayed: outcome === 'replayed',
      purpose: name,
    };
  });
  const runId = known.id;
  if (!isReplayed) {
    const isStarted = await api.workflows.start({ tenantId: caller.tenantId, runId, purpose });
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
