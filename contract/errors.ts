/**
 * The error catalogue: every code that an answer, an event, a page or Temporal may carry. Messages hold no content.
 * `retryable` says whether the same request may succeed later without being changed.
 */
export interface CatalogueEntry {
  readonly status: number;
  readonly retryable: boolean;
  readonly message: string;
}

function entry(status: number, retryable: boolean, message: string): CatalogueEntry {
  return { status, retryable, message };
}

export const ERRORS = {
  // Requests
  input_invalid: entry(400, false, 'The request does not fit its schema.'),
  body_malformed: entry(400, false, 'The body is not well-formed JSON text.'),
  body_too_deep: entry(400, false, 'The body is nested more than 32 levels deep.'),
  body_too_large: entry(413, false, 'The body is larger than allowed.'),
  media_type_unsupported: entry(415, false, 'Send application/json.'),
  idempotency_key_missing: entry(400, false, 'Send an Idempotency-Key header.'),
  key_reused: entry(422, false, 'This Idempotency-Key was used for another request.'),
  cursor_invalid: entry(400, false, 'The cursor is not one of ours.'),
  not_authenticated: entry(401, false, 'Send a valid key: Authorization: Bearer …'),
  not_allowed: entry(403, false, 'Your roles do not allow this.'),
  not_found: entry(404, false, 'There is nothing here under this address.'),
  method_not_allowed: entry(405, false, 'This address does not answer that method.'),
  rate_limited: entry(429, true, 'Too many requests with this key; see Retry-After.'),
  precondition_required: entry(428, false, 'Send If-Match with the version that you have seen.'),
  version_stale: entry(412, false, 'It was changed since you read it.'),
  unavailable: entry(503, true, 'A part that this needs is not reachable; see Retry-After.'),
  internal: entry(500, true, 'Something broke; it was logged by its code.'),

  // Starting a run
  purpose_unknown: entry(404, false, 'No purpose of this name is registered.'),
  policy_missing: entry(403, false, 'The tenant has no policy yet.'),
  member_not_allowed: entry(403, false, 'The member may not start runs.'),
  tenant_paused: entry(403, true, 'AI is paused for this tenant.'),
  purpose_paused: entry(403, true, 'This purpose is paused for this tenant.'),
  vendor_paused: entry(403, true, 'This vendor is paused for this tenant.'),
  purpose_blocked: entry(403, false, 'The tenant does not let AI draft committee responses.'),
  model_not_listed: entry(403, false, 'The vendor matrix does not list this model.'),
  agreement_inactive: entry(403, false, 'The agreement with this vendor is not active.'),
  agreement_expired: entry(403, false, 'The agreement with this vendor has expired.'),
  agreement_expiring: entry(403, true, 'The agreement with this vendor ends within days.'),
  retention_not_zero: entry(403, false, 'This vendor does not keep zero data.'),
  price_missing: entry(403, false, 'The model has no price that is valid now.'),
  budget_exhausted: entry(402, true, "Today's budget does not cover the call's worst case."),
  credits_exhausted: entry(402, true, 'The tenant has no credit left.'),

  // Inside a run
  identifier_leaked: entry(500, false, 'An identifier was found in the built prompt; nothing was sent.'),
  prompt_too_long: entry(422, false, 'The built prompt is longer than the purpose allows.'),
  input_unreadable: entry(422, false, 'The stored input does not fit the purpose.'),
  model_unavailable: entry(503, true, 'The model is not reachable.'),
  model_throttled: entry(503, true, 'The vendor asks to call later.'),
  model_timeout: entry(504, true, 'The model did not answer in time.'),
  model_refused: entry(502, false, 'The model refused to answer.'),
  model_malformed: entry(502, true, 'The model answered with something unreadable.'),
  call_in_flight: entry(409, true, 'The same call is being made by another run.'),
  call_fenced: entry(409, true, 'A newer attempt at this call has taken over.'),
  attempt_lost: entry(500, true, 'An attempt never answered and was charged at its worst case.'),
  cost_above_hold: entry(500, false, "A call cost more than its purpose's maxima let be held."),
  run_closed: entry(409, false, 'The run is closed.'),
  run_withdrawn: entry(409, false, 'The run was withdrawn.'),
  workflow_lost: entry(500, false, 'The workflow of this run was ended from outside.'),
  step_failed: entry(500, true, 'A step of the run failed.'),
  step_stuck: entry(500, true, 'A step of a run fails again and again.'),
  repair_failing: entry(500, true, 'What was lost could not be put right, again and again.'),
  database_unavailable: entry(503, true, 'The database is not reachable.'),

  // Deciding
  gate_not_found: entry(404, false, 'There is no such gate.'),
  gate_closed: entry(409, false, 'The gate is closed: somebody or something else was first.'),
  gate_late: entry(409, false, 'The gate was due before your verdict was stored.'),
  gate_changed: entry(409, false, 'The gate has changed since you saw it.'),
  gate_claimed: entry(409, true, 'Somebody else holds this gate for a while.'),
  proposal_changed: entry(409, false, 'The proposal is not the one that you saw.'),
  verdict_superseded: entry(409, false, 'You have sent another verdict since.'),
  verdict_taken_back: entry(
    409,
    false,
    'Your key was revoked, or your role taken away, before the verdict was applied.',
  ),
  verdict_differs: entry(409, false, 'The message names another verdict than the stored one.'),
  intent_not_found: entry(404, false, 'There is no such intent.'),
  person_required: entry(403, false, 'Only a signed-in person decides; a service key proves nobody.'),
  role_missing: entry(403, false, 'The gate asks for another role.'),
  subject_of_run: entry(403, false, 'The run is about you.'),
  subject_differs: entry(422, false, 'It names somebody else than whom the run is about.'),
  recused: entry(403, false, 'You have declared a conflict on this gate.'),
  requester_holds_no_seat: entry(403, false, 'Whoever asked does not decide here.'),
  seat_taken: entry(409, false, 'You hold a seat of this gate already.'),
  key_maker_holds_seat: entry(
    403,
    false,
    'A seat is held by whoever made your key, or by somebody whose key you made.',
  ),
  escalator_holds_no_seat: entry(403, false, 'You have escalated this gate to others.'),
  no_higher_role: entry(409, false, 'There is no higher role to escalate to.'),
  rationale_required: entry(422, false, 'Give a reason.'),
  rationale_empty: entry(422, false, 'A reason has at least a letter or a digit.'),
  reason_code_unknown: entry(422, false, 'The gate does not know this reason code.'),
  disposition_required: entry(422, false, 'Choose one of the dispositions of the gate.'),
  disposition_not_asked: entry(422, false, 'This verdict has no disposition.'),
  disposition_differs: entry(409, false, 'An earlier seat chose another disposition.'),
  record_type_required: entry(422, false, 'Choose one of the record types that the gate offers.'),
  record_type_not_offered: entry(422, false, 'The gate offers no such record type to this verdict.'),
  record_type_differs: entry(409, false, 'An earlier seat approved a record of another type.'),
  edits_not_allowed: entry(422, false, 'Edits belong to an approval of a gate with one seat.'),
  edits_required: entry(422, false, 'A manual gate is approved with the whole record.'),
  edits_differ: entry(409, false, 'An earlier seat approved another record.'),
  edits_invalid: entry(422, false, 'The edited record does not fit its type.'),
  record_incomplete: entry(422, false, 'The record lacks a field that its type requires.'),

  // Runs and settings
  run_not_found: entry(404, false, 'There is no such run.'),
  not_resendable: entry(409, false, 'Only a refused or failed run can be sent again, and not without end.'),
  subject_missing: entry(422, false, 'The input does not say whom it is about.'),
  subject_unknown: entry(422, false, 'The subject is no member of this tenant, or no person.'),
  subject_is_you: entry(403, false, 'You are this subject: somebody else changes that.'),
  withdraw_too_late: entry(409, false, 'All gates of the run are decided.'),
  member_not_found: entry(404, false, 'There is no such member.'),
  member_exists: entry(409, false, 'There is a member of this id.'),
  key_not_found: entry(404, false, 'There is no such key, or it is revoked already.'),
  last_admin: entry(409, false, 'The last admin stays one.'),
  email_taken: entry(409, false, 'Another member of this tenant has this e-mail address.'),
  role_of_platform: entry(403, false, 'This role belongs to the platform.'),
  tenant_exists: entry(409, false, 'There is a tenant of this id.'),
  tenant_not_found: entry(404, false, 'There is no such tenant.'),
  time_zone_unknown: entry(422, false, 'The time zone is not a known one.'),
  record_type_unknown: entry(422, false, 'No record type of this name is registered.'),
  record_type_changed: entry(409, false, 'Class, kind and effect of a record type never change.'),
  purpose_version_changed: entry(
    409,
    false,
    'A registered version of a purpose never changes: raise its version.',
  ),
  auto_on_protected: entry(422, false, 'Only routine record types can be applied without a person.'),
  policy_unsatisfiable: entry(
    422,
    false,
    "The tenant's people can't hold the seats that this policy asks for.",
  ),
  amount_invalid: entry(422, false, 'Grant at least one credit.'),
  price_in_past: entry(422, false, 'A price is valid from now or later.'),
  page_not_found: entry(404, false, 'There is no such page.'),
  content_not_found: entry(404, false, 'There is no such content.'),
  document_not_found: entry(404, false, 'There is no such document, or it was deleted.'),
  passage_not_found: entry(404, false, 'There is no such passage, or its document was deleted.'),
  document_unsupported: entry(415, false, 'A document is text/plain or application/pdf.'),
  document_too_large: entry(413, false, 'A document has at most 10 MB.'),
  document_too_long: entry(422, false, 'The document has more pages or characters than are read.'),
  document_too_complex: entry(422, false, 'Reading the document took too much time or memory.'),
  document_unreadable: entry(422, false, 'The document is broken, or not of its media type.'),
  document_encrypted: entry(422, false, 'The document is encrypted.'),
  document_without_text: entry(
    422,
    false,
    'The document has no text layer: nothing can be read from images.',
  ),
  trust_record_not_found: entry(404, false, 'There is no such trust record.'),

  // What the database raises when a caller has a bug (SQLSTATE class ZC)
  event_malformed: entry(500, false, 'An event body is outside of its domain (ZC001).'),
  append_only: entry(500, false, 'This is append-only (ZC002).'),
  tenant_missing: entry(500, false, 'The transaction has not entered the right tenant (ZC003).'),
  argument_invalid: entry(500, false, 'A database function was called wrongly (ZC004).'),
  two_chains: entry(500, false, 'A transaction wrote events of two tenants (ZC005).'),
  draft_without_decision: entry(500, false, 'A draft was confirmed without a decision (ZC006).'),
  trust_unproven: entry(500, false, 'Tier 4 and 5 need a fresh receipt (ZC007).'),
  frozen: entry(500, false, 'This is frozen (ZC008).'),
  outcome_without_decision: entry(500, false, 'A gate was closed without the decisions it needs (ZC009).'),
  ledger_broken: entry(500, false, 'A balance or leg does not follow from the ledger (ZC011).'),
  content_altered: entry(
    500,
    false,
    'What is stored is not what was hashed; it is not shown, and operations are paged (ZC014).',
  ),
  record_type_unfit: entry(500, false, 'A record type does not fit its gate or its decision (ZC013).'),
} as const satisfies Readonly<Record<string, CatalogueEntry>>;

export type ErrorCode = keyof typeof ERRORS;

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}

/** SQLSTATEs that our functions raise, by their code. The table core.callers_errors lists the same. */
export const SQLSTATES: Readonly<Record<string, ErrorCode>> = {
  ZC001: 'event_malformed',
  ZC002: 'append_only',
  ZC003: 'tenant_missing',
  ZC004: 'argument_invalid',
  ZC005: 'two_chains',
  ZC006: 'draft_without_decision',
  ZC007: 'trust_unproven',
  ZC008: 'frozen',
  ZC009: 'outcome_without_decision',
  ZC010: 'not_found',
  ZC011: 'ledger_broken',
  ZC012: 'not_allowed',
  ZC013: 'record_type_unfit',
  ZC014: 'content_altered',
};
