-- Why a verdict lacks the proof that its gate asks for; null when it has it, or none is asked for and none was given. A proof is of
-- one person, one key, one gate and the very words of one verdict, is used once, and holds for the gate's minutes.
create or replace function core.proof_refusal(p_gate core.gates, p_user_id uuid, p_key_id text, p_proof_id uuid, p_secret bytea, p_words jsonb,
    p_at timestamptz) returns text
  language plpgsql stable set search_path = core, app, pg_temp
as $$
declare
  proof core.reauthentications;
begin
  if p_proof_id is null then
    return case when p_gate.reauthenticate_minutes is not null then 'reauthentication_required' end;
  end if;
  select * into proof from core.reauthentications where tenant_id = app.tenant() and id = p_proof_id;
  return case
    when not found or proof.gate_id <> p_gate.id or proof.actor_user_id <> p_user_id or proof.key_id <> p_key_id
      or proof.secret_sha256 <> sha256(p_secret) or proof.statement_sha256 <> core.signed_statement(p_secret, p_words)
      or exists (select from core.intents where tenant_id = app.tenant() and reauthentication_id = proof.id) then 'reauthentication_invalid'
    when p_at > least(proof.expires_at, proof.authenticated_at + make_interval(mins => coalesce(p_gate.reauthenticate_minutes, 60)))
      then 'reauthentication_late'
  end;
end
$$;
