import type { Review } from '../../contract/wire/review';
import type { Transaction } from '../../db/transaction';
import { sightOf, type Caller } from '../caller';
import { asCaller, type Handler } from '../context';
import { ApiProblem, refuseIf, type Outcome } from '../problem';
import { readPage } from '../reads/keyset';
import { noteReidentified } from '../reads/reidentified';

const SELECT_REVIEWS = 'select * from app.act_reviews';

type ReviewRow = Omit<Review, 'payload' | 'reason' | 'undone_by' | 'corrected_by'> & {
  readonly content_id: string;
  readonly compensated_by: string | null;
  readonly compensated_as: string | null;
};

export const listReviews: Handler<'reviews.list'> = async (api, { caller, query }) => ({
  status: 200,
  body: await asCaller(api, caller, async (transaction) => {
    const page = await readPage<ReviewRow>(
      transaction,
      {
        list: 'reviews',
        select: SELECT_REVIEWS,
        conditions: [
          { text: 'state = $', value: query.state },
          { text: 'verdict = $', value: query.verdict },
          { text: 'record_type = $', value: query.record_type },
        ],
        order: [
          ['drawn_at', 'timestamptz'],
          ['id', 'uuid'],
        ],
        direction: 'asc',
      },
      query,
    );
    return { items: await withContent(transaction, caller, page.items), next_cursor: page.next_cursor };
  }),
});

export const recordReview: Handler<'reviews.record'> = async (api, { caller, params, body }) => ({
  status: 200,
  body: await asCaller(api, caller, async (transaction) => {
    const id = params.id ?? '';
    refuseIf(
      await transaction.value<Outcome>(
        `select app.review_act(p_decision_id => $1, p_verdict => $2, p_reason_code => $3, p_reason => $4, p_actor_user_id => $5)`,
        [id, body.verdict, body.reason_code ?? null, body.reason ?? null, caller.userId],
      ),
    );
    const rows = await transaction.rows<ReviewRow>(`${SELECT_REVIEWS} where id = $1`, [id]);
    const [review] = await withContent(transaction, caller, rows);
    if (review === undefined) throw new ApiProblem('review_not_found');
    return review;
  }),
});

interface ReviewContent {
  readonly id: string;
  readonly payload: Record<string, unknown> | null;
  readonly reason: string | null;
}

/** With what was written and why somebody disagreed, for those who read content. */
async function withContent(
  transaction: Transaction,
  caller: Caller,
  rows: readonly ReviewRow[],
): Promise<Review[]> {
  const contents =
    rows.length > 0 && sightOf(caller).content === 'all'
      ? await transaction.rows<ReviewContent>(
          `select d.id, r.payload, v.reason
           from app.act_reviews d join app.records_content r on r.id = d.record_id left join app.act_reviews_content v on v.id = d.id
           where d.id = any ($1::uuid[])`,
          [rows.map(({ id }) => id)],
        )
      : [];
  const byId = new Map(contents.map((content) => [content.id, content]));
  await noteReidentified(
    transaction,
    caller,
    rows.filter(({ id }) => byId.has(id)).map(({ content_id: id }) => id),
  );
  return rows.map((row) => toReview(row, byId.get(row.id)));
}

function toReview(row: ReviewRow, content: ReviewContent | undefined): Review {
  return {
    id: row.id,
    gate_id: row.gate_id,
    run_id: row.run_id,
    proposal_id: row.proposal_id,
    record_id: row.record_id,
    record_type: row.record_type,
    payload: content?.payload ?? null,
    content_hash: row.content_hash,
    authority_user_id: row.authority_user_id,
    authority_policy_version: row.authority_policy_version,
    decided_at: row.decided_at,
    rate_permille: row.rate_permille,
    undo_until: row.undo_until,
    undone_by: row.compensated_as === 'undo' ? row.compensated_by : null,
    corrected_by: row.compensated_as === 'correct' ? row.compensated_by : null,
    reason_codes: row.reason_codes,
    state: row.state,
    verdict: row.verdict,
    reason_code: row.reason_code,
    reason: content?.reason ?? null,
    reviewed_by: row.reviewed_by,
    reviewed_at: row.reviewed_at,
  };
}
