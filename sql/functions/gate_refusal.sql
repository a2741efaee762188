-- Why this person could not decide about a gate now; null when they could. For pages whose buttons say why they are off:
-- what counts is asked again when a verdict is stored, and when it is applied.
create or replace function app.gate_refusal(p_gate_id uuid, p_user_id uuid) returns text
  language plpgsql stable security definer set search_path = core, app, pg_temp
as $$
declare
  gate core.gates;
begin
  select * into gate from core.gates where tenant_id = app.tenant() and id = p_gate_id;
  return case
    when not found then 'gate_not_found'
    when gate.closed_at is not null then 'gate_closed'
    when app.now() > gate.due_at then 'gate_late'
    else coalesce(core.seat_refusal(gate, p_user_id), core.key_refusal(gate, p_user_id, core.presented_key()))
  end;
end
$$;
