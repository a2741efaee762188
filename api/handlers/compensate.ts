import type { Api, Asked, Handler } from '../context';
import { readRecord } from '../edits';
import { canonicalJson } from '../http/json-text';
import { ApiProblem } from '../problem';
import { seesContent } from '../caller';
import { startAccepted, type AcceptedRun } from './start-run';

/** Asks to put another record in the place of one: a run whose gate a person decides, as the record's class demands. */
export const correctRecord: Handler<'records.correct'> = async (api, asked) => {
  const { payload, reason } = asked.body;
  return await compensate(api, asked, { act: 'correct', payload, reason });
};

/** Asks to undo a record, likewise. */
export const undoRecord: Handler<'records.undo'> = async (api, asked) =>
  await compensate(api, asked, { act: 'undo', reason: asked.body.reason });

interface Compensation {
  readonly act: 'correct' | 'undo';
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly reason: string;
}

async function compensate(
  api: Api,
  asked: Asked<'records.correct'> | Asked<'records.undo'>,
  { act, payload, reason }: Compensation,
) {
  const { caller, params, idempotencyKey } = asked;
  const recordId = params.id ?? '';
  return await startAccepted(api, asked, async (transaction) => {
    const [record] = await transaction.rows<{ record_type: string; purpose: string; requested_by: string }>(
      `select r.record_type, n.purpose, n.requested_by from app.records r join app.runs n on n.id = r.run_id where r.id = $1`,
      [recordId],
    );
    if (record === undefined || !seesContent(caller, record.requested_by))
      throw new ApiProblem('record_not_found');
    const written =
      payload === undefined
        ? null
        : canonicalJson(await readRecord(api, transaction, record.record_type, payload, '/payload'));
    const accepted = await transaction.value<AcceptedRun>(
      'select app.accept_compensation($1, $2, $3, $4, $5, $6, $7)',
      [
        idempotencyKey,
        canonicalJson({ record_id: recordId, payload: payload ?? null, reason }),
        recordId,
        act,
        written,
        reason,
        caller.userId,
      ],
    );
    return { accepted, purpose: record.purpose };
  });
}
