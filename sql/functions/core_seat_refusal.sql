-- Why a person can't hold a seat of a gate now; null when they can. Asked when a verdict is stored and when it is applied.
create or replace function core.seat_refusal(p_gate core.gates, p_user_id uuid) returns text
  language plpgsql stable set search_path = core, app, pg_temp
as $$
declare
  member core.members;
  run core.runs;
begin
  select * into member from core.members where tenant_id = app.tenant() and user_id = p_user_id;
  if not found or not member.active or member.kind <> 'person' then return 'person_required'; end if;
  if not member.roles && p_gate.roles then return 'role_missing'; end if;
  select * into strict run from core.runs where tenant_id = app.tenant() and id = p_gate.run_id;
  if core.is_subject(run, p_user_id) then return 'subject_of_run'; end if;
  if exists (select from core.gate_recusals where tenant_id = app.tenant() and gate_id = p_gate.id and user_id = p_user_id) then
    return 'recused';
  end if;
  if p_gate.separation <> 'none' and p_user_id in (select user_id from core.requesters(run.id)) then return 'requester_holds_no_seat'; end if;
  if exists (select from core.decisions where tenant_id = app.tenant() and gate_id = p_gate.id and actor_user_id = p_user_id
      and verdict = 'approve' and gate_version = p_gate.version) then
    return 'seat_taken';
  end if;
  if exists (select from core.decisions where tenant_id = app.tenant() and gate_id = p_gate.id and actor_user_id = p_user_id and verdict = 'escalate') then
    return 'escalator_holds_no_seat';
  end if;
  return null;
end
$$;
