-- Notes that a person has just proved anew who they are, for one verdict, in the very words that app.store_intent is
-- then given. The proof is good for that verdict alone, once, and for the minutes that the gate gives.
-- p_secret: 32 random bytes that the caller gets and the database forgets.
-- Answers {outcome: proved, proof_id, expires_at} or {outcome: refused, code}.
create or replace function app.reauthenticate(p_gate_id uuid, p_secret bytea, p_gate_version integer, p_proposal_hash bytea, p_shown_hash bytea,
    p_verdict text, p_disposition text, p_reason_code text, p_rationale text, p_rationale_parts jsonb, p_edits text, p_record_type text,
    p_on_behalf_of uuid, p_key_id text, p_actor_user_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  actor core.members := core.require_actor(p_actor_user_id, array['reviewer', 'senior', 'admin']);
  gate core.gates;
  minutes integer;
  proof core.reauthentications;
begin
  select * into gate from core.gates where tenant_id = app.tenant() and id = p_gate_id;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'gate_not_found');
  end if;
  if gate.closed_at is not null then
    return jsonb_build_object('outcome', 'refused', 'code', 'gate_closed', 'now', core.winner(gate.id));
  end if;
  if actor.kind <> 'person' or p_key_id is distinct from core.presented_key() or octet_length(p_secret) <> 32 then
    return jsonb_build_object('outcome', 'refused', 'code', 'person_required');
  end if;
  select coalesce(gate.reauthenticate_minutes, p.reauthenticate_protected_minutes, 5) into minutes
  from core.ai_policy_controls p where p.tenant_id = app.tenant() order by p.version desc limit 1;
  insert into core.reauthentications (tenant_id, gate_id, actor_user_id, key_id, secret_sha256, statement_sha256, authenticated_at, expires_at)
  select app.tenant(), gate.id, actor.user_id, p_key_id, sha256(p_secret), core.signed_statement(p_secret, core.verdict_words(
    p_gate_version, p_proposal_hash, p_shown_hash, p_verdict, p_disposition, p_reason_code, p_rationale, p_rationale_parts, p_edits, p_record_type,
    p_on_behalf_of)), t.at,
    t.at + make_interval(mins => minutes)
  from (select app.now() as at) t
  returning * into proof;
  return jsonb_build_object('outcome', 'proved', 'proof_id', proof.id, 'expires_at', app.utc(proof.expires_at));
end
$$;
