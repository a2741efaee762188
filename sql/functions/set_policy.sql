-- Saves the next version of the tenant's policy if p_expected_version is the present one. p_policy carries every field of
-- core.ai_policy_controls but tenant, version, person and time; rules of seats, blind_first_protected and working_calendar stay
-- as they are where it leaves them out. Auto categories must be routine record types.
-- Answers {outcome: saved, version} or {outcome: refused, code}.
create or replace function app.set_policy(p_policy jsonb, p_expected_version integer, p_actor_user_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  present integer;
  reason core.contents;
  kept core.ai_policy_controls;
  seat_rules jsonb;
  reauthenticate_minutes integer;
  categories text[] := array(select jsonb_array_elements_text(p_policy -> 'auto_categories'));
begin
  perform core.require_actor(p_actor_user_id, array['admin']);
  -- Two saves on one version wait for one another here; the second is told that it is stale.
  perform pg_advisory_xact_lock(hashtextextended('policy ' || app.tenant(), 0));
  select max(version) into present from core.ai_policy_controls where tenant_id = app.tenant();
  if present is distinct from p_expected_version then
    return jsonb_build_object('outcome', 'refused', 'code', 'version_stale', 'version', present);
  end if;
  if exists (select from unnest(categories || array(select jsonb_object_keys(p_policy -> 'record_autonomy'))) as c (name)
      where not exists (select from core.record_types t where t.name = c.name)) then
    return jsonb_build_object('outcome', 'refused', 'code', 'record_type_unknown');
  end if;
  if exists (select from core.record_types t where t.class <> 'routine'
      and (t.name = any (categories) or p_policy -> 'record_autonomy' ->> t.name = 'auto')) then
    return jsonb_build_object('outcome', 'refused', 'code', 'auto_on_protected');
  end if;
  -- Whoever lets the system act is named in each of its acts, so must be a member.
  if (p_policy ->> 'autonomy_tier' = 'auto' or exists (select from jsonb_each_text(p_policy -> 'record_autonomy') as o where o.value = 'auto'))
    and not exists (
      select from core.members where tenant_id = app.tenant() and user_id = p_actor_user_id and active and kind = 'person') then
    return jsonb_build_object('outcome', 'refused', 'code', 'person_required');
  end if;
  -- They stand in the chain, where only names may: of purposes that are registered and vendors that are listed.
  if exists (select from jsonb_array_elements_text(p_policy -> 'paused_purposes') as n (name)
      where not exists (select from core.purposes p where p.name = n.name)) then
    return jsonb_build_object('outcome', 'refused', 'code', 'purpose_unknown');
  end if;
  if exists (select from jsonb_array_elements_text(p_policy -> 'paused_vendors') as n (name)
      where not exists (select from core.ai_vendor_baa_matrix v where v.vendor = n.name)) then
    return jsonb_build_object('outcome', 'refused', 'code', 'model_not_listed');
  end if;
  if not core.has_letter_or_digit(p_policy ->> 'reason') then
    return jsonb_build_object('outcome', 'refused', 'code', 'rationale_empty');
  end if;
  select * into kept from core.ai_policy_controls where tenant_id = app.tenant() and version = present;
  seat_rules := coalesce(p_policy -> 'seat_rules', kept.seat_rules);
  reauthenticate_minutes := case when p_policy ? 'reauthenticate_protected_minutes'
    then (p_policy ->> 'reauthenticate_protected_minutes')::integer else kept.reauthenticate_protected_minutes end;
  if not core.are_seat_rules(seat_rules) then
    return jsonb_build_object('outcome', 'refused', 'code', 'seat_rules_invalid');
  end if;
  if not (p_policy ->> 'paused')::boolean and not core.is_satisfiable(p_policy || jsonb_build_object('seat_rules', seat_rules)) then
    return jsonb_build_object('outcome', 'refused', 'code', 'policy_unsatisfiable');
  end if;
  reason := core.put_content(null, 'reason', p_policy ->> 'reason');
  insert into core.ai_policy_controls (tenant_id, version, autonomy_tier, auto_categories, record_autonomy,
    require_human_review_for_phi_extraction, block_ai_committee_response_drafts, require_advisor_for_low_confidence,
    daily_token_budget_nano_usd, confidence_threshold_permille, paused, paused_purposes, paused_vendors,
    seat_rules, blind_first_protected, working_calendar, reauthenticate_protected_minutes, terms_version,
    undo_window_hours, auto_review_permille, set_by, reason_content_id, set_at)
  values (app.tenant(), present + 1, p_policy ->> 'autonomy_tier', categories, p_policy -> 'record_autonomy',
    (p_policy ->> 'require_human_review_for_phi_extraction')::boolean, (p_policy ->> 'block_ai_committee_response_drafts')::boolean,
    (p_policy ->> 'require_advisor_for_low_confidence')::boolean, (p_policy ->> 'daily_token_budget_nano_usd')::bigint,
    (p_policy ->> 'confidence_threshold_permille')::integer, (p_policy ->> 'paused')::boolean,
    array(select jsonb_array_elements_text(p_policy -> 'paused_purposes')), array(select jsonb_array_elements_text(p_policy -> 'paused_vendors')),
    seat_rules, coalesce((p_policy ->> 'blind_first_protected')::boolean, kept.blind_first_protected),
    case when p_policy ? 'working_calendar' then nullif(p_policy -> 'working_calendar', 'null') else kept.working_calendar end, reauthenticate_minutes,
    case when kept.version is not null and (seat_rules, reauthenticate_minutes) is not distinct from (kept.seat_rules, kept.reauthenticate_protected_minutes)
      then kept.terms_version else coalesce(present, 0) + 1 end,
    coalesce((p_policy ->> 'undo_window_hours')::integer, kept.undo_window_hours), coalesce((p_policy ->> 'auto_review_permille')::integer, kept.auto_review_permille),
    p_actor_user_id, reason.id, app.now());
  -- The sweep brings open gates to it, so many at a time.
  update core.worklist w set due_at = app.now()
  from (select ref_id from core.worklist where kind = 'run' and tenant_id = app.tenant() and due_at > app.now() for update skip locked) as later
  where w.kind = 'run' and w.tenant_id = app.tenant() and w.ref_id = later.ref_id;
  return jsonb_build_object('outcome', 'saved', 'version', present + 1);
end
$$;
