/** Problems that several addresses share, by what they are about. */
import type { ErrorCode } from '../errors';

export const START_CODES = [
  'idempotency_key_missing',
  'key_reused',
  'purpose_unknown',
  'credits_exhausted',
  'budget_exhausted',
  'member_not_allowed',
  'tenant_paused',
  'purpose_paused',
  'vendor_paused',
  'purpose_blocked',
  'model_not_listed',
  'agreement_inactive',
  'agreement_expired',
  'retention_not_zero',
  'price_missing',
] as const satisfies readonly ErrorCode[];

export const SUBJECT_CODES = [
  'subject_missing',
  'subject_unknown',
  'subject_differs',
] as const satisfies readonly ErrorCode[];

/** Why somebody can't hold a gate, or ask about it. */
export const HOLDING_CODES = [
  'gate_not_found',
  'gate_closed',
  'gate_late',
  'person_required',
  'role_missing',
  'subject_of_run',
  'recused',
  'requester_holds_no_seat',
  'seat_taken',
  'key_maker_holds_seat',
  'escalator_holds_no_seat',
  'seat_of_role_taken',
] as const satisfies readonly ErrorCode[];

/** What may be wrong with a record that a person writes. */
export const EDIT_CODES = [
  'edits_invalid',
  'edits_blocked',
  'record_type_unknown',
] as const satisfies readonly ErrorCode[];

/** Of a record that is to be corrected or undone. */
export const COMPENSATION_CODES = [
  'record_not_found',
  'record_compensated',
  'record_undone',
  'compensation_open',
  'undo_window_past',
  'rationale_empty',
  'record_type_unknown',
  'idempotency_key_missing',
  'key_reused',
  'member_not_allowed',
] as const satisfies readonly ErrorCode[];

export const DECISION_CODES = [
  'gate_not_found',
  'gate_closed',
  'gate_late',
  'gate_changed',
  'proposal_changed',
  'person_required',
  'role_missing',
  'subject_of_run',
  'recused',
  'requester_holds_no_seat',
  'seat_taken',
  'key_maker_holds_seat',
  'escalator_holds_no_seat',
  'seat_of_role_taken',
  'delegation_missing',
  'seats_raised',
  'view_required',
  'no_higher_role',
  'rationale_required',
  'rationale_empty',
  'rationale_part_missing',
  'rationale_part_unknown',
  'reauthentication_required',
  'reauthentication_invalid',
  'reauthentication_late',
  'reason_code_unknown',
  'disposition_required',
  'disposition_not_asked',
  'disposition_differs',
  'record_type_required',
  'record_type_not_offered',
  'record_type_differs',
  'edits_not_allowed',
  'edits_required',
  'edits_differ',
  'edits_invalid',
  'edits_blocked',
  'record_compensated',
  'record_incomplete',
  'subject_differs',
  'verdict_superseded',
  'verdict_taken_back',
] as const satisfies readonly ErrorCode[];

export const STALE_CODES = ['precondition_required', 'version_stale'] as const satisfies readonly ErrorCode[];
