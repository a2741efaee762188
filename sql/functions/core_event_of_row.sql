-- Events follow from rows: whoever writes a decision, a leg, a run's transition or a policy has written its event.
create or replace function core.event_of_row() returns trigger
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  key core.api_keys;
  intent core.intents;
begin
  case tg_table_name
    when 'decisions' then
      -- How the person was authenticated: by which key, made by whom. A system act has none.
      if new.intent_id is not null then
        select * into intent from core.intents where tenant_id = new.tenant_id and id = new.intent_id;
        select * into key from core.api_keys where tenant_id = new.tenant_id and id = intent.key_id;
      end if;
      perform core.emit('decision.recorded', new.actor_kind, new.actor_user_id, new.run_id, jsonb_build_object(
        'decision_id', new.id, 'gate_id', new.gate_id, 'gate_version', new.gate_version::text, 'proposal_id', new.proposal_id,
        'verdict', new.verdict, 'record_class', new.record_class, 'manual', new.manual, 'self_confirmed', new.self_confirmed,
        'intent_id', new.intent_id, 'ai_advisory_id', new.ai_advisory_id, 'disposition', new.disposition, 'reason_code', new.reason_code,
        'record_type', new.record_type, 'on_behalf_of', new.on_behalf_of, 'delegation_id', new.delegation_id,
        'authority_policy_version', new.authority_policy_version::text,
        'key_id', key.id, 'key_created_by', key.created_by, 'auth_method', key.auth_method,
        'proposal_hash', encode(new.proposal_hash, 'hex'), 'shown_hash', encode(new.shown_hash, 'hex'),
        'rationale_hash', core.commitment_hex(new.decision_rationale_content_id), 'edits_hash', core.commitment_hex(new.edits_content_id),
        -- The signature: what it means, the name printed beside it, and when the person proved anew who they are, if they did.
        'meaning', new.meaning, 'printed_name_hash', core.commitment_hex(new.printed_name_content_id),
        'signed_at', app.utc(intent.stored_at))
        || case when intent.reauthentication_id is null then '{}'::jsonb
          else jsonb_build_object('reauthentication_id', intent.reauthentication_id, 'authenticated_at', app.utc(intent.authenticated_at)) end);
    when 'act_samples' then
      perform core.emit('act.sampled', 'system', null, (select run_id from core.gates where tenant_id = new.tenant_id and id = new.gate_id),
        jsonb_build_object('decision_id', new.decision_id, 'rate_permille', new.rate_permille::text, 'drawn_permille', new.drawn_permille::text));
    when 'act_reviews' then
      perform core.emit('act.reviewed', core.actor_kind(), new.actor_user_id,
        (select run_id from core.decisions where tenant_id = new.tenant_id and id = new.decision_id), jsonb_build_object(
        'decision_id', new.decision_id, 'verdict', new.verdict, 'reason_code', new.reason_code,
        'reason_hash', core.commitment_hex(new.reason_content_id), 'key_id', new.key_id));
    when 'credit_ledger' then
      perform core.emit('credit.' || case new.kind when 'grant' then 'granted' when 'reserve' then 'reserved' else 'settled' end,
        case when new.kind = 'grant' then core.actor_kind() else 'system' end, new.actor_user_id, new.run_id, jsonb_build_object(
        'ledger_seq', new.seq::text, 'amount_credits', new.amount_credits::text, 'balance_after', new.balance_after::text,
        'reserved_credits', new.reserved_credits::text, 'actual_credits', new.actual_credits::text,
        'deducted_credits', new.deducted_credits::text, 'shortfall_credits', new.shortfall_credits::text));
    when 'runs' then
      if tg_op = 'INSERT' then
        perform core.emit('run.accepted', core.actor_kind(), new.requested_by, new.id, jsonb_build_object(
          'purpose', new.purpose, 'purpose_version', new.purpose_version::text, 'input_hash', core.commitment_hex(new.input_content_id),
          'by_hand_of', new.by_hand_of, 'by_hand_record_type', new.by_hand_record_type, 'resend_of', new.resend_of,
          'subject_user_id', new.subject_user_id)
          || case when new.compensation_act is null then '{}'::jsonb
            else jsonb_build_object('compensates_record_id', new.compensates_record_id, 'compensation_act', new.compensation_act) end);
      elsif new.state = 'closed' and old.state <> 'closed' then
        perform core.emit(case new.outcome when 'refused' then 'run.refused' else 'run.closed' end, 'system', null, new.id, core.closing_body(new));
      end if;
    when 'gate_outcomes' then
      if new.outcome in ('expired', 'withdrawn') then
        perform core.emit('gate.' || new.outcome, new.actor_kind, new.actor_user_id,
          (select run_id from core.gates where tenant_id = new.tenant_id and id = new.gate_id), jsonb_build_object('gate_id', new.gate_id));
      end if;
    when 'ai_policy_controls' then
      perform core.emit('policy.changed', case when new.set_by is null then 'system' else core.actor_kind() end, new.set_by, null, jsonb_build_object(
        'version', new.version::text, 'reason_hash', core.commitment_hex(new.reason_content_id), 'autonomy_tier', new.autonomy_tier, 'auto_categories', to_jsonb(new.auto_categories),
        'record_autonomy', new.record_autonomy, 'paused', new.paused,
        'paused_purposes', to_jsonb(new.paused_purposes), 'paused_vendors', to_jsonb(new.paused_vendors),
        'require_human_review_for_phi_extraction', new.require_human_review_for_phi_extraction,
        'block_ai_committee_response_drafts', new.block_ai_committee_response_drafts,
        'require_advisor_for_low_confidence', new.require_advisor_for_low_confidence,
        'daily_token_budget_nano_usd', new.daily_token_budget_nano_usd::text,
        'confidence_threshold_permille', new.confidence_threshold_permille::text,
        'blind_first_protected', new.blind_first_protected,
        'undo_window_hours', new.undo_window_hours::text, 'auto_review_permille', new.auto_review_permille::text,
        'reauthenticate_protected_minutes', new.reauthenticate_protected_minutes::text,
        'working_calendar', core.calendar_body(new.working_calendar),
        'seat_rules', (select coalesce(jsonb_agg(r.rule || jsonb_build_object('seats', r.rule ->> 'seats')), '[]')
          from jsonb_array_elements(new.seat_rules) as r (rule))));
    when 'ai_vendor_baa_matrix' then
      perform core.emit('vendor.changed', case when new.set_by is null then 'system' else core.actor_kind() end, new.set_by, null, jsonb_build_object(
        'vendor', new.vendor, 'model', new.model, 'region', new.region, 'version', new.version::text, 'listed', new.listed,
        'baa_active', new.baa_active, 'baa_expires_at', app.utc(new.baa_expires_at), 'baa_sha256', encode(new.baa_sha256, 'hex'),
        'zdr_active', new.zdr_active, 'retention_mode', new.retention_mode, 'leaves_perimeter', new.leaves_perimeter));
    when 'ai_prices' then
      perform core.emit('price.changed', case when new.set_by is null then 'system' else core.actor_kind() end, new.set_by, null, jsonb_build_object(
        'vendor', new.vendor, 'model', new.model, 'region', new.region, 'valid_from', app.utc(new.valid_from), 'valid_until', app.utc(new.valid_until),
        'input_nano_usd_per_token', new.input_nano_usd_per_token::text, 'output_nano_usd_per_token', new.output_nano_usd_per_token::text,
        'cache_read_nano_usd_per_token', new.cache_read_nano_usd_per_token::text,
        'cache_write_nano_usd_per_token', new.cache_write_nano_usd_per_token::text));
    when 'members' then
      perform core.emit('member.changed', core.actor_kind(), core.actor(), null, jsonb_build_object(
        'user_id', new.user_id, 'kind', new.kind, 'roles', to_jsonb(new.roles), 'active', new.active,
        -- Where somebody is written to is nobody's business in a chain: only that it has changed.
        'email_changed', case when tg_op = 'INSERT' then new.email is not null else new.email is distinct from old.email end));
    when 'api_keys' then
      perform core.emit(case when new.revoked_at is null then 'key.created' else 'key.revoked' end, core.actor_kind(), core.actor(), null, jsonb_build_object(
        'key_id', new.id, 'user_id', new.user_id, 'auth_method', new.auth_method, 'created_by', new.created_by, 'expires_at', app.utc(new.expires_at)));
    when 'tenants' then
      perform core.emit('tenant.created', core.actor_kind(), new.created_by, null, jsonb_build_object(
        'tenant', new.id, 'kind', new.kind, 'currency', new.currency, 'time_zone', new.time_zone));
    when 'subject_members' then
      -- The tenant's own id of a person may be anything, so it stays in its row.
      perform core.emit('subject.named', core.actor_kind(), new.set_by, new.run_id, jsonb_build_object(
        'subject_member_id', new.id, 'version', new.version::text, 'user_id', new.user_id));
    when 'worker_trust_records' then
      perform core.emit('trust.changed', case when new.approved_by_decision_id is null then 'system' else 'human' end, null, null, jsonb_build_object(
        'trust_record_id', new.id, 'kind', new.kind, 'tier', new.tier::text, 'receipt_id', new.source_receipt_id,
        'verified_until', app.utc(new.verified_until), 'fact_hash', core.commitment_hex(new.fact_content_id),
        'decision_id', new.approved_by_decision_id));
    when 'source_receipts' then
      perform core.emit('trust.receipt_stored', 'system', null, null, jsonb_build_object(
        'receipt_id', new.id, 'source', new.source, 'receipt_hash', encode(new.content_hash, 'hex'),
        'fetched_at', app.utc(new.fetched_at), 'valid_until', app.utc(new.valid_until)));
    when 'purposes' then
      perform core.emit('purpose.registered', 'system', null, null, jsonb_build_object(
        'purpose', new.name, 'version', new.version::text, 'content_hash', encode(new.content_hash, 'hex'),
        'vendor', new.vendor, 'model', new.model, 'region', new.region));
    when 'record_types' then
      perform core.emit('record_type.registered', 'system', null, null, jsonb_build_object(
        'record_type', new.name, 'class', new.class, 'content_hash', encode(new.content_hash, 'hex')));
  end case;
  return null;
end
$$;
