-- A gate as the tenant's present policy asks it. Where that asks something else than the gate did (seats and their roles by rules,
-- a proof anew), it is the gate's next version: earlier seats are void but shown, verdicts on their way are answered gate_changed,
-- and core.gate_versions says what is new. Nothing else of a policy alters an open gate: a view of one's own can't come first
-- where the model's was shown, and a calendar moves a gate's instants, which app.retime_gate does. The gate is locked by the
-- caller; asked again, it does nothing.
create or replace function core.gate_retermed(p_gate core.gates) returns core.gates
  language plpgsql set search_path = core, app, pg_temp
as $$
declare
  newest integer;
  policy core.ai_policy_controls;
  type core.record_types;
  asked record;
  roles_asked text[];
  minutes_asked integer;
  changed text[];
  gate core.gates;
begin
  select p.terms_version into newest from core.ai_policy_controls p where p.tenant_id = app.tenant() order by p.version desc limit 1;
  if p_gate.closed_at is not null or coalesce(newest <= p_gate.terms_version, true) then
    return p_gate;
  end if;
  select * into strict policy from core.ai_policy_controls where tenant_id = app.tenant() order by version desc limit 1;
  select t.* into strict type from core.proposals p join core.record_types t on t.name = p.record_type
  where p.tenant_id = app.tenant() and p.id = p_gate.proposal_id;
  select s.* into asked
  from core.proposals p join core.contents c on c.tenant_id = p.tenant_id and c.id = p.payload_content_id
    cross join lateral core.seat_terms(type, policy.seat_rules, coalesce(p_gate.base_role, p_gate.roles[1]), convert_from(c.bytes, 'UTF8')::jsonb) s
  where p.tenant_id = app.tenant() and p.id = p_gate.proposal_id;
  if asked.seat_roles is null and asked.role is null then
    asked.role := coalesce(p_gate.base_role, p_gate.roles[1]);
  end if;
  roles_asked := core.distinct_roles(coalesce(asked.seat_roles, array[asked.role]) || p_gate.added_roles);
  minutes_asked := case when p_gate.record_class <> 'routine' then policy.reauthenticate_protected_minutes end;
  changed := array_remove(array[
    case when (asked.seats, asked.seat_roles) is distinct from (p_gate.seats, p_gate.seat_roles) or not (roles_asked @> p_gate.roles and roles_asked <@ p_gate.roles)
      then 'seats' end,
    case when minutes_asked is distinct from p_gate.reauthenticate_minutes then 'reauthenticate_minutes' end], null);
  update core.gates set terms_version = newest, version = version + case when cardinality(changed) > 0 then 1 else 0 end,
    seats = case when 'seats' = any (changed) then asked.seats else seats end,
    seat_roles = case when 'seats' = any (changed) then asked.seat_roles else seat_roles end,
    roles = case when 'seats' = any (changed) then roles_asked else roles end,
    reauthenticate_minutes = minutes_asked
  where tenant_id = app.tenant() and id = p_gate.id
  returning * into gate;
  if cardinality(changed) = 0 then
    return gate;
  end if;
  insert into core.gate_versions (tenant_id, gate_id, version, cause, policy_version, changed, at)
  values (app.tenant(), gate.id, gate.version, 'policy', policy.version, changed, app.now());
  perform core.emit('gate.retermed', 'system', null, gate.run_id, jsonb_build_object('gate_id', gate.id, 'gate_version', gate.version::text,
    'policy_version', policy.version::text, 'changed', to_jsonb(changed), 'seats', gate.seats::text, 'roles', to_jsonb(gate.roles),
    'reauthenticate_minutes', gate.reauthenticate_minutes::text));
  with answered as (
    insert into core.intent_outcomes (tenant_id, intent_id, outcome, code, decision_id, at)
    select app.tenant(), i.id, 'conflict', 'gate_changed', null, app.now()
    from core.intents i
    where i.tenant_id = app.tenant() and i.gate_id = gate.id
      and not exists (select from core.intent_outcomes o where o.tenant_id = i.tenant_id and o.intent_id = i.id)
    returning intent_id)
  delete from core.worklist where kind = 'intent' and tenant_id = app.tenant() and ref_id = any (array(select intent_id from answered));
  insert into core.outbox (tenant_id, topic, run_id, gate_id, created_at) values (app.tenant(), 'gate.retermed', gate.run_id, gate.id, app.now());
  perform core.seek_people(gate.id);
  select * into strict gate from core.gates where tenant_id = app.tenant() and id = p_gate.id;
  return gate;
end
$$;
