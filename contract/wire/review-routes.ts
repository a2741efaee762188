/** What the addresses of reviewers, and of reviews after an act of the system, take and answer: a part of the table in routes.ts. */
import { listOf } from './primitives';
import { review, reviewQuery, reviewRequest } from './review';
import { reviewers, reviewersQuery } from './reviewer';
import type { RouteShape } from './routes';

export const REVIEW_SHAPES = {
  'reviewers.list': {
    summary: 'What reviewers decided and how, by purpose: yourself, or everybody for admins and auditors',
    query: reviewersQuery,
    answers: { 200: reviewers },
    codes: [],
  },
  'reviews.list': {
    summary: 'What the system did by itself and was drawn for people to look at, oldest first',
    query: reviewQuery,
    answers: { 200: listOf(review) },
    codes: [],
  },
  'reviews.record': {
    summary: 'Say whether you agree with an act of the system; who disagrees may undo its record',
    body: reviewRequest,
    answers: { 200: review },
    codes: [
      'review_not_found',
      'review_closed',
      'person_required',
      'role_missing',
      'subject_of_run',
      'recused',
      'requester_holds_no_seat',
      'rationale_required',
      'rationale_empty',
      'reason_code_unknown',
    ],
  },
} as const satisfies Readonly<Record<string, RouteShape>>;
