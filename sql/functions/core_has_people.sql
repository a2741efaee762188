-- Whether the tenant has people who could fill what is left of a gate's seats, by all that is known of them now. A delegation
-- never counts: whoever could decide in somebody's place takes that person's seat too. That two of them may not sit together,
-- because one made the other's key, is known only once one of them sits.
create or replace function core.has_people(p_gate core.gates) returns boolean
  language plpgsql stable set search_path = core, app, pg_temp
as $$
declare
  seated bigint;
  people jsonb;
begin
  -- The usual gate: whoever has the role can decide.
  if p_gate.seats = 1 and p_gate.version = 1 and p_gate.separation = 'none' and not exists (
      select from core.runs r where r.tenant_id = app.tenant() and r.id = p_gate.run_id and (r.subject_user_id is not null or r.subject_id is not null)) then
    return exists (
      select from core.members m where m.tenant_id = app.tenant() and m.active and m.kind = 'person' and m.roles && p_gate.roles
        and not exists (select from core.gate_recusals c where c.tenant_id = m.tenant_id and c.gate_id = p_gate.id and c.user_id = m.user_id));
  end if;
  select count(*) into seated from core.decisions
  where tenant_id = app.tenant() and gate_id = p_gate.id and gate_version = p_gate.version and verdict = 'approve';
  select coalesce(jsonb_agg(to_jsonb(case when p_gate.seat_roles is null then m.roles else core.roles_at_seats(p_gate, m.roles) end)), '[]') into people
  from core.members m
  where m.tenant_id = app.tenant() and m.active and m.kind = 'person' and m.roles && p_gate.roles and core.seat_refusal(p_gate, m.user_id) is null
    and (seated = 0 or core.key_refusal(p_gate, m.user_id, null) is null and (
      not exists (select from core.api_keys k where k.tenant_id = m.tenant_id and k.user_id = m.user_id and k.revoked_at is null)
      or exists (select from core.api_keys k where k.tenant_id = m.tenant_id and k.user_id = m.user_id and k.revoked_at is null
        and core.key_refusal(p_gate, m.user_id, k.id) is null)));
  if p_gate.seat_roles is null then
    return seated + jsonb_array_length(people) >= p_gate.seats;
  end if;
  return core.seats_fillable(p_gate.seat_roles, core.seated_roles(p_gate) || people);
end
$$;
