-- A gate is approved by as many distinct persons' approvals of its current version as it has seats, of one record type.
create or replace function core.check_outcome_earned() returns trigger
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  gate core.gates;
  approvals bigint;
begin
  if new.outcome in ('expired', 'withdrawn') then
    return null;
  end if;
  select * into strict gate from core.gates where tenant_id = new.tenant_id and id = new.gate_id;
  select count(distinct actor_user_id) filter (where
      (new.outcome = 'approved' and verdict = 'approve' and actor_kind = 'human')
      or (new.outcome = 'rejected' and verdict = 'reject' and actor_kind = 'human')
      or (new.outcome = 'applied' and verdict = 'approve' and actor_kind = 'system'))
    into approvals
  from core.decisions
  where tenant_id = new.tenant_id and gate_id = new.gate_id and gate_version = gate.version
    and record_type is not distinct from (select d.record_type from core.decisions d where d.tenant_id = new.tenant_id and d.id = new.decision_id);
  if approvals < (case when new.outcome = 'approved' then gate.seats else 1 end) then
    raise exception 'gate % is % without its decisions', new.gate_id, new.outcome using errcode = 'ZC009';
  end if;
  return null;
end
$$;
