-- What roles may read. Views belong to the owner, whom row level security binds too: the tenant that was entered, or nothing.
-- Views whose name ends in _content show content and are for the API alone. Made anew at each migration.
drop view if exists app.act_reviews, app.act_reviews_content, app.delegations, app.delegations_content, app.gate_views, app.gate_views_content, app.gate_queue, app.handovers, app.handovers_content, app.gate_questions, app.gate_questions_content, app.tenant_list, app.members, app.keys, app.policies, app.policies_content, app.vendors, app.prices, app.purposes, app.record_types,
  app.runs, app.calls, app.replays, app.attempts, app.proposals, app.proposals_content, app.gates, app.gates_content, app.decisions, app.decisions_content,
  app.intents, app.records, app.records_content, app.account, app.ledger, app.events, app.chain_head, app.pages, app.evals, app.trust_records,
  app.trust_content, app.privileging_log, app.run_input_content, app.feedback, app.feedback_content, app.calls_content, app.comments_content, app.evidence, app.subjects,
  app.gate_versions, app.documents, app.documents_content, app.passages_content, app.run_passages,
  app.webhooks, app.webhook_deliveries, app.webhook_attempts, app.sealing_key, app.mail_preferences;

create view app.tenant_list as
  select id, kind, name, currency, units, time_zone, places, created_at from core.tenants;

create view app.members as
  select tenant_id, user_id, display_name, kind, roles, active, email, created_at from core.members;

create view app.keys as
  select tenant_id, id, user_id, label, auth_method, created_at, created_by, expires_at, revoked_at from core.api_keys;

-- Which member a subject is: the version that rules.
create view app.subjects as
  select distinct on (subject_id) tenant_id, subject_id, version, user_id, set_by, run_id, set_at
  from core.subject_members order by subject_id, version desc;

-- What embedding a document took, and by which model: of the tenant's own, since calls of the shared knowledge are the
-- platform's.
create view app.documents as
  select d.tenant_id, d.id, d.source_type, d.media_type, d.size_bytes, encode(d.commitment, 'hex') as hash, d.state, d.code, d.pages, d.characters,
    d.passages, d.added_by, d.tenant_id = '__global__' as shared, d.created_at, d.changed_at,
    (select e.model from core.embeddings e where e.tenant_id = d.tenant_id and e.source_id = d.id order by e.created_at desc limit 1) as model,
    coalesce(c.calls, 0) as calls, coalesce(c.cost_nano_usd, 0) as cost_nano_usd
  from core.documents d left join lateral (
    select count(*) as calls, sum(a.cost_nano_usd) as cost_nano_usd from core.ai_runs a
    where a.tenant_id = d.tenant_id and a.document_id = d.id) c on true;

create view app.documents_content as
  select tenant_id, document_id as id, title, publisher, address from core.document_contents;

create view app.passages_content as
  select p.tenant_id, p.id, p.document_id, d.source_type, p.ordinal, p.page, p.start_at, p.end_at, p.text, c.title, c.publisher, c.address,
    p.tenant_id = '__global__' as shared
  from core.passages p
    join core.documents d on d.tenant_id = p.tenant_id and d.id = p.document_id
    join core.document_contents c on c.tenant_id = p.tenant_id and c.document_id = p.document_id;

create view app.run_passages as
  select tenant_id, run_id, ordinal, passage_id from core.run_passages;

create view app.policies as
  select tenant_id, version, autonomy_tier, auto_categories, record_autonomy, require_human_review_for_phi_extraction,
    block_ai_committee_response_drafts, require_advisor_for_low_confidence, daily_token_budget_nano_usd, confidence_threshold_permille,
    paused, paused_purposes, paused_vendors, seat_rules, blind_first_protected, working_calendar, reauthenticate_protected_minutes,
    undo_window_hours, auto_review_permille, set_by, reason_content_id, set_at
  from core.ai_policy_controls;

create view app.policies_content as
  select p.tenant_id, p.version, core.content_text(p.reason_content_id) as reason from core.ai_policy_controls p;

create view app.vendors as
  select distinct on (vendor, model, region) vendor, model, region, version, listed, baa_active, baa_expires_at, encode(baa_sha256, 'hex') as baa_sha256,
    zdr_active, retention_mode, leaves_perimeter, notes, set_by, set_at
  from core.ai_vendor_baa_matrix order by vendor, model, region, version desc;

create view app.prices as
  select vendor, model, region, valid_from, valid_until, input_nano_usd_per_token, output_nano_usd_per_token,
    cache_read_nano_usd_per_token, cache_write_nano_usd_per_token, set_by, set_at
  from core.ai_prices;

create view app.purposes as
  select p.name, p.version, encode(p.content_hash, 'hex') as content_hash, p.definition, p.vendor, p.model, p.region,
    p.advisor_vendor, p.advisor_model, p.advisor_region, p.max_input_tokens, p.max_output_tokens, p.price_primary, p.price_advisor,
    p.confidence_threshold_permille, p.phi, p.manual_record_type, p.registered_at,
    array(select t.record_type from core.purpose_record_types t where t.purpose = p.name and t.purpose_version = p.version order by 1) as record_types
  from core.purposes p;

create view app.record_types as
  select name, class, kind, effect, required_fields, role, seats, separation, rationale_rule, reason_codes, dispositions, definition,
    encode(content_hash, 'hex') as content_hash
  from core.record_types;

create view app.runs as
  select r.tenant_id, r.id, r.purpose, r.purpose_version, r.state, r.step, r.outcome, r.code, r.advisory, r.requested_by, r.subject_user_id,
    r.input_content_id, r.by_hand_of, r.compensates_record_id, r.compensation_act, r.resend_of, r.subject_id, r.confidence_permille, r.reserved_credits, r.actual_credits, r.deducted_credits, r.shortfall_credits, r.settled_at, r.withdrawn_by, r.withdrawn_at, r.created_at, r.closed_at,
    coalesce(c.cost_nano_usd, 0) as cost_nano_usd, coalesce(c.input_tokens, 0) as input_tokens, coalesce(c.output_tokens, 0) as output_tokens,
    coalesce(c.calls, 0) as calls
  from core.runs r left join lateral (
    select sum(a.cost_nano_usd) as cost_nano_usd, sum(a.input_tokens) as input_tokens, sum(a.output_tokens) as output_tokens, count(*) as calls
    from core.ai_runs a where a.tenant_id = r.tenant_id and a.run_id = r.id and a.kind <> 'replay') c on true;

create view app.run_input_content as
  select r.tenant_id, r.id, core.content_text(r.input_content_id)::json as input from core.runs r;

create view app.feedback as
  select f.tenant_id, f.id, f.run_id, f.user_id, f.thumb, f.comment_content_id, f.at from core.ai_feedback f;

create view app.feedback_content as
  select f.tenant_id, f.id, f.run_id, core.content_text(f.comment_content_id) as comment from core.ai_feedback f;

create view app.calls as
  select l.tenant_id, l.run_id, c.id, c.run_id as made_by_run_id, l.billed, c.kind, c.feature, c.vendor, c.model, c.region, c.status, c.parent_id,
    c.requested_by, encode(c.prompt_hash, 'hex') as prompt_hash, encode(c.output_hash, 'hex') as output_hash, c.prompt_content_id, c.output_content_id,
    c.input_tokens, c.output_tokens, c.cache_read_tokens, c.cache_write_tokens, c.cost_nano_usd, c.latency_ms, c.provider_request_id, c.error_code,
    c.claimed_at, c.finished_at,
    (select count(*) from core.ai_run_attempts a where a.tenant_id = c.tenant_id and a.ai_run_id = c.id) as attempts
  from core.run_calls l join core.ai_runs c on c.tenant_id = l.tenant_id and c.id = l.ai_run_id;

create view app.calls_content as
  select c.tenant_id, c.id, core.bound_text(c.prompt_content_id, c.prompt_hash) as prompt,
    core.bound_text(c.output_content_id, c.output_hash) as output
  from core.ai_runs c;

-- What came of repeating a call. Pointers tell which fields differ, and nothing of what stands in them.
create view app.replays as
  select y.tenant_id, y.id, y.run_id, y.call_id, y.replay_call_id, y.requested_by, y.state, y.outcome, y.code, y.agreement,
    y.fields_compared, y.fields_differing, y.differing, coalesce(c.cost_nano_usd, 0) as cost_nano_usd, y.created_at, y.closed_at
  from core.replays y left join core.ai_runs c on c.tenant_id = y.tenant_id and c.id = y.replay_call_id;

create view app.attempts as
  select tenant_id, ai_run_id, attempt, state, day, held_nano_usd, cost_nano_usd, error_code, started_at, ended_at from core.ai_run_attempts;

create view app.proposals as
  select p.tenant_id, p.id, p.run_id, p.ordinal, p.kind, p.record_type, p.record_class, p.ai_run_id, encode(p.hash, 'hex') as hash,
    p.confidence_permille, p.shown, p.outcome, p.possible_duplicate_of,
    (select o.requested_by from core.proposals q join core.runs o on o.tenant_id = q.tenant_id and o.id = q.run_id
      where q.tenant_id = p.tenant_id and q.id = p.possible_duplicate_of) as duplicate_requested_by,
    p.created_at, p.payload_content_id,
    (select w.record_type from core.records w where w.tenant_id = p.tenant_id and w.proposal_id = p.id) as recorded_as,
    coalesce(d.status, r.status) as state, g.id as gate_id, coalesce(g.blind_first and g.closed_at is null, false) as blind_first
  from core.proposals p
    left join core.assistant_drafts d on d.tenant_id = p.tenant_id and d.proposal_id = p.id
    left join core.ai_recommendations r on r.tenant_id = p.tenant_id and r.proposal_id = p.id
    left join core.gates g on g.tenant_id = p.tenant_id and g.proposal_id = p.id;

-- An answer that a blocking eval keeps from view is not shown here either.
create view app.proposals_content as
  select p.tenant_id, p.id, p.run_id, core.bound_text(p.payload_content_id, p.hash)::json as payload from core.proposals p where p.shown;

create view app.gates as
  select g.tenant_id, g.id, g.run_id, g.proposal_id, g.record_class, g.version, encode(g.proposal_hash, 'hex') as proposal_hash, g.manual, g.roles, g.seats, g.seat_roles, g.blind_first,
    g.reauthenticate_minutes, g.rationale_parts,
    g.separation, g.rationale_rule, g.reason_codes, g.dispositions, g.escalation_level, g.opened_at, g.due_at, g.closed_at,
    -- A lease that has run out holds nothing.
    case when g.claimed_until > app.now() then g.claimed_by end as claimed_by,
    case when g.claimed_until > app.now() then g.claimed_until end as claimed_until,
    case when g.closed_at is not null then null when g.waits_for_requester then 'requester' else 'reviewer' end as waiting_for, g.exchanges,
    o.outcome, o.decision_id, p.record_type,
    array(select t.record_type from core.gate_record_types t where t.tenant_id = g.tenant_id and t.gate_id = g.id order by t.record_type collate "C") as record_types,
    (select max(d.record_type) from core.decisions d where d.tenant_id = g.tenant_id and d.gate_id = g.id
      and d.gate_version = g.version and d.verdict = 'approve') as named_record_type, p.possible_duplicate_of,
    (select other.requested_by from core.proposals q join core.runs other on other.tenant_id = q.tenant_id and other.id = q.run_id
      where q.tenant_id = p.tenant_id and q.id = p.possible_duplicate_of) as duplicate_requested_by,
    (select q.created_at from core.proposals q where q.tenant_id = p.tenant_id and q.id = p.possible_duplicate_of) as duplicate_created_at,
    p.confidence_permille, p.payload_content_id,
    core.commitment_hex(g.question_content_id) as question_hash, r.purpose, r.advisory, r.requested_by, r.subject_user_id,
    r.compensates_record_id, r.compensation_act,
    (select count(distinct d.actor_user_id) from core.decisions d where d.tenant_id = g.tenant_id and d.gate_id = g.id
      and d.gate_version = g.version and d.verdict = 'approve') as seats_taken
  from core.gates g
    join core.proposals p on p.tenant_id = g.tenant_id and p.id = g.proposal_id
    join core.runs r on r.tenant_id = g.tenant_id and r.id = g.run_id
    left join core.gate_outcomes o on o.tenant_id = g.tenant_id and o.gate_id = g.id;

-- What lists of gates choose and order by, and nothing that costs more to read: no clock either, which would keep a list from
-- being read in the order of an index.
create view app.gate_queue as
  select g.tenant_id, g.id, g.run_id, g.record_class, p.record_type, r.purpose, r.requested_by, g.roles, g.opened_at, g.due_at, g.closed_at,
    g.claimed_by, g.claimed_until, g.waits_for_requester
  from core.gates g
    join core.proposals p on p.tenant_id = g.tenant_id and p.id = g.proposal_id
    join core.runs r on r.tenant_id = g.tenant_id and r.id = g.run_id;

create view app.handovers as
  select h.tenant_id, h.id, h.gate_id, h.act, h.from_user_id, h.to_user_id, h.by_user_id, h.at from core.gate_handovers h;

create view app.handovers_content as
  select h.tenant_id, h.id, h.gate_id, core.content_text(h.reason_content_id) as reason from core.gate_handovers h;

create view app.gate_questions as
  select q.tenant_id, q.id, q.gate_id, q.asked_by, q.asked_at, a.answered_by, a.answered_at
  from core.gate_questions q left join core.gate_answers a on a.tenant_id = q.tenant_id and a.question_id = q.id;

create view app.gate_questions_content as
  select q.tenant_id, q.id, q.gate_id, core.content_text(q.question_content_id) as question, core.content_text(a.answer_content_id) as answer
  from core.gate_questions q left join core.gate_answers a on a.tenant_id = q.tenant_id and a.question_id = q.id;

create view app.gate_versions as
  select tenant_id, gate_id, version, cause, policy_version, changed, at from core.gate_versions;

-- Without what somebody thought: that is content, and held back from whoever has not said what they think themselves.
create view app.gate_views as
  select tenant_id, id, gate_id, user_id, gate_version, at from core.gate_views;

create view app.gate_views_content as
  select v.tenant_id, v.id, v.gate_id, v.user_id, v.opinion, v.disposition, core.content_text(v.view_content_id)::json ->> 'note' as note, v.at
  from core.gate_views v;

create view app.delegations as
  select tenant_id, id, delegator_user_id, delegate_user_id, roles, from_at, until_at, created_by, created_at, revoked_by, revoked_at
  from core.delegations;

create view app.delegations_content as
  select d.tenant_id, d.id, core.content_text(d.reason_content_id) as reason from core.delegations d;

create view app.gates_content as
  select g.tenant_id, g.id, core.content_text(g.question_content_id)::json as question from core.gates g;

create view app.comments_content as
  select c.tenant_id, c.id, c.gate_id, c.user_id, c.comment_content_id, c.at, core.content_text(c.comment_content_id) as text from core.gate_comments c;

create view app.decisions as
  select d.tenant_id, d.id, d.gate_id, d.run_id, d.proposal_id, coalesce(d.record_type, p.record_type) as record_type,
    d.record_type as named_record_type, d.record_class, (select t.class from core.record_types t where t.name = coalesce(d.record_type, p.record_type)) as class,
    d.gate_version, d.verdict, d.actor_kind, d.actor_user_id,
    d.authority_policy_version, d.intent_id, d.ai_advisory_id, d.manual, encode(d.proposal_hash, 'hex') as proposal_hash,
    encode(d.shown_hash, 'hex') as shown_hash, d.disposition, d.reason_code, d.decision_rationale_content_id, d.edits_content_id, d.on_behalf_of, d.delegation_id, d.self_confirmed,
    d.decided_at, i.auth_method, i.key_id, k.created_by as key_created_by, i.stored_at,
    array(select r.id from core.records r where r.tenant_id = d.tenant_id and r.decision_id = d.id) as record_ids, core.undo_until(d) as undo_until,
    p.payload_content_id, d.meaning, d.printed_name_content_id, i.reauthentication_id is not null as reauthenticated, i.authenticated_at
  from core.decisions d
    join core.proposals p on p.tenant_id = d.tenant_id and p.id = d.proposal_id
    left join core.intents i on i.tenant_id = d.tenant_id and i.id = d.intent_id
    left join core.api_keys k on k.tenant_id = i.tenant_id and k.id = i.key_id;

-- What the system did and people look at afterwards, with what they said and what stands for it since.
create view app.act_reviews as
  select s.tenant_id, s.decision_id as id, s.gate_id, d.run_id, d.proposal_id, r.id as record_id, r.record_type, r.content_id, encode(r.content_hash, 'hex') as content_hash,
    d.actor_user_id as authority_user_id, d.authority_policy_version, d.decided_at, s.drawn_at, s.rate_permille, s.drawn_permille,
    core.undo_until(d) as undo_until, u.id as compensated_by, u.act as compensated_as, case when v.decision_id is null then 'open' else 'closed' end as state,
    v.verdict, v.reason_code, v.reason_content_id, v.actor_user_id as reviewed_by, v.reviewed_at, g.reason_codes
  from core.act_samples s
    join core.decisions d on d.tenant_id = s.tenant_id and d.id = s.decision_id
    join core.gates g on g.tenant_id = s.tenant_id and g.id = s.gate_id
    join core.records r on r.tenant_id = s.tenant_id and r.decision_id = s.decision_id
    left join core.records u on u.tenant_id = r.tenant_id and u.compensates_record_id = r.id
    left join core.act_reviews v on v.tenant_id = s.tenant_id and v.decision_id = s.decision_id;

create view app.act_reviews_content as
  select v.tenant_id, v.decision_id as id, core.content_text(v.reason_content_id) as reason from core.act_reviews v;

create view app.decisions_content as
  select d.tenant_id, d.id, core.rationale_text(g.rationale_parts, core.content_text(d.decision_rationale_content_id)) as decision_rationale,
    case when g.rationale_parts <> '[]' then core.content_text(d.decision_rationale_content_id)::json end as rationale_parts,
    core.content_text(d.edits_content_id)::json as edits,
    -- What the edits are of; a gate that asks a person to write proposes nothing.
    case when d.edits_content_id is not null and (not d.manual or r.compensation_act is not null)
      then core.bound_text(p.payload_content_id, p.hash)::json end as original,
    core.content_text(d.printed_name_content_id) as printed_name,
    -- What that person thought before the model was shown.
    case when v.id is not null then json_build_object('opinion', v.opinion, 'disposition', v.disposition,
      'note', core.content_text(v.view_content_id)::json ->> 'note', 'at', app.utc(v.at)) end as view
  from core.decisions d
    join core.gates g on g.tenant_id = d.tenant_id and g.id = d.gate_id
    left join core.gate_views v on v.tenant_id = d.tenant_id and v.gate_id = d.gate_id and v.user_id = d.actor_user_id
    join core.proposals p on p.tenant_id = d.tenant_id and p.id = d.proposal_id
    join core.runs r on r.tenant_id = d.tenant_id and r.id = d.run_id;

create view app.intents as
  select i.tenant_id, i.id, i.gate_id, g.run_id, i.gate_version, i.verdict, i.actor_user_id, i.stored_at, o.outcome, o.code, o.decision_id, o.at as answered_at
  from core.intents i
    join core.gates g on g.tenant_id = i.tenant_id and g.id = i.gate_id
    left join core.intent_outcomes o on o.tenant_id = i.tenant_id and o.intent_id = i.id;

create view app.records as
  select r.tenant_id, r.id, r.decision_id, r.gate_id, r.run_id, r.proposal_id, r.record_type, r.content_id, encode(r.content_hash, 'hex') as content_hash, r.written_at,
    r.act, r.compensates_record_id, s.id as compensated_by, s.act as compensated_as
  from core.records r left join core.records s on s.tenant_id = r.tenant_id and s.compensates_record_id = r.id;

create view app.records_content as
  select r.tenant_id, r.id, core.bound_text(r.content_id, r.content_hash)::json as payload from core.records r;

create view app.account as
  select tenant_id, balance_credits, ledger_seq, day, held_nano_usd, spent_nano_usd from core.accounts;

create view app.ledger as
  select tenant_id, seq, kind, run_id, amount_credits, balance_after, reserved_credits, actual_credits, deducted_credits, shortfall_credits, actor_user_id, at
  from core.credit_ledger;

create view app.events as
  select tenant_id, seq, at, type, actor_kind, actor_user_id, run_id, payload, encode(payload_hash, 'hex') as payload_hash,
    encode(prev_hash, 'hex') as prev_hash, encode(entry_hash, 'hex') as entry_hash
  from core.audit_log;

create view app.chain_head as
  select tenant_id, seq, encode(entry_hash, 'hex') as entry_hash, at from core.chain_heads;

create view app.pages as
  select tenant_id, id, cause, code, run_id, opened_at, count, acknowledged_by, acknowledged_at from core.pages;

create view app.evals as
  select tenant_id, id, run_id, ai_run_id, ordinal, name, version, verdict, severity, reason, at from core.ai_evals;

-- The tier as it counts now: source-verified and approved facts whose verification has run out read as processed.
create view app.trust_records as
  select tenant_id, id, subject_id, kind, fact_content_id, source_receipt_id, last_verified_at, verified_until, approved_by_decision_id,
    case when tier >= 4 and verified_until <= app.now() then 3 else tier end as tier, created_at, changed_at, retracted_by_decision_id
  from core.worker_trust_records;

create view app.trust_content as
  select t.tenant_id, t.id, core.content_text(t.fact_content_id)::json as fact from core.worker_trust_records t;

create view app.privileging_log as
  select tenant_id, id, run_id, proposal_id, ai_run_id, actor_kind, encode(proposal_hash, 'hex') as proposal_hash, confidence_permille, at
  from core.privileging_recommendation_log;

-- What an auditor adds up, in one snapshot: counts and sums of the tenant that was entered. Amounts are text.
create view app.evidence as
  select t.id as tenant_id, app.utc(app.now()) as at,
    (select jsonb_build_object('total', count(*)::text, 'open', (count(*) filter (where state <> 'closed'))::text,
        'reserved', coalesce(sum(reserved_credits), 0)::text, 'actual', coalesce(sum(actual_credits), 0)::text,
        'held', (count(*) filter (where reserved_credits > 0 and settled_at is null))::text)
      from core.runs where tenant_id = t.id) as runs,
    (select coalesce(jsonb_object_agg(outcome, n), '{}') from (
        select outcome, count(*)::text as n from core.runs where tenant_id = t.id and outcome is not null group by outcome) g) as run_outcomes,
    (select jsonb_build_object('total', count(*)::text, 'cost_nano_usd', coalesce(sum(cost_nano_usd), 0)::text)
      from core.ai_runs where tenant_id = t.id) as calls,
    (select coalesce(jsonb_object_agg(status, n), '{}') from (
        select status, count(*)::text as n from core.ai_runs where tenant_id = t.id group by status) g) as call_statuses,
    (select coalesce(sum(a.cost_nano_usd), 0)::text from core.ai_run_attempts a
        join core.ai_runs c on c.tenant_id = a.tenant_id and c.id = a.ai_run_id
      where a.tenant_id = t.id and c.status <> 'claimed') as attempts_cost_nano_usd,
    (select balance_credits::text from core.accounts where tenant_id = t.id) as balance_credits,
    (select jsonb_build_object('total', count(*)::text, 'sum', coalesce(sum(amount_credits), 0)::text,
        'granted', coalesce(sum(amount_credits) filter (where kind = 'grant'), 0)::text,
        'reserved', coalesce(-sum(amount_credits) filter (where kind = 'reserve'), 0)::text,
        'settled', coalesce(sum(amount_credits) filter (where kind = 'settle'), 0)::text,
        'actual', coalesce(sum(actual_credits), 0)::text, 'deducted', coalesce(sum(deducted_credits), 0)::text,
        'shortfall', coalesce(sum(shortfall_credits), 0)::text)
      from core.credit_ledger where tenant_id = t.id) as ledger,
    (select jsonb_build_object('total', count(*)::text, 'open', (count(*) filter (where closed_at is null))::text)
      from core.gates where tenant_id = t.id) as gates,
    (select coalesce(jsonb_object_agg(outcome, n), '{}') from (
        select outcome, count(*)::text as n from core.gate_outcomes where tenant_id = t.id group by outcome) g) as gate_outcomes,
    (select count(*)::text from core.decisions where tenant_id = t.id) as decisions,
    (select coalesce(jsonb_object_agg(verdict, n), '{}') from (
        select verdict, count(*)::text as n from core.decisions where tenant_id = t.id group by verdict) g) as decision_verdicts,
    (select coalesce(jsonb_object_agg(actor_kind, n), '{}') from (
        select actor_kind, count(*)::text as n from core.decisions where tenant_id = t.id group by actor_kind) g) as decision_actors,
    (select count(*)::text from core.records where tenant_id = t.id) as records,
    (select coalesce(jsonb_object_agg(type, n), '{}') from (
        select type, count(*)::text as n from core.audit_log where tenant_id = t.id group by type) g) as event_types,
    (select count(*)::text from core.audit_log where tenant_id = t.id) as events,
    (select seq::text from core.chain_heads where tenant_id = t.id) as head_seq,
    (select encode(entry_hash, 'hex') from core.chain_heads where tenant_id = t.id) as head_hash
  from core.tenants t where t.id = app.tenant();

-- Endpoints with the place of their newest secret, and until when the one before it signs too. No secret leaves the tables.
create view app.webhooks as
  select e.tenant_id, e.id, e.url, e.event_types, e.state, e.code, e.created_by, e.created_at, e.changed_at,
    (select max(s.ordinal) from core.webhook_secrets s where s.tenant_id = e.tenant_id and s.endpoint_id = e.id) as secret_version,
    (select max(s.expires_at) from core.webhook_secrets s
      where s.tenant_id = e.tenant_id and s.endpoint_id = e.id and s.expires_at > app.now()) as previous_secret_until
  from core.webhook_endpoints e where e.state <> 'deleted';

create view app.webhook_deliveries as
  select tenant_id, id, endpoint_id, type, body, state, code, attempts, next_at, occurred_at, created_at, changed_at
  from core.webhook_deliveries;

create view app.webhook_attempts as
  select tenant_id, delivery_id, attempt, round, state, code, status, started_at, ended_at from core.webhook_attempts;

-- To which public key secrets are sealed now.
create view app.sealing_key as
  select id, public_key from core.sealing_keys order by created_at desc, id desc limit 1;

create view app.mail_preferences as
  select tenant_id, user_id, preference, changed_at from core.mail_preferences;
