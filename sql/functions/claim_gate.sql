-- Takes a gate for a while, as an atomic lease: free, or mine, or run out. Answers {outcome: claimed, until} or a refusal with the holder.
create or replace function app.claim_gate(p_gate_id uuid, p_actor_user_id uuid, p_lease interval) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  gate core.gates;
  refusal text;
begin
  perform core.require_actor(p_actor_user_id, null);
  select * into gate from core.gates where tenant_id = app.tenant() and id = p_gate_id for no key update;
  if not found then return jsonb_build_object('outcome', 'refused', 'code', 'gate_not_found'); end if;
  refusal := case when gate.closed_at is not null then 'gate_closed'
    when gate.claimed_by is distinct from p_actor_user_id and gate.claimed_until > app.now() then 'gate_claimed' end;
  refusal := coalesce(refusal, core.seat_refusal(gate, p_actor_user_id), core.key_refusal(gate, p_actor_user_id, core.presented_key()));
  if refusal is not null then
    return jsonb_build_object('outcome', 'refused', 'code', refusal,
      'now', core.winner(gate.id) || jsonb_build_object('claimed_by', gate.claimed_by, 'claimed_until', app.utc(gate.claimed_until)));
  end if;
  update core.gates set claimed_by = p_actor_user_id, claimed_until = app.now() + p_lease where tenant_id = app.tenant() and id = p_gate_id;
  return jsonb_build_object('outcome', 'claimed', 'until', app.utc(app.now() + p_lease));
end
$$;
