-- Why a person can't hold a seat of a gate now; null when they can. Asked when a verdict is stored and when it is applied.
-- p_roles: with which roles, where they are not the person's own but another's in whose place they decide.
drop function if exists core.seat_refusal(core.gates, uuid);
create or replace function core.seat_refusal(p_gate core.gates, p_user_id uuid, p_roles text[] default null) returns text
  language plpgsql stable set search_path = core, app, pg_temp
as $$
declare
  member core.members;
  run core.runs;
begin
  select * into member from core.members where tenant_id = app.tenant() and user_id = p_user_id;
  if not found or not member.active or member.kind <> 'person' then return 'person_required'; end if;
  if not coalesce(p_roles, member.roles) && p_gate.roles then return 'role_missing'; end if;
  select * into strict run from core.runs where tenant_id = app.tenant() and id = p_gate.run_id;
  if core.is_subject(run, p_user_id) then return 'subject_of_run'; end if;
  if exists (select from core.gate_recusals where tenant_id = app.tenant() and gate_id = p_gate.id and user_id = p_user_id) then
    return 'recused';
  end if;
  if p_gate.separation <> 'none' and p_user_id in (select user_id from core.requesters(run.id)) then return 'requester_holds_no_seat'; end if;
  -- A verdict in somebody's place takes the seat of both.
  if exists (select from core.decisions where tenant_id = app.tenant() and gate_id = p_gate.id and p_user_id in (actor_user_id, on_behalf_of)
      and verdict = 'approve' and gate_version = p_gate.version) then
    return 'seat_taken';
  end if;
  if exists (select from core.decisions where tenant_id = app.tenant() and gate_id = p_gate.id and p_user_id in (actor_user_id, on_behalf_of)
      and verdict = 'escalate') then
    return 'escalator_holds_no_seat';
  end if;
  if p_gate.seat_roles is not null and not core.seats_assignable(p_gate.seat_roles,
      core.seated_roles(p_gate) || jsonb_build_array(to_jsonb(core.roles_at_seats(p_gate, coalesce(p_roles, member.roles))))) then
    return 'seat_of_role_taken';
  end if;
  return null;
end
$$;
