-- Takes a gate from whoever holds it, with a reason. p_from is the holder that the thief has seen: of two who steal at once,
-- the second would take it from the first unawares, and is refused with who holds it now.
-- Answers {outcome: stolen, until, from_user_id} or a refusal with the holder.
create or replace function app.steal_claim(p_gate_id uuid, p_from uuid, p_reason text, p_lease interval, p_actor_user_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  gate core.gates;
  refusal text;
begin
  perform core.require_actor(p_actor_user_id, null);
  perform core.check_lease(p_lease, interval '1 hour');
  select * into gate from core.gates where tenant_id = app.tenant() and id = p_gate_id for no key update;
  if not found then return jsonb_build_object('outcome', 'refused', 'code', 'gate_not_found'); end if;
  refusal := case when gate.closed_at is not null then 'gate_closed'
    when app.now() > gate.due_at then 'gate_late'
    when not core.has_letter_or_digit(p_reason) then 'rationale_empty'
    when gate.claimed_by is null or gate.claimed_until <= app.now() or gate.claimed_by = p_actor_user_id then 'gate_not_claimed'
    when gate.claimed_by is distinct from p_from then 'gate_claimed' end;
  refusal := coalesce(refusal, core.seat_refusal(gate, p_actor_user_id), core.key_refusal(gate, p_actor_user_id, core.presented_key()));
  if refusal is not null then
    return core.claim_refused(gate, refusal);
  end if;
  return core.hand_over(gate, 'stolen', p_actor_user_id, p_actor_user_id, p_reason, p_lease);
end
$$;
