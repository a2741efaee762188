/** What the addresses of delegations, and of views before a verdict, take and answer: a part of the table in routes.ts. */
import { delegation, delegationQuery, delegationRequest, viewCreated, viewRequest } from './delegation';
import { listOf } from './primitives';
import type { RouteShape } from './routes';

export const DELEGATION_SHAPES = {
  'gates.view': {
    summary: 'Say what you think, where a gate shows you what the model said only afterwards',
    body: viewRequest,
    answers: { 201: viewCreated },
    codes: [
      'gate_not_found',
      'gate_closed',
      'gate_late',
      'view_not_asked',
      'view_recorded',
      'person_required',
      'subject_of_run',
      'recused',
      'requester_holds_no_seat',
      'disposition_required',
      'disposition_not_asked',
      'rationale_empty',
    ],
  },
  'delegations.list': {
    summary: 'Who may decide in whose place, newest first',
    query: delegationQuery,
    answers: { 200: listOf(delegation) },
    codes: [],
  },
  'delegations.create': {
    summary: 'Let a member decide in your place for a while; an admin may do it for somebody else',
    body: delegationRequest,
    answers: { 201: delegation },
    codes: [
      'member_not_found',
      'person_required',
      'not_allowed',
      'delegation_to_yourself',
      'delegation_of_role',
      'delegate_unfit',
      'period_invalid',
      'rationale_empty',
    ],
  },
  'delegations.revoke': {
    summary: 'End a delegation before its time; verdicts under it that are not applied are taken back',
    answers: { 204: 'nothing' },
    codes: ['delegation_not_found', 'delegation_ended', 'not_allowed'],
  },
} as const satisfies Readonly<Record<string, RouteShape>>;
