-- What time does to a gate: fires reminders and escalations that are due, and at its due time closes it as expired, after
-- applying verdicts that were stored in time. Called early it fires nothing and says when to come back.
-- Answers as core.gate_answer: {gate_outcome, wake_at, ...}.
create or replace function app.tick_gate(p_gate_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  gate core.gates;
  instant core.gate_instants;
  in_time uuid;
begin
  -- The run first, then its gate, as deciding does.
  perform from core.runs r join core.gates g on g.tenant_id = r.tenant_id and g.run_id = r.id
  where g.tenant_id = app.tenant() and g.id = p_gate_id for no key update of r;
  select * into strict gate from core.gates where tenant_id = app.tenant() and id = p_gate_id for no key update;
  if gate.closed_at is not null then
    return core.gate_answer(p_gate_id);
  end if;
  for instant in
    select * from core.gate_instants where tenant_id = app.tenant() and gate_id = p_gate_id and fired_at is null and superseded_at is null and at <= app.now() order by ordinal
  loop
    update core.gate_instants set fired_at = app.now() where tenant_id = app.tenant() and gate_id = p_gate_id and ordinal = instant.ordinal;
    if instant.kind = 'escalation' then
      -- The next role is added; nobody's verdict is void because a clock ticked.
      update core.gates set escalation_level = escalation_level + 1,
        roles = case when instant.role = any (roles) then roles else roles || instant.role end,
        added_roles = case when instant.role = any (added_roles) then added_roles else added_roles || instant.role end
      where tenant_id = app.tenant() and id = p_gate_id;
    end if;
    perform core.emit(case instant.kind when 'reminder' then 'gate.reminded' else 'gate.escalated' end, 'system', null, gate.run_id,
      jsonb_build_object('gate_id', gate.id, 'gate_version', gate.version::text, 'role', instant.role));
    insert into core.outbox (tenant_id, topic, run_id, gate_id, created_at)
    values (app.tenant(), case instant.kind when 'reminder' then 'gate.reminded' else 'gate.escalated' end, gate.run_id, gate.id, app.now());
  end loop;

  if app.now() > gate.due_at then
    for in_time in
      select i.id from core.intents i
      where i.tenant_id = app.tenant() and i.gate_id = p_gate_id and i.stored_at <= gate.due_at
        and not exists (select from core.intent_outcomes o where o.tenant_id = i.tenant_id and o.intent_id = i.id)
      order by i.stored_at, i.id
    loop
      perform app.apply_intent(in_time);
    end loop;
    select * into strict gate from core.gates where tenant_id = app.tenant() and id = p_gate_id;
    if gate.closed_at is null then
      perform core.close_gate(gate, 'expired', null, 'system', null);
      perform core.after_gate(gate.run_id);
    end if;
  end if;
  return core.gate_answer(p_gate_id);
end
$$;
