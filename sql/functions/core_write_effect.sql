-- Writes what a decision stands for, in its transaction: one record of the proposal, of the type that the decision names where
-- its gate offered several, and what the type's effect adds. A run that corrects or undoes an earlier record writes the one that
-- stands for it, and takes back what that one led to.
create or replace function core.write_effect(p_gate core.gates, p_decision core.decisions) returns void
  language plpgsql set search_path = core, app, pg_temp
as $$
declare
  proposal core.proposals;
  type core.record_types;
  content core.contents;
  payload jsonb;
  memory uuid;
  -- Of a gate where a person proposed what is written: the run may ask to correct or undo a record.
  run core.runs;
  written core.records;
  earlier core.records;
begin
  select * into strict proposal from core.proposals where tenant_id = app.tenant() and id = p_gate.proposal_id;
  select * into strict type from core.record_types where name = coalesce(p_decision.record_type, proposal.record_type);
  select * into strict content from core.contents
  where tenant_id = app.tenant() and id = coalesce(p_decision.edits_content_id, proposal.payload_content_id);
  payload := convert_from(content.bytes, 'UTF8')::jsonb;
  if p_gate.manual then
    select * into strict run from core.runs where tenant_id = app.tenant() and id = p_gate.run_id;
  end if;
  insert into core.records (tenant_id, decision_id, gate_id, run_id, proposal_id, record_type, content_id, content_hash, written_at,
    act, compensates_record_id)
  values (app.tenant(), p_decision.id, p_gate.id, p_gate.run_id, proposal.id, type.name, content.id, content.commitment, app.now(),
    coalesce(run.compensation_act, 'write'), run.compensates_record_id)
  returning * into written;
  if written.act <> 'write' then
    select * into strict earlier from core.records where tenant_id = app.tenant() and id = written.compensates_record_id;
    perform core.undo_effect(earlier, written);
    perform core.emit(case written.act when 'undo' then 'record.undone' else 'record.corrected' end, p_decision.actor_kind, p_decision.actor_user_id,
      p_gate.run_id, jsonb_build_object('record_id', earlier.id, 'compensated_by', written.id, 'record_type', written.record_type,
        'decision_id', p_decision.id, 'earlier_hash', encode(earlier.content_hash, 'hex'), 'record_hash', encode(written.content_hash, 'hex')));
  end if;

  if written.act = 'undo' then
    null;
  elsif type.effect = 'privilege_grant' and p_decision.disposition in ('grant', 'grant_with_conditions') then
    -- Facts of this very subject that were source-verified and are fresh become approved; the rest stay as they are.
    update core.worker_trust_records t set tier = 5, approved_by_decision_id = p_decision.id, changed_at = app.now()
    where t.tenant_id = app.tenant() and t.tier = 4 and t.verified_until > app.now()
      and t.subject_id = payload ->> 'subject_id'
      and t.id::text in (select jsonb_array_elements_text(payload -> 'trust_record_ids'));
  elsif type.effect = 'trust_fact' then
    insert into core.worker_trust_records (tenant_id, subject_id, kind, fact_content_id, tier, created_at, changed_at)
    values (app.tenant(), payload ->> 'subject_id', payload ->> 'kind', content.id, 3, app.now(), app.now());
  elsif type.effect = 'memory' then
    insert into core.memories (tenant_id, content_id, created_by, created_at)
    values (app.tenant(), content.id, p_decision.actor_user_id, app.now())
    returning id into memory;
    -- Found by later runs once a worker has embedded it.
    perform core.put_document('memory', 'text/plain', 'A remembered fact', convert_to(payload ->> 'fact', 'UTF8'), p_decision.actor_user_id,
      null, memory);
  end if;
  insert into core.outbox (tenant_id, topic, run_id, gate_id, created_at) values (app.tenant(), 'record.written', p_gate.run_id, p_gate.id, app.now());
end
$$;
