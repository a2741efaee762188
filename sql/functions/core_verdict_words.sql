-- A verdict's own words in one order, for what is signed and what is then stored to be compared.
create or replace function core.verdict_words(p_gate_version integer, p_proposal_hash bytea, p_shown_hash bytea, p_verdict text, p_disposition text,
    p_reason_code text, p_rationale text, p_rationale_parts jsonb, p_edits text, p_record_type text, p_on_behalf_of uuid) returns jsonb
  language sql immutable set search_path = core, app, pg_temp
  return jsonb_build_array(p_gate_version, encode(p_proposal_hash, 'hex'), encode(p_shown_hash, 'hex'), p_verdict, p_disposition,
    p_reason_code, p_rationale, p_rationale_parts, p_edits, p_record_type, p_on_behalf_of);
