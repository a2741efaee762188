-- Takes back what a record led to beside its own row, which stays as it is: facts that a grant approved fall back, a fact that
-- was entered is retracted, and what was to be remembered leaves the index with its passages and vectors. p_by is the record that
-- stands for it from now on, or says that nothing does. Called once, in the transaction that writes that one.
create or replace function core.undo_effect(p_record core.records, p_by core.records) returns void
  language plpgsql set search_path = core, app, pg_temp
as $$
declare
  type core.record_types;
  document uuid;
begin
  select * into strict type from core.record_types where name = p_record.record_type;
  if type.effect = 'privilege_grant' then
    -- To what else has approved them and stands, or to what their source says, or to what was processed before.
    update core.worker_trust_records t
    set approved_by_decision_id = core.standing_grant(t, p_record.id),
      tier = case when core.standing_grant(t, p_record.id) is not null then 5 when t.verified_until > app.now() then 4 else 3 end,
      changed_at = app.now()
    where t.tenant_id = app.tenant() and t.tier = 5 and t.approved_by_decision_id = p_record.decision_id;
  elsif type.effect = 'trust_fact' then
    update core.worker_trust_records set tier = 1, approved_by_decision_id = null, retracted_by_decision_id = p_by.decision_id, changed_at = app.now()
    where tenant_id = app.tenant() and fact_content_id = p_record.content_id and retracted_by_decision_id is null;
  elsif type.effect = 'memory' then
    for document in
      select d.id from core.memories m join core.documents d on d.tenant_id = m.tenant_id and d.memory_id = m.id
      where m.tenant_id = app.tenant() and m.content_id = p_record.content_id and d.state <> 'deleted'
      order by d.id for no key update of d
    loop
      perform core.drop_document(document);
    end loop;
    update core.memories set deleted_at = app.now()
    where tenant_id = app.tenant() and content_id = p_record.content_id and deleted_at is null;
  end if;
  if p_by.act = 'undo' then
    update core.assistant_drafts set status = 'discarded', changed_at = app.now()
    where tenant_id = app.tenant() and proposal_id = p_record.proposal_id and status = 'confirmed';
  end if;
end
$$;
