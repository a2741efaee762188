-- A heartbeat: holds a gate for longer, by whoever holds it now and nobody else. A lease that has run out, or was taken, is
-- not renewed but refused, with who holds the gate: whoever was away must look again before going on.
-- Answers {outcome: renewed, until} or a refusal with the holder.
create or replace function app.renew_claim(p_gate_id uuid, p_actor_user_id uuid, p_lease interval) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  gate core.gates;
  refusal text;
  lease_end timestamptz;
begin
  perform core.require_actor(p_actor_user_id, null);
  perform core.check_lease(p_lease, interval '1 hour');
  select * into gate from core.gates where tenant_id = app.tenant() and id = p_gate_id for no key update;
  if not found then return jsonb_build_object('outcome', 'refused', 'code', 'gate_not_found'); end if;
  refusal := case when gate.closed_at is not null then 'gate_closed'
    when app.now() > gate.due_at then 'gate_late'
    when gate.claimed_by is distinct from p_actor_user_id or gate.claimed_until <= app.now() then 'claim_lost' end;
  refusal := coalesce(refusal, core.seat_refusal(gate, p_actor_user_id), core.key_refusal(gate, p_actor_user_id, core.presented_key()));
  if refusal is not null then
    return core.claim_refused(gate, refusal);
  end if;
  lease_end := greatest(app.now() + p_lease, gate.claimed_until);
  update core.gates set claimed_until = lease_end where tenant_id = app.tenant() and id = p_gate_id;
  return jsonb_build_object('outcome', 'renewed', 'until', app.utc(lease_end));
end
$$;
