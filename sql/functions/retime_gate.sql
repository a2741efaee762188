-- Moves the instants of an open gate to where the calendar of a policy puts them. What has fired stays, and stands for as many
-- of its kind; what has not is superseded. No setting ends a gate at once: a day at least is left to it, or what it had. Its
-- version stays, so that nobody's seat is void because a calendar changed; its due time is part of what reviewers are shown.
-- p_instants: [{kind, at, role}]. Answers {outcome: moved | same | closed | stale}.
create or replace function app.retime_gate(p_gate_id uuid, p_policy_version integer, p_due_at timestamptz, p_instants jsonb) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  gate core.gates;
  due timestamptz;
  wanted jsonb;
  present jsonb;
  last_ordinal integer;
begin
  -- The run first, then its gate, as deciding does.
  perform from core.runs r join core.gates g on g.tenant_id = r.tenant_id and g.run_id = r.id
  where g.tenant_id = app.tenant() and g.id = p_gate_id for no key update of r;
  select * into strict gate from core.gates where tenant_id = app.tenant() and id = p_gate_id for no key update;
  if gate.closed_at is not null then
    return jsonb_build_object('outcome', 'closed');
  end if;
  if gate.timed_by_policy_version >= p_policy_version then
    return jsonb_build_object('outcome', 'stale');
  end if;
  due := greatest(p_due_at, least(gate.due_at, app.now() + interval '1 day'));
  select coalesce(jsonb_agg(jsonb_build_object('kind', w.kind, 'at', app.utc(w.at), 'role', w.role) order by w.at, w.kind), '[]') into wanted
  from (
    select i.kind, i.at, i.role, row_number() over (partition by i.kind order by i.at) as place
    from jsonb_to_recordset(p_instants) as i (kind text, at timestamptz, role text)) w
  where w.at < due and w.place > (select count(*) from core.gate_instants f
    where f.tenant_id = app.tenant() and f.gate_id = gate.id and f.kind = w.kind and f.fired_at is not null);
  select coalesce(jsonb_agg(jsonb_build_object('kind', i.kind, 'at', app.utc(i.at), 'role', i.role) order by i.at, i.kind), '[]') into present
  from core.gate_instants i
  where i.tenant_id = app.tenant() and i.gate_id = gate.id and i.fired_at is null and i.superseded_at is null;
  update core.gates set due_at = due, timed_by_policy_version = p_policy_version where tenant_id = app.tenant() and id = gate.id;
  if due = gate.due_at and wanted = present then
    return jsonb_build_object('outcome', 'same');
  end if;
  update core.gate_instants set superseded_at = app.now()
  where tenant_id = app.tenant() and gate_id = gate.id and fired_at is null and superseded_at is null;
  select coalesce(max(ordinal), 0) into last_ordinal from core.gate_instants where tenant_id = app.tenant() and gate_id = gate.id;
  insert into core.gate_instants (tenant_id, gate_id, ordinal, kind, at, role)
  select app.tenant(), gate.id, last_ordinal + i.place, i.value ->> 'kind', (i.value ->> 'at')::timestamptz, i.value ->> 'role'
  from jsonb_array_elements(wanted) with ordinality as i (value, place);
  perform core.emit('gate.retermed', 'system', null, gate.run_id, jsonb_build_object('gate_id', gate.id,
    'gate_version', gate.version::text, 'policy_version', p_policy_version::text, 'changed', '["instants"]'::jsonb,
    'due_at', app.utc(due), 'instants', wanted));
  insert into core.outbox (tenant_id, topic, run_id, gate_id, created_at) values (app.tenant(), 'gate.retermed', gate.run_id, gate.id, app.now());
  return jsonb_build_object('outcome', 'moved');
end
$$;
