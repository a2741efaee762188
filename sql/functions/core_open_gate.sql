-- Opens the gate of a proposal and freezes its terms. Class, seats and separation come from the registered record type,
-- never from the caller; instants from p_item, computed in the tenant's time zone.
create or replace function core.open_gate(p_proposal core.proposals, p_item jsonb, p_senior boolean) returns core.gates
  language plpgsql set search_path = core, app, pg_temp
as $$
declare
  type core.record_types;
  question core.contents;
  opened core.gates;
begin
  select * into strict type from core.record_types where name = p_proposal.record_type;
  question := core.put_content(p_proposal.run_id, 'question', p_item ->> 'question');
  insert into core.gates (tenant_id, run_id, proposal_id, record_class, version, proposal_hash, manual, question_content_id,
    roles, seats, separation, rationale_rule, reason_codes, dispositions, opened_at, due_at)
  values (app.tenant(), p_proposal.run_id, p_proposal.id, p_proposal.record_class, 1, p_proposal.hash, p_proposal.kind = 'manual', question.id,
    array[case when p_senior then 'senior' else type.role end], type.seats, core.gate_separation(type),
    type.rationale_rule, type.reason_codes, type.dispositions, app.now(), (p_item ->> 'due_at')::timestamptz)
  returning * into opened;
  insert into core.gate_instants (tenant_id, gate_id, ordinal, kind, at, role)
  select app.tenant(), opened.id, (row_number() over (order by i.at))::integer, i.kind, i.at, i.role
  from jsonb_to_recordset(p_item -> 'instants') as i (kind text, at timestamptz, role text)
  where i.at < opened.due_at;
  return opened;
end
$$;
