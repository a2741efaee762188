-- Freezes the terms of gates and proposals: what a reviewer binds to can't change under a verdict.
create or replace function core.freeze_terms() returns trigger
  language plpgsql set search_path = core, app, pg_temp
as $$
begin
  if tg_op <> 'UPDATE' then
    raise exception 'core.% keeps its rows: % refused', tg_table_name, tg_op using errcode = 'ZC002';
  end if;
  if tg_table_name = 'proposals' then
    if (new.tenant_id, new.id, new.run_id, new.ordinal, new.record_type, new.record_class, new.payload_content_id, new.hash, new.ai_run_id, new.kind,
        new.shown, new.confidence_permille, new.possible_duplicate_of, new.created_at)
       is distinct from (old.tenant_id, old.id, old.run_id, old.ordinal, old.record_type, old.record_class, old.payload_content_id, old.hash, old.ai_run_id, old.kind,
        old.shown, old.confidence_permille, old.possible_duplicate_of, old.created_at)
       or (old.outcome is not null and new.outcome is distinct from old.outcome) then
      raise exception 'proposal % is frozen', old.id using errcode = 'ZC008';
    end if;
  elsif tg_table_name = 'gates' then
    if (new.tenant_id, new.id, new.run_id, new.proposal_id, new.record_class, new.manual, new.question_content_id, new.separation, new.rationale_rule,
        new.opened_at, new.timing, new.rationale_parts)
       is distinct from (old.tenant_id, old.id, old.run_id, old.proposal_id, old.record_class, old.manual, old.question_content_id, old.separation, old.rationale_rule,
        old.opened_at, old.timing, old.rationale_parts)
       -- Until when it is open moves with the calendar of a later policy only.
       or (new.due_at <> old.due_at and (old.closed_at is not null
         or coalesce(new.timed_by_policy_version <= coalesce(old.timed_by_policy_version, 0), true)))
       or new.timed_by_policy_version < old.timed_by_policy_version
       or new.blind_first <> old.blind_first or new.version < old.version or new.exchanges < old.exchanges or (old.closed_at is not null and new.closed_at is distinct from old.closed_at)
       or (new.version = old.version and (new.seats, new.seat_roles, new.base_role, new.reauthenticate_minutes, new.proposal_hash, new.reason_codes, new.dispositions)
         is distinct from (old.seats, old.seat_roles, old.base_role, old.reauthenticate_minutes, old.proposal_hash, old.reason_codes, old.dispositions))
       or new.terms_version < old.terms_version
       -- Who may hold a seat changes by escalation, or as another version, only.
       or ((new.roles, new.added_roles) is distinct from (old.roles, old.added_roles)
         and (new.escalation_level, new.version) = (old.escalation_level, old.version)) then
      raise exception 'gate % is frozen', old.id using errcode = 'ZC008';
    end if;
  elsif tg_table_name = 'runs' then
    if (new.tenant_id, new.id, new.purpose, new.purpose_version, new.requested_by, new.input_content_id, new.subject_user_id, new.created_at,
        new.by_hand_of, new.by_hand_record_type, new.resend_of, new.subject_id, new.compensates_record_id, new.compensation_act)
       is distinct from (old.tenant_id, old.id, old.purpose, old.purpose_version, old.requested_by, old.input_content_id, old.subject_user_id, old.created_at,
        old.by_hand_of, old.by_hand_record_type, old.resend_of, old.subject_id, old.compensates_record_id, old.compensation_act)
       or (old.state = 'closed' and new is distinct from old)
       or (old.reserved_credits <> 0 and new.reserved_credits <> old.reserved_credits)
       or (old.prompt_content_id is not null and (new.prompt_content_id, new.prompt_call_key, new.advisor_call_key)
           is distinct from (old.prompt_content_id, old.prompt_call_key, old.advisor_call_key))
       or (old.settled_at is not null and (new.settled_at, new.actual_credits, new.deducted_credits, new.shortfall_credits)
           is distinct from (old.settled_at, old.actual_credits, old.deducted_credits, old.shortfall_credits)) then
      raise exception 'run % is frozen', old.id using errcode = 'ZC008';
    end if;
  end if;
  return new;
end
$$;
