-- Whether a record asks more of its gate's seats than the gate does, because an edit carries it over a threshold: then the gate
-- asks them from now on, as its next version, and earlier seats are void. A smaller amount never asks less. The gate is locked by
-- the caller.
create or replace function core.raise_seats(p_gate core.gates, p_type core.record_types, p_content core.contents) returns boolean
  language plpgsql set search_path = core, app, pg_temp
as $$
declare
  rules jsonb;
  asked record;
  held text[] := coalesce(p_gate.seat_roles, array_fill(p_gate.roles[1], array[p_gate.seats]));
  merged record;
begin
  select seat_rules into rules from core.ai_policy_controls where tenant_id = app.tenant() order by version desc limit 1;
  select * into asked from core.seat_terms(p_type, coalesce(rules, '[]'), p_gate.roles[1], convert_from((p_content).bytes, 'UTF8')::jsonb);
  -- Most records ask what was asked.
  if asked.seat_roles is null and p_gate.seat_roles is null and asked.seats <= p_gate.seats and asked.role = p_gate.roles[1] then
    return false;
  end if;
  select * into merged from core.merge_seats(jsonb_build_array(
    jsonb_build_object('seats', p_gate.seats, 'roles', to_jsonb(held)),
    jsonb_build_object('seats', asked.seats, 'roles', to_jsonb(coalesce(asked.seat_roles, array_fill(asked.role, array[asked.seats]))))), p_gate.roles[1]);
  if merged.seats = p_gate.seats and coalesce(merged.seat_roles, array_fill(merged.role, array[merged.seats])) = held then
    return false;
  end if;
  perform core.set_seats(p_gate, merged.seats, merged.seat_roles, merged.role);
  return true;
end
$$;
