-- Freezes the terms of gates and proposals: what a reviewer binds to can't change under a verdict.
create or replace function core.freeze_terms() returns trigger
  language plpgsql set search_path = core, app, pg_temp
as $$
begin
  if tg_op <> 'UPDATE' then
    raise exception 'core.% keeps its rows: % refused', tg_table_name, tg_op using errcode = 'ZC002';
  end if;
  if tg_table_name = 'proposals' then
    if (new.run_id, new.record_type, new.record_class, new.payload_content_id, new.hash, new.ai_run_id, new.kind)
       is distinct from (old.run_id, old.record_type, old.record_class, old.payload_content_id, old.hash, old.ai_run_id, old.kind)
       or (old.outcome is not null and new.outcome is distinct from old.outcome) then
      raise exception 'proposal % is frozen', old.id using errcode = 'ZC008';
    end if;
  elsif tg_table_name = 'gates' then
    if (new.run_id, new.proposal_id, new.record_class, new.proposal_hash, new.manual, new.separation, new.rationale_rule, new.opened_at)
       is distinct from (old.run_id, old.proposal_id, old.record_class, old.proposal_hash, old.manual, old.separation, old.rationale_rule, old.opened_at)
       or new.version < old.version or (old.closed_at is not null and new.closed_at is distinct from old.closed_at)
       or (new.seats <> old.seats and new.version = old.version) then
      raise exception 'gate % is frozen', old.id using errcode = 'ZC008';
    end if;
  elsif tg_table_name = 'runs' then
    if (new.purpose, new.purpose_version, new.requested_by, new.input_content_id, new.subject_user_id, new.created_at,
        new.by_hand_of, new.by_hand_record_type)
       is distinct from (old.purpose, old.purpose_version, old.requested_by, old.input_content_id, old.subject_user_id, old.created_at,
        old.by_hand_of, old.by_hand_record_type)
       or (old.state = 'closed' and new is distinct from old)
       or (old.settled_at is not null and (new.settled_at, new.actual_credits, new.deducted_credits, new.shortfall_credits)
           is distinct from (old.settled_at, old.actual_credits, old.deducted_credits, old.shortfall_credits)) then
      raise exception 'run % is frozen', old.id using errcode = 'ZC008';
    end if;
  end if;
  return new;
end
$$;
