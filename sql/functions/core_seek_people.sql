-- When nobody is left who could fill an open gate's seats: pages operations, once, and escalates as time would, to the next role
-- of the gate's chain (senior, where it has none) until there is somebody. With nobody to ask, the gate is left to its due time.
-- The gate is locked by the caller.
create or replace function core.seek_people(p_gate_id uuid) returns void
  language plpgsql set search_path = core, app, pg_temp
as $$
declare
  gate core.gates;
  instant core.gate_instants;
  next_role text;
begin
  loop
    select * into strict gate from core.gates where tenant_id = app.tenant() and id = p_gate_id;
    if gate.closed_at is not null then return; end if;
    if core.has_people(gate) then
      if gate.unseatable_at is not null then
        update core.gates set unseatable_at = null where tenant_id = app.tenant() and id = p_gate_id;
      end if;
      return;
    end if;
    if gate.unseatable_at is null then
      perform core.page('no_eligible_person ' || gate.id, 'no_eligible_person', gate.run_id);
      update core.gates set unseatable_at = app.now() where tenant_id = app.tenant() and id = p_gate_id;
    end if;
    select * into instant from core.gate_instants
    where tenant_id = app.tenant() and gate_id = p_gate_id and kind = 'escalation' and fired_at is null order by ordinal limit 1;
    if found then
      next_role := instant.role;
      update core.gate_instants set fired_at = app.now() where tenant_id = app.tenant() and gate_id = p_gate_id and ordinal = instant.ordinal;
    elsif not 'senior' = any (gate.roles) and not exists (
        select from core.gate_instants where tenant_id = app.tenant() and gate_id = p_gate_id and kind = 'escalation') then
      next_role := 'senior';
    else
      return;
    end if;
    update core.gates set escalation_level = escalation_level + 1,
      roles = case when next_role = any (roles) then roles else roles || next_role end,
      added_roles = case when next_role = any (added_roles) then added_roles else added_roles || next_role end
    where tenant_id = app.tenant() and id = p_gate_id;
    perform core.emit('gate.escalated', 'system', null, gate.run_id, jsonb_build_object(
      'gate_id', gate.id, 'gate_version', gate.version::text, 'role', next_role, 'code', 'no_eligible_person'));
    insert into core.outbox (tenant_id, topic, run_id, gate_id, created_at) values (app.tenant(), 'gate.escalated', gate.run_id, gate.id, app.now());
  end loop;
end
$$;
