-- Opens the gate of a proposal and freezes its terms. Class, seats and separation come from the registered record type,
-- never from the caller, and so do the tenant's own rules of seats; instants from p_item, computed in the tenant's time zone.
drop function if exists core.open_gate(core.proposals, jsonb, boolean);
create or replace function core.open_gate(p_proposal core.proposals, p_item jsonb, p_senior boolean, p_policy core.ai_policy_controls) returns core.gates
  language plpgsql set search_path = core, app, pg_temp
as $$
declare
  type core.record_types;
  question core.contents;
  opened core.gates;
  asked record;
begin
  select * into strict type from core.record_types where name = p_proposal.record_type;
  select * into asked from core.seat_terms(type, p_policy.seat_rules, case when p_senior then 'senior' else type.role end, (p_item ->> 'payload')::jsonb);
  question := core.put_content(p_proposal.run_id, 'question', p_item ->> 'question');
  insert into core.gates (tenant_id, run_id, proposal_id, record_class, version, proposal_hash, manual, question_content_id,
    roles, seats, seat_roles, blind_first, terms_version, base_role, reauthenticate_minutes, rationale_parts, separation, rationale_rule, reason_codes, dispositions, opened_at, due_at,
    timing, timed_by_policy_version)
  values (app.tenant(), p_proposal.run_id, p_proposal.id, p_proposal.record_class, 1, p_proposal.hash, p_proposal.kind = 'manual', question.id,
    case when asked.seat_roles is null then array[asked.role] else core.distinct_roles(asked.seat_roles) end, asked.seats, asked.seat_roles,
    p_policy.blind_first_protected and type.class <> 'routine' and p_proposal.kind <> 'manual', p_policy.terms_version,
    case when p_senior then 'senior' else type.role end, case when type.class <> 'routine' then p_policy.reauthenticate_protected_minutes end,
    coalesce(type.definition -> 'rationale_parts', '[]'), core.gate_separation(type),
    type.rationale_rule, type.reason_codes,
    -- Undoing grants and denies nothing.
    case when p_proposal.kind = 'manual' and exists (
        select from core.runs r where r.tenant_id = app.tenant() and r.id = p_proposal.run_id and r.compensation_act = 'undo')
      then '{}' else type.dispositions end,
    app.now(), (p_item ->> 'due_at')::timestamptz,
    nullif(p_item -> 'timing', 'null'), (p_item ->> 'timed_by_policy_version')::integer)
  returning * into opened;
  insert into core.gate_instants (tenant_id, gate_id, ordinal, kind, at, role)
  select app.tenant(), opened.id, (row_number() over (order by i.at))::integer, i.kind, i.at, i.role
  from jsonb_to_recordset(p_item -> 'instants') as i (kind text, at timestamptz, role text)
  where i.at < opened.due_at;
  return opened;
end
$$;
