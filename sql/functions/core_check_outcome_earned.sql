-- A gate is approved by as many distinct persons' approvals of its current version as it has seats, of one record type: on seats
-- that ask their roles, and nobody sits twice, neither as who decided nor as in whose place.
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
  if new.outcome = 'approved' and gate.seats > 1 and (
      (gate.seat_roles is not null and not core.seats_assignable(gate.seat_roles, core.seated_roles(gate)))
      or exists (
        select from core.decisions d cross join lateral unnest(array[d.actor_user_id, d.on_behalf_of]) as p (user_id)
        where d.tenant_id = new.tenant_id and d.gate_id = new.gate_id and d.gate_version = gate.version and d.verdict = 'approve' and p.user_id is not null
        group by p.user_id having count(*) > 1)) then
    raise exception 'gate % is approved by people who do not fill its seats', new.gate_id using errcode = 'ZC009';
  end if;
  return null;
end
$$;
