import {
  QUICK_SECONDS,
  REVIEWERS_DAYS,
  REVIEWERS_DAYS_MAX,
  SURE_PERMILLE,
} from '../../contract/policy/reviewers';
import type { Reviewer } from '../../contract/wire/reviewer';
import type { Caller } from '../caller';
import { asCaller, type Handler } from '../context';
import { ApiProblem } from '../problem';
import { digits } from '../reads/keyset';

const DAY_MS = 86_400_000;

type Counted =
  | 'decisions'
  | 'approvals'
  | 'rejections'
  | 'escalations'
  | 'edits'
  | 'agreed'
  | 'overrides'
  | 'sure_overrides'
  | 'self_confirmed'
  | 'quick'
  | 'held'
  | 'seat_pairs'
  | 'seat_pairs_agreed'
  | 'first_views'
  | 'first_views_changed';

type ReviewerRow = { readonly [Name in Counted]: bigint } & {
  readonly user_id: string;
  readonly purpose: string;
  readonly median_seconds: number | null;
  readonly p90_seconds: number | null;
  readonly held_median_seconds: number | null;
  readonly held_p90_seconds: number | null;
};

/** Admins and auditors see everybody, reviewers themselves. */
export const listReviewers: Handler<'reviewers.list'> = async (api, { caller, query }) => ({
  status: 200,
  body: await asCaller(api, caller, async (transaction) => {
    const to = query.to ?? (await transaction.value<string>('select app.utc(app.now())'));
    const from = query.from ?? new Date(Date.parse(to) - REVIEWERS_DAYS * DAY_MS).toISOString();
    const days = (Date.parse(to) - Date.parse(from)) / DAY_MS;
    if (days <= 0 || days > REVIEWERS_DAYS_MAX)
      throw new ApiProblem('input_invalid', {
        errors: [{ pointer: '/from', message: `before \`to\`, by ${REVIEWERS_DAYS_MAX} days at most` }],
      });
    const rows = await transaction.rows<ReviewerRow>(
      'select * from app.reviewer_statistics($1, $2, $3, $4, $5, $6)',
      [from, to, query.purpose ?? null, onlyOf(caller), QUICK_SECONDS, SURE_PERMILLE],
    );
    return {
      items: rows.map(toReviewer),
      from,
      to,
      quick_seconds: QUICK_SECONDS,
      sure_permille: SURE_PERMILLE,
    };
  }),
});

function onlyOf({ roles, userId }: Caller): string | null {
  return roles.includes('admin') || roles.includes('auditor') ? null : userId;
}

function toReviewer(row: ReviewerRow): Reviewer {
  return {
    user_id: row.user_id,
    purpose: row.purpose,
    decisions: digits(row.decisions),
    approvals: digits(row.approvals),
    rejections: digits(row.rejections),
    escalations: digits(row.escalations),
    edits: digits(row.edits),
    agreed: digits(row.agreed),
    overrides: digits(row.overrides),
    sure_overrides: digits(row.sure_overrides),
    self_confirmed: digits(row.self_confirmed),
    quick: digits(row.quick),
    seconds_median: row.median_seconds,
    seconds_p90: row.p90_seconds,
    held: digits(row.held),
    held_seconds_median: row.held_median_seconds,
    held_seconds_p90: row.held_p90_seconds,
    seat_pairs: digits(row.seat_pairs),
    seat_pairs_agreed: digits(row.seat_pairs_agreed),
    first_views: digits(row.first_views),
    first_views_changed: digits(row.first_views_changed),
  };
}
