CREATE SCHEMA app;

ALTER SCHEMA app OWNER TO countersign_owner;

COMMENT ON SCHEMA app IS '0032_reviewers.sql';

CREATE SCHEMA core;

ALTER SCHEMA core OWNER TO countersign_owner;

CREATE EXTENSION IF NOT EXISTS vector WITH SCHEMA public;

COMMENT ON EXTENSION vector IS 'vector data type and ivfflat and hnsw access methods';

CREATE FUNCTION app.accept_compensation(p_key text, p_request text, p_record_id uuid, p_act text, p_payload text, p_reason text, p_actor_user_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  asked_route constant text := 'POST /v1/records/{id}/' || p_act;
  actor core.members := core.require_actor(p_actor_user_id, array['requester', 'reviewer', 'senior', 'admin']);
  known core.run_keys;
  target core.records;
  origin core.runs;
  type core.record_types;
  purpose core.purposes;
  payload core.contents;
  input core.contents;
  refusal text;
  rival uuid;
  successor uuid;
  new_run uuid := app.new_id();
  fresh_salt bytea := sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
begin
  perform pg_advisory_xact_lock(hashtextextended(app.tenant() || ' ' || asked_route || ' ' || p_key, 0));
  select * into known from core.run_keys k where k.tenant_id = app.tenant() and k.route = asked_route and k.key = p_key;
  if found then
    if known.request_commitment <> sha256(known.request_salt || convert_to(p_request, 'UTF8')) then
      return jsonb_build_object('outcome', 'refused', 'code', 'key_reused');
    end if;
    return jsonb_build_object('outcome', 'replayed', 'run_id', known.run_id);
  end if;
  -- Two who ask about one record wait for one another here; the second finds the first.
  perform pg_advisory_xact_lock(hashtextextended('record ' || app.tenant() || ' ' || p_record_id, 0));
  select * into target from core.records where tenant_id = app.tenant() and id = p_record_id;
  select * into origin from core.runs where tenant_id = app.tenant() and id = target.run_id;
  if origin.id is null or (origin.requested_by <> actor.user_id and not actor.roles && array['reviewer', 'senior', 'admin']) then
    return jsonb_build_object('outcome', 'refused', 'code', 'record_not_found');
  end if;
  select * into strict type from core.record_types where name = target.record_type;
  select p.* into purpose from core.purposes p where p.name = origin.purpose order by p.version desc limit 1;
  select id into successor from core.records where tenant_id = app.tenant() and compensates_record_id = target.id;
  select id into rival from core.runs where tenant_id = app.tenant() and compensates_record_id = target.id and state <> 'closed';
  if p_act = 'correct' then
    payload.bytes := convert_to(p_payload, 'UTF8');
  end if;
  refusal := case
    when not core.has_letter_or_digit(p_reason) then 'rationale_empty'
    when target.act = 'undo' then 'record_undone'
    when successor is not null then 'record_compensated'
    when rival is not null then 'compensation_open'
    -- What the system did may be undone for a while; later what it wrote can be corrected, as any record.
    when p_act = 'undo' and app.now() > (select core.undo_until(d) from core.decisions d where d.tenant_id = app.tenant() and d.id = target.decision_id)
      then 'undo_window_past'
    when not exists (select from core.purpose_record_types t
      where t.purpose = purpose.name and t.purpose_version = purpose.version and t.record_type = type.name) then 'record_type_unknown'
    when p_act = 'correct' and not core.is_complete(type, payload) then 'record_incomplete'
    when p_act = 'correct' and not core.is_about_subject(origin, type, payload) then 'subject_differs'
    when p_act = 'correct' and p_payload::jsonb = core.content_text(target.content_id)::jsonb then 'nothing_corrected'
  end;
  if refusal is not null then
    return jsonb_build_object('outcome', 'refused', 'code', refusal, 'now', jsonb_build_object(
      'record_id', target.id, 'compensated_by', successor, 'run_id', rival));
  end if;
  input := core.put_content(new_run, 'input', jsonb_strip_nulls(jsonb_build_object(
    'act', p_act, 'record_id', target.id, 'reason', p_reason, 'payload', p_payload::jsonb))::text);
  insert into core.runs (tenant_id, id, purpose, purpose_version, state, step, requested_by, subject_id, subject_user_id, input_content_id, created_at,
    compensates_record_id, compensation_act)
  values (app.tenant(), new_run, purpose.name, purpose.version, 'accepted', 'reserve', actor.user_id, origin.subject_id, origin.subject_user_id,
    input.id, app.now(), target.id, p_act);
  insert into core.run_keys (tenant_id, route, key, run_id, request_salt, request_commitment, created_at)
  values (app.tenant(), asked_route, p_key, new_run, fresh_salt, sha256(fresh_salt || convert_to(p_request, 'UTF8')), app.now());
  insert into core.worklist (kind, tenant_id, ref_id, due_at) values ('run', app.tenant(), new_run, app.now() + interval '5 seconds');
  return jsonb_build_object('outcome', 'accepted', 'run_id', new_run);
end
$$;

ALTER FUNCTION app.accept_compensation(p_key text, p_request text, p_record_id uuid, p_act text, p_payload text, p_reason text, p_actor_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.accept_replay(p_run_id uuid, p_call_id uuid, p_key text, p_actor_user_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  known core.replays;
  original uuid;
  run_state text;
begin
  perform core.require_actor(p_actor_user_id, array['admin']);
  -- Two requests with one key wait for one another.
  perform pg_advisory_xact_lock(hashtextextended('replay ' || app.tenant() || ' ' || p_key, 0));
  select state into run_state from core.runs where tenant_id = app.tenant() and id = p_run_id;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'run_not_found');
  end if;
  select c.id into original
  from core.run_calls l join core.ai_runs c on c.tenant_id = l.tenant_id and c.id = l.ai_run_id
  where l.tenant_id = app.tenant() and l.run_id = p_run_id and c.kind in ('primary', 'advisor') and c.status = 'succeeded'
    and (p_call_id is null or c.id = p_call_id)
  order by (c.kind = 'advisor') desc limit 1;
  select * into known from core.replays where tenant_id = app.tenant() and request_key = p_key;
  if found then
    if known.run_id <> p_run_id or known.call_id <> coalesce(p_call_id, known.call_id) then
      return jsonb_build_object('outcome', 'refused', 'code', 'key_reused');
    end if;
    return jsonb_build_object('outcome', 'replayed', 'replay_id', known.id);
  end if;
  -- While it is at work its own calls come first.
  if original is null or run_state not in ('waiting', 'closed') then
    return jsonb_build_object('outcome', 'refused', 'code', 'not_replayable');
  end if;
  insert into core.replays (tenant_id, run_id, call_id, requested_by, request_key, state, created_at)
  values (app.tenant(), p_run_id, original, p_actor_user_id, p_key, 'accepted', app.now())
  returning * into known;
  -- The start is repeated from here if it is lost.
  insert into core.worklist (kind, tenant_id, ref_id, due_at) values ('replay', app.tenant(), known.id, app.now() + interval '5 seconds');
  perform core.emit('replay.asked', core.actor_kind(), core.actor(), p_run_id, jsonb_build_object(
    'replay_id', known.id, 'call_id', original, 'requested_by', p_actor_user_id));
  return jsonb_build_object('outcome', 'accepted', 'replay_id', known.id);
end
$$;

ALTER FUNCTION app.accept_replay(p_run_id uuid, p_call_id uuid, p_key text, p_actor_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.accept_run(p_route text, p_key text, p_request text, p_purpose text, p_input text, p_requested_by uuid, p_resend_of uuid DEFAULT NULL::uuid, p_by_hand_of uuid DEFAULT NULL::uuid, p_by_hand_record_type text DEFAULT NULL::text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
declare
  known core.run_keys;
  purpose core.purposes;
  origin core.runs;
  subject jsonb;
  input_text text;
  unnamed text;
  input core.contents;
  new_run uuid := app.new_id();
  fresh_salt bytea := sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
begin
  if app.tenant() is null then
    raise exception 'no tenant' using errcode = 'ZC003';
  end if;
  perform core.require_actor(p_requested_by, array['requester', 'reviewer', 'senior', 'admin']);
  -- Two requests under one key wait for one another here, not on each other's rows.
  perform pg_advisory_xact_lock(hashtextextended(app.tenant() || ' ' || p_route || ' ' || p_key, 0));
  select * into known from core.run_keys where tenant_id = app.tenant() and route = p_route and key = p_key;
  if found then
    if known.request_commitment <> sha256(known.request_salt || convert_to(p_request, 'UTF8')) then
      return jsonb_build_object('outcome', 'refused', 'code', 'key_reused');
    end if;
    return jsonb_build_object('outcome', 'replayed', 'run_id', known.run_id);
  end if;
  select * into purpose from core.purposes where name = p_purpose order by version desc limit 1;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'purpose_unknown');
  end if;
  if coalesce(p_resend_of, p_by_hand_of) is not null then
    select * into origin from core.runs
    where tenant_id = app.tenant() and id = coalesce(p_resend_of, p_by_hand_of) and outcome in ('refused', 'failed') and runs.purpose = p_purpose
      -- A correction is asked for anew, of the record as it then stands.
      and compensation_act is null;
    if not found or (select count(*) from core.lineage(origin.id)) >= core.lineage_max() then
      return jsonb_build_object('outcome', 'refused', 'code', 'not_resendable');
    end if;
  end if;
  if p_by_hand_of is not null and not exists (
      select from core.purpose_record_types p join core.record_types t on t.name = p.record_type and t.kind = 'draft'
      where p.purpose = purpose.name and p.purpose_version = purpose.version and p.record_type = p_by_hand_record_type) then
    return jsonb_build_object('outcome', 'refused', 'code', 'record_type_unknown');
  end if;
  input_text := coalesce(core.content_text(origin.input_content_id), p_input);
  subject := core.find_subject(purpose, input_text, origin);
  unnamed := subject ->> 'code';
  if unnamed is not null then
    return jsonb_build_object('outcome', 'refused', 'code', unnamed);
  end if;
  input := core.put_content(new_run, 'input', input_text);
  insert into core.runs (tenant_id, id, purpose, purpose_version, state, step, requested_by, subject_id, subject_user_id, input_content_id, created_at,
    resend_of, by_hand_of, by_hand_record_type)
  values (app.tenant(), new_run, p_purpose, purpose.version, 'accepted', 'reserve', p_requested_by, subject ->> 'subject_id',
    (subject ->> 'subject_user_id')::uuid, input.id, app.now(), p_resend_of, p_by_hand_of, p_by_hand_record_type);
  if (subject ->> 'remember')::boolean then
    perform core.put_subject_member(subject ->> 'subject_id', (subject ->> 'subject_user_id')::uuid, p_requested_by, new_run);
  end if;
  insert into core.run_keys (tenant_id, route, key, run_id, request_salt, request_commitment, created_at)
  values (app.tenant(), p_route, p_key, new_run, fresh_salt, sha256(fresh_salt || convert_to(p_request, 'UTF8')), app.now());
  -- The start is redelivered from here if it is lost.
  insert into core.worklist (kind, tenant_id, ref_id, due_at) values ('run', app.tenant(), new_run, app.now() + interval '5 seconds');
  return jsonb_build_object('outcome', 'accepted', 'run_id', new_run);
end
$$;

ALTER FUNCTION app.accept_run(p_route text, p_key text, p_request text, p_purpose text, p_input text, p_requested_by uuid, p_resend_of uuid, p_by_hand_of uuid, p_by_hand_record_type text) OWNER TO countersign_owner;

CREATE FUNCTION app.acknowledge_page(p_page_id uuid, p_actor_user_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
begin
  perform core.require_actor(p_actor_user_id, array['admin', 'operator', 'platform_admin']);
  update core.pages set acknowledged_by = p_actor_user_id, acknowledged_at = app.now()
  where tenant_id = app.tenant() and id = p_page_id and acknowledged_at is null;
  return jsonb_build_object('outcome', case when found then 'acknowledged' else 'refused' end, 'code', case when not found then 'page_not_found' end);
end
$$;

ALTER FUNCTION app.acknowledge_page(p_page_id uuid, p_actor_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.acting_for(p_gate_id uuid, p_user_id uuid) RETURNS uuid[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  gate core.gates;
  asked_at constant timestamptz := app.now();
begin
  if not exists (select from core.delegations where tenant_id = app.tenant() and delegate_user_id = p_user_id and revoked_at is null and until_at > asked_at) then
    return '{}';
  end if;
  select * into gate from core.gates where tenant_id = app.tenant() and id = p_gate_id and closed_at is null and due_at >= asked_at;
  if not found then
    return '{}';
  end if;
  return array(
    select distinct d.delegator_user_id from core.delegations d
    where d.tenant_id = app.tenant() and d.delegate_user_id = p_user_id and d.revoked_at is null and d.from_at <= asked_at and d.until_at > asked_at
      and coalesce(core.verdict_refusal(gate, p_user_id, core.presented_key(), core.delegation_of(gate, p_user_id, d.delegator_user_id, asked_at)),
        'view_required') = 'view_required'
    order by 1);
end
$$;

ALTER FUNCTION app.acting_for(p_gate_id uuid, p_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.add_document(p_key text, p_media_type text, p_title text, p_bytes bytea, p_actor_user_id uuid, p_source_type text DEFAULT 'document'::text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  -- DOCUMENTS_MAX and DOCUMENTS_BYTES_MAX of contract/document.ts; a test compares them.
  documents_max constant integer := 10000;
  bytes_max constant bigint := 1073741824;
  known core.documents;
  is_full boolean;
begin
  perform core.require_actor(p_actor_user_id, array['reviewer', 'senior', 'admin']);
  -- Two requests with one key wait for one another.
  perform pg_advisory_xact_lock(hashtextextended('document ' || app.tenant() || ' ' || p_key, 0));
  select * into known from core.documents where tenant_id = app.tenant() and request_key = p_key and source_type <> 'memory';
  if not found then
    -- Whoever adds at the same time waits, so that both are counted.
    perform pg_advisory_xact_lock(hashtextextended('documents ' || app.tenant(), 0));
    select count(*) >= documents_max or coalesce(sum(size_bytes), 0) + octet_length(p_bytes) > bytes_max into is_full
    from core.documents where tenant_id = app.tenant() and state <> 'deleted' and source_type <> 'memory';
    if is_full then
      return jsonb_build_object('outcome', 'refused', 'code', 'documents_full');
    end if;
    known := core.put_document(p_source_type, p_media_type, p_title, p_bytes, p_actor_user_id, p_key);
    return jsonb_build_object('outcome', 'accepted', 'document_id', known.id);
  end if;
  -- What was deleted can't be compared any more.
  if known.state <> 'deleted' and not exists (
      select from core.document_contents c
      where c.tenant_id = app.tenant() and c.document_id = known.id and c.title = p_title and known.media_type = p_media_type
        and known.source_type = p_source_type
        and known.commitment = sha256(c.salt || p_bytes)) then
    return jsonb_build_object('outcome', 'refused', 'code', 'key_reused');
  end if;
  return jsonb_build_object('outcome', 'replayed', 'document_id', known.id);
end
$$;

ALTER FUNCTION app.add_document(p_key text, p_media_type text, p_title text, p_bytes bytea, p_actor_user_id uuid, p_source_type text) OWNER TO countersign_owner;

CREATE FUNCTION app.add_webhook(p_id uuid, p_url text, p_event_types text[], p_sealing_key_id text, p_sealed_secret bytea, p_actor_user_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  endpoints_max constant integer := 20;
  endpoint core.webhook_endpoints;
begin
  perform core.require_actor(p_actor_user_id, array['admin']);
  perform pg_advisory_xact_lock(hashtextextended('webhooks ' || app.tenant(), 0));
  if (select count(*) from core.webhook_endpoints where tenant_id = app.tenant() and state <> 'deleted') >= endpoints_max then
    return jsonb_build_object('outcome', 'refused', 'code', 'webhook_limit');
  end if;
  insert into core.webhook_endpoints (tenant_id, id, url, event_types, state, created_by, created_at, changed_at)
  values (app.tenant(), p_id, p_url, p_event_types, 'active', p_actor_user_id, app.now(), app.now())
  returning * into endpoint;
  insert into core.webhook_secrets (tenant_id, endpoint_id, ordinal, sealing_key_id, sealed_secret, created_at)
  values (app.tenant(), p_id, 1, p_sealing_key_id, p_sealed_secret, app.now());
  perform core.note_told();
  perform core.note_webhook(endpoint, 'added');
  return jsonb_build_object('outcome', 'added');
end
$$;

ALTER FUNCTION app.add_webhook(p_id uuid, p_url text, p_event_types text[], p_sealing_key_id text, p_sealed_secret bytea, p_actor_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.answer_question(p_gate_id uuid, p_question_id uuid, p_text text, p_actor_user_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  gate core.gates;
  refusal text;
  answer core.contents;
begin
  perform core.require_actor(p_actor_user_id, array['requester', 'reviewer', 'senior', 'admin']);
  select * into gate from core.gates where tenant_id = app.tenant() and id = p_gate_id for no key update;
  if not found then return jsonb_build_object('outcome', 'refused', 'code', 'gate_not_found'); end if;
  refusal := case
    when not exists (select from core.gate_questions where tenant_id = app.tenant() and id = p_question_id and gate_id = gate.id)
      then 'question_not_found'
    when not exists (select from core.runs where tenant_id = app.tenant() and id = gate.run_id and requested_by = p_actor_user_id)
      and p_actor_user_id not in (select user_id from core.requesters(gate.run_id)) then 'not_the_requester'
    when gate.closed_at is not null then 'gate_closed'
    when app.now() > gate.due_at then 'gate_late'
    when exists (select from core.gate_answers where tenant_id = app.tenant() and question_id = p_question_id) then 'question_answered'
    when not core.has_letter_or_digit(p_text) then 'rationale_empty' end;
  if refusal is not null then
    return jsonb_build_object('outcome', 'refused', 'code', refusal, 'now', core.winner(gate.id));
  end if;
  answer := core.put_content(gate.run_id, 'comment', p_text);
  insert into core.gate_answers (tenant_id, question_id, gate_id, answered_by, answer_content_id, answered_at)
  values (app.tenant(), p_question_id, gate.id, p_actor_user_id, answer.id, app.now());
  update core.gates set exchanges = exchanges + 1, waits_for_requester = false where tenant_id = app.tenant() and id = gate.id;
  perform core.emit('gate.answered', core.actor_kind(), p_actor_user_id, gate.run_id, jsonb_build_object(
    'gate_id', gate.id, 'question_id', p_question_id, 'answer_hash', encode(answer.commitment, 'hex')));
  insert into core.outbox (tenant_id, topic, run_id, gate_id, created_at)
  values (app.tenant(), 'gate.answered', gate.run_id, gate.id, app.now());
  return jsonb_build_object('outcome', 'answered');
end
$$;

ALTER FUNCTION app.answer_question(p_gate_id uuid, p_question_id uuid, p_text text, p_actor_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.apply_intent(p_intent_id uuid, p_named text DEFAULT NULL::text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  intent core.intents;
  gate core.gates;
  run core.runs;
  answer core.intent_outcomes;
  proposal core.proposals;
  decision core.decisions;
  delegation core.delegations;
  refusal text;
  approvals integer;
begin
  select * into intent from core.intents where tenant_id = app.tenant() and id = p_intent_id;
  if not found then
    return jsonb_build_object('outcome', 'conflict', 'code', 'intent_not_found', 'decision_id', null, 'gate', null);
  end if;
  -- The run first, then its gate: two gates of a run that close together would else each see the other one open.
  select r.* into strict run from core.runs r join core.gates g on g.tenant_id = r.tenant_id and g.run_id = r.id
  where g.tenant_id = app.tenant() and g.id = intent.gate_id for no key update of r;
  select * into strict gate from core.gates where tenant_id = app.tenant() and id = intent.gate_id for no key update;
  select * into answer from core.intent_outcomes where tenant_id = app.tenant() and intent_id = p_intent_id;
  if found then
    return jsonb_build_object('outcome', answer.outcome, 'code', answer.code, 'decision_id', answer.decision_id, 'gate', core.gate_answer(gate.id));
  end if;
  -- A key that was revoked since vouches for nobody. Revoking takes back what was stored under the key, in the same order
  -- of locks, so that either it or this finds the other's work.
  if exists (select from core.api_keys where tenant_id = app.tenant() and id = intent.key_id and revoked_at is not null) then
    perform core.answer_intent(p_intent_id, 'taken_back', null, null);
    return jsonb_build_object('outcome', 'taken_back', 'code', null, 'decision_id', null, 'gate', core.gate_answer(gate.id));
  end if;
  -- The same goes for a delegation; one that has run out since was in time when the verdict was stored.
  if intent.delegation_id is not null then
    select * into strict delegation from core.delegations where tenant_id = app.tenant() and id = intent.delegation_id;
    if delegation.revoked_at is not null then
      perform core.answer_intent(p_intent_id, 'taken_back', null, null);
      return jsonb_build_object('outcome', 'taken_back', 'code', null, 'decision_id', null, 'gate', core.gate_answer(gate.id));
    end if;
  end if;
  gate := core.gate_retermed(gate);
  if gate.version <> intent.gate_version and p_named is null then
    -- A policy that has changed the gate just now has answered every verdict on what it was before.
    select * into answer from core.intent_outcomes where tenant_id = app.tenant() and intent_id = p_intent_id;
    if found then
      return jsonb_build_object('outcome', answer.outcome, 'code', answer.code, 'decision_id', answer.decision_id, 'gate', core.gate_answer(gate.id));
    end if;
  end if;
  if p_named is not null and p_named <> intent.verdict then
    return jsonb_build_object('outcome', 'conflict', 'code', 'verdict_differs', 'decision_id', null, 'gate', core.gate_answer(gate.id));
  end if;

  refusal := case
    when gate.closed_at is not null then 'gate_closed'
    when intent.gate_version <> gate.version then 'gate_changed'
    when intent.proposal_hash <> gate.proposal_hash then 'proposal_changed'
  end;
  refusal := coalesce(refusal, core.verdict_refusal(gate, intent.actor_user_id, intent.key_id, delegation));
  if refusal is null and intent.verdict = 'escalate' and core.next_role(gate) is null then
    refusal := 'no_higher_role';
  end if;
  if refusal is null and intent.verdict = 'approve' and core.is_compensated(run.compensates_record_id) then
    refusal := 'record_compensated';
  end if;
  -- Two verdicts that were stored before either was applied: every seat approves the very same record, of the same type.
  if refusal is null and intent.verdict = 'approve' and exists (
      select from core.decisions where tenant_id = app.tenant() and gate_id = gate.id and gate_version = gate.version
        and verdict = 'approve' and record_type is distinct from intent.record_type) then
    refusal := 'record_type_differs';
  end if;
  if refusal is null and intent.verdict = 'approve' and exists (
      select from core.decisions where tenant_id = app.tenant() and gate_id = gate.id and gate_version = gate.version
        and verdict = 'approve' and disposition is distinct from intent.disposition) then
    refusal := 'disposition_differs';
  end if;
  if refusal is null and intent.verdict = 'approve' and exists (
      select from core.decisions d
        left join core.contents theirs on theirs.tenant_id = d.tenant_id and theirs.id = d.edits_content_id
        left join core.contents mine on mine.tenant_id = d.tenant_id and mine.id = intent.edits_content_id
      where d.tenant_id = app.tenant() and d.gate_id = gate.id and d.gate_version = gate.version and d.verdict = 'approve'
        and theirs.bytes is distinct from mine.bytes) then
    refusal := 'edits_differ';
  end if;
  -- Edits came with the verdict and were asked about then; whom the run is about is compared once more with what is written.
  if refusal is null and intent.verdict = 'approve' and not core.is_about_subject(run,
      (select t from core.record_types t join core.proposals p on t.name = coalesce(intent.record_type, p.record_type) where p.tenant_id = app.tenant() and p.id = gate.proposal_id),
      (select c from core.contents c join core.proposals p on p.tenant_id = c.tenant_id
        where c.tenant_id = app.tenant() and p.id = gate.proposal_id and c.id = coalesce(intent.edits_content_id, p.payload_content_id))) then
    refusal := 'subject_differs';
  end if;
  -- Thresholds may have changed since as well: then the gate asks more from now on, and this verdict was about less.
  if refusal is null and intent.edits_content_id is not null and core.raise_seats(gate,
      (select t from core.record_types t join core.proposals p on t.name = coalesce(intent.record_type, p.record_type) where p.tenant_id = app.tenant() and p.id = gate.proposal_id),
      (select c from core.contents c where c.tenant_id = app.tenant() and c.id = intent.edits_content_id)) then
    perform core.seek_people(gate.id);
    refusal := 'seats_raised';
  end if;
  if refusal is not null then
    perform core.answer_intent(p_intent_id, 'conflict', refusal, (
      select decision_id from core.gate_outcomes where tenant_id = app.tenant() and gate_id = gate.id));
    return jsonb_build_object('outcome', 'conflict', 'code', refusal, 'decision_id', null, 'gate', core.gate_answer(gate.id));
  end if;

  select * into strict proposal from core.proposals where tenant_id = app.tenant() and id = gate.proposal_id;
  insert into core.decisions (tenant_id, gate_id, run_id, proposal_id, record_class, gate_version, verdict, actor_kind, actor_user_id,
    intent_id, ai_advisory_id, manual, proposal_hash, shown_hash, disposition, reason_code, decision_rationale_content_id,
    rationale_rule, edits_content_id, record_type, on_behalf_of, delegation_id, seat_roles, printed_name_content_id, self_confirmed, decided_at)
  values (app.tenant(), gate.id, gate.run_id, gate.proposal_id, gate.record_class, gate.version, intent.verdict, 'human', intent.actor_user_id,
    intent.id, proposal.ai_run_id, gate.manual, gate.proposal_hash, intent.shown_hash, intent.disposition, intent.reason_code,
    intent.rationale_content_id, gate.rationale_rule, intent.edits_content_id, intent.record_type,
    intent.on_behalf_of, intent.delegation_id, case when gate.seat_roles is not null then core.roles_of_verdict(gate, intent, delegation) end, core.printed_name(intent.actor_user_id),
    intent.verdict = 'approve' and exists (select from core.requesters(run.id) r where r.user_id in (intent.actor_user_id, intent.on_behalf_of)), app.now())
  returning * into decision;
  perform core.answer_intent(p_intent_id, 'applied', null, decision.id);

  if intent.verdict = 'reject' then
    perform core.close_gate(gate, 'rejected', decision.id, 'human', intent.actor_user_id);
  elsif intent.verdict = 'escalate' then
    -- Earlier seats are void but shown; the escalator holds none. Every seat asks the next role.
    update core.gates set version = version + 1, roles = array[core.next_role(gate)], base_role = core.next_role(gate), seat_roles = null, added_roles = '{}', escalation_level = escalation_level + 1,
      claimed_by = null, claimed_until = null
    where tenant_id = app.tenant() and id = gate.id;
    insert into core.gate_versions (tenant_id, gate_id, version, cause, changed, at)
    values (app.tenant(), gate.id, gate.version + 1, 'escalation', '{roles}', app.now());
    perform core.emit('gate.escalated', 'human', intent.actor_user_id, gate.run_id, jsonb_build_object(
      'gate_id', gate.id, 'gate_version', (gate.version + 1)::text, 'role', core.next_role(gate), 'decision_id', decision.id));
    insert into core.outbox (tenant_id, topic, run_id, gate_id, created_at) values (app.tenant(), 'gate.escalated', gate.run_id, gate.id, app.now());
    perform core.seek_people(gate.id);
  else
    select count(distinct actor_user_id) into approvals from core.decisions
    where tenant_id = app.tenant() and gate_id = gate.id and gate_version = gate.version and verdict = 'approve' and actor_kind = 'human';
    if approvals >= gate.seats then
      perform core.close_gate(gate, 'approved', decision.id, 'human', intent.actor_user_id);
      perform core.write_effect(gate, decision);
    elsif gate.claimed_by = intent.actor_user_id then
      -- Whoever has taken a seat has no more to do here: the gate is free for the next.
      update core.gates set claimed_by = null, claimed_until = null where tenant_id = app.tenant() and id = gate.id;
    end if;
    if approvals < gate.seats then
      perform core.seek_people(gate.id);
    end if;
  end if;
  perform core.after_gate(gate.run_id);
  return jsonb_build_object('outcome', 'applied', 'code', null, 'decision_id', decision.id, 'gate', core.gate_answer(gate.id));
end
$$;

ALTER FUNCTION app.apply_intent(p_intent_id uuid, p_named text) OWNER TO countersign_owner;

CREATE FUNCTION app.ask_requester(p_gate_id uuid, p_text text, p_actor_user_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  gate core.gates;
  refusal text;
  question core.contents;
  new_id uuid := app.new_id();
begin
  perform core.require_actor(p_actor_user_id, null);
  select * into gate from core.gates where tenant_id = app.tenant() and id = p_gate_id for no key update;
  if not found then return jsonb_build_object('outcome', 'refused', 'code', 'gate_not_found'); end if;
  refusal := case when gate.closed_at is not null then 'gate_closed'
    when app.now() > gate.due_at then 'gate_late'
    when not core.has_letter_or_digit(p_text) then 'rationale_empty' end;
  refusal := coalesce(refusal, core.seat_refusal(gate, p_actor_user_id), core.key_refusal(gate, p_actor_user_id, core.presented_key()),
    case when gate.waits_for_requester then 'question_open' end);
  if refusal is not null then
    return jsonb_build_object('outcome', 'refused', 'code', refusal, 'now', core.winner(gate.id));
  end if;
  question := core.put_content(gate.run_id, 'comment', p_text);
  insert into core.gate_questions (tenant_id, id, gate_id, asked_by, question_content_id, asked_at)
  values (app.tenant(), new_id, gate.id, p_actor_user_id, question.id, app.now());
  update core.gates set exchanges = exchanges + 1, waits_for_requester = true where tenant_id = app.tenant() and id = gate.id;
  perform core.emit('gate.asked', core.actor_kind(), p_actor_user_id, gate.run_id, jsonb_build_object(
    'gate_id', gate.id, 'question_id', new_id, 'question_hash', encode(question.commitment, 'hex')));
  insert into core.outbox (tenant_id, topic, run_id, gate_id, created_at)
  values (app.tenant(), 'gate.asked', gate.run_id, gate.id, app.now());
  return jsonb_build_object('outcome', 'asked', 'id', new_id);
end
$$;

ALTER FUNCTION app.ask_requester(p_gate_id uuid, p_text text, p_actor_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.asks_otherwise(p_run_id uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select exists (
    select from core.gates g
    where g.tenant_id = app.tenant() and g.run_id = p_run_id and g.closed_at is null
      and g.terms_version < (select p.terms_version from core.ai_policy_controls p where p.tenant_id = app.tenant() order by p.version desc limit 1))
$$;

ALTER FUNCTION app.asks_otherwise(p_run_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.authenticate(p_key_id text, p_secret_sha256 bytea) RETURNS TABLE(tenant_id text, user_id uuid, display_name text, kind text, roles text[], auth_method text, authenticated_at timestamp with time zone)
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select m.tenant_id, m.user_id, m.display_name, m.kind, m.roles, k.auth_method, k.created_at
  from core.api_keys k join core.members m on m.tenant_id = k.tenant_id and m.user_id = k.user_id
  where k.tenant_id = app.tenant() and k.id = p_key_id and k.secret_sha256 = p_secret_sha256
    and k.revoked_at is null and (k.expires_at is null or k.expires_at > app.now()) and m.active
$$;

ALTER FUNCTION app.authenticate(p_key_id text, p_secret_sha256 bytea) OWNER TO countersign_owner;

CREATE FUNCTION app.begin_call(p_run_id uuid, p_kind text, p_call_key bytea DEFAULT NULL::bytea, p_text text DEFAULT NULL::text, p_vendor text DEFAULT NULL::text, p_model text DEFAULT NULL::text, p_region text DEFAULT NULL::text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  -- ATTEMPTS_MAX.retry of contract/model.ts; a test compares them.
  attempts_max constant integer := 6;
  account core.accounts := core.lock_account();
  run core.runs;
  purpose core.purposes;
  known core.ai_runs;
  claim core.ai_runs;
  prompt core.contents;
  offer record;
  ref_vendor text; ref_model text; ref_region text;
  key bytea;
  parent uuid;
  refusal text;
  next_attempt integer;
begin
  select * into strict run from core.runs where tenant_id = app.tenant() and id = p_run_id for no key update;
  if run.state = 'closed' or run.withdrawn_at is not null or run.settled_at is not null then
    return jsonb_build_object('state', 'closed');
  end if;
  -- Paid for before it starts.
  if run.reserved_credits = 0 then
    raise exception 'run % holds no credit', p_run_id using errcode = 'ZC004';
  end if;
  select * into strict purpose from core.purposes where name = run.purpose and version = run.purpose_version;
  if p_kind = 'primary' then
    ref_vendor := purpose.vendor; ref_model := purpose.model; ref_region := purpose.region; key := run.prompt_call_key;
  elsif p_kind = 'advisor' then
    ref_vendor := purpose.advisor_vendor; ref_model := purpose.advisor_model; ref_region := purpose.advisor_region; key := run.advisor_call_key;
    select c.id into parent from core.run_calls l join core.ai_runs c on c.tenant_id = l.tenant_id and c.id = l.ai_run_id
    where l.tenant_id = app.tenant() and l.run_id = p_run_id and c.kind = 'primary' and c.status = 'succeeded';
  else
    ref_vendor := p_vendor; ref_model := p_model; ref_region := p_region; key := p_call_key;
  end if;
  if key is null or ref_vendor is null then
    raise exception 'a call of kind % has no key or no model', p_kind using errcode = 'ZC004';
  end if;

  select * into known from core.ai_runs where tenant_id = app.tenant() and call_key = key and status <> 'failed' for no key update;
  if found and known.status = 'succeeded' then
    insert into core.run_calls (tenant_id, run_id, ai_run_id, billed) values (app.tenant(), p_run_id, known.id, false) on conflict do nothing;
    if p_kind in ('primary', 'advisor') then
      update core.runs set step = 'evaluate' where tenant_id = app.tenant() and id = p_run_id;
    end if;
    return jsonb_build_object('state', 'answered', 'ai_run_id', known.id,
      'output', case when p_kind = 'embedding' then core.bound_text(known.output_content_id, known.output_hash) end);
  end if;
  if found and known.run_id <> p_run_id then
    return jsonb_build_object('state', 'in_flight');
  end if;
  if known.id is null then
    select c.error_code into refusal from core.ai_runs c
    where c.tenant_id = app.tenant() and c.run_id = p_run_id and c.kind = p_kind and c.call_key = key and c.status = 'failed';
    if found then
      return jsonb_build_object('state', 'failed', 'code', refusal);
    end if;
  else
    perform core.lose_open_attempt(known.id);
    account := core.lock_account();
    -- Attempts are counted where they began: a task that a worker took and never carried out is none.
    select max(attempt) into next_attempt from core.ai_run_attempts where tenant_id = app.tenant() and ai_run_id = known.id;
    if next_attempt >= attempts_max then
      select case error_code when 'attempt_lost' then 'step_failed' else error_code end into strict refusal from core.ai_run_attempts
      where tenant_id = app.tenant() and ai_run_id = known.id and attempt = next_attempt;
      perform core.fail_call(known.id, refusal);
      return jsonb_build_object('state', 'failed', 'code', refusal);
    end if;
  end if;

  offer := core.weigh_attempt(account, run.purpose, purpose.phi, ref_vendor, ref_model, ref_region,
    purpose.max_input_tokens, case when p_kind = 'embedding' then 0 else purpose.max_output_tokens end);
  if offer.refusal is not null then
    if offer.is_violation then
      perform core.violate_policy(p_run_id, offer.refusal, run.purpose, ref_vendor, ref_model, ref_region);
    end if;
    perform core.page(core.refusal_cause(offer.refusal, run.purpose, ref_vendor, ref_model, ref_region), offer.refusal, p_run_id);
    if known.id is not null then
      perform core.fail_call(known.id, offer.refusal);
    end if;
    return jsonb_build_object('state', 'refused', 'code', offer.refusal);
  end if;
  if offer.wait_ms > 0 then
    return jsonb_build_object('state', 'waiting', 'retry_after_ms', offer.wait_ms);
  end if;

  if known.id is null then
    if p_kind in ('primary', 'advisor') then
      select * into strict prompt from core.contents where tenant_id = app.tenant() and id = run.prompt_content_id;
    else
      prompt := core.put_content(p_run_id, 'prompt', p_text);
    end if;
    insert into core.ai_runs (tenant_id, run_id, kind, feature, vendor, model, region, status, call_key, parent_id, requested_by,
      prompt_content_id, prompt_hash, claimed_at)
    values (app.tenant(), p_run_id, p_kind, run.purpose, ref_vendor, ref_model, ref_region, 'claimed', key, parent, run.requested_by,
      prompt.id, prompt.commitment, app.now())
    returning * into claim;
    insert into core.run_calls (tenant_id, run_id, ai_run_id, billed) values (app.tenant(), p_run_id, claim.id, true);
  else
    claim := known;
  end if;
  return core.open_attempt(claim, coalesce(next_attempt, 0) + 1, account.day, offer.worst_nano_usd, offer.price_valid_from, offer.wait_ms)
    || jsonb_build_object('purpose', run.purpose, 'purpose_version', run.purpose_version, 'max_output_tokens', purpose.max_output_tokens::text);
end
$$;

ALTER FUNCTION app.begin_call(p_run_id uuid, p_kind text, p_call_key bytea, p_text text, p_vendor text, p_model text, p_region text) OWNER TO countersign_owner;

CREATE FUNCTION app.begin_delivery(p_delivery_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  endpoint core.webhook_endpoints;
  delivery core.webhook_deliveries;
  now constant timestamptz := app.now();
begin
  -- The endpoint first: whoever disables it ends its deliveries.
  select e.* into strict endpoint from core.webhook_endpoints e join core.webhook_deliveries d on d.tenant_id = e.tenant_id and d.endpoint_id = e.id
  where d.tenant_id = app.tenant() and d.id = p_delivery_id for no key update of e;
  if endpoint.state <> 'active' then
    perform core.end_deliveries(endpoint.id);
  end if;
  select * into strict delivery from core.webhook_deliveries where tenant_id = app.tenant() and id = p_delivery_id for no key update;
  if delivery.state <> 'pending' then
    return jsonb_build_object('outcome', 'over', 'state', delivery.state, 'code', delivery.code);
  end if;
  if delivery.next_at > now then
    return jsonb_build_object('outcome', 'wait', 'pause_ms', ceil(extract(epoch from delivery.next_at - now) * 1000)::bigint);
  end if;
  update core.webhook_attempts set state = 'lost', code = 'delivery_lost', ended_at = now
  where tenant_id = app.tenant() and delivery_id = p_delivery_id and state = 'open';
  insert into core.webhook_attempts (tenant_id, delivery_id, attempt, round, state, started_at)
  values (app.tenant(), p_delivery_id, delivery.attempts + 1, delivery.round, 'open', now);
  update core.webhook_deliveries set attempts = attempts + 1, changed_at = now where tenant_id = app.tenant() and id = p_delivery_id;
  -- Its workflow is expected to end it by then; else the sweep has it tried again.
  update core.worklist set due_at = now + interval '2 minutes' where kind = 'delivery' and tenant_id = app.tenant() and ref_id = p_delivery_id;
  return jsonb_build_object('outcome', 'send', 'attempt', delivery.attempts + 1, 'endpoint_id', endpoint.id, 'url', endpoint.url, 'body', delivery.body,
    'timestamp_seconds', floor(extract(epoch from now))::bigint,
    'secrets', (select jsonb_agg(jsonb_build_object('ordinal', s.ordinal, 'sealing_key_id', s.sealing_key_id,
        'sealed_secret', encode(s.sealed_secret, 'hex')) order by s.ordinal desc)
      from core.webhook_secrets s
      where s.tenant_id = app.tenant() and s.endpoint_id = endpoint.id and (s.expires_at is null or s.expires_at > now)));
end
$$;

ALTER FUNCTION app.begin_delivery(p_delivery_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.begin_mail(p_mail_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  mail core.mails;
  address text;
  told jsonb;
  now constant timestamptz := app.now();
begin
  select * into strict mail from core.mails where tenant_id = app.tenant() and id = p_mail_id for no key update;
  if mail.state <> 'pending' then
    return jsonb_build_object('outcome', 'over', 'state', mail.state, 'code', mail.code);
  end if;
  if mail.next_at > now then
    return jsonb_build_object('outcome', 'wait', 'pause_ms', ceil(extract(epoch from mail.next_at - now) * 1000)::bigint);
  end if;
  update core.mail_attempts set state = case when handed_at is null then 'lost' else 'unsure' end,
    code = case when handed_at is null then 'delivery_lost' else 'mail_unsure' end, ended_at = now
  where tenant_id = app.tenant() and mail_id = p_mail_id and state = 'open';
  if exists (select from core.mail_attempts where tenant_id = app.tenant() and mail_id = p_mail_id and state = 'unsure') then
    return core.end_mail(p_mail_id, 'unsure', 'mail_unsure');
  end if;
  select m.email into address from core.members m left join core.mail_preferences p on p.tenant_id = m.tenant_id and p.user_id = m.user_id
  where m.tenant_id = app.tenant() and m.user_id = mail.user_id and m.active and p.preference is distinct from 'none';
  select jsonb_agg(jsonb_build_object('topic', o.topic, 'gate_id', o.gate_id, 'run_id', o.run_id, 'record_type', pr.record_type,
      'record_class', g.record_class, 'due_at', app.utc(g.due_at), 'run_outcome', r.outcome) order by o.created_at, o.id) into told
  from core.mail_notices n join core.outbox o on o.tenant_id = n.tenant_id and o.id = n.outbox_id
    left join core.runs r on r.tenant_id = o.tenant_id and r.id = o.run_id
    left join core.gates g on g.tenant_id = o.tenant_id and g.id = o.gate_id
    left join core.proposals pr on pr.tenant_id = g.tenant_id and pr.id = g.proposal_id
  where n.tenant_id = app.tenant() and n.mail_id = p_mail_id and (g.id is null or g.closed_at is null);
  if address is null or told is null then
    return core.end_mail(p_mail_id, 'moot', null);
  end if;
  insert into core.mail_attempts (tenant_id, mail_id, attempt, state, started_at) values (app.tenant(), p_mail_id, mail.attempts + 1, 'open', now);
  update core.mails set attempts = attempts + 1, changed_at = now where tenant_id = app.tenant() and id = p_mail_id;
  update core.worklist set due_at = now + interval '3 minutes' where kind = 'mail' and tenant_id = app.tenant() and ref_id = p_mail_id;
  return jsonb_build_object('outcome', 'send', 'attempt', mail.attempts + 1, 'to', address, 'notices', told,
    'time_zone', (select time_zone from core.tenants where id = app.tenant()));
end
$$;

ALTER FUNCTION app.begin_mail(p_mail_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.begin_passage(p_passage_id uuid, p_call_key bytea, p_text text, p_vendor text, p_model text, p_region text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  account core.accounts := core.lock_account();
  document core.documents;
  feature text;
  claim core.ai_runs;
  prompt core.contents;
  offer record;
  next_attempt integer := 1;
begin
  select d.* into document from core.passages p join core.documents d on d.tenant_id = p.tenant_id and d.id = p.document_id
  where p.tenant_id = app.tenant() and p.id = p_passage_id for no key update of d;
  if not found or document.state <> 'pending' then
    return jsonb_build_object('state', 'closed');
  end if;
  if exists (select from core.embeddings where tenant_id = app.tenant() and id = p_passage_id and model = p_model) then
    return jsonb_build_object('state', 'answered');
  end if;
  feature := document.source_type || '.embedding';
  select * into claim from core.ai_runs where tenant_id = app.tenant() and call_key = p_call_key and status = 'claimed' for no key update;
  if found then
    perform core.lose_open_attempt(claim.id);
    account := core.lock_account();
    select * into strict prompt from core.contents where tenant_id = app.tenant() and id = claim.prompt_content_id;
    select coalesce(max(attempt), 0) + 1 into next_attempt from core.ai_run_attempts where tenant_id = app.tenant() and ai_run_id = claim.id;
  end if;

  -- No model counts more tokens than a text has bytes, but for those that it puts around it.
  offer := core.weigh_attempt(account, feature, false, p_vendor, p_model, p_region,
    octet_length(coalesce(convert_from(prompt.bytes, 'UTF8'), p_text)) + 16, 0);
  if offer.refusal is not null then
    -- A document that waits is asked about again and again, and tells of it once.
    if document.code is distinct from offer.refusal then
      if offer.is_violation then
        perform core.emit('policy_violation', 'system', null, null, jsonb_build_object(
          'code', offer.refusal, 'purpose', feature, 'vendor', p_vendor, 'model', p_model, 'region', p_region));
      end if;
      perform core.page(core.refusal_cause(offer.refusal, feature, p_vendor, p_model, p_region), offer.refusal, null);
    end if;
    if claim.id is not null then
      perform core.fail_call(claim.id, offer.refusal);
    end if;
    return jsonb_build_object('state', 'refused', 'code', offer.refusal);
  end if;
  if offer.wait_ms > 0 then
    return jsonb_build_object('state', 'waiting', 'retry_after_ms', offer.wait_ms);
  end if;

  if claim.id is null then
    prompt := core.put_content(null, 'prompt', p_text);
    insert into core.ai_runs (tenant_id, document_id, kind, feature, vendor, model, region, status, call_key, requested_by,
      prompt_content_id, prompt_hash, claimed_at)
    values (app.tenant(), document.id, 'embedding', feature, p_vendor, p_model, p_region, 'claimed', p_call_key, document.added_by,
      prompt.id, prompt.commitment, app.now())
    returning * into claim;
  end if;
  return core.open_attempt(claim, next_attempt, account.day, offer.worst_nano_usd, offer.price_valid_from, offer.wait_ms)
    || jsonb_build_object('purpose', feature, 'purpose_version', 0, 'max_output_tokens', '0');
end
$$;

ALTER FUNCTION app.begin_passage(p_passage_id uuid, p_call_key bytea, p_text text, p_vendor text, p_model text, p_region text) OWNER TO countersign_owner;

CREATE FUNCTION app.begin_replay(p_replay_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  -- ATTEMPTS_MAX.retry of contract/model.ts; a test compares them.
  attempts_max constant integer := 6;
  account core.accounts := core.lock_account();
  replay core.replays;
  original core.ai_runs;
  purpose core.purposes;
  claim core.ai_runs;
  offer record;
  stored text;
  refusal text;
  last_attempt integer := 0;
begin
  select * into replay from core.replays where tenant_id = app.tenant() and id = p_replay_id for no key update;
  if not found then
    raise exception 'no such replay' using errcode = 'ZC010';
  end if;
  if replay.state = 'closed' then
    return jsonb_build_object('state', 'closed');
  end if;
  select * into strict original from core.ai_runs where tenant_id = app.tenant() and id = replay.call_id;
  select p.* into strict purpose from core.runs r join core.purposes p on p.name = r.purpose and p.version = r.purpose_version
  where r.tenant_id = app.tenant() and r.id = original.run_id;
  perform core.bound_text(original.prompt_content_id, original.prompt_hash);
  stored := core.bound_text(original.output_content_id, original.output_hash);

  select * into claim from core.ai_runs where tenant_id = app.tenant() and id = replay.replay_call_id for no key update;
  if claim.status = 'succeeded' then
    return jsonb_build_object('state', 'answered', 'output', core.bound_text(claim.output_content_id, claim.output_hash), 'stored', stored,
      'purpose', purpose.name, 'purpose_version', purpose.version);
  elsif claim.status = 'failed' then
    perform core.end_replay(replay, 'failed', claim.error_code);
    return jsonb_build_object('state', 'closed');
  elsif claim.id is not null then
    perform core.lose_open_attempt(claim.id);
    account := core.lock_account();
    select max(attempt) into strict last_attempt from core.ai_run_attempts where tenant_id = app.tenant() and ai_run_id = claim.id;
    if last_attempt >= attempts_max then
      select case error_code when 'attempt_lost' then 'step_failed' else error_code end into strict refusal from core.ai_run_attempts
      where tenant_id = app.tenant() and ai_run_id = claim.id and attempt = last_attempt;
      perform core.fail_call(claim.id, refusal);
      perform core.end_replay(replay, 'failed', refusal);
      return jsonb_build_object('state', 'closed');
    end if;
  end if;

  offer := core.weigh_attempt(account, purpose.name, purpose.phi, original.vendor, original.model, original.region,
    purpose.max_input_tokens, purpose.max_output_tokens);
  if offer.refusal is not null then
    if offer.is_violation then
      perform core.emit('policy_violation', 'system', null, replay.run_id, jsonb_build_object('code', offer.refusal, 'replay_id', replay.id,
        'purpose', purpose.name, 'vendor', original.vendor, 'model', original.model, 'region', original.region));
    end if;
    perform core.page(core.refusal_cause(offer.refusal, purpose.name, original.vendor, original.model, original.region), offer.refusal, replay.run_id);
    if claim.id is not null then
      perform core.fail_call(claim.id, offer.refusal);
    end if;
    perform core.end_replay(replay, 'refused', offer.refusal);
    return jsonb_build_object('state', 'closed');
  end if;
  if offer.wait_ms > 0 then
    return jsonb_build_object('state', 'waiting', 'retry_after_ms', offer.wait_ms);
  end if;

  if claim.id is null then
    insert into core.ai_runs (tenant_id, run_id, kind, feature, vendor, model, region, status, call_key, parent_id, requested_by,
      prompt_content_id, prompt_hash, claimed_at)
    values (app.tenant(), replay.run_id, 'replay', original.feature, original.vendor, original.model, original.region, 'claimed',
      sha256(original.call_key || uuid_send(replay.id)), original.id, replay.requested_by,
      original.prompt_content_id, original.prompt_hash, app.now())
    returning * into claim;
    insert into core.run_calls (tenant_id, run_id, ai_run_id, billed) values (app.tenant(), replay.run_id, claim.id, true);
    update core.replays set replay_call_id = claim.id where tenant_id = app.tenant() and id = replay.id;
  end if;
  return core.open_attempt(claim, last_attempt + 1, account.day, offer.worst_nano_usd, offer.price_valid_from, offer.wait_ms)
    || jsonb_build_object('purpose', purpose.name, 'purpose_version', purpose.version, 'max_output_tokens', purpose.max_output_tokens::text);
end
$$;

ALTER FUNCTION app.begin_replay(p_replay_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.blind_gates(p_user_id uuid, p_run_ids uuid[]) RETURNS TABLE(gate_id uuid, run_id uuid, proposal_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select g.id, g.run_id, g.proposal_id from core.gates g
  where g.tenant_id = app.tenant() and g.blind_first and g.closed_at is null and (p_run_ids is null or g.run_id = any (p_run_ids))
    and core.is_blind(g, p_user_id)
$$;

ALTER FUNCTION app.blind_gates(p_user_id uuid, p_run_ids uuid[]) OWNER TO countersign_owner;

CREATE FUNCTION app.canonical_json(value jsonb) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $_$
declare
  rendered text;
  keys text;
  has_number boolean;
begin
  -- A call for each member, and two patterns for each call, were a tenth of what a run costs: this form calls itself for
  -- what is nested, and looks at all keys and strings at once.
  case jsonb_typeof(value)
    when 'object' then
      select '{' || string_agg('"' || e.key || '":' || case when jsonb_typeof(e.value) in ('object', 'array')
            then app.canonical_json(e.value) else e.value::text end, ',' order by e.key collate "C") || '}',
        string_agg(e.key, e'\n'), bool_or(jsonb_typeof(e.value) = 'number')
      into rendered, keys, has_number from jsonb_each(value) as e;
      rendered := coalesce(rendered, '{}');
    when 'array' then
      select '[' || string_agg(case when jsonb_typeof(e.item) in ('object', 'array')
            then app.canonical_json(e.item) else e.item::text end, ',' order by e.place) || ']',
        bool_or(jsonb_typeof(e.item) = 'number')
      into rendered, has_number from jsonb_array_elements(value) with ordinality as e (item, place);
      rendered := coalesce(rendered, '[]');
    else
      rendered := value::text;
      has_number := jsonb_typeof(value) = 'number';
  end case;
  if has_number then
    raise exception 'event body has a number: write it as a string' using errcode = 'ZC001';
  end if;
  -- A line feed parts the keys: one that holds a line feed itself fails as text.
  if keys collate "C" !~ '^[a-z][a-z0-9_]*(\n[a-z][a-z0-9_]*)*$' then
    raise exception 'event body has a key outside of its domain' using errcode = 'ZC001';
  end if;
  -- jsonb prints a quote, a backslash and what is below a space with a backslash.
  if rendered collate "C" !~ '^[\x20-\x5b\x5d-\x7e]*$' then
    raise exception 'event body has a string outside of its domain' using errcode = 'ZC001';
  end if;
  return rendered;
end
$_$;

ALTER FUNCTION app.canonical_json(value jsonb) OWNER TO countersign_owner;

CREATE FUNCTION app.change_webhook(p_id uuid, p_event_types text[], p_state text, p_actor_user_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  endpoint core.webhook_endpoints;
begin
  perform core.require_actor(p_actor_user_id, array['admin']);
  select * into endpoint from core.webhook_endpoints where tenant_id = app.tenant() and id = p_id and state <> 'deleted' for no key update;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'webhook_not_found');
  end if;
  update core.webhook_endpoints set event_types = coalesce(p_event_types, event_types), state = coalesce(p_state, state),
    code = case when coalesce(p_state, state) = endpoint.state then code end, changed_at = app.now()
  where tenant_id = app.tenant() and id = p_id
  returning * into endpoint;
  if endpoint.state <> 'active' then
    perform core.end_deliveries(p_id);
  end if;
  perform core.note_told();
  perform core.note_webhook(endpoint, case coalesce(p_state, '') when '' then 'types' when 'active' then 'enabled' else p_state end);
  return jsonb_build_object('outcome', 'changed');
end
$$;

ALTER FUNCTION app.change_webhook(p_id uuid, p_event_types text[], p_state text, p_actor_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.claim_gate(p_gate_id uuid, p_actor_user_id uuid, p_lease interval) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  gate core.gates;
  refusal text;
  lease_end timestamptz;
begin
  perform core.require_actor(p_actor_user_id, null);
  perform core.check_lease(p_lease, interval '1 hour');
  select * into gate from core.gates where tenant_id = app.tenant() and id = p_gate_id for no key update;
  if not found then return jsonb_build_object('outcome', 'refused', 'code', 'gate_not_found'); end if;
  refusal := case when gate.closed_at is not null then 'gate_closed'
    when app.now() > gate.due_at then 'gate_late'
    when gate.claimed_by is distinct from p_actor_user_id and gate.claimed_until > app.now() then 'gate_claimed' end;
  refusal := coalesce(refusal, core.seat_refusal(gate, p_actor_user_id), core.key_refusal(gate, p_actor_user_id, core.presented_key()));
  if refusal is not null then
    return core.claim_refused(gate, refusal);
  end if;
  -- Claiming again never shortens what is held.
  lease_end := greatest(app.now() + p_lease, case when gate.claimed_by = p_actor_user_id then gate.claimed_until end);
  update core.gates set claimed_by = p_actor_user_id, claimed_until = lease_end where tenant_id = app.tenant() and id = p_gate_id;
  return jsonb_build_object('outcome', 'claimed', 'until', app.utc(lease_end));
end
$$;

ALTER FUNCTION app.claim_gate(p_gate_id uuid, p_actor_user_id uuid, p_lease interval) OWNER TO countersign_owner;

CREATE FUNCTION app.close_document(p_document_id uuid, p_model text, p_code text, p_final boolean) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  document core.documents;
  next_state text;
begin
  select * into document from core.documents where tenant_id = app.tenant() and id = p_document_id for no key update;
  if not found or document.state <> 'pending' then
    return jsonb_build_object('outcome', 'closed');
  end if;
  next_state := case when p_code is null then 'ready' when p_final then 'refused' else 'pending' end;
  if next_state = 'ready' and (document.passages is null or exists (
      select from core.passages p where p.tenant_id = app.tenant() and p.document_id = p_document_id
        and not exists (select from core.embeddings e where e.tenant_id = p.tenant_id and e.id = p.id and e.model = p_model))) then
    raise exception 'document % has passages without a vector', p_document_id using errcode = 'ZC004';
  end if;
  update core.documents set state = next_state, code = p_code, changed_at = app.now() where tenant_id = app.tenant() and id = p_document_id;
  if next_state = 'pending' then
    -- Soon, while it is new: an installation lists its models after its worker is up. Then ever more rarely.
    update core.worklist set due_at = app.now() + least(interval '10 minutes', greatest(interval '30 seconds', (app.now() - document.created_at) / 2))
    where kind = 'document' and tenant_id = app.tenant() and ref_id = p_document_id;
  else
    delete from core.worklist where kind = 'document' and tenant_id = app.tenant() and ref_id = p_document_id;
    perform core.emit(case when p_code is null then 'document.ready' else 'document.refused' end, 'system', null, null, jsonb_build_object(
      'document_id', p_document_id, 'code', p_code, 'passages', document.passages::text));
  end if;
  return jsonb_build_object('outcome', next_state);
end
$$;

ALTER FUNCTION app.close_document(p_document_id uuid, p_model text, p_code text, p_final boolean) OWNER TO countersign_owner;

CREATE FUNCTION app.close_replay(p_replay_id uuid, p_result jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  account core.accounts := core.lock_account();
  replay core.replays;
  original core.ai_runs;
  again core.ai_runs;
  is_exact boolean;
  agreed text;
begin
  select * into strict replay from core.replays where tenant_id = app.tenant() and id = p_replay_id for no key update;
  if replay.state = 'closed' then
    return jsonb_build_object('outcome', 'closed');
  end if;
  select * into again from core.ai_runs where tenant_id = app.tenant() and id = replay.replay_call_id for no key update;
  if p_result ? 'code' then
    if again.status = 'claimed' then
      perform core.lose_open_attempt(again.id);
      perform core.fail_call(again.id, p_result ->> 'code');
    end if;
    perform core.end_replay(replay, 'failed', p_result ->> 'code');
    return jsonb_build_object('outcome', 'failed');
  end if;
  if again.status is distinct from 'succeeded' then
    raise exception 'replay % has no answer to compare', p_replay_id using errcode = 'ZC004';
  end if;
  select * into strict original from core.ai_runs where tenant_id = app.tenant() and id = replay.call_id;
  is_exact := core.bound_text(original.output_content_id, original.output_hash) = core.bound_text(again.output_content_id, again.output_hash);
  if is_exact and p_result ->> 'fields_differing' <> '0' then
    raise exception 'the answers of replay % are the same', p_replay_id using errcode = 'ZC004';
  end if;
  agreed := case when is_exact then 'exact' when p_result ->> 'fields_differing' = '0' then 'canonical' else 'differs' end;
  perform core.end_replay(replay, 'compared', null, p_result || jsonb_build_object('agreement', agreed));
  if agreed = 'differs' then
    perform core.page('replay_differs ' || original.feature || ' ' || original.vendor || ' ' || original.model, 'replay_differs', replay.run_id);
  end if;
  return jsonb_build_object('outcome', 'compared');
end
$$;

ALTER FUNCTION app.close_replay(p_replay_id uuid, p_result jsonb) OWNER TO countersign_owner;

CREATE FUNCTION app.close_run(p_run_id uuid, p_code text DEFAULT NULL::text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  account core.accounts := core.lock_account();
  run core.runs;
  claimed uuid;
  ending text;
begin
  select * into strict run from core.runs where tenant_id = app.tenant() and id = p_run_id for no key update;
  if run.state = 'closed' then
    return jsonb_build_object('outcome', run.outcome, 'code', run.code);
  end if;
  if exists (select from core.gates where tenant_id = app.tenant() and run_id = p_run_id and closed_at is null) then
    raise exception 'run % has open gates', p_run_id using errcode = 'ZC004';
  end if;
  for claimed in select id from core.ai_runs where tenant_id = app.tenant() and run_id = p_run_id and status = 'claimed' loop
    perform core.lose_open_attempt(claimed);
    perform core.fail_call(claimed, coalesce(p_code, 'run_closed'));
  end loop;
  perform core.settle(p_run_id);
  select case
      -- A run that failed had its gates taken back by the system, which is no withdrawal.
      when run.withdrawn_at is not null and (run.withdrawn_by is not null or coalesce(p_code, 'run_withdrawn') = 'run_withdrawn')
        and count(outcome) = 0 then 'withdrawn'
      when p_code is not null and count(*) = 0 then 'failed'
      when count(*) = 0 then 'nothing'
      when count(distinct outcome) = 1 then min(outcome)
      else 'mixed'
    end into ending
  from core.proposals where tenant_id = app.tenant() and run_id = p_run_id and shown;
  update core.runs set state = 'closed', step = 'audit', outcome = ending, code = case when ending = 'failed' then p_code end, closed_at = app.now()
  where tenant_id = app.tenant() and id = p_run_id;
  delete from core.worklist where kind = 'run' and tenant_id = app.tenant() and ref_id = p_run_id;
  insert into core.outbox (tenant_id, topic, run_id, created_at) values (app.tenant(), 'run.closed', p_run_id, app.now());
  return jsonb_build_object('outcome', ending, 'code', case when ending = 'failed' then p_code end);
end
$$;

ALTER FUNCTION app.close_run(p_run_id uuid, p_code text) OWNER TO countersign_owner;

CREATE FUNCTION app.comment_on_gate(p_gate_id uuid, p_text text, p_actor_user_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  gate core.gates;
  comment core.contents;
  new_id uuid := app.new_id();
begin
  perform core.require_actor(p_actor_user_id, array['requester', 'reviewer', 'senior', 'admin']);
  select * into gate from core.gates where tenant_id = app.tenant() and id = p_gate_id;
  if not found then return jsonb_build_object('outcome', 'refused', 'code', 'gate_not_found'); end if;
  comment := core.put_content(gate.run_id, 'comment', p_text);
  insert into core.gate_comments (tenant_id, id, gate_id, user_id, comment_content_id, at)
  values (app.tenant(), new_id, p_gate_id, p_actor_user_id, comment.id, app.now());
  return jsonb_build_object('outcome', 'commented', 'id', new_id);
end
$$;

ALTER FUNCTION app.comment_on_gate(p_gate_id uuid, p_text text, p_actor_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.count_agreement() RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  since date;
  until date := ((app.now() - interval '1 hour') at time zone 'UTC')::date;
begin
  select agreement_counted_until into strict since from core.tenant_directory where tenant_id = app.tenant() for no key update;
  if since is null or since < until then
    insert into core.agreement_days (tenant_id, purpose, vendor, model, confidence_permille, day, agreed, edited, rejected, counted_at)
    select app.tenant(), g.purpose, g.vendor, g.model, g.confidence_permille, (g.closed_at at time zone 'UTC')::date,
      count(*) filter (where g.review = 'agreed'), count(*) filter (where g.review = 'edited'), count(*) filter (where g.review = 'rejected'), app.now()
    from core.reviewed_gates(coalesce(since::timestamp at time zone 'UTC', '-infinity'), until::timestamp at time zone 'UTC') g
    group by g.purpose, g.vendor, g.model, g.confidence_permille, (g.closed_at at time zone 'UTC')::date;
    update core.tenant_directory set agreement_counted_until = until where tenant_id = app.tenant();
  end if;
  return jsonb_build_object('counted_until', greatest(since, until)::text);
end
$$;

ALTER FUNCTION app.count_agreement() OWNER TO countersign_owner;

CREATE FUNCTION app.create_delegation(p_delegator_user_id uuid, p_delegate_user_id uuid, p_roles text[], p_from timestamp with time zone, p_until timestamp with time zone, p_reason text, p_actor_user_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  longest constant interval := '366 days';
  actor core.members;
  delegator core.members;
  delegate core.members;
  asked_at timestamptz;
  from_at timestamptz;
  given text[];
  reason core.contents;
  new_id uuid := app.new_id();
begin
  actor := core.require_actor(p_actor_user_id, array['reviewer', 'senior', 'admin']);
  -- Both stay as they are until this commits.
  perform from core.members where tenant_id = app.tenant() and user_id in (p_delegator_user_id, p_delegate_user_id) order by user_id for share;
  asked_at := app.now();
  from_at := greatest(coalesce(p_from, asked_at), asked_at);
  select * into delegator from core.members where tenant_id = app.tenant() and user_id = p_delegator_user_id and active and kind = 'person';
  select * into delegate from core.members where tenant_id = app.tenant() and user_id = p_delegate_user_id and active and kind = 'person';
  given := coalesce(p_roles, array(select unnest(delegator.roles) intersect select unnest(array['reviewer', 'senior', 'admin']) order by 1));
  if p_actor_user_id <> p_delegator_user_id and not 'admin' = any (actor.roles) then
    return jsonb_build_object('outcome', 'refused', 'code', 'not_allowed');
  elsif delegator.user_id is null or delegate.user_id is null then
    return jsonb_build_object('outcome', 'refused', 'code', 'member_not_found');
  elsif actor.kind <> 'person' then
    return jsonb_build_object('outcome', 'refused', 'code', 'person_required');
  -- Nobody takes another's place by their own word, nor gives it to themselves.
  elsif p_delegate_user_id in (p_delegator_user_id, p_actor_user_id) then
    return jsonb_build_object('outcome', 'refused', 'code', 'delegation_to_yourself');
  elsif cardinality(given) = 0 or not given <@ delegator.roles or not given <@ array['reviewer', 'senior', 'admin'] then
    return jsonb_build_object('outcome', 'refused', 'code', 'delegation_of_role');
  -- Who decides sees what is decided about, which other roles do not.
  elsif not delegate.roles && array['reviewer', 'senior', 'admin'] then
    return jsonb_build_object('outcome', 'refused', 'code', 'delegate_unfit');
  elsif p_until is null or p_until <= from_at or p_until > from_at + longest then
    return jsonb_build_object('outcome', 'refused', 'code', 'period_invalid');
  elsif not coalesce(core.has_letter_or_digit(p_reason), false) then
    return jsonb_build_object('outcome', 'refused', 'code', 'rationale_empty');
  end if;
  reason := core.put_content(null, 'reason', p_reason);
  insert into core.delegations (tenant_id, id, delegator_user_id, delegate_user_id, roles, from_at, until_at, reason_content_id, created_by, created_at)
  values (app.tenant(), new_id, p_delegator_user_id, p_delegate_user_id, given, from_at, p_until, reason.id, p_actor_user_id, asked_at);
  perform core.emit('delegation.created', core.actor_kind(), p_actor_user_id, null, jsonb_build_object(
    'delegation_id', new_id, 'delegator_user_id', p_delegator_user_id, 'delegate_user_id', p_delegate_user_id, 'roles', to_jsonb(given),
    'from_at', app.utc(from_at), 'until_at', app.utc(p_until), 'reason_hash', encode(reason.commitment, 'hex')));
  return jsonb_build_object('outcome', 'created', 'id', new_id);
end
$$;

ALTER FUNCTION app.create_delegation(p_delegator_user_id uuid, p_delegate_user_id uuid, p_roles text[], p_from timestamp with time zone, p_until timestamp with time zone, p_reason text, p_actor_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.create_key(p_id text, p_user_id uuid, p_label text, p_secret_sha256 bytea, p_auth_method text, p_expires_at timestamp with time zone, p_actor_user_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  member core.members;
  maker core.members;
begin
  if exists (select from core.api_keys where tenant_id = app.tenant()) then
    maker := core.require_actor(p_actor_user_id, array['admin', 'platform_admin']);
  else
    maker := core.require_actor(p_actor_user_id, array['platform_admin'], '__platform__');
  end if;
  select * into member from core.members where tenant_id = app.tenant() and user_id = p_user_id and active;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'member_not_found');
  end if;
  -- A service that could make a person's key could be that person.
  if member.kind = 'person' and maker.kind = 'service' then
    return jsonb_build_object('outcome', 'refused', 'code', 'person_required');
  end if;
  insert into core.api_keys (tenant_id, id, user_id, label, secret_sha256, auth_method, created_at, expires_at, created_by)
  values (app.tenant(), p_id, p_user_id, p_label, p_secret_sha256,
    case when member.kind = 'service' then 'service' else p_auth_method end, app.now(), p_expires_at, p_actor_user_id);
  insert into core.key_directory (key_id, tenant_id) values (p_id, app.tenant());
  return jsonb_build_object('outcome', 'created');
end
$$;

ALTER FUNCTION app.create_key(p_id text, p_user_id uuid, p_label text, p_secret_sha256 bytea, p_auth_method text, p_expires_at timestamp with time zone, p_actor_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.create_tenant(p_id text, p_kind text, p_name text, p_currency text, p_units text, p_time_zone text, p_places text[], p_actor_user_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
begin
  if app.tenant() is distinct from '__platform__' then
    raise exception 'only the platform creates tenants' using errcode = 'ZC003';
  end if;
  perform core.require_actor(p_actor_user_id, array['platform_admin']);
  if not exists (select from pg_timezone_names where name = p_time_zone) then
    return jsonb_build_object('outcome', 'refused', 'code', 'time_zone_unknown');
  end if;
  insert into core.tenants (id, kind, name, currency, units, time_zone, places, created_at, created_by)
  values (p_id, p_kind, p_name, p_currency, p_units, p_time_zone, p_places, app.now(), p_actor_user_id)
  on conflict (id) do nothing;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'tenant_exists');
  end if;
  insert into core.tenant_directory (tenant_id) values (p_id);
  return jsonb_build_object('outcome', 'created');
end
$$;

ALTER FUNCTION app.create_tenant(p_id text, p_kind text, p_name text, p_currency text, p_units text, p_time_zone text, p_places text[], p_actor_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.delete_document(p_document_id uuid, p_actor_user_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
begin
  perform core.require_actor(p_actor_user_id, array['reviewer', 'senior', 'admin']);
  perform from core.documents where tenant_id = app.tenant() and id = p_document_id and state <> 'deleted' for no key update;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'document_not_found');
  end if;
  perform core.drop_document(p_document_id);
  return jsonb_build_object('outcome', 'deleted');
end
$$;

ALTER FUNCTION app.delete_document(p_document_id uuid, p_actor_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.dispatch_notice(p_outbox_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  notice core.outbox;
  delivery_id uuid;
  messages integer := 0;
begin
  select * into notice from core.outbox where tenant_id = app.tenant() and id = p_outbox_id for no key update;
  if notice.delivered_at is null and found then
    for delivery_id in
      insert into core.webhook_deliveries (tenant_id, endpoint_id, outbox_id, type, body, state, next_at, occurred_at, created_at, changed_at)
      select app.tenant(), e.id, notice.id, notice.topic, core.message_text(notice.topic, notice.created_at, core.notice_data(notice)),
        'pending', app.now(), notice.created_at, app.now(), app.now()
      from core.webhook_endpoints e
      where e.tenant_id = app.tenant() and e.state = 'active' and notice.topic = any (e.event_types) and e.created_at <= notice.created_at
      returning id
    loop
      perform core.queue_delivery(delivery_id);
      messages := messages + 1;
    end loop;
    if exists (select from core.channels where name = 'mail' and is_on) then
      perform core.mail_notice(notice);
    end if;
    update core.outbox set delivered_at = app.now() where tenant_id = app.tenant() and id = p_outbox_id;
  end if;
  delete from core.worklist where kind = 'notice' and tenant_id = app.tenant() and ref_id = p_outbox_id;
  return jsonb_build_object('messages', messages);
end
$$;

ALTER FUNCTION app.dispatch_notice(p_outbox_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.due_work(p_kind text, p_limit integer, p_lease interval) RETURNS TABLE(tenant_id text, ref_id uuid)
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  update core.worklist w set due_at = app.now() + p_lease
  from (select kind, tenant_id, ref_id from core.worklist where kind = p_kind and due_at <= (select app.now())
    order by due_at limit p_limit for update skip locked) as due
  where w.kind = due.kind and w.tenant_id = due.tenant_id and w.ref_id = due.ref_id
  returning w.tenant_id, w.ref_id
$$;

ALTER FUNCTION app.due_work(p_kind text, p_limit integer, p_lease interval) OWNER TO countersign_owner;

CREATE FUNCTION app.effective_autonomy(p_tier text, p_class text, p_listed boolean, p_override text, p_paused boolean) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (p_tier = 'suggest'::text) THEN 'suggest'::text WHEN (COALESCE(p_override, CASE WHEN ((p_tier = 'auto'::text) AND p_listed) THEN 'auto'::text ELSE 'draft'::text END) = 'suggest'::text) THEN 'suggest'::text WHEN ((COALESCE(p_override, CASE WHEN ((p_tier = 'auto'::text) AND p_listed) THEN 'auto'::text ELSE 'draft'::text END) = 'auto'::text) AND (p_class = 'routine'::text) AND (NOT p_paused)) THEN 'auto'::text ELSE 'draft'::text END;

ALTER FUNCTION app.effective_autonomy(p_tier text, p_class text, p_listed boolean, p_override text, p_paused boolean) OWNER TO countersign_owner;

CREATE FUNCTION app.finish_call(p_ai_run_id uuid, p_attempt integer, p_result jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  account core.accounts := core.lock_account();
  call core.ai_runs;
  open_attempt core.ai_run_attempts;
  price core.ai_prices;
  output core.contents;
  cost bigint;
begin
  select * into strict call from core.ai_runs where tenant_id = app.tenant() and id = p_ai_run_id for no key update;
  select * into open_attempt from core.ai_run_attempts
  where tenant_id = app.tenant() and ai_run_id = p_ai_run_id and attempt = p_attempt and state = 'open';
  if not found or call.status <> 'claimed' then
    return jsonb_build_object('state', 'fenced');
  end if;

  if p_result ->> 'status' = 'answered' then
    select * into strict price from core.ai_prices
    where vendor = call.vendor and model = call.model and region = call.region and valid_from = open_attempt.price_valid_from;
    cost := (p_result ->> 'input_tokens')::bigint * price.input_nano_usd_per_token
      + (p_result ->> 'output_tokens')::bigint * price.output_nano_usd_per_token
      + (p_result ->> 'cache_read_tokens')::bigint * price.cache_read_nano_usd_per_token
      + (p_result ->> 'cache_write_tokens')::bigint * price.cache_write_nano_usd_per_token;
    perform core.end_attempt(p_ai_run_id, p_attempt, 'answered', cost, null);
    -- What is billed is the truth, also where it is more than the purpose's maxima let anybody hold: that must not be silent.
    if cost > open_attempt.held_nano_usd then
      perform core.page('cost_above_hold ' || call.feature || ' ' || call.vendor || ' ' || call.model, 'cost_above_hold', call.run_id);
    end if;
    output := core.put_content(call.run_id, case when call.kind = 'embedding' then 'embedding' else 'output' end, p_result ->> 'output');
    update core.ai_runs set status = 'succeeded', output_content_id = output.id, output_hash = output.commitment,
      input_tokens = (p_result ->> 'input_tokens')::bigint, output_tokens = (p_result ->> 'output_tokens')::bigint,
      cache_read_tokens = (p_result ->> 'cache_read_tokens')::bigint, cache_write_tokens = (p_result ->> 'cache_write_tokens')::bigint,
      latency_ms = (p_result ->> 'latency_ms')::bigint, provider_request_id = p_result ->> 'provider_request_id', finished_at = app.now(),
      cost_nano_usd = (select sum(cost_nano_usd) from core.ai_run_attempts where tenant_id = app.tenant() and ai_run_id = p_ai_run_id)
    where tenant_id = app.tenant() and id = p_ai_run_id;
    if call.kind in ('primary', 'advisor') then
      update core.runs set step = 'evaluate' where tenant_id = app.tenant() and id = call.run_id and state <> 'closed';
    end if;
    return jsonb_build_object('state', 'finished');
  end if;

  perform core.end_attempt(p_ai_run_id, p_attempt,
    case when (p_result ->> 'may_be_billed')::boolean then 'maybe_billed' else 'unbilled' end,
    case when (p_result ->> 'may_be_billed')::boolean then open_attempt.held_nano_usd else 0 end, p_result ->> 'code');
  if (p_result ->> 'final')::boolean then
    perform core.fail_call(p_ai_run_id, p_result ->> 'code');
    return jsonb_build_object('state', 'failed');
  end if;
  return jsonb_build_object('state', 'retry');
end
$$;

ALTER FUNCTION app.finish_call(p_ai_run_id uuid, p_attempt integer, p_result jsonb) OWNER TO countersign_owner;

CREATE FUNCTION app.finish_delivery(p_delivery_id uuid, p_attempt integer, p_code text, p_status integer, p_retry_after_seconds integer) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  pauses constant interval[] := array['5 seconds', '5 minutes', '30 minutes', '2 hours', '5 hours', '10 hours', '14 hours', '20 hours', '24 hours'];
  pause_max constant interval := '24 hours';
  endpoint core.webhook_endpoints;
  delivery core.webhook_deliveries;
  tried integer;
  pause interval;
  now constant timestamptz := app.now();
begin
  select e.* into strict endpoint from core.webhook_endpoints e join core.webhook_deliveries d on d.tenant_id = e.tenant_id and d.endpoint_id = e.id
  where d.tenant_id = app.tenant() and d.id = p_delivery_id for no key update of e;
  select * into strict delivery from core.webhook_deliveries where tenant_id = app.tenant() and id = p_delivery_id for no key update;
  update core.webhook_attempts set state = case when p_code is null then 'delivered' else 'failed' end, code = p_code, status = p_status, ended_at = now
  where tenant_id = app.tenant() and delivery_id = p_delivery_id and attempt = p_attempt and state = 'open';
  if found and delivery.state = 'pending' then
    select count(*) into tried from core.webhook_attempts where tenant_id = app.tenant() and delivery_id = p_delivery_id and round = delivery.round;
    pause := greatest(pauses[tried] * (1 + random() / 10), least(make_interval(secs => coalesce(p_retry_after_seconds, 0)), pause_max));
    update core.webhook_deliveries set changed_at = now,
      state = case when p_code is null then 'delivered' when p_code = 'sink_gone' or pauses[tried] is null then 'failed' else 'pending' end,
      code = case when p_code = 'sink_gone' or pauses[tried] is null then p_code end,
      next_at = case when p_code is null or p_code = 'sink_gone' or pauses[tried] is null then null else now + pause end
    where tenant_id = app.tenant() and id = p_delivery_id
    returning * into delivery;
    if delivery.state = 'pending' then
      update core.worklist set due_at = delivery.next_at + interval '1 minute', failures = 0, failed_at = null
      where kind = 'delivery' and tenant_id = app.tenant() and ref_id = p_delivery_id;
    else
      delete from core.worklist where kind = 'delivery' and tenant_id = app.tenant() and ref_id = p_delivery_id;
    end if;
    if p_code = 'sink_gone' and endpoint.state = 'active' then
      update core.webhook_endpoints set state = 'disabled', code = p_code, changed_at = now where tenant_id = app.tenant() and id = endpoint.id
      returning * into endpoint;
      perform core.end_deliveries(endpoint.id);
      perform core.note_told();
      perform core.note_webhook(endpoint, 'disabled');
      perform core.page('sink_gone ' || endpoint.id, 'sink_gone', null);
    elsif delivery.state = 'failed' then
      perform core.page('webhook_exhausted ' || endpoint.id, 'webhook_exhausted', null);
    end if;
  end if;
  if delivery.state = 'pending' then
    return jsonb_build_object('outcome', 'wait', 'pause_ms', greatest(0, ceil(extract(epoch from delivery.next_at - now) * 1000))::bigint);
  end if;
  return jsonb_build_object('outcome', 'over', 'state', delivery.state, 'code', delivery.code);
end
$$;

ALTER FUNCTION app.finish_delivery(p_delivery_id uuid, p_attempt integer, p_code text, p_status integer, p_retry_after_seconds integer) OWNER TO countersign_owner;

CREATE FUNCTION app.finish_mail(p_mail_id uuid, p_attempt integer, p_code text, p_status integer) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  pauses constant interval[] := array['1 minute', '5 minutes', '30 minutes', '2 hours', '5 hours', '10 hours', '14 hours', '20 hours'];
  mail core.mails;
  attempt core.mail_attempts;
  now constant timestamptz := app.now();
begin
  select * into strict mail from core.mails where tenant_id = app.tenant() and id = p_mail_id for no key update;
  select * into strict attempt from core.mail_attempts where tenant_id = app.tenant() and mail_id = p_mail_id and mail_attempts.attempt = p_attempt;
  if attempt.state <> 'open' or mail.state <> 'pending' then
    return jsonb_build_object('outcome', 'over', 'state', mail.state, 'code', mail.code);
  end if;
  attempt.state := case when p_code is null then 'sent' when attempt.handed_at is not null and p_status is null then 'unsure' else 'failed' end;
  attempt.code := case attempt.state when 'unsure' then 'mail_unsure' else p_code end;
  update core.mail_attempts a set state = attempt.state, code = attempt.code, status = p_status, ended_at = now
  where a.tenant_id = app.tenant() and a.mail_id = p_mail_id and a.attempt = p_attempt;
  if attempt.state <> 'failed' then
    return core.end_mail(p_mail_id, attempt.state, attempt.code);
  end if;
  if p_code = 'mail_refused' or pauses[p_attempt] is null then
    return core.end_mail(p_mail_id, 'failed', case p_code when 'mail_refused' then 'mail_refused' else 'mail_failed' end);
  end if;
  update core.mails set next_at = now + pauses[p_attempt] * (1 + random() / 10), changed_at = now where tenant_id = app.tenant() and id = p_mail_id
  returning * into mail;
  update core.worklist set due_at = mail.next_at + interval '1 minute', failures = 0, failed_at = null
  where kind = 'mail' and tenant_id = app.tenant() and ref_id = p_mail_id;
  return jsonb_build_object('outcome', 'wait', 'pause_ms', ceil(extract(epoch from mail.next_at - now) * 1000)::bigint);
end
$$;

ALTER FUNCTION app.finish_mail(p_mail_id uuid, p_attempt integer, p_code text, p_status integer) OWNER TO countersign_owner;

CREATE FUNCTION app.finish_passage(p_passage_id uuid, p_ai_run_id uuid, p_attempt integer, p_embedding text, p_result jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'public', 'pg_temp'
    AS $$
declare
  finished jsonb;
begin
  finished := app.finish_call(p_ai_run_id, p_attempt, p_result || jsonb_build_object('output', jsonb_build_object(
    'passage_id', p_passage_id, 'dimensions', vector_dims(p_embedding::vector),
    'vector_sha256', encode(sha256(convert_to(p_embedding, 'UTF8')), 'hex'))::text));
  if finished ->> 'state' = 'finished' then
    -- None when the document was deleted while the model answered: the call is charged all the same.
    insert into core.embeddings (tenant_id, id, source_type, source_id, ai_run_id, model, embedding, created_at)
    select app.tenant(), p.id, d.source_type, d.id, c.id, c.model, p_embedding::vector, app.now()
    from core.passages p join core.documents d on d.tenant_id = p.tenant_id and d.id = p.document_id
      join core.ai_runs c on c.tenant_id = p.tenant_id and c.id = p_ai_run_id and c.document_id = d.id
    where p.tenant_id = app.tenant() and p.id = p_passage_id
    on conflict (tenant_id, id, model) do nothing;
  end if;
  return finished;
end
$$;

ALTER FUNCTION app.finish_passage(p_passage_id uuid, p_ai_run_id uuid, p_attempt integer, p_embedding text, p_result jsonb) OWNER TO countersign_owner;

CREATE FUNCTION app.gate_agreement(p_gate_id uuid, p_floors integer[], p_days integer, p_decided_min bigint) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select case when counted.decided >= p_decided_min then
    jsonb_build_object('floor_permille', band.floor, 'agreed', counted.agreed::text, 'decided', counted.decided::text) end
  from core.gates g
    join core.proposals p on p.tenant_id = g.tenant_id and p.id = g.proposal_id
    join core.runs r on r.tenant_id = g.tenant_id and r.id = g.run_id
    join core.ai_runs c on c.tenant_id = p.tenant_id and c.id = p.ai_run_id
    cross join lateral (select width_bucket(p.confidence_permille, p_floors) as place) found
    cross join lateral (select p_floors[found.place] as floor, coalesce(p_floors[found.place + 1], 1001) as ceiling) band
    cross join lateral (
      select sum(a.agreed) as agreed, sum(a.agreed + a.edited + a.rejected) as decided
      from core.agreement_days a
      where a.tenant_id = g.tenant_id and a.purpose = r.purpose and a.vendor = c.vendor and a.model = c.model
        and a.confidence_permille >= band.floor and a.confidence_permille < band.ceiling
        and a.day >= (g.opened_at at time zone 'UTC')::date - p_days and a.counted_at <= g.opened_at) counted
  where g.tenant_id = app.tenant() and g.id = p_gate_id and not g.manual
$$;

ALTER FUNCTION app.gate_agreement(p_gate_id uuid, p_floors integer[], p_days integer, p_decided_min bigint) OWNER TO countersign_owner;

CREATE FUNCTION app.gate_refusal(p_gate_id uuid, p_user_id uuid) RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  gate core.gates;
begin
  select * into gate from core.gates where tenant_id = app.tenant() and id = p_gate_id;
  return case
    when not found then 'gate_not_found'
    when gate.closed_at is not null then 'gate_closed'
    when app.now() > gate.due_at then 'gate_late'
    else coalesce(core.seat_refusal(gate, p_user_id), core.key_refusal(gate, p_user_id, core.presented_key()))
  end;
end
$$;

ALTER FUNCTION app.gate_refusal(p_gate_id uuid, p_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.give_feedback(p_run_id uuid, p_thumb text, p_comment text, p_actor_user_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  comment core.contents;
begin
  perform core.require_actor(p_actor_user_id, array['requester', 'reviewer', 'senior', 'admin']);
  if not exists (select from core.runs where tenant_id = app.tenant() and id = p_run_id) then
    return jsonb_build_object('outcome', 'refused', 'code', 'run_not_found');
  end if;
  if p_comment is not null then
    comment := core.put_content(p_run_id, 'comment', p_comment);
  end if;
  insert into core.ai_feedback (tenant_id, run_id, user_id, thumb, comment_content_id, at)
  values (app.tenant(), p_run_id, p_actor_user_id, p_thumb, comment.id, app.now());
  return jsonb_build_object('outcome', 'recorded');
end
$$;

ALTER FUNCTION app.give_feedback(p_run_id uuid, p_thumb text, p_comment text, p_actor_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.give_up_call(p_run_id uuid, p_kind text, p_code text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  account core.accounts := core.lock_account();
  claimed uuid;
begin
  perform from core.runs where tenant_id = app.tenant() and id = p_run_id for no key update;
  for claimed in select id from core.ai_runs where tenant_id = app.tenant() and run_id = p_run_id and kind = p_kind and status = 'claimed' loop
    perform core.lose_open_attempt(claimed);
    perform core.fail_call(claimed, p_code);
  end loop;
  if p_kind = 'primary' and not exists (
      select from core.run_calls l join core.ai_runs c on c.tenant_id = l.tenant_id and c.id = l.ai_run_id
      where l.tenant_id = app.tenant() and l.run_id = p_run_id and c.kind = 'primary' and c.status = 'succeeded') then
    -- An outage is the platform's one page already, and not one more of each tenant.
    if not exists (
        select from core.runs r join core.purposes p on p.name = r.purpose and p.version = r.purpose_version
          join core.vendor_breakers b on b.vendor = p.vendor and b.model = p.model and b.region = p.region
        where r.tenant_id = app.tenant() and r.id = p_run_id and b.open_until is not null) then
      perform core.page('model ' || p_code, p_code, p_run_id);
    end if;
    perform core.settle(p_run_id);
    return jsonb_build_object('outcome', 'released');
  end if;
  return jsonb_build_object('outcome', 'given_up');
end
$$;

ALTER FUNCTION app.give_up_call(p_run_id uuid, p_kind text, p_code text) OWNER TO countersign_owner;

CREATE FUNCTION app.grant_credits(p_amount bigint, p_key text, p_platform_user_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  granter core.members := core.require_actor(p_platform_user_id, array['platform_admin'], '__platform__');
  account core.accounts := core.lock_account();
  known core.grant_keys;
begin
  if granter.kind = 'service' then
    return jsonb_build_object('outcome', 'refused', 'code', 'person_required');
  end if;
  if p_amount <= 0 then
    return jsonb_build_object('outcome', 'refused', 'code', 'amount_invalid');
  end if;
  select * into known from core.grant_keys where tenant_id = app.tenant() and key = p_key;
  if found then
    if known.amount_credits <> p_amount then
      return jsonb_build_object('outcome', 'refused', 'code', 'key_reused');
    end if;
    return jsonb_build_object('outcome', 'replayed', 'seq', known.ledger_seq::text, 'balance', account.balance_credits::text);
  end if;
  perform core.write_leg('grant', null, p_amount, p_platform_user_id, null, null, null, null);
  insert into core.grant_keys (tenant_id, key, amount_credits, ledger_seq) values (app.tenant(), p_key, p_amount, account.ledger_seq + 1);
  return jsonb_build_object('outcome', 'granted', 'seq', (account.ledger_seq + 1)::text, 'balance', (account.balance_credits + p_amount)::text);
end
$$;

ALTER FUNCTION app.grant_credits(p_amount bigint, p_key text, p_platform_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.hand_mail(p_mail_id uuid, p_attempt integer) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
begin
  update core.mail_attempts set handed_at = app.now()
  where tenant_id = app.tenant() and mail_id = p_mail_id and attempt = p_attempt and state = 'open' and handed_at is null;
  return found;
end
$$;

ALTER FUNCTION app.hand_mail(p_mail_id uuid, p_attempt integer) OWNER TO countersign_owner;

CREATE FUNCTION app.hasten_work(p_tenant_ids text[], p_run_ids uuid[], p_ended_at timestamp with time zone[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  update core.worklist w set due_at = least(w.due_at, app.now()), hastened_at = app.now()
  from (select tenant_id, run_id, max(ended_at) as ended_at
    from unnest(p_tenant_ids, p_run_ids, p_ended_at) as e (tenant_id, run_id, ended_at) group by tenant_id, run_id) as ended
  where w.kind = 'run' and w.tenant_id = ended.tenant_id and w.ref_id = ended.run_id
    and (w.hastened_at is null or w.hastened_at < ended.ended_at)
$$;

ALTER FUNCTION app.hasten_work(p_tenant_ids text[], p_run_ids uuid[], p_ended_at timestamp with time zone[]) OWNER TO countersign_owner;

CREATE FUNCTION app.import_trust_record(p_id uuid, p_subject_id text, p_kind text, p_fact text, p_tier integer) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  fact core.contents;
begin
  if p_tier > 3 then
    raise exception 'tier % needs a fresh receipt of the source', p_tier using errcode = 'ZC007';
  end if;
  if exists (select from core.worker_trust_records where tenant_id = app.tenant() and id = p_id) then
    return jsonb_build_object('outcome', 'exists', 'trust_record_id', p_id);
  end if;
  fact := core.put_content(null, 'fact', p_fact);
  insert into core.worker_trust_records (tenant_id, id, subject_id, kind, fact_content_id, tier, created_at, changed_at)
  values (app.tenant(), p_id, p_subject_id, p_kind, fact.id, p_tier, app.now(), app.now());
  return jsonb_build_object('outcome', 'imported', 'trust_record_id', p_id);
end
$$;

ALTER FUNCTION app.import_trust_record(p_id uuid, p_subject_id text, p_kind text, p_fact text, p_tier integer) OWNER TO countersign_owner;

CREATE FUNCTION app.lacks_people(p_run_id uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select exists (select from core.gates g where g.tenant_id = app.tenant() and g.run_id = p_run_id and g.closed_at is null
    and core.has_people(g) = (g.unseatable_at is not null))
$$;

ALTER FUNCTION app.lacks_people(p_run_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.large_tenants(p_vectors_min bigint) RETURNS TABLE(tenant_id text, model text, index_name text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  entered text := current_setting('app.tenant', true);
  one text;
begin
  for one in select d.tenant_id from core.tenant_directory d union all select '__global__' loop
    perform set_config('app.tenant', one, true);
    return query
      select e.tenant_id, e.model, 'embeddings_of_' || left(encode(sha256(convert_to(e.tenant_id || ' ' || e.model, 'UTF8')), 'hex'), 24)
      from core.embeddings e where e.tenant_id = one group by e.tenant_id, e.model
      having count(*) >= p_vectors_min and not exists (
        select from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_index i on i.indexrelid = c.oid
        where n.nspname = 'core' and i.indisvalid
          and c.relname = 'embeddings_of_' || left(encode(sha256(convert_to(e.tenant_id || ' ' || e.model, 'UTF8')), 'hex'), 24));
  end loop;
  perform set_config('app.tenant', coalesce(entered, ''), true);
end
$$;

ALTER FUNCTION app.large_tenants(p_vectors_min bigint) OWNER TO countersign_owner;

CREATE FUNCTION app.load_answer(p_run_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  run core.runs;
  call core.ai_runs;
begin
  select * into run from core.runs where tenant_id = app.tenant() and id = p_run_id;
  if not found then
    raise exception 'no such run' using errcode = 'ZC010';
  end if;
  select c.* into call
  from core.run_calls l join core.ai_runs c on c.tenant_id = l.tenant_id and c.id = l.ai_run_id
  where l.tenant_id = app.tenant() and l.run_id = p_run_id and c.kind in ('primary', 'advisor') and c.status = 'succeeded'
  order by (c.kind = 'advisor') desc limit 1;
  return jsonb_build_object(
    'state', run.state, 'withdrawn', run.withdrawn_at is not null, 'purpose', run.purpose, 'purpose_version', run.purpose_version,
    'input', core.content_text(run.input_content_id)::json,
    'input_hash', core.commitment_hex(run.input_content_id), 'by_hand_record_type', run.by_hand_record_type,
    'compensation', case when run.compensation_act is not null then (
      select jsonb_build_object('act', run.compensation_act, 'record_type', r.record_type, 'written_at', app.utc(r.written_at),
        'payload', core.bound_text(r.content_id, r.content_hash))
      from core.records r where r.tenant_id = app.tenant() and r.id = run.compensates_record_id) end,
    -- A run that rests on an earlier one's call has built the same prompt for itself.
    'prompt', core.bound_text(run.prompt_content_id, case when call.prompt_content_id = run.prompt_content_id then call.prompt_hash end),
    'ai_run_id', call.id, 'kind', call.kind, 'output', core.bound_text(call.output_content_id, call.output_hash),
    'now', app.utc(app.now()),
    'tenant', (select jsonb_build_object('id', t.id, 'kind', t.kind, 'currency', t.currency, 'time_zone', t.time_zone, 'places', to_jsonb(t.places))
      from core.tenants t where t.id = app.tenant()),
    'policy', (select jsonb_build_object('require_advisor_for_low_confidence', p.require_advisor_for_low_confidence,
        'confidence_threshold_permille', p.confidence_threshold_permille,
        'version', p.version, 'working_calendar', p.working_calendar)
      from core.ai_policy_controls p where p.tenant_id = app.tenant() order by p.version desc limit 1),
    'tokens', coalesce((select jsonb_agg(jsonb_build_object('token', s.token, 'kind', s.kind, 'sealed_value', encode(s.sealed_value, 'hex')))
      from core.scrub_tokens s where s.tenant_id = app.tenant() and s.run_id = p_run_id), '[]'),
    'data_key', (select jsonb_build_object('master_key_id', k.master_key_id, 'wrapped_key', encode(k.wrapped_key, 'hex'))
      from core.data_keys k where k.tenant_id = app.tenant() and k.run_id = p_run_id),
    'failed_evals', coalesce((select jsonb_agg(jsonb_build_object('ordinal', e.ordinal, 'name', e.name, 'severity', e.severity, 'reason', e.reason))
      from core.ai_evals e where e.tenant_id = app.tenant() and e.run_id = p_run_id and e.ai_run_id = call.id and e.verdict = 'fail'), '[]'));
end
$$;

ALTER FUNCTION app.load_answer(p_run_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.load_document(p_document_id uuid, p_model text, p_known_mark text DEFAULT NULL::text) RETURNS TABLE(state text, media_type text, bytes bytea, is_split boolean, passages jsonb, known jsonb, places jsonb, call_key_secret bytea)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select d.state, d.media_type, case when d.passages is null then c.bytes end, d.passages is not null,
    coalesce((select jsonb_agg(jsonb_build_object('id', p.id, 'ordinal', p.ordinal, 'text', p.text) order by p.ordinal)
      from core.passages p where p.tenant_id = d.tenant_id and p.document_id = d.id
        and not exists (select from core.embeddings e where e.tenant_id = p.tenant_id and e.id = p.id and e.model = p_model)), '[]'),
    core.known_since(p_known_mark),
    to_jsonb(t.places), s.call_key_secret
  from core.documents d
    join core.document_contents c on c.tenant_id = d.tenant_id and c.document_id = d.id
    join core.tenants t on t.id = d.tenant_id
    join core.tenant_secrets s on s.tenant_id = d.tenant_id
  where d.tenant_id = app.tenant() and d.id = p_document_id and d.state <> 'deleted'
$$;

ALTER FUNCTION app.load_document(p_document_id uuid, p_model text, p_known_mark text) OWNER TO countersign_owner;

CREATE FUNCTION app.load_judged_answers(p_since timestamp with time zone, p_after uuid, p_purpose text, p_limit integer) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  found_run record;
  prompt text;
  output text;
  reason text;
  answers jsonb := '[]';
  readable jsonb := '[]';
begin
  for found_run in
    select r.id, r.created_at, r.purpose, r.purpose_version, r.prompt_content_id, r.confidence_permille, call.id as ai_run_id,
      call.output_content_id, call.output_hash, case when call.prompt_content_id = r.prompt_content_id then call.prompt_hash end as prompt_hash
    from core.runs r cross join lateral (
      -- The answer that rules, as load_answer chooses it.
      select c.* from core.run_calls l join core.ai_runs c on c.tenant_id = l.tenant_id and c.id = l.ai_run_id
      where l.tenant_id = r.tenant_id and l.run_id = r.id and c.kind in ('primary', 'advisor') and c.status = 'succeeded'
      order by (c.kind = 'advisor') desc limit 1) call
    where r.tenant_id = app.tenant() and (r.created_at, r.id) > (p_since, p_after) and (p_purpose is null or r.purpose = p_purpose)
    order by r.created_at, r.id limit p_limit
  loop
    reason := case when found_run.confidence_permille is null then 'not_evaluated' end;
    prompt := null;
    output := null;
    if reason is null then
      begin
        prompt := core.bound_text(found_run.prompt_content_id, found_run.prompt_hash);
        output := core.bound_text(found_run.output_content_id, found_run.output_hash);
        if prompt is null or output is null then
          reason := 'content_withheld';
        else
          readable := readable || to_jsonb(found_run.id);
        end if;
      exception when sqlstate 'ZC014' then
        reason := 'content_altered';
        perform app.note_altered(found_run.prompt_content_id);
        perform app.note_altered(found_run.output_content_id);
      end;
    end if;
    answers := answers || jsonb_build_object(
      'run_id', found_run.id, 'created_at', found_run.created_at::text, 'purpose', found_run.purpose, 'purpose_version', found_run.purpose_version, 'code', reason,
      'prompt', case when reason is null then prompt end, 'output', case when reason is null then output end,
      -- Of an eval that has judged the same answer in two versions, the newer one.
      'evals', coalesce((
        select jsonb_agg(jsonb_build_object('ordinal', e.ordinal, 'name', e.name, 'version', e.version, 'verdict', e.verdict, 'severity', e.severity))
        from (select distinct on (ordinal, name) * from core.ai_evals
          where tenant_id = app.tenant() and run_id = found_run.id and ai_run_id = found_run.ai_run_id
          order by ordinal, name, version desc) e), '[]'));
  end loop;
  if readable <> '[]' then
    perform core.emit('content.judged', 'system', null, null, jsonb_build_object('runs', jsonb_array_length(readable)::text, 'run_ids', readable));
  end if;
  return jsonb_build_object('answers', answers,
    'tenant', (select jsonb_build_object('id', t.id, 'kind', t.kind, 'currency', t.currency, 'time_zone', t.time_zone, 'places', to_jsonb(t.places))
      from core.tenants t where t.id = app.tenant()));
end
$$;

ALTER FUNCTION app.load_judged_answers(p_since timestamp with time zone, p_after uuid, p_purpose text, p_limit integer) OWNER TO countersign_owner;

CREATE FUNCTION app.load_run(p_run_id uuid, p_known_mark text DEFAULT NULL::text) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  run core.runs;
begin
  select * into run from core.runs where tenant_id = app.tenant() and id = p_run_id;
  if not found then
    raise exception 'no such run' using errcode = 'ZC010';
  end if;
  return jsonb_build_object(
    'state', run.state, 'purpose', run.purpose, 'purpose_version', run.purpose_version,
    'input', core.content_text(run.input_content_id)::json,
    'prompt_stored', run.prompt_content_id is not null,
    'call_key_secret', (select encode(call_key_secret, 'hex') from core.tenant_secrets where tenant_id = app.tenant()),
    'tenant', (select jsonb_build_object('id', t.id, 'kind', t.kind, 'currency', t.currency, 'time_zone', t.time_zone, 'places', to_jsonb(t.places))
      from core.tenants t where t.id = app.tenant()),
    'known', core.known_since(p_known_mark),
    'has_passages', exists (select from core.embeddings where tenant_id in (app.tenant(), '__global__')));
end
$$;

ALTER FUNCTION app.load_run(p_run_id uuid, p_known_mark text) OWNER TO countersign_owner;

CREATE FUNCTION app.new_id() RETURNS uuid
    LANGUAGE sql PARALLEL SAFE
    RETURN (encode(set_bit(set_bit(OVERLAY(uuid_send(gen_random_uuid()) PLACING SUBSTRING(int8send(((EXTRACT(epoch FROM clock_timestamp()) * (1000)::numeric))::bigint) FROM 3) FROM 1 FOR 6), (52)::bigint, 1), (53)::bigint, 1), 'hex'::text))::uuid;

ALTER FUNCTION app.new_id() OWNER TO countersign_owner;

CREATE FUNCTION app.note_altered(p_content_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  stored core.contents;
  named text := 'content_altered ' || p_content_id;
begin
  select * into stored from core.contents where tenant_id = app.tenant() and id = p_content_id;
  if not found or not core.is_altered(stored) then
    return jsonb_build_object('outcome', 'unaltered');
  end if;
  if not exists (select from core.pages where tenant_id = app.tenant() and cause = named and acknowledged_at is null) then
    perform core.emit('content.altered', 'system', null, stored.run_id, jsonb_build_object('content_id', stored.id, 'kind', stored.kind));
  end if;
  perform core.page(named, 'content_altered', stored.run_id);
  return jsonb_build_object('outcome', 'altered');
end
$$;

ALTER FUNCTION app.note_altered(p_content_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.note_reidentified(p_content_ids uuid[], p_actor_user_id uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
begin
  perform core.require_actor(p_actor_user_id, array['requester', 'reviewer', 'senior', 'admin', 'auditor', 'operator']);
  perform core.note_reidentified(p_content_ids, p_actor_user_id);
end
$$;

ALTER FUNCTION app.note_reidentified(p_content_ids uuid[], p_actor_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.note_vendor(p_vendor text, p_model text, p_region text, p_answered boolean) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  failures_max constant integer := 10;
  -- Failures that lie apart for longer are no row of failures.
  within constant interval := '2 minutes';
  first_pause constant interval := '30 seconds';
  longest_pause constant interval := '5 minutes';
  breaker core.vendor_breakers;
begin
  if app.tenant() is distinct from '__platform__' then
    raise exception 'breakers are the platform''s' using errcode = 'ZC003';
  end if;
  if p_answered then
    update core.vendor_breakers set failures = 0, openings = 0, open_until = null, probe_until = null, changed_at = app.now()
    where vendor = p_vendor and model = p_model and region = p_region and (failures > 0 or openings > 0);
    return jsonb_build_object('state', 'closed');
  end if;

  insert into core.vendor_breakers as b (vendor, model, region, failures, openings, changed_at)
  values (p_vendor, p_model, p_region, 1, 0, app.now())
  on conflict (vendor, model, region) do update
    set failures = case when b.open_until is null and b.changed_at < app.now() - within then 1 else b.failures + 1 end, changed_at = app.now()
  returning * into breaker;
  if breaker.open_until is null and breaker.failures < failures_max then
    return jsonb_build_object('state', 'closed');
  end if;
  -- Calls that began before it opened fail into an open breaker, and change nothing.
  if breaker.open_until is null or breaker.open_until <= app.now() then
    update core.vendor_breakers set openings = breaker.openings + 1, probe_until = null,
      open_until = app.now() + least(first_pause * power(2, least(breaker.openings, 10)), longest_pause)
    where vendor = p_vendor and model = p_model and region = p_region;
  end if;
  if breaker.open_until is null then
    perform core.page('vendor_outage ' || p_vendor || ' ' || p_model || ' ' || p_region, 'model_unavailable', null);
  end if;
  return jsonb_build_object('state', 'open');
end
$$;

ALTER FUNCTION app.note_vendor(p_vendor text, p_model text, p_region text, p_answered boolean) OWNER TO countersign_owner;

CREATE FUNCTION app.now() RETURNS timestamp with time zone
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select clock_timestamp() + shift from core.clock
$$;

ALTER FUNCTION app.now() OWNER TO countersign_owner;

CREATE FUNCTION app.open_tenant(p_daily_token_budget_nano_usd bigint, p_actor_user_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  tenant core.tenants;
  reason core.contents;
begin
  perform core.require_actor(p_actor_user_id, array['platform_admin'], '__platform__');
  select * into strict tenant from core.tenants where id = app.tenant();
  -- Two that open one tenant at once wait for one another.
  perform pg_advisory_xact_lock(hashtextextended('policy ' || tenant.id, 0));
  insert into core.accounts (tenant_id, balance_credits, ledger_seq, day, held_nano_usd, spent_nano_usd)
  values (tenant.id, 0, 0, (app.now() at time zone tenant.time_zone)::date, 0, 0) on conflict do nothing;
  insert into core.tenant_secrets (tenant_id, call_key_secret)
  values (tenant.id, sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))) on conflict do nothing;
  if not exists (select from core.ai_policy_controls where tenant_id = tenant.id) then
    reason := core.put_content(null, 'reason', 'The defaults of this kind of tenant.');
    insert into core.ai_policy_controls (tenant_id, version, autonomy_tier, auto_categories, record_autonomy,
      require_human_review_for_phi_extraction, block_ai_committee_response_drafts, require_advisor_for_low_confidence,
      daily_token_budget_nano_usd, paused, paused_purposes, paused_vendors, reason_content_id, set_at)
    values (tenant.id, 1, 'draft', '{}', '{}', tenant.kind = 'hospital', false, tenant.kind = 'hospital',
      p_daily_token_budget_nano_usd, false, '{}', '{}', reason.id, app.now());
  end if;
  return jsonb_build_object('outcome', 'opened');
end
$$;

ALTER FUNCTION app.open_tenant(p_daily_token_budget_nano_usd bigint, p_actor_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.page_stuck_step(p_run_id uuid, p_step text, p_code text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
begin
  perform from core.runs where tenant_id = app.tenant() and id = p_run_id;
  if not found then
    raise exception 'there is no run %', p_run_id using errcode = 'ZC004';
  end if;
  perform core.page('step_stuck ' || p_step || ' ' || p_code, 'step_stuck', p_run_id);
end
$$;

ALTER FUNCTION app.page_stuck_step(p_run_id uuid, p_step text, p_code text) OWNER TO countersign_owner;

CREATE FUNCTION app.ping_webhook(p_id uuid, p_actor_user_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  endpoint core.webhook_endpoints;
  delivery_id uuid := app.new_id();
begin
  perform core.require_actor(p_actor_user_id, array['admin']);
  select * into endpoint from core.webhook_endpoints where tenant_id = app.tenant() and id = p_id and state <> 'deleted' for no key update;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'webhook_not_found');
  end if;
  if endpoint.state <> 'active' then
    return jsonb_build_object('outcome', 'refused', 'code', 'webhook_disabled');
  end if;
  insert into core.webhook_deliveries (tenant_id, id, endpoint_id, type, body, state, next_at, occurred_at, created_at, changed_at)
  values (app.tenant(), delivery_id, p_id, 'webhook.ping',
    core.message_text('webhook.ping', app.now(), json_build_object('webhook_id', p_id)), 'pending', app.now(), app.now(), app.now(), app.now());
  perform core.queue_delivery(delivery_id);
  return jsonb_build_object('outcome', 'queued', 'delivery_id', delivery_id);
end
$$;

ALTER FUNCTION app.ping_webhook(p_id uuid, p_actor_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.purposes_in_use() RETURNS TABLE(name text, version integer)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select distinct purpose, purpose_version from core.runs where tenant_id = app.tenant() and state <> 'closed'
$$;

ALTER FUNCTION app.purposes_in_use() OWNER TO countersign_owner;

CREATE FUNCTION app.put_sealing_key(p_id text, p_public_key bytea, p_master_key_id text, p_wrapped_key bytea) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
begin
  perform pg_advisory_xact_lock(hashtextextended('sealing key', 0));
  insert into core.sealing_keys (id, public_key, version, master_key_id, wrapped_key, created_at, wrapped_at)
  select p_id, p_public_key, 1, p_master_key_id, p_wrapped_key, app.now(), app.now()
  where not exists (select from core.sealing_keys);
end
$$;

ALTER FUNCTION app.put_sealing_key(p_id text, p_public_key bytea, p_master_key_id text, p_wrapped_key bytea) OWNER TO countersign_owner;

CREATE FUNCTION app.read_content(p_content_id uuid, p_actor_user_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  stored core.contents;
begin
  perform core.require_actor(p_actor_user_id, array['auditor']);
  select * into stored from core.contents where tenant_id = app.tenant() and id = p_content_id;
  if not found then return jsonb_build_object('outcome', 'refused', 'code', 'content_not_found'); end if;
  -- An auditor who reviews as well is a reviewer first.
  if stored.kind <> 'input' and exists (select from app.blind_gates(p_actor_user_id, array[stored.run_id])) then
    return jsonb_build_object('outcome', 'refused', 'code', 'view_required');
  end if;
  if core.is_altered(stored) then
    raise exception 'content % is not what was hashed', stored.id using errcode = 'ZC014', detail = stored.id::text;
  end if;
  perform core.emit('content.read', core.actor_kind(), p_actor_user_id, stored.run_id, jsonb_build_object(
    'content_id', stored.id, 'kind', stored.kind, 'content_hash', encode(stored.commitment, 'hex')));
  perform core.note_reidentified(array[stored.id], p_actor_user_id);
  return jsonb_build_object('outcome', 'read', 'kind', stored.kind, 'text', convert_from(stored.bytes, 'UTF8'),
    'salt', encode(stored.salt, 'hex'), 'commitment', encode(stored.commitment, 'hex'));
end
$$;

ALTER FUNCTION app.read_content(p_content_id uuid, p_actor_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.reassign_gate(p_gate_id uuid, p_to uuid, p_reason text, p_lease interval, p_actor_user_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  actor core.members := core.require_actor(p_actor_user_id, array['reviewer', 'senior', 'admin']);
  gate core.gates;
  run core.runs;
  refusal text;
  lease_end timestamptz;
begin
  perform core.check_lease(p_lease, interval '1 day');
  select * into gate from core.gates where tenant_id = app.tenant() and id = p_gate_id for no key update;
  if not found then return jsonb_build_object('outcome', 'refused', 'code', 'gate_not_found'); end if;
  select * into strict run from core.runs where tenant_id = app.tenant() and id = gate.run_id;
  refusal := case when gate.closed_at is not null then 'gate_closed'
    when app.now() > gate.due_at then 'gate_late'
    when core.is_subject(run, p_actor_user_id) then 'subject_of_run'
    when exists (select from core.gate_recusals where tenant_id = app.tenant() and gate_id = gate.id and user_id = p_actor_user_id) then 'recused'
    when not actor.roles && array['senior', 'admin'] and (gate.claimed_by is distinct from p_actor_user_id or gate.claimed_until <= app.now())
      then 'not_the_holder'
    when not core.has_letter_or_digit(p_reason) then 'rationale_empty'
    when coalesce(core.seat_refusal(gate, p_to), core.key_refusal(gate, p_to, null)) is not null then 'assignee_ineligible' end;
  if refusal is not null then
    return core.claim_refused(gate, refusal);
  end if;
  if gate.claimed_by = p_to and gate.claimed_until > app.now() then
    lease_end := greatest(app.now() + p_lease, gate.claimed_until);
    update core.gates set claimed_until = lease_end where tenant_id = app.tenant() and id = p_gate_id;
    return jsonb_build_object('outcome', 'reassigned', 'until', app.utc(lease_end), 'from_user_id', p_to);
  end if;
  return core.hand_over(gate, 'reassigned', p_to, p_actor_user_id, p_reason, p_lease);
end
$$;

ALTER FUNCTION app.reassign_gate(p_gate_id uuid, p_to uuid, p_reason text, p_lease interval, p_actor_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.reauthenticate(p_gate_id uuid, p_secret bytea, p_gate_version integer, p_proposal_hash bytea, p_shown_hash bytea, p_verdict text, p_disposition text, p_reason_code text, p_rationale text, p_rationale_parts jsonb, p_edits text, p_record_type text, p_on_behalf_of uuid, p_key_id text, p_actor_user_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  actor core.members := core.require_actor(p_actor_user_id, array['reviewer', 'senior', 'admin']);
  gate core.gates;
  minutes integer;
  proof core.reauthentications;
begin
  select * into gate from core.gates where tenant_id = app.tenant() and id = p_gate_id;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'gate_not_found');
  end if;
  if gate.closed_at is not null then
    return jsonb_build_object('outcome', 'refused', 'code', 'gate_closed', 'now', core.winner(gate.id));
  end if;
  if actor.kind <> 'person' or p_key_id is distinct from core.presented_key() or octet_length(p_secret) <> 32 then
    return jsonb_build_object('outcome', 'refused', 'code', 'person_required');
  end if;
  select coalesce(gate.reauthenticate_minutes, p.reauthenticate_protected_minutes, 5) into minutes
  from core.ai_policy_controls p where p.tenant_id = app.tenant() order by p.version desc limit 1;
  insert into core.reauthentications (tenant_id, gate_id, actor_user_id, key_id, secret_sha256, statement_sha256, authenticated_at, expires_at)
  select app.tenant(), gate.id, actor.user_id, p_key_id, sha256(p_secret), core.signed_statement(p_secret, core.verdict_words(
    p_gate_version, p_proposal_hash, p_shown_hash, p_verdict, p_disposition, p_reason_code, p_rationale, p_rationale_parts, p_edits, p_record_type,
    p_on_behalf_of)), t.at,
    t.at + make_interval(mins => minutes)
  from (select app.now() as at) t
  returning * into proof;
  return jsonb_build_object('outcome', 'proved', 'proof_id', proof.id, 'expires_at', app.utc(proof.expires_at));
end
$$;

ALTER FUNCTION app.reauthenticate(p_gate_id uuid, p_secret bytea, p_gate_version integer, p_proposal_hash bytea, p_shown_hash bytea, p_verdict text, p_disposition text, p_reason_code text, p_rationale text, p_rationale_parts jsonb, p_edits text, p_record_type text, p_on_behalf_of uuid, p_key_id text, p_actor_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.reconcile_run(p_run_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  -- Locked in one order everywhere: account, run, gates.
  account core.accounts := core.lock_account();
  run core.runs;
  accepted uuid;
  gate core.gates;
  had_gates boolean;
begin
  select * into strict run from core.runs where tenant_id = app.tenant() and id = p_run_id for no key update;
  if run.state = 'closed' then
    return jsonb_build_object('outcome', run.outcome, 'code', run.code);
  end if;
  perform from core.gates where tenant_id = app.tenant() and run_id = p_run_id order by id for no key update;
  for accepted in
    select i.id from core.intents i join core.gates g on g.tenant_id = i.tenant_id and g.id = i.gate_id
    where i.tenant_id = app.tenant() and g.run_id = p_run_id
      and not exists (select from core.intent_outcomes o where o.tenant_id = i.tenant_id and o.intent_id = i.id)
    order by i.stored_at, i.id
  loop
    perform app.apply_intent(accepted);
  end loop;
  for gate in select * from core.gates where tenant_id = app.tenant() and run_id = p_run_id and closed_at is null order by id loop
    perform core.close_gate(gate, case when app.now() > gate.due_at then 'expired' else 'withdrawn' end, null, 'system', null);
  end loop;
  select exists (select from core.gates where tenant_id = app.tenant() and run_id = p_run_id) into had_gates;
  perform core.emit('run.reconciled', 'system', null, p_run_id, jsonb_build_object('step', run.step));
  perform core.page('workflow_lost', 'workflow_lost', p_run_id);
  return app.close_run(p_run_id, case when had_gates or run.advisory is not null then null else 'workflow_lost' end);
end
$$;

ALTER FUNCTION app.reconcile_run(p_run_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.record_draft(p_run_id uuid, p_draft jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  run core.runs;
  policy core.ai_policy_controls;
  type core.record_types;
  item jsonb;
  place integer := 0;
  payload core.contents;
  proposal core.proposals;
  gate core.gates;
  decision core.decisions;
  autonomy text;
  twin uuid;
  call core.ai_runs;
  paused boolean;
  -- Read once: compared with a volatile function the index by time would not be used.
  yesterday timestamptz := app.now() - interval '1 day';
begin
  select * into strict run from core.runs where tenant_id = app.tenant() and id = p_run_id for no key update;
  if run.state = 'closed' then
    return jsonb_build_object('outcome', 'closed', 'gates', '[]'::jsonb);
  end if;
  if run.withdrawn_at is not null then
    return jsonb_build_object('outcome', 'withdrawn', 'gates', '[]'::jsonb);
  end if;
  if run.advisory is not null then
    return core.draft_answer(p_run_id);
  end if;
  select * into strict policy from core.ai_policy_controls where tenant_id = app.tenant() order by version desc limit 1;
  select * into call from core.ai_runs where tenant_id = app.tenant() and id = (p_draft ->> 'ai_run_id')::uuid;
  -- A pause that came while the model thought: what it said is for people, and the system acts on nothing.
  paused := policy.paused or run.purpose = any (policy.paused_purposes) or coalesce(call.vendor = any (policy.paused_vendors), false);
  update core.runs set advisory = p_draft ->> 'advisory' where tenant_id = app.tenant() and id = p_run_id;

  for item in select value from jsonb_array_elements(p_draft -> 'items') loop
    select t.* into type from core.record_types t join core.purpose_record_types p on p.record_type = t.name
    where t.name = item ->> 'record_type' and p.purpose = run.purpose and p.purpose_version = run.purpose_version;
    if not found then
      raise exception 'purpose % may not propose this record type', run.purpose using errcode = 'ZC004';
    end if;
    payload := core.put_content(p_run_id, 'proposal', item ->> 'payload');
    select p.id into twin
    from core.proposals p join core.contents c on c.tenant_id = p.tenant_id and c.id = p.payload_content_id
    where p.tenant_id = app.tenant() and p.record_type = type.name and p.run_id <> p_run_id and p.kind <> 'manual' and p.shown
      and p.created_at > yesterday and c.bytes = payload.bytes
    order by p.created_at desc limit 1;
    insert into core.proposals (tenant_id, run_id, ordinal, kind, record_type, record_class, ai_run_id, payload_content_id, hash,
      confidence_permille, shown, outcome, possible_duplicate_of, created_at)
    values (app.tenant(), p_run_id, place, item ->> 'kind', type.name, type.class,
      case when item ->> 'kind' = 'manual' then null else call.id end, payload.id, payload.commitment,
      (item ->> 'confidence_permille')::integer, (item ->> 'shown')::boolean, case when not (item ->> 'shown')::boolean then 'blocked' end, twin, app.now())
    returning * into proposal;
    place := place + 1;
    if not proposal.shown then
      continue;
    end if;
    if type.class = 'privileging' and proposal.kind <> 'manual' then
      insert into core.privileging_recommendation_log (tenant_id, run_id, proposal_id, ai_run_id, proposal_hash, confidence_permille, at)
      values (app.tenant(), p_run_id, proposal.id, call.id, proposal.hash, coalesce(proposal.confidence_permille, 0), app.now());
    end if;

    autonomy := case when proposal.kind = 'manual' then 'draft'
      else app.effective_autonomy(policy.autonomy_tier, type.class, type.name = any (policy.auto_categories), policy.record_autonomy ->> type.name, paused) end;
    -- What is not complete can't be applied without a person who completes it, nor what is doubtful without one who looks.
    -- The system takes one seat, and no role: where an amount asks more, people decide.
    if autonomy = 'auto' and (proposal.kind <> 'draft'
        or ((policy.seat_rules <> '[]' or type.definition ?| array['seat_rules', 'seat_roles'])
          and (core.seat_terms(type, policy.seat_rules, type.role, convert_from(payload.bytes, 'UTF8')::jsonb)).seats > type.seats)
        or not core.is_complete(type, payload) or coalesce((item ->> 'doubtful')::boolean, false)
        or (policy.require_human_review_for_phi_extraction and exists (
          select from core.purposes p where p.name = run.purpose and p.version = run.purpose_version and p.phi))) then
      autonomy := 'draft';
    end if;
    if proposal.kind = 'draft' and autonomy <> 'suggest' then
      insert into core.assistant_drafts (tenant_id, proposal_id, record_type, status, changed_at)
      values (app.tenant(), proposal.id, type.name, 'pending', app.now());
    elsif proposal.kind = 'recommendation' then
      insert into core.ai_recommendations (tenant_id, proposal_id, status, changed_at)
      values (app.tenant(), proposal.id, case autonomy when 'suggest' then 'advised' else 'pending' end, app.now());
    end if;
    if autonomy = 'suggest' then
      update core.proposals set outcome = 'advised' where tenant_id = app.tenant() and id = proposal.id;
      continue;
    end if;
    gate := core.open_gate(proposal, item, (p_draft ->> 'senior')::boolean, policy);
    -- Who records by hand has said as what; here nobody has yet.
    if proposal.kind = 'manual' and run.by_hand_of is null and run.compensation_act is null then
      perform core.offer_record_types(gate, run.purpose, run.purpose_version);
    end if;
    if autonomy = 'auto' then
      insert into core.decisions (tenant_id, gate_id, run_id, proposal_id, record_class, gate_version, verdict, actor_kind, actor_user_id,
        authority_policy_version, ai_advisory_id, manual, proposal_hash, rationale_rule, self_confirmed, decided_at)
      values (app.tenant(), gate.id, p_run_id, proposal.id, type.class, 1, 'approve', 'system', policy.set_by,
        policy.version, call.id, false, proposal.hash, gate.rationale_rule, false, app.now())
      returning * into decision;
      perform core.close_gate(gate, 'applied', decision.id, 'system', policy.set_by);
      perform core.write_effect(gate, decision);
      if policy.auto_review_permille > 0 then
        perform core.draw_act(decision, proposal.ordinal, policy.auto_review_permille);
      end if;
    else
      insert into core.outbox (tenant_id, topic, run_id, gate_id, created_at) values (app.tenant(), 'gate.opened', p_run_id, gate.id, app.now());
      if not core.has_people(gate) then
        perform core.seek_people(gate.id);
      end if;
    end if;
  end loop;

  -- Sealed before anybody is told: what was advised, by hash.
  perform core.emit('advisory.recorded', 'system', null, p_run_id, jsonb_build_object(
    'advisory', p_draft ->> 'advisory', 'ai_run_id', call.id, 'policy_version', policy.version::text,
    'prompt_hash', encode(call.prompt_hash, 'hex'), 'output_hash', encode(call.output_hash, 'hex'),
    'input_hash', core.commitment_hex(run.input_content_id),
    'proposals', coalesce((select jsonb_agg(jsonb_build_object('proposal_id', p.id, 'kind', p.kind, 'record_type', p.record_type,
        'hash', encode(p.hash, 'hex'), 'shown', p.shown) order by p.ordinal)
      from core.proposals p where p.tenant_id = app.tenant() and p.run_id = p_run_id), '[]')));
  if exists (select from core.gates where tenant_id = app.tenant() and run_id = p_run_id and closed_at is null) then
    update core.runs set state = 'waiting', step = 'await' where tenant_id = app.tenant() and id = p_run_id;
  else
    update core.runs set step = 'settle' where tenant_id = app.tenant() and id = p_run_id;
  end if;
  return core.draft_answer(p_run_id);
end
$$;

ALTER FUNCTION app.record_draft(p_run_id uuid, p_draft jsonb) OWNER TO countersign_owner;

CREATE FUNCTION app.record_evaluation(p_run_id uuid, p_ai_run_id uuid, p_confidence_permille integer, p_evals jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  run core.runs;
begin
  select * into strict run from core.runs where tenant_id = app.tenant() and id = p_run_id for no key update;
  if run.state = 'closed' then
    return jsonb_build_object('outcome', 'closed');
  end if;
  insert into core.ai_evals (tenant_id, run_id, ai_run_id, ordinal, name, version, verdict, severity, reason, at)
  select app.tenant(), p_run_id, p_ai_run_id, e.ordinal, e.name, e.version, e.verdict, e.severity, e.reason, app.now()
  from jsonb_to_recordset(p_evals) as e (ordinal integer, name text, version integer, verdict text, severity text, reason text)
  on conflict do nothing;
  if run.step in ('invoke', 'evaluate') then
    update core.runs set step = 'draft', confidence_permille = p_confidence_permille where tenant_id = app.tenant() and id = p_run_id;
  end if;
  return jsonb_build_object('outcome', 'recorded');
end
$$;

ALTER FUNCTION app.record_evaluation(p_run_id uuid, p_ai_run_id uuid, p_confidence_permille integer, p_evals jsonb) OWNER TO countersign_owner;

CREATE FUNCTION app.record_view(p_gate_id uuid, p_opinion text, p_disposition text, p_note text, p_actor_user_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  gate core.gates;
  refusal text;
  content core.contents;
  new_id uuid := app.new_id();
begin
  perform core.require_actor(p_actor_user_id, array['reviewer', 'senior', 'admin']);
  select * into gate from core.gates where tenant_id = app.tenant() and id = p_gate_id for no key update;
  if not found then return jsonb_build_object('outcome', 'refused', 'code', 'gate_not_found'); end if;
  refusal := case
    when gate.closed_at is not null then 'gate_closed'
    when app.now() > gate.due_at then 'gate_late'
    when not gate.blind_first then 'view_not_asked'
    when exists (select from core.gate_views where tenant_id = app.tenant() and gate_id = gate.id and user_id = p_actor_user_id) then 'view_recorded'
    -- Whoever can't sit here at all is asked for no view; a role may still come to whoever lacks it.
    when core.seat_refusal(gate, p_actor_user_id) in ('person_required', 'subject_of_run', 'recused', 'requester_holds_no_seat')
      then core.seat_refusal(gate, p_actor_user_id)
    when not coalesce(core.has_letter_or_digit(p_note), false) then 'rationale_empty'
    when p_opinion = 'approve' and cardinality(gate.dispositions) > 0 and not coalesce(p_disposition = any (gate.dispositions), false)
      then 'disposition_required'
    when (p_opinion <> 'approve' or cardinality(gate.dispositions) = 0) and p_disposition is not null then 'disposition_not_asked'
  end;
  if refusal is not null then
    return jsonb_build_object('outcome', 'refused', 'code', refusal);
  end if;
  content := core.put_content(gate.run_id, 'comment', jsonb_build_object('opinion', p_opinion, 'disposition', p_disposition, 'note', p_note)::text);
  insert into core.gate_views (tenant_id, id, gate_id, user_id, gate_version, opinion, disposition, view_content_id, at)
  values (app.tenant(), new_id, gate.id, p_actor_user_id, gate.version, p_opinion, p_disposition, content.id, app.now());
  perform core.emit('gate.viewed', core.actor_kind(), p_actor_user_id, gate.run_id, jsonb_build_object(
    'view_id', new_id, 'gate_id', gate.id, 'gate_version', gate.version::text, 'proposal_hash', encode(gate.proposal_hash, 'hex'),
    'view_hash', encode(content.commitment, 'hex')));
  return jsonb_build_object('outcome', 'recorded', 'id', new_id);
end
$$;

ALTER FUNCTION app.record_view(p_gate_id uuid, p_opinion text, p_disposition text, p_note text, p_actor_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.recuse(p_gate_id uuid, p_actor_user_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  gate core.gates;
begin
  perform core.require_actor(p_actor_user_id, array['reviewer', 'senior', 'admin']);
  select * into gate from core.gates where tenant_id = app.tenant() and id = p_gate_id for no key update;
  if not found then return jsonb_build_object('outcome', 'refused', 'code', 'gate_not_found'); end if;
  if gate.closed_at is not null then return jsonb_build_object('outcome', 'refused', 'code', 'gate_closed', 'now', core.winner(gate.id)); end if;
  insert into core.gate_recusals (tenant_id, gate_id, user_id, at) values (app.tenant(), p_gate_id, p_actor_user_id, app.now()) on conflict do nothing;
  if found then
    update core.gates set claimed_by = null, claimed_until = null
    where tenant_id = app.tenant() and id = p_gate_id and claimed_by = p_actor_user_id;
    perform core.seek_people(p_gate_id);
    perform core.emit('gate.recused', core.actor_kind(), p_actor_user_id, gate.run_id, jsonb_build_object('gate_id', p_gate_id));
  end if;
  return jsonb_build_object('outcome', 'recused');
end
$$;

ALTER FUNCTION app.recuse(p_gate_id uuid, p_actor_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.register_knowledge(p_items jsonb, p_daily_budget_nano_usd bigint) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  item record;
  known core.documents;
  gone uuid;
  reason core.contents;
  added integer := 0;
  removed integer := 0;
  unchanged integer := 0;
begin
  if app.tenant() is distinct from '__global__' then
    raise exception 'the shared knowledge is registered in __global__' using errcode = 'ZC003';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('knowledge', 0));
  insert into core.accounts (tenant_id, balance_credits, ledger_seq, day, held_nano_usd, spent_nano_usd)
  values (app.tenant(), 0, 0, (app.now() at time zone 'UTC')::date, 0, 0) on conflict do nothing;
  insert into core.tenant_secrets (tenant_id, call_key_secret)
  values (app.tenant(), sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))) on conflict do nothing;
  if not exists (select from core.ai_policy_controls where tenant_id = app.tenant()) then
    reason := core.put_content(null, 'reason', 'What embedding the shared knowledge may cost a day.');
    insert into core.ai_policy_controls (tenant_id, version, autonomy_tier, auto_categories, record_autonomy,
      require_human_review_for_phi_extraction, block_ai_committee_response_drafts, require_advisor_for_low_confidence,
      daily_token_budget_nano_usd, paused, paused_purposes, paused_vendors, reason_content_id, set_at)
    values (app.tenant(), 1, 'suggest', '{}', '{}', true, true, true, p_daily_budget_nano_usd, false, '{}', '{}', reason.id, app.now());
  end if;

  for item in select * from jsonb_to_recordset(p_items) as i (name text, title text, publisher text, address text, text text) loop
    select * into known from core.documents
    where tenant_id = app.tenant() and request_key = item.name and state <> 'deleted' for no key update;
    if found and exists (
        select from core.document_contents c
        where c.tenant_id = app.tenant() and c.document_id = known.id and c.bytes = convert_to(item.text, 'UTF8')
          and (c.title, c.publisher, c.address) is not distinct from (item.title, item.publisher, item.address)) then
      unchanged := unchanged + 1;
      continue;
    end if;
    if known.id is not null then
      perform core.drop_document(known.id);
      removed := removed + 1;
    end if;
    perform core.put_document('document', 'text/plain', item.title, convert_to(item.text, 'UTF8'), null, item.name, null, item.publisher, item.address);
    added := added + 1;
  end loop;
  for gone in
    select d.id from core.documents d
    where d.tenant_id = app.tenant() and d.state <> 'deleted'
      and d.request_key not in (select i.name from jsonb_to_recordset(p_items) as i (name text)) for no key update
  loop
    perform core.drop_document(gone);
    removed := removed + 1;
  end loop;
  return jsonb_build_object('added', added, 'removed', removed, 'unchanged', unchanged);
end
$$;

ALTER FUNCTION app.register_knowledge(p_items jsonb, p_daily_budget_nano_usd bigint) OWNER TO countersign_owner;

CREATE FUNCTION app.register_purpose(p_purpose jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  known bytea;
begin
  select content_hash into known from core.purposes where name = p_purpose ->> 'name' and version = (p_purpose ->> 'version')::integer;
  if found then
    return case when known = decode(p_purpose ->> 'content_hash', 'hex') then jsonb_build_object('outcome', 'unchanged')
      else jsonb_build_object('outcome', 'refused', 'code', 'purpose_version_changed') end;
  end if;
  insert into core.purposes (name, version, content_hash, definition, vendor, model, region, advisor_vendor, advisor_model, advisor_region,
    max_input_tokens, max_output_tokens, price_primary, price_advisor, confidence_threshold_permille, phi, manual_record_type, registered_at)
  values (p_purpose ->> 'name', (p_purpose ->> 'version')::integer, decode(p_purpose ->> 'content_hash', 'hex'), p_purpose -> 'definition',
    p_purpose ->> 'vendor', p_purpose ->> 'model', p_purpose ->> 'region',
    p_purpose ->> 'advisor_vendor', p_purpose ->> 'advisor_model', p_purpose ->> 'advisor_region',
    (p_purpose ->> 'max_input_tokens')::bigint, (p_purpose ->> 'max_output_tokens')::bigint,
    (p_purpose ->> 'price_primary')::bigint, (p_purpose ->> 'price_advisor')::bigint,
    (p_purpose ->> 'confidence_threshold_permille')::integer, (p_purpose ->> 'phi')::boolean, p_purpose ->> 'manual_record_type', app.now());
  insert into core.purpose_record_types (purpose, purpose_version, record_type)
  select p_purpose ->> 'name', (p_purpose ->> 'version')::integer, jsonb_array_elements_text(p_purpose -> 'record_types');
  return jsonb_build_object('outcome', 'registered');
end
$$;

ALTER FUNCTION app.register_purpose(p_purpose jsonb) OWNER TO countersign_owner;

CREATE FUNCTION app.register_record_type(p_type jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  known core.record_types;
begin
  select * into known from core.record_types where name = p_type ->> 'name';
  if found and known.content_hash = decode(p_type ->> 'content_hash', 'hex') then
    return jsonb_build_object('outcome', 'unchanged');
  end if;
  if found and (known.class, known.kind, known.effect) is distinct from (p_type ->> 'class', p_type ->> 'kind', p_type ->> 'effect') then
    return jsonb_build_object('outcome', 'refused', 'code', 'record_type_changed');
  end if;
  insert into core.record_types as t (name, class, kind, effect, required_fields, role, seats, separation, rationale_rule, reason_codes, dispositions,
    definition, content_hash)
  values (p_type ->> 'name', p_type ->> 'class', p_type ->> 'kind', p_type ->> 'effect',
    array(select jsonb_array_elements_text(p_type -> 'required_fields')), p_type ->> 'role', (p_type ->> 'seats')::integer, p_type ->> 'separation',
    p_type ->> 'rationale_rule', array(select jsonb_array_elements_text(p_type -> 'reason_codes')),
    array(select jsonb_array_elements_text(p_type -> 'dispositions')), p_type -> 'definition', decode(p_type ->> 'content_hash', 'hex'))
  on conflict (name) do update set required_fields = excluded.required_fields, role = excluded.role, seats = excluded.seats,
    separation = excluded.separation, rationale_rule = excluded.rationale_rule, reason_codes = excluded.reason_codes,
    dispositions = excluded.dispositions, definition = excluded.definition, content_hash = excluded.content_hash;
  return jsonb_build_object('outcome', 'registered');
end
$$;

ALTER FUNCTION app.register_record_type(p_type jsonb) OWNER TO countersign_owner;

CREATE FUNCTION app.release_gate(p_gate_id uuid, p_actor_user_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
begin
  perform core.require_actor(p_actor_user_id, null);
  update core.gates set claimed_by = null, claimed_until = null
  where tenant_id = app.tenant() and id = p_gate_id and claimed_by = p_actor_user_id and claimed_until > app.now();
  return jsonb_build_object('outcome', case when found then 'released' else 'not_held' end);
end
$$;

ALTER FUNCTION app.release_gate(p_gate_id uuid, p_actor_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.renew_claim(p_gate_id uuid, p_actor_user_id uuid, p_lease interval) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  gate core.gates;
  refusal text;
  lease_end timestamptz;
begin
  perform core.require_actor(p_actor_user_id, null);
  perform core.check_lease(p_lease, interval '1 hour');
  select * into gate from core.gates where tenant_id = app.tenant() and id = p_gate_id for no key update;
  if not found then return jsonb_build_object('outcome', 'refused', 'code', 'gate_not_found'); end if;
  refusal := case when gate.closed_at is not null then 'gate_closed'
    when app.now() > gate.due_at then 'gate_late'
    when gate.claimed_by is distinct from p_actor_user_id or gate.claimed_until <= app.now() then 'claim_lost' end;
  refusal := coalesce(refusal, core.seat_refusal(gate, p_actor_user_id), core.key_refusal(gate, p_actor_user_id, core.presented_key()));
  if refusal is not null then
    return core.claim_refused(gate, refusal);
  end if;
  lease_end := greatest(app.now() + p_lease, gate.claimed_until);
  update core.gates set claimed_until = lease_end where tenant_id = app.tenant() and id = p_gate_id;
  return jsonb_build_object('outcome', 'renewed', 'until', app.utc(lease_end));
end
$$;

ALTER FUNCTION app.renew_claim(p_gate_id uuid, p_actor_user_id uuid, p_lease interval) OWNER TO countersign_owner;

CREATE FUNCTION app.replay_deliveries(p_webhook_id uuid, p_delivery_id uuid, p_from timestamp with time zone, p_until timestamp with time zone, p_actor_user_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  messages_max constant integer := 1000;
  endpoint core.webhook_endpoints;
  delivery core.webhook_deliveries;
  messages integer := 0;
begin
  perform core.require_actor(p_actor_user_id, array['admin']);
  select * into endpoint from core.webhook_endpoints where tenant_id = app.tenant() and id = p_webhook_id and state <> 'deleted' for no key update;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'webhook_not_found');
  end if;
  if endpoint.state <> 'active' then
    return jsonb_build_object('outcome', 'refused', 'code', 'webhook_disabled');
  end if;
  if p_delivery_id is not null and not exists (
      select from core.webhook_deliveries where tenant_id = app.tenant() and id = p_delivery_id and endpoint_id = p_webhook_id) then
    return jsonb_build_object('outcome', 'refused', 'code', 'delivery_not_found');
  end if;
  for delivery in
    select * from core.webhook_deliveries
    where tenant_id = app.tenant() and endpoint_id = p_webhook_id
      and case when p_delivery_id is null then state = 'failed' and created_at >= p_from and created_at < p_until else id = p_delivery_id end
    order by created_at, id limit messages_max for no key update
  loop
    -- One that waits for its turn is sent now, and its schedule stays where it is.
    update core.webhook_deliveries set state = 'pending', code = null, round = round + case when state = 'pending' then 0 else 1 end,
      next_at = app.now(), changed_at = app.now()
    where tenant_id = app.tenant() and id = delivery.id;
    perform core.queue_delivery(delivery.id);
    messages := messages + 1;
  end loop;
  if messages > 0 then
    perform core.emit('webhook.replayed', core.actor_kind(), core.actor(), null, jsonb_build_object(
      'webhook_id', p_webhook_id, 'delivery_id', p_delivery_id, 'messages', messages::text, 'from', app.utc(p_from), 'until', app.utc(p_until)));
  end if;
  return jsonb_build_object('outcome', 'queued', 'messages', messages);
end
$$;

ALTER FUNCTION app.replay_deliveries(p_webhook_id uuid, p_delivery_id uuid, p_from timestamp with time zone, p_until timestamp with time zone, p_actor_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.reread_documents(p_model text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  one uuid;
  count bigint := 0;
begin
  for one in
    select d.id from core.documents d
    where d.tenant_id = app.tenant() and d.state = 'ready' and exists (
      select from core.passages p where p.tenant_id = d.tenant_id and p.document_id = d.id
        and not exists (select from core.embeddings e where e.tenant_id = p.tenant_id and e.id = p.id and e.model = p_model))
    for no key update of d
  loop
    update core.documents set state = 'pending', changed_at = app.now() where tenant_id = app.tenant() and id = one;
    insert into core.worklist (kind, tenant_id, ref_id, due_at) values ('document', app.tenant(), one, app.now()) on conflict do nothing;
    count := count + 1;
  end loop;
  return count;
end
$$;

ALTER FUNCTION app.reread_documents(p_model text) OWNER TO countersign_owner;

CREATE FUNCTION app.reserve(p_run_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  held_credits constant bigint := 1;
  account core.accounts := core.lock_account();
  run core.runs;
  purpose core.purposes;
  policy core.ai_policy_controls;
  refusal text;
  violation boolean := false;
begin
  select * into run from core.runs where tenant_id = app.tenant() and id = p_run_id for no key update;
  if not found then
    raise exception 'no such run' using errcode = 'ZC010';
  end if;
  if run.state <> 'accepted' then
    -- Also the tombstone: a run that was released or withdrawn before its late reserve is closed.
    return jsonb_build_object('outcome', case when run.reserved_credits > 0 then 'reserved'
        when coalesce(run.by_hand_of, run.compensates_record_id) is not null and run.state <> 'closed' then 'by_hand' else 'refused' end,
      'code', run.code, 'closed', run.state = 'closed');
  end if;
  if run.withdrawn_at is not null then
    -- Taken back before anything was held: whoever asked is told to end it.
    return jsonb_build_object('outcome', 'refused', 'code', 'run_withdrawn', 'closed', false);
  end if;
  select * into strict purpose from core.purposes where name = run.purpose and version = run.purpose_version;
  select * into policy from core.ai_policy_controls where tenant_id = app.tenant() order by version desc limit 1;

  if not exists (select from core.members where tenant_id = app.tenant() and user_id = run.requested_by and active
      and roles && array['requester', 'reviewer', 'senior', 'admin']) then
    refusal := 'member_not_allowed';
  elsif coalesce(run.by_hand_of, run.compensates_record_id) is not null then
    update core.runs set state = 'running', step = 'draft' where tenant_id = app.tenant() and id = p_run_id;
    return jsonb_build_object('outcome', 'by_hand', 'code', null, 'closed', false);
  else
    refusal := core.call_refusal(run.purpose, purpose.phi, purpose.vendor, purpose.model, purpose.region);
  end if;
  violation := refusal is not null;
  if refusal is null and account.held_nano_usd + account.spent_nano_usd
      + core.call_worst_case(core.price_now(purpose.vendor, purpose.model, purpose.region), purpose.max_input_tokens, purpose.max_output_tokens)
      > policy.daily_token_budget_nano_usd then
    refusal := 'budget_exhausted';
  end if;
  if refusal is null and account.balance_credits < held_credits then
    refusal := 'credits_exhausted';
  end if;

  if refusal is not null then
    if violation then
      perform core.emit('policy_violation', 'system', null, p_run_id, jsonb_build_object(
        'code', refusal, 'purpose', run.purpose, 'vendor', purpose.vendor, 'model', purpose.model, 'region', purpose.region));
    end if;
    update core.runs set state = 'closed', outcome = 'refused', code = refusal, closed_at = app.now()
    where tenant_id = app.tenant() and id = p_run_id;
    delete from core.worklist where kind = 'run' and tenant_id = app.tenant() and ref_id = p_run_id;
    perform core.page(core.refusal_cause(refusal, run.purpose, purpose.vendor, purpose.model, purpose.region), refusal, p_run_id);
    return jsonb_build_object('outcome', 'refused', 'code', refusal, 'closed', true);
  end if;

  update core.runs set state = 'running', step = 'scrub', reserved_credits = held_credits
  where tenant_id = app.tenant() and id = p_run_id;
  perform core.write_leg('reserve', p_run_id, -held_credits, null, null, null, null, null);
  return jsonb_build_object('outcome', 'reserved', 'code', null, 'closed', false);
end
$$;

ALTER FUNCTION app.reserve(p_run_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.reterm_run(p_run_id uuid) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  gate core.gates;
  changed integer := 0;
begin
  -- The run first, then its gates, as deciding does.
  perform from core.runs where tenant_id = app.tenant() and id = p_run_id for no key update;
  for gate in
    select * from core.gates where tenant_id = app.tenant() and run_id = p_run_id and closed_at is null order by id for no key update
  loop
    changed := changed + ((core.gate_retermed(gate)).version - gate.version);
  end loop;
  return changed;
end
$$;

ALTER FUNCTION app.reterm_run(p_run_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.retime_gate(p_gate_id uuid, p_policy_version integer, p_due_at timestamp with time zone, p_instants jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
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

ALTER FUNCTION app.retime_gate(p_gate_id uuid, p_policy_version integer, p_due_at timestamp with time zone, p_instants jsonb) OWNER TO countersign_owner;

CREATE FUNCTION app.review_act(p_decision_id uuid, p_verdict text, p_reason_code text, p_reason text, p_actor_user_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  sample core.act_samples;
  gate core.gates;
  earlier core.act_reviews;
  reason core.contents;
  refusal text;
begin
  perform core.require_actor(p_actor_user_id, array['reviewer', 'senior', 'admin']);
  select * into sample from core.act_samples where tenant_id = app.tenant() and decision_id = p_decision_id;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'review_not_found');
  end if;
  -- Two who review at once wait for one another here; the second is told of the first.
  select * into strict gate from core.gates where tenant_id = app.tenant() and id = sample.gate_id for no key update;
  select * into earlier from core.act_reviews where tenant_id = app.tenant() and decision_id = p_decision_id;
  refusal := case when earlier.decision_id is not null then 'review_closed' end;
  -- The seat is the system's, under the authority of whoever set the policy: on a farm of one person nobody else is there to look.
  refusal := coalesce(refusal, nullif(core.seat_refusal(gate, p_actor_user_id), 'seat_taken'), case
    when p_reason is not null and not core.has_letter_or_digit(p_reason) then 'rationale_empty'
    when p_reason is null and p_reason_code is null then 'rationale_required'
    when not coalesce(p_reason_code = any (gate.reason_codes), true) then 'reason_code_unknown'
  end);
  if refusal is not null then
    return jsonb_build_object('outcome', 'refused', 'code', refusal, 'now', case when earlier.decision_id is null then '{}'::jsonb
      else jsonb_build_object('verdict', earlier.verdict, 'actor_user_id', earlier.actor_user_id, 'at', app.utc(earlier.reviewed_at)) end);
  end if;
  if p_reason is not null then
    reason := core.put_content(gate.run_id, 'rationale', p_reason);
  end if;
  insert into core.act_reviews (tenant_id, decision_id, verdict, reason_code, reason_content_id, actor_user_id, key_id, reviewed_at)
  values (app.tenant(), p_decision_id, p_verdict, p_reason_code, reason.id, p_actor_user_id, core.presented_key(), app.now());
  return jsonb_build_object('outcome', 'reviewed');
end
$$;

ALTER FUNCTION app.review_act(p_decision_id uuid, p_verdict text, p_reason_code text, p_reason text, p_actor_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.reviewer_agreement(p_floors integer[], p_purpose text, p_vendor text, p_model text, p_from timestamp with time zone, p_until timestamp with time zone) RETURNS TABLE(purpose text, vendor text, model text, floor_permille integer, agreed bigint, edited bigint, rejected bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select g.purpose, g.vendor, g.model, p_floors[width_bucket(g.confidence_permille, p_floors)] as floor_permille,
    count(*) filter (where g.review = 'agreed'), count(*) filter (where g.review = 'edited'), count(*) filter (where g.review = 'rejected')
  from core.reviewed_gates(coalesce(p_from, '-infinity'), coalesce(p_until, 'infinity')) g
  where (p_purpose is null or g.purpose = p_purpose) and (p_vendor is null or g.vendor = p_vendor) and (p_model is null or g.model = p_model)
  group by 1, 2, 3, 4 order by 1, 2, 3, 4
$$;

ALTER FUNCTION app.reviewer_agreement(p_floors integer[], p_purpose text, p_vendor text, p_model text, p_from timestamp with time zone, p_until timestamp with time zone) OWNER TO countersign_owner;

CREATE FUNCTION app.reviewer_statistics(p_from timestamp with time zone, p_until timestamp with time zone, p_purpose text, p_user_id uuid, p_quick_seconds integer, p_sure_permille integer) RETURNS TABLE(user_id uuid, purpose text, decisions bigint, approvals bigint, rejections bigint, escalations bigint, edits bigint, agreed bigint, overrides bigint, sure_overrides bigint, self_confirmed bigint, quick bigint, median_seconds integer, p90_seconds integer, held bigint, held_median_seconds integer, held_p90_seconds integer, seat_pairs bigint, seat_pairs_agreed bigint, first_views bigint, first_views_changed bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select d.user_id, d.purpose, count(*),
    count(*) filter (where d.verdict = 'approve'), count(*) filter (where d.verdict = 'reject'), count(*) filter (where d.verdict = 'escalate'),
    count(*) filter (where d.edited), count(*) filter (where d.model = 'agreed'), count(*) filter (where d.model = 'overridden'),
    count(*) filter (where d.model = 'overridden' and d.confidence_permille >= p_sure_permille),
    count(*) filter (where d.self_confirmed),
    count(*) filter (where d.verdict = 'approve' and coalesce(d.held_seconds, d.opened_seconds) < p_quick_seconds),
    round(percentile_cont(0.5) within group (order by d.opened_seconds))::integer, round(percentile_cont(0.9) within group (order by d.opened_seconds))::integer,
    count(d.held_seconds),
    round(percentile_cont(0.5) within group (order by d.held_seconds))::integer, round(percentile_cont(0.9) within group (order by d.held_seconds))::integer,
    coalesce(sum(o.pairs), 0)::bigint, coalesce(sum(o.agreed), 0)::bigint,
    count(d.first_view), count(*) filter (where d.first_view <> d.verdict)
  from core.reviewer_decisions(p_from, p_until) d
    left join lateral (
      select count(*) as pairs, count(*) filter (where s.verdict = d.verdict and s.disposition is not distinct from d.disposition) as agreed
      from core.decisions s
      where d.verdict in ('approve', 'reject') and s.tenant_id = app.tenant() and s.gate_id = d.gate_id and s.gate_version = d.gate_version
        and s.actor_user_id <> d.user_id and s.verdict in ('approve', 'reject') and s.actor_kind = 'human') o on true
  where (p_purpose is null or d.purpose = p_purpose) and (p_user_id is null or d.user_id = p_user_id)
  group by d.user_id, d.purpose order by d.user_id, d.purpose
$$;

ALTER FUNCTION app.reviewer_statistics(p_from timestamp with time zone, p_until timestamp with time zone, p_purpose text, p_user_id uuid, p_quick_seconds integer, p_sure_permille integer) OWNER TO countersign_owner;

CREATE FUNCTION app.revoke_delegation(p_id uuid, p_actor_user_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  actor core.members;
  delegation core.delegations;
  pending record;
begin
  actor := core.require_actor(p_actor_user_id, array['reviewer', 'senior', 'admin']);
  -- Locked before anything else: a verdict that is being stored under it is there afterwards, or refused.
  select * into delegation from core.delegations where tenant_id = app.tenant() and id = p_id for no key update;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'delegation_not_found');
  elsif p_actor_user_id not in (delegation.delegator_user_id, delegation.delegate_user_id) and not 'admin' = any (actor.roles) then
    return jsonb_build_object('outcome', 'refused', 'code', 'not_allowed');
  elsif delegation.revoked_at is not null or delegation.until_at <= app.now() then
    return jsonb_build_object('outcome', 'refused', 'code', 'delegation_ended');
  end if;
  for pending in
    select i.id, i.gate_id, g.run_id from core.intents i join core.gates g on g.tenant_id = i.tenant_id and g.id = i.gate_id
    where i.tenant_id = app.tenant() and i.delegation_id = p_id
      and not exists (select from core.intent_outcomes o where o.tenant_id = i.tenant_id and o.intent_id = i.id)
    order by g.run_id, g.id, i.id
  loop
    -- In the order of deciding.
    perform from core.runs where tenant_id = app.tenant() and id = pending.run_id for no key update;
    perform from core.gates where tenant_id = app.tenant() and id = pending.gate_id for no key update;
    if not exists (select from core.intent_outcomes where tenant_id = app.tenant() and intent_id = pending.id) then
      perform core.answer_intent(pending.id, 'taken_back', null, null);
    end if;
  end loop;
  update core.delegations set revoked_at = app.now(), revoked_by = p_actor_user_id where tenant_id = app.tenant() and id = p_id;
  perform core.emit('delegation.revoked', core.actor_kind(), p_actor_user_id, null, jsonb_build_object(
    'delegation_id', p_id, 'delegator_user_id', delegation.delegator_user_id, 'delegate_user_id', delegation.delegate_user_id));
  return jsonb_build_object('outcome', 'revoked');
end
$$;

ALTER FUNCTION app.revoke_delegation(p_id uuid, p_actor_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.revoke_key(p_id text, p_actor_user_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  key core.api_keys;
begin
  perform core.require_actor(p_actor_user_id, array['admin', 'platform_admin']);
  -- Locked before anything else: a verdict that is being stored under it is there afterwards, or refused.
  select * into key from core.api_keys where tenant_id = app.tenant() and id = p_id and revoked_at is null for no key update;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'key_not_found');
  end if;
  perform core.take_back(key.user_id, key.id, null);
  -- Read after every gate was locked: what was applied under the key was applied earlier.
  update core.api_keys set revoked_at = app.now() where tenant_id = app.tenant() and id = p_id;
  return jsonb_build_object('outcome', 'revoked');
end
$$;

ALTER FUNCTION app.revoke_key(p_id text, p_actor_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.rewrap_data_keys(p_master_key_id text, p_keys jsonb) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  rewrapped integer;
begin
  with given as (
    select run_id, version, decode(wrapped_key, 'hex') as wrapped_key
    from jsonb_to_recordset(p_keys) as k (run_id uuid, version integer, wrapped_key text)),
  renewed as (
    update core.data_keys d set version = d.version + 1, master_key_id = p_master_key_id, wrapped_key = g.wrapped_key, wrapped_at = app.now()
    from given g where d.tenant_id = app.tenant() and d.run_id = g.run_id and d.version = g.version
    returning 1),
  taken_out as (
    insert into core.data_keys (tenant_id, run_id, version, master_key_id, wrapped_key, wrapped_at)
    select app.tenant(), g.run_id, 1, p_master_key_id, g.wrapped_key, app.now() from given g where g.version = 0
    on conflict do nothing
    returning 1)
  select (select count(*) from renewed) + (select count(*) from taken_out) into rewrapped;
  if rewrapped > 0 then
    perform core.emit('vault.rewrapped', 'system', null, null, jsonb_build_object(
      'master_key_id', p_master_key_id, 'data_keys', rewrapped::text));
  end if;
  return rewrapped;
end
$$;

ALTER FUNCTION app.rewrap_data_keys(p_master_key_id text, p_keys jsonb) OWNER TO countersign_owner;

CREATE FUNCTION app.rewrap_sealing_key(p_id text, p_version integer, p_master_key_id text, p_wrapped_key bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
begin
  update core.sealing_keys set version = version + 1, master_key_id = p_master_key_id, wrapped_key = p_wrapped_key, wrapped_at = app.now()
  where id = p_id and version = p_version;
  return found;
end
$$;

ALTER FUNCTION app.rewrap_sealing_key(p_id text, p_version integer, p_master_key_id text, p_wrapped_key bytea) OWNER TO countersign_owner;

CREATE FUNCTION app.rotate_webhook_secret(p_id uuid, p_ordinal integer, p_sealing_key_id text, p_sealed_secret bytea, p_overlap interval, p_actor_user_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  endpoint core.webhook_endpoints;
  newest integer;
begin
  perform core.require_actor(p_actor_user_id, array['admin']);
  select * into endpoint from core.webhook_endpoints where tenant_id = app.tenant() and id = p_id and state <> 'deleted' for no key update;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'webhook_not_found');
  end if;
  select max(ordinal) into newest from core.webhook_secrets where tenant_id = app.tenant() and endpoint_id = p_id;
  -- The secret is sealed for its place, and somebody else has taken that.
  if p_ordinal <> newest + 1 then
    return jsonb_build_object('outcome', 'refused', 'code', 'version_stale');
  end if;
  update core.webhook_secrets set expires_at = case when ordinal = newest then app.now() + p_overlap else least(expires_at, app.now()) end
  where tenant_id = app.tenant() and endpoint_id = p_id and (expires_at is null or expires_at > app.now());
  insert into core.webhook_secrets (tenant_id, endpoint_id, ordinal, sealing_key_id, sealed_secret, created_at)
  values (app.tenant(), p_id, p_ordinal, p_sealing_key_id, p_sealed_secret, app.now());
  perform core.note_webhook(endpoint, 'rotated');
  return jsonb_build_object('outcome', 'rotated');
end
$$;

ALTER FUNCTION app.rotate_webhook_secret(p_id uuid, p_ordinal integer, p_sealing_key_id text, p_sealed_secret bytea, p_overlap interval, p_actor_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.sealing_keys() RETURNS TABLE(id text, version integer, master_key_id text, wrapped_key bytea)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select k.id, k.version, k.master_key_id, k.wrapped_key from core.sealing_keys k order by k.created_at, k.id
$$;

ALTER FUNCTION app.sealing_keys() OWNER TO countersign_owner;

CREATE FUNCTION app.seek_people(p_run_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  looked integer := 0;
  gate core.gates;
begin
  perform from core.runs where tenant_id = app.tenant() and id = p_run_id for no key update;
  for gate in
    select * from core.gates where tenant_id = app.tenant() and run_id = p_run_id and closed_at is null order by id for no key update
  loop
    if core.has_people(gate) = (gate.unseatable_at is not null) then
      perform core.seek_people(gate.id);
      looked := looked + 1;
    end if;
  end loop;
  return jsonb_build_object('looked', looked);
end
$$;

ALTER FUNCTION app.seek_people(p_run_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.set_mail_channel(p_is_on boolean) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  one text;
begin
  insert into core.channels as c (name, is_on, changed_at) values ('mail', p_is_on, app.now())
  on conflict (name) do update set is_on = excluded.is_on, changed_at = excluded.changed_at where c.is_on <> excluded.is_on;
  if not found then
    return false;
  end if;
  for one in select d.tenant_id from core.tenant_directory d order by d.tenant_id loop
    perform set_config('app.tenant', one, true);
    perform core.note_told();
  end loop;
  perform set_config('app.tenant', '', true);
  return true;
end
$$;

ALTER FUNCTION app.set_mail_channel(p_is_on boolean) OWNER TO countersign_owner;

CREATE FUNCTION app.set_mail_preference(p_preference text, p_actor_user_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
begin
  perform core.require_actor(p_actor_user_id, null);
  insert into core.mail_preferences (tenant_id, user_id, preference, changed_at)
  values (app.tenant(), p_actor_user_id, p_preference, app.now())
  on conflict (tenant_id, user_id) do update set preference = excluded.preference, changed_at = excluded.changed_at;
  perform core.note_told();
  return jsonb_build_object('outcome', 'saved');
end
$$;

ALTER FUNCTION app.set_mail_preference(p_preference text, p_actor_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.set_member(p_user_id uuid, p_display_name text, p_kind text, p_roles text[], p_active boolean, p_actor_user_id uuid, p_email text DEFAULT NULL::text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  known core.members;
  policy jsonb;
begin
  -- Changes of members wait for one another, so that two can't both take the last admin away.
  perform pg_advisory_xact_lock(hashtextextended('members ' || app.tenant(), 0));
  if exists (select from core.members where tenant_id = app.tenant()) then
    perform core.require_actor(p_actor_user_id, array['admin', 'platform_admin']);
  else
    perform core.require_actor(p_actor_user_id, array['platform_admin'], '__platform__');
  end if;
  if 'platform_admin' = any (p_roles) and app.tenant() <> '__platform__' then
    return jsonb_build_object('outcome', 'refused', 'code', 'role_of_platform');
  end if;
  if not ('admin' = any (p_roles) and p_active)
      and exists (select from core.members where tenant_id = app.tenant() and user_id = p_user_id and active and 'admin' = any (roles))
      and not exists (select from core.members where tenant_id = app.tenant() and user_id <> p_user_id and active and 'admin' = any (roles)) then
    return jsonb_build_object('outcome', 'refused', 'code', 'last_admin');
  end if;
  if exists (select from core.members where tenant_id = app.tenant() and user_id <> p_user_id and lower(email) = lower(p_email)) then
    return jsonb_build_object('outcome', 'refused', 'code', 'email_taken');
  end if;
  -- Nobody saves a policy meanwhile that was asked of the members as they are.
  perform pg_advisory_xact_lock(hashtextextended('policy ' || app.tenant(), 0));
  select to_jsonb(p) into policy from core.ai_policy_controls p where p.tenant_id = app.tenant() order by version desc limit 1;
  if not (policy ->> 'paused')::boolean and core.is_satisfiable(policy)
      and exists (select from core.members where tenant_id = app.tenant() and user_id = p_user_id and kind = 'person')
      and not core.is_satisfiable(policy, p_user_id, case when p_active then p_roles else '{}' end) then
    return jsonb_build_object('outcome', 'refused', 'code', 'policy_unsatisfiable');
  end if;
  -- Locked before anything else: a verdict that is being stored is there afterwards, or refused.
  select * into known from core.members where tenant_id = app.tenant() and user_id = p_user_id for no key update;
  if found and known.active and known.kind = 'person' then
    perform core.take_back(p_user_id, null, case when p_active then p_roles else '{}' end);
  end if;
  -- Gates that asked for a role which comes or goes: whether they have people is looked at before the turn of their runs.
  if known.roles is distinct from p_roles or known.active is distinct from p_active then
    update core.worklist w set due_at = least(w.due_at, app.now())
    from core.gates g
    where g.tenant_id = app.tenant() and g.closed_at is null and g.roles && (coalesce(known.roles, '{}') || p_roles)
      and w.kind = 'run' and w.tenant_id = g.tenant_id and w.ref_id = g.run_id;
  end if;
  insert into core.members (tenant_id, user_id, display_name, kind, roles, active, email, created_at)
  values (app.tenant(), p_user_id, p_display_name, p_kind, p_roles, p_active, nullif(p_email, ''), app.now())
  on conflict (tenant_id, user_id) do update set display_name = excluded.display_name, roles = excluded.roles, active = excluded.active,
    email = case when p_email is null then core.members.email else excluded.email end;
  if p_email is not null or known.email is not null then
    perform core.note_told();
  end if;
  return jsonb_build_object('outcome', 'saved', 'user_id', p_user_id);
end
$$;

ALTER FUNCTION app.set_member(p_user_id uuid, p_display_name text, p_kind text, p_roles text[], p_active boolean, p_actor_user_id uuid, p_email text) OWNER TO countersign_owner;

CREATE FUNCTION app.set_policy(p_policy jsonb, p_expected_version integer, p_actor_user_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
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

ALTER FUNCTION app.set_policy(p_policy jsonb, p_expected_version integer, p_actor_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.set_price(p_vendor text, p_model text, p_region text, p_price jsonb, p_actor_user_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  starts timestamptz := coalesce((p_price ->> 'valid_from')::timestamptz, app.now());
begin
  if app.tenant() is distinct from '__platform__' then
    raise exception 'prices are the platform''s' using errcode = 'ZC003';
  end if;
  perform core.require_actor(p_actor_user_id, array['platform_admin']);
  if starts < app.now() - interval '1 minute' then
    return jsonb_build_object('outcome', 'refused', 'code', 'price_in_past');
  end if;
  insert into core.ai_prices (vendor, model, region, valid_from, valid_until, input_nano_usd_per_token, output_nano_usd_per_token,
    cache_read_nano_usd_per_token, cache_write_nano_usd_per_token, set_by, set_at)
  values (p_vendor, p_model, p_region, starts, (p_price ->> 'valid_until')::timestamptz,
    (p_price ->> 'input_nano_usd_per_token')::bigint, (p_price ->> 'output_nano_usd_per_token')::bigint,
    (p_price ->> 'cache_read_nano_usd_per_token')::bigint, (p_price ->> 'cache_write_nano_usd_per_token')::bigint, p_actor_user_id, app.now())
  on conflict do nothing;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'version_stale');
  end if;
  return jsonb_build_object('outcome', 'saved', 'valid_from', app.utc(starts));
end
$$;

ALTER FUNCTION app.set_price(p_vendor text, p_model text, p_region text, p_price jsonb, p_actor_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.set_subject_member(p_subject_id text, p_user_id uuid, p_actor_user_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
begin
  perform core.require_actor(p_actor_user_id, array['admin']);
  perform pg_advisory_xact_lock(hashtextextended('subject ' || app.tenant() || ' ' || p_subject_id, 0));
  if p_user_id is not null and not exists (
      select from core.members where tenant_id = app.tenant() and user_id = p_user_id and kind = 'person') then
    return jsonb_build_object('outcome', 'refused', 'code', 'subject_unknown');
  end if;
  if core.subject_member(p_subject_id) = p_actor_user_id and p_user_id is distinct from p_actor_user_id then
    return jsonb_build_object('outcome', 'refused', 'code', 'subject_is_you');
  end if;
  perform core.put_subject_member(p_subject_id, p_user_id, p_actor_user_id, null);
  return jsonb_build_object('outcome', 'saved');
end
$$;

ALTER FUNCTION app.set_subject_member(p_subject_id text, p_user_id uuid, p_actor_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.set_vendor(p_vendor text, p_model text, p_region text, p_entry jsonb, p_expected_version integer, p_actor_user_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  present integer;
begin
  if app.tenant() is distinct from '__platform__' then
    raise exception 'the vendor matrix is the platform''s' using errcode = 'ZC003';
  end if;
  perform core.require_actor(p_actor_user_id, array['platform_admin']);
  perform pg_advisory_xact_lock(hashtextextended('vendor ' || p_vendor || ' ' || p_model || ' ' || p_region, 0));
  select coalesce(max(version), 0) into present from core.ai_vendor_baa_matrix where vendor = p_vendor and model = p_model and region = p_region;
  if present <> p_expected_version then
    return jsonb_build_object('outcome', 'refused', 'code', 'version_stale', 'version', present);
  end if;
  insert into core.ai_vendor_baa_matrix (vendor, model, region, version, listed, baa_active, baa_expires_at, baa_sha256, zdr_active,
    retention_mode, leaves_perimeter, notes, set_by, set_at)
  values (p_vendor, p_model, p_region, present + 1, (p_entry ->> 'listed')::boolean, (p_entry ->> 'baa_active')::boolean,
    (p_entry ->> 'baa_expires_at')::timestamptz, decode(p_entry ->> 'baa_sha256', 'hex'), (p_entry ->> 'zdr_active')::boolean,
    p_entry ->> 'retention_mode', (p_entry ->> 'leaves_perimeter')::boolean, p_entry ->> 'notes', p_actor_user_id, app.now());
  return jsonb_build_object('outcome', 'saved', 'version', present + 1);
end
$$;

ALTER FUNCTION app.set_vendor(p_vendor text, p_model text, p_region text, p_entry jsonb, p_expected_version integer, p_actor_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.settle_run(p_run_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  account core.accounts := core.lock_account();
  run core.runs;
begin
  perform core.settle(p_run_id);
  update core.runs set step = 'audit' where tenant_id = app.tenant() and id = p_run_id and state <> 'closed' and step <> 'audit';
  select * into strict run from core.runs where tenant_id = app.tenant() and id = p_run_id;
  return jsonb_build_object('outcome', case when run.reserved_credits = 0 then 'nothing_held' else 'settled' end,
    'reserved', run.reserved_credits::text, 'actual', run.actual_credits::text,
    'deducted', run.deducted_credits::text, 'shortfall', run.shortfall_credits::text);
end
$$;

ALTER FUNCTION app.settle_run(p_run_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.shift_clock(p_shift interval) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  update core.clock set shift = p_shift
$$;

ALTER FUNCTION app.shift_clock(p_shift interval) OWNER TO countersign_owner;

CREATE FUNCTION app.shown_hash(p_gate_id uuid, p_user_id uuid) RETURNS bytea
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select core.shown_hash(p_gate_id, p_user_id)
$$;

ALTER FUNCTION app.shown_hash(p_gate_id uuid, p_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.similar_passages(p_embedding text, p_model text, p_limit integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'core', 'app', 'public', 'pg_temp'
    AS $_$
declare
  owner text;
  near jsonb := '[]';
  found jsonb;
begin
  foreach owner in array array[app.tenant(), '__global__'] loop
    execute format(
      'select coalesce(jsonb_agg(to_jsonb(n)), ''[]'') from (
         select e.tenant_id, e.id, e.source_type, e.embedding <=> $1 as distance from core.embeddings e
         where e.tenant_id = %L and e.model = %L order by e.embedding <=> $1 limit $2) n', owner, p_model)
    into found using p_embedding::vector, p_limit;
    near := near || found;
  end loop;
  return coalesce((
    select jsonb_agg(jsonb_build_object('id', n.id, 'source_type', n.source_type, 'text', p.text) order by n.distance, n.id)
    from (
      select * from jsonb_to_recordset(near) as r (tenant_id text, id uuid, source_type text, distance float8)
      order by distance, id limit p_limit) n
      join core.passages p on p.tenant_id = n.tenant_id and p.id = n.id), '[]');
end
$_$;

ALTER FUNCTION app.similar_passages(p_embedding text, p_model text, p_limit integer) OWNER TO countersign_owner;

CREATE FUNCTION app.stale_data_keys(p_master_key_id text, p_after uuid, p_limit integer) RETURNS TABLE(run_id uuid, version integer, master_key_id text, wrapped_key bytea, sealed_value bytea)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select s.run_id, s.version, s.master_key_id, s.wrapped_key, s.sealed_value
  from (
    (select d.run_id, d.version, d.master_key_id, d.wrapped_key, null::bytea as sealed_value
     from core.data_keys d
     where d.tenant_id = app.tenant() and d.master_key_id <> p_master_key_id and d.run_id > p_after
     order by d.run_id limit p_limit)
    union all
    (select distinct on (t.run_id) t.run_id, 0, null, null, t.sealed_value
     from core.scrub_tokens t
     where t.tenant_id = app.tenant() and t.run_id > p_after
       and not exists (select from core.data_keys d where d.tenant_id = t.tenant_id and d.run_id = t.run_id)
     order by t.run_id limit p_limit)) s
  order by s.run_id limit p_limit
$$;

ALTER FUNCTION app.stale_data_keys(p_master_key_id text, p_after uuid, p_limit integer) OWNER TO countersign_owner;

CREATE FUNCTION app.steal_claim(p_gate_id uuid, p_from uuid, p_reason text, p_lease interval, p_actor_user_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  gate core.gates;
  refusal text;
begin
  perform core.require_actor(p_actor_user_id, null);
  perform core.check_lease(p_lease, interval '1 hour');
  select * into gate from core.gates where tenant_id = app.tenant() and id = p_gate_id for no key update;
  if not found then return jsonb_build_object('outcome', 'refused', 'code', 'gate_not_found'); end if;
  refusal := case when gate.closed_at is not null then 'gate_closed'
    when app.now() > gate.due_at then 'gate_late'
    when not core.has_letter_or_digit(p_reason) then 'rationale_empty'
    when gate.claimed_by is null or gate.claimed_until <= app.now() or gate.claimed_by = p_actor_user_id then 'gate_not_claimed'
    when gate.claimed_by is distinct from p_from then 'gate_claimed' end;
  refusal := coalesce(refusal, core.seat_refusal(gate, p_actor_user_id), core.key_refusal(gate, p_actor_user_id, core.presented_key()));
  if refusal is not null then
    return core.claim_refused(gate, refusal);
  end if;
  return core.hand_over(gate, 'stolen', p_actor_user_id, p_actor_user_id, p_reason, p_lease);
end
$$;

ALTER FUNCTION app.steal_claim(p_gate_id uuid, p_from uuid, p_reason text, p_lease interval, p_actor_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.store_intent(p_gate_id uuid, p_gate_version integer, p_proposal_hash bytea, p_shown_hash bytea, p_verdict text, p_disposition text, p_reason_code text, p_rationale text, p_edits text, p_actor_user_id uuid, p_key_id text, p_authenticated_at timestamp with time zone, p_record_type text DEFAULT NULL::text, p_on_behalf_of uuid DEFAULT NULL::uuid, p_rationale_parts jsonb DEFAULT NULL::jsonb, p_proof_id uuid DEFAULT NULL::uuid, p_proof_secret bytea DEFAULT NULL::bytea) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
declare
  gate core.gates;
  proposal core.proposals;
  run core.runs;
  type core.record_types;
  key core.api_keys;
  delegation core.delegations;
  refusal text;
  changed text[];
  offered text[];
  chosen text;
  rationale core.contents;
  edits core.contents;
  final core.contents;
  intent uuid;
  earlier uuid;
  stored_at timestamptz;
  reason jsonb;
begin
  -- Human is proved, not claimed: a person's own live key, presented, and how that person signed in. Member and key stay as
  -- they are until this commits: who changes or revokes them waits, and then takes this verdict back.
  perform from core.members where tenant_id = app.tenant() and user_id = p_actor_user_id for share;
  select * into key from core.api_keys k
  where k.tenant_id = app.tenant() and k.id = p_key_id and k.user_id = p_actor_user_id and k.revoked_at is null and core.is_proved(k)
  for share;
  if p_on_behalf_of is not null then
    -- As a key: whoever revokes one waits, and then takes this verdict back.
    perform from core.delegations where tenant_id = app.tenant() and delegator_user_id = p_on_behalf_of and delegate_user_id = p_actor_user_id
      and revoked_at is null order by id for share;
  end if;
  select * into gate from core.gates where tenant_id = app.tenant() and id = p_gate_id for no key update;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'gate_not_found');
  end if;
  -- What the tenant's policy has made of it since is what is decided about, also where no sweep has come by yet.
  gate := core.gate_retermed(gate);
  -- One instant, read after the lock, is compared with the deadline and stored: no verdict is accepted and then late.
  stored_at := app.now();
  select * into strict proposal from core.proposals where tenant_id = app.tenant() and id = gate.proposal_id;
  select * into strict run from core.runs where tenant_id = app.tenant() and id = gate.run_id;
  -- Under the gate's lock: what is applied meanwhile waits, so that the verdict is about what this person was shown.
  changed := core.view_changes(gate, p_actor_user_id, p_gate_version, p_proposal_hash, p_shown_hash);
  offered := array(select record_type from core.gate_record_types where tenant_id = app.tenant() and gate_id = gate.id);
  chosen := coalesce(p_record_type, case when p_verdict = 'approve' and cardinality(offered) = 1 then offered[1] end);

  refusal := case
    when gate.closed_at is not null then 'gate_closed'
    when stored_at > gate.due_at then 'gate_late'
    when key.id is null or key.expires_at <= stored_at or key.auth_method = 'service' then 'person_required'
    when p_gate_version is distinct from gate.version then 'gate_changed'
    when p_proposal_hash is distinct from gate.proposal_hash then 'proposal_changed'
  end;
  if p_on_behalf_of is not null then
    delegation := core.delegation_of(gate, p_actor_user_id, p_on_behalf_of, stored_at);
    refusal := coalesce(refusal, case when delegation.id is null then 'delegation_missing' end);
  end if;
  refusal := coalesce(refusal, core.verdict_refusal(gate, p_actor_user_id, p_key_id, delegation));
  refusal := coalesce(refusal, case
    when cardinality(changed) > 0 then 'gate_changed'
    when p_rationale is not null and not core.has_letter_or_digit(p_rationale) then 'rationale_empty'
    when gate.rationale_rule = 'text' and coalesce(p_rationale, p_rationale_parts::text) is null then 'rationale_required'
    when coalesce(p_rationale, p_rationale_parts::text, p_reason_code) is null then 'rationale_required'
    when p_reason_code is not null and not p_reason_code = any (gate.reason_codes) then 'reason_code_unknown'
    when p_verdict = 'escalate' and core.next_role(gate) is null then 'no_higher_role'
    when p_verdict = 'approve' and cardinality(gate.dispositions) > 0 and not coalesce(p_disposition = any (gate.dispositions), false)
      then 'disposition_required'
    when (p_verdict <> 'approve' or cardinality(gate.dispositions) = 0) and p_disposition is not null then 'disposition_not_asked'
    when p_record_type is not null and (p_verdict <> 'approve' or not p_record_type = any (offered)) then 'record_type_not_offered'
    when p_verdict = 'approve' and cardinality(offered) > 0 and chosen is null then 'record_type_required'
    -- What a correction proposes stands already; what is undone is undone as it was written.
    when p_edits is not null and (p_verdict <> 'approve' or (gate.seats > 1 and (not gate.manual or run.compensation_act is not null)
        -- Several seats because of an amount may edit it, each in the same way; seats of a committee may not.
        and (select t.seats from core.record_types t where t.name = proposal.record_type) > 1)
      or run.compensation_act = 'undo') then 'edits_not_allowed'
    when p_verdict = 'approve' and gate.manual and p_edits is null and run.compensation_act is null then 'edits_required'
    when p_verdict = 'approve' and core.is_compensated(run.compensates_record_id) then 'record_compensated'
  end);
  if refusal is null and coalesce(p_rationale, p_rationale_parts::text) is not null then
    reason := core.compose_rationale(gate, p_disposition, p_rationale, p_rationale_parts);
    refusal := reason ->> 'code';
  end if;
  if refusal is null and p_verdict = 'approve' then
    select * into strict type from core.record_types where name = coalesce(chosen, proposal.record_type);
    -- Every seat writes one and the same record, of one type.
    if exists (select from core.decisions where tenant_id = app.tenant() and gate_id = gate.id and gate_version = gate.version
        and verdict = 'approve' and record_type is distinct from chosen) then
      refusal := 'record_type_differs';
    end if;
    if p_edits is null then
      select * into strict final from core.contents where tenant_id = app.tenant() and id = proposal.payload_content_id;
    else
      final.bytes := convert_to(p_edits, 'UTF8');
    end if;
    if refusal is null and not core.is_complete(type, final) then
      refusal := 'record_incomplete';
    end if;
    if refusal is null and not core.is_about_subject(run, type, final) then
      refusal := 'subject_differs';
    end if;
    -- Two seats that grant different things have granted nothing.
    if refusal is null and exists (select from core.decisions where tenant_id = app.tenant() and gate_id = gate.id and gate_version = gate.version
        and verdict = 'approve' and disposition is distinct from p_disposition) then
      refusal := 'disposition_differs';
    end if;
    -- The second seat approves the very record that the first one wrote, or left as it was proposed.
    if refusal is null and exists (select from core.decisions d left join core.contents c on c.tenant_id = d.tenant_id and c.id = d.edits_content_id
        where d.tenant_id = app.tenant() and d.gate_id = gate.id and d.gate_version = gate.version and d.verdict = 'approve'
          and c.bytes is distinct from case when p_edits is not null then final.bytes end) then
      refusal := 'edits_differ';
    end if;
    -- What a person writes may ask more than what was proposed, or than the type that the gate opened with.
    if refusal is null and p_edits is not null and core.raise_seats(gate, type, final) then
      perform core.seek_people(gate.id);
      return jsonb_build_object('outcome', 'raised', 'code', 'seats_raised', 'now', core.winner(gate.id), 'changed', '["seats"]'::jsonb);
    end if;
  end if;
  -- Last, so that what is refused otherwise uses no proof.
  refusal := coalesce(refusal, core.proof_refusal(gate, p_actor_user_id, p_key_id, p_proof_id, p_proof_secret, core.verdict_words(p_gate_version,
    p_proposal_hash, p_shown_hash, p_verdict, p_disposition, p_reason_code, p_rationale, p_rationale_parts, p_edits, p_record_type, p_on_behalf_of),
    stored_at));
  if refusal is not null then
    return jsonb_build_object('outcome', 'refused', 'code', refusal, 'now', core.winner(gate.id)
      || coalesce(jsonb_build_object('rationale_parts', nullif(reason -> 'missing', '[]')), '{}')
      || jsonb_build_object('shown_hash', encode(core.shown_hash(gate.id, p_actor_user_id), 'hex')), 'changed',
      case when refusal = 'gate_changed' then to_jsonb(changed) else '[]' end);
  end if;

  if reason ->> 'text' is not null then
    rationale := core.put_content(gate.run_id, 'rationale', reason ->> 'text');
  end if;
  if p_edits is not null then
    edits := core.put_content(gate.run_id, 'edit', p_edits);
  end if;
  insert into core.intents (tenant_id, gate_id, gate_version, proposal_hash, shown_hash, verdict, disposition, reason_code,
    rationale_content_id, edits_content_id, record_type, actor_user_id, on_behalf_of, delegation_id,
    key_id, auth_method, authenticated_at, reauthentication_id, stored_at)
  values (app.tenant(), gate.id, p_gate_version, p_proposal_hash, p_shown_hash, p_verdict, p_disposition, p_reason_code,
    rationale.id, edits.id, chosen, p_actor_user_id, p_on_behalf_of, delegation.id, p_key_id, key.auth_method,
    coalesce((select r.authenticated_at from core.reauthentications r where r.tenant_id = app.tenant() and r.id = p_proof_id), p_authenticated_at), p_proof_id, stored_at)
  returning id into intent;
  for earlier in
    select i.id from core.intents i
    where i.tenant_id = app.tenant() and i.gate_id = gate.id and i.actor_user_id = p_actor_user_id and i.id <> intent
      and not exists (select from core.intent_outcomes o where o.tenant_id = i.tenant_id and o.intent_id = i.id)
  loop
    perform core.answer_intent(earlier, 'superseded', null, null);
  end loop;
  insert into core.worklist (kind, tenant_id, ref_id, due_at) values ('intent', app.tenant(), intent, app.now() + interval '5 seconds');
  return jsonb_build_object('outcome', 'stored', 'intent_id', intent, 'run_id', gate.run_id);
end
$$;

ALTER FUNCTION app.store_intent(p_gate_id uuid, p_gate_version integer, p_proposal_hash bytea, p_shown_hash bytea, p_verdict text, p_disposition text, p_reason_code text, p_rationale text, p_edits text, p_actor_user_id uuid, p_key_id text, p_authenticated_at timestamp with time zone, p_record_type text, p_on_behalf_of uuid, p_rationale_parts jsonb, p_proof_id uuid, p_proof_secret bytea) OWNER TO countersign_owner;

CREATE FUNCTION app.store_intents(p_key text, p_request text, p_items jsonb, p_verdict text, p_reason_code text, p_rationale text, p_key_id text, p_authenticated_at timestamp with time zone, p_actor_user_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  known core.bulk_verdicts;
  unfit jsonb;
  one record;
  stored jsonb;
  answers jsonb := '[]';
  fresh_salt bytea := sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
begin
  perform core.require_actor(p_actor_user_id, array['reviewer', 'senior', 'admin']);
  if coalesce(jsonb_array_length(p_items), 0) not between 1 and 100 then
    raise exception 'one to a hundred gates are decided at once' using errcode = 'ZC004';
  end if;
  perform pg_advisory_xact_lock(hashtextextended(app.tenant() || ' decisions ' || p_key, 0));
  select * into known from core.bulk_verdicts where tenant_id = app.tenant() and key = p_key;
  if found then
    if known.user_id <> p_actor_user_id or known.request_commitment <> sha256(known.request_salt || convert_to(p_request, 'UTF8')) then
      return jsonb_build_object('outcome', 'refused', 'code', 'key_reused');
    end if;
    return jsonb_build_object('outcome', 'replayed', 'items', known.items);
  end if;
  -- Member and key before gates, and gates in the order of their ids, as whoever locks several of them does.
  perform from core.members where tenant_id = app.tenant() and user_id = p_actor_user_id for share;
  perform from core.api_keys where tenant_id = app.tenant() and id = p_key_id for share;
  perform from core.gates where tenant_id = app.tenant() and id in (select (item ->> 'gate_id')::uuid from jsonb_array_elements(p_items) item)
  order by id for no key update;
  unfit := core.unfit_together(p_items);
  if jsonb_array_length(unfit) > 0 then
    return jsonb_build_object('outcome', 'refused', 'code', 'not_decided_together', 'items', unfit);
  end if;

  for one in
    select i.item ->> 'gate_id' as gate_id, (i.item ->> 'gate_version')::integer as gate_version,
      decode(i.item ->> 'proposal_hash', 'hex') as proposal_hash, decode(i.item ->> 'shown_hash', 'hex') as shown_hash
    from jsonb_array_elements(p_items) with ordinality as i (item, place) order by i.place
  loop
    stored := app.store_intent(p_gate_id => one.gate_id::uuid, p_gate_version => one.gate_version, p_proposal_hash => one.proposal_hash,
      p_shown_hash => one.shown_hash, p_verdict => p_verdict, p_disposition => null, p_reason_code => p_reason_code, p_rationale => p_rationale,
      p_edits => null, p_actor_user_id => p_actor_user_id, p_key_id => p_key_id, p_authenticated_at => p_authenticated_at);
    answers := answers || jsonb_build_object('gate_id', one.gate_id, 'run_id', stored -> 'run_id', 'intent_id', stored -> 'intent_id',
      'code', stored -> 'code', 'now', stored -> 'now', 'changed', coalesce(stored -> 'changed', '[]'));
  end loop;
  insert into core.bulk_verdicts (tenant_id, key, user_id, request_salt, request_commitment, items, at)
  values (app.tenant(), p_key, p_actor_user_id, fresh_salt, sha256(fresh_salt || convert_to(p_request, 'UTF8')), answers, app.now());
  return jsonb_build_object('outcome', 'stored', 'items', answers);
end
$$;

ALTER FUNCTION app.store_intents(p_key text, p_request text, p_items jsonb, p_verdict text, p_reason_code text, p_rationale text, p_key_id text, p_authenticated_at timestamp with time zone, p_actor_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.store_passages(p_document_id uuid, p_reading jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  document core.documents;
begin
  select * into document from core.documents where tenant_id = app.tenant() and id = p_document_id for no key update;
  if not found or document.state <> 'pending' then
    return jsonb_build_object('outcome', 'closed');
  end if;
  if document.passages is not null then
    return jsonb_build_object('outcome', 'kept');
  end if;
  insert into core.passages (tenant_id, document_id, ordinal, page, start_at, end_at, text)
  select app.tenant(), p_document_id, p.place - 1, (p.passage ->> 'page')::integer, (p.passage ->> 'start')::integer,
    (p.passage ->> 'end')::integer, p.passage ->> 'text'
  from jsonb_array_elements(p_reading -> 'passages') with ordinality as p (passage, place);
  update core.documents set pages = (p_reading ->> 'pages')::integer, characters = (p_reading ->> 'characters')::bigint,
    passages = jsonb_array_length(p_reading -> 'passages'), changed_at = app.now()
  where tenant_id = app.tenant() and id = p_document_id;
  return jsonb_build_object('outcome', 'stored');
end
$$;

ALTER FUNCTION app.store_passages(p_document_id uuid, p_reading jsonb) OWNER TO countersign_owner;

CREATE FUNCTION app.store_prompt(p_run_id uuid, p_scrubbed jsonb) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  run core.runs;
  prompt core.contents;
  told record;
begin
  select * into strict run from core.runs where tenant_id = app.tenant() and id = p_run_id for no key update;
  if run.state = 'closed' then
    return jsonb_build_object('outcome', 'closed');
  end if;
  if run.prompt_content_id is not null then
    return jsonb_build_object('outcome', 'kept');
  end if;
  prompt := core.put_content(p_run_id, 'prompt', p_scrubbed ->> 'prompt');
  insert into core.scrub_tokens (tenant_id, run_id, token, kind, sealed_value)
  select app.tenant(), p_run_id, t.token, t.kind, decode(t.sealed_value, 'hex')
  from jsonb_to_recordset(p_scrubbed -> 'tokens') as t (token text, kind text, sealed_value text);
  insert into core.data_keys (tenant_id, run_id, version, master_key_id, wrapped_key, wrapped_at)
  select app.tenant(), p_run_id, 1, p_scrubbed -> 'data_key' ->> 'master_key_id', decode(p_scrubbed -> 'data_key' ->> 'wrapped_key', 'hex'), app.now()
  where jsonb_array_length(p_scrubbed -> 'tokens') > 0 and p_scrubbed ? 'data_key';
  insert into core.run_passages (tenant_id, run_id, ordinal, passage_id)
  select app.tenant(), p_run_id, p.place - 1, p.id::uuid
  from jsonb_array_elements_text(coalesce(p_scrubbed -> 'passages', '[]')) with ordinality as p (id, place);
  for told in
    select t.kind, array_agg(t.value) as values from jsonb_to_recordset(coalesce(p_scrubbed -> 'told', '[]')) as t (kind text, value text)
    group by t.kind order by t.kind
  loop
    perform core.note_known(told.kind, told.values, p_run_id);
  end loop;
  update core.runs set step = 'invoke', prompt_content_id = prompt.id,
    prompt_call_key = decode(p_scrubbed ->> 'primary_call_key', 'hex'), advisor_call_key = decode(p_scrubbed ->> 'advisor_call_key', 'hex')
  where tenant_id = app.tenant() and id = p_run_id;
  return jsonb_build_object('outcome', 'stored');
end
$$;

ALTER FUNCTION app.store_prompt(p_run_id uuid, p_scrubbed jsonb) OWNER TO countersign_owner;

CREATE FUNCTION app.store_receipt(p_id uuid, p_source text, p_subject_id text, p_body text, p_fetched_at timestamp with time zone, p_valid_until timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  body core.contents;
begin
  if exists (select from core.source_receipts where tenant_id = app.tenant() and id = p_id) then
    return jsonb_build_object('outcome', 'exists', 'receipt_id', p_id);
  end if;
  body := core.put_content(null, 'receipt', p_body);
  insert into core.source_receipts (tenant_id, id, source, subject_id, content_id, content_hash, fetched_at, valid_until)
  values (app.tenant(), p_id, p_source, p_subject_id, body.id, body.commitment, p_fetched_at, p_valid_until);
  return jsonb_build_object('outcome', 'stored', 'receipt_id', p_id);
end
$$;

ALTER FUNCTION app.store_receipt(p_id uuid, p_source text, p_subject_id text, p_body text, p_fetched_at timestamp with time zone, p_valid_until timestamp with time zone) OWNER TO countersign_owner;

CREATE FUNCTION app.tenant() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN NULLIF(current_setting('app.tenant'::text, true), ''::text);

ALTER FUNCTION app.tenant() OWNER TO countersign_owner;

CREATE FUNCTION app.tenant_ids() RETURNS TABLE(tenant_id text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select d.tenant_id from core.tenant_directory d order by d.tenant_id
$$;

ALTER FUNCTION app.tenant_ids() OWNER TO countersign_owner;

CREATE FUNCTION app.tenant_of_key(p_key_id text) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select tenant_id from core.key_directory where key_id = p_key_id
$$;

ALTER FUNCTION app.tenant_of_key(p_key_id text) OWNER TO countersign_owner;

CREATE FUNCTION app.tick_gate(p_gate_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  gate core.gates;
  instant core.gate_instants;
  in_time uuid;
begin
  -- The run first, then its gate, as deciding does.
  perform from core.runs r join core.gates g on g.tenant_id = r.tenant_id and g.run_id = r.id
  where g.tenant_id = app.tenant() and g.id = p_gate_id for no key update of r;
  select * into strict gate from core.gates where tenant_id = app.tenant() and id = p_gate_id for no key update;
  if gate.closed_at is not null then
    return core.gate_answer(p_gate_id);
  end if;
  for instant in
    select * from core.gate_instants where tenant_id = app.tenant() and gate_id = p_gate_id and fired_at is null and superseded_at is null and at <= app.now() order by ordinal
  loop
    update core.gate_instants set fired_at = app.now() where tenant_id = app.tenant() and gate_id = p_gate_id and ordinal = instant.ordinal;
    if instant.kind = 'escalation' then
      -- The next role is added; nobody's verdict is void because a clock ticked.
      update core.gates set escalation_level = escalation_level + 1,
        roles = case when instant.role = any (roles) then roles else roles || instant.role end,
        added_roles = case when instant.role = any (added_roles) then added_roles else added_roles || instant.role end
      where tenant_id = app.tenant() and id = p_gate_id;
    end if;
    perform core.emit(case instant.kind when 'reminder' then 'gate.reminded' else 'gate.escalated' end, 'system', null, gate.run_id,
      jsonb_build_object('gate_id', gate.id, 'gate_version', gate.version::text, 'role', instant.role));
    insert into core.outbox (tenant_id, topic, run_id, gate_id, created_at)
    values (app.tenant(), case instant.kind when 'reminder' then 'gate.reminded' else 'gate.escalated' end, gate.run_id, gate.id, app.now());
  end loop;

  if app.now() > gate.due_at then
    for in_time in
      select i.id from core.intents i
      where i.tenant_id = app.tenant() and i.gate_id = p_gate_id and i.stored_at <= gate.due_at
        and not exists (select from core.intent_outcomes o where o.tenant_id = i.tenant_id and o.intent_id = i.id)
      order by i.stored_at, i.id
    loop
      perform app.apply_intent(in_time);
    end loop;
    select * into strict gate from core.gates where tenant_id = app.tenant() and id = p_gate_id;
    if gate.closed_at is null then
      perform core.close_gate(gate, 'expired', null, 'system', null);
      perform core.after_gate(gate.run_id);
    end if;
  end if;
  return core.gate_answer(p_gate_id);
end
$$;

ALTER FUNCTION app.tick_gate(p_gate_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.timing_of_run(p_run_id uuid) RETURNS jsonb
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  update core.worklist w set due_at = greatest(w.due_at, least(app.now() + interval '5 minutes', (
    select min(core.gate_wake_at(g)) + interval '61 seconds' from core.gates g
    where g.tenant_id = app.tenant() and g.run_id = p_run_id and g.closed_at is null)))
  where w.kind = 'run' and w.tenant_id = app.tenant() and w.ref_id = p_run_id;
  select jsonb_build_object(
    'is_late', coalesce(bool_or(core.gate_wake_at(g) < app.now() - interval '1 minute'), false),
    'policy_version', present.version, 'working_calendar', present.working_calendar,
    'time_zone', (select t.time_zone from core.tenants t where t.id = app.tenant()),
    'stale', coalesce(jsonb_agg(jsonb_build_object('gate_id', g.id, 'opened_at', app.utc(g.opened_at), 'timing', g.timing,
      'record_type', p.record_type) order by g.opened_at, g.id)
      filter (where g.id is not null and earlier.working_calendar is distinct from present.working_calendar), '[]'))
  from (select version, working_calendar from core.ai_policy_controls
      where tenant_id = app.tenant() order by version desc limit 1) present
    left join core.gates g on g.tenant_id = app.tenant() and g.run_id = p_run_id and g.closed_at is null
    left join core.proposals p on p.tenant_id = g.tenant_id and p.id = g.proposal_id
    left join core.ai_policy_controls earlier on earlier.tenant_id = g.tenant_id and earlier.version = g.timed_by_policy_version
  group by present.version, present.working_calendar
$$;

ALTER FUNCTION app.timing_of_run(p_run_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.uncounted_tenants() RETURNS TABLE(tenant_id text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select d.tenant_id from core.tenant_directory d
  where d.tenant_id not like '\_\_%' and d.agreement_counted_until is distinct from ((app.now() - interval '1 hour') at time zone 'UTC')::date
  order by d.tenant_id
$$;

ALTER FUNCTION app.uncounted_tenants() OWNER TO countersign_owner;

CREATE FUNCTION app.utc(p_at timestamp with time zone) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN to_char((p_at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'::text);

ALTER FUNCTION app.utc(p_at timestamp with time zone) OWNER TO countersign_owner;

CREATE FUNCTION app.verify_trust_record(p_id uuid, p_receipt_id uuid, p_verified_until timestamp with time zone) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
begin
  update core.worker_trust_records set tier = greatest(tier, 4), source_receipt_id = p_receipt_id,
    last_verified_at = app.now(), verified_until = p_verified_until, changed_at = app.now()
  where tenant_id = app.tenant() and id = p_id and retracted_by_decision_id is null;
  return jsonb_build_object('outcome', case when found then 'verified' else 'refused' end, 'code', case when not found then 'trust_record_not_found' end);
end
$$;

ALTER FUNCTION app.verify_trust_record(p_id uuid, p_receipt_id uuid, p_verified_until timestamp with time zone) OWNER TO countersign_owner;

CREATE FUNCTION app.warn_of_agreements() RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  ending record;
  warned integer := 0;
begin
  if app.tenant() is distinct from '__platform__' then
    raise exception 'the vendor matrix is the platform''s' using errcode = 'ZC003';
  end if;
  for ending in
    select v.vendor, v.model, v.region, v.baa_expires_at, min(s.days) as days
    from (select distinct on (vendor, model, region) * from core.ai_vendor_baa_matrix order by vendor, model, region, version desc) v
      cross join unnest(array[30, 7, 1, 0]) as s (days)
    where v.listed and v.baa_active and v.leaves_perimeter and v.baa_expires_at - make_interval(days => s.days) <= app.now()
    group by v.vendor, v.model, v.region, v.baa_expires_at
  loop
    insert into core.agreement_warnings (vendor, model, region, baa_expires_at, days_before, warned_at)
    values (ending.vendor, ending.model, ending.region, ending.baa_expires_at, ending.days, app.now()) on conflict do nothing;
    if found then
      warned := warned + 1;
      perform core.page(
        case when ending.days = 0 then 'agreement_expired' else 'agreement_expiring' end || ' ' || ending.vendor || ' ' || ending.model
          || ' ' || ending.region || case when ending.days = 0 then '' else ' ' || ending.days || 'd' end,
        case when ending.days = 0 then 'agreement_expired' else 'agreement_expiring' end, null);
    end if;
  end loop;
  return jsonb_build_object('warned', warned);
end
$$;

ALTER FUNCTION app.warn_of_agreements() OWNER TO countersign_owner;

CREATE FUNCTION app.withdraw_run(p_run_id uuid, p_actor_user_id uuid) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  run core.runs;
  actor core.members := core.require_actor(p_actor_user_id, array['requester', 'reviewer', 'senior', 'admin']);
  gate core.gates;
  decided boolean;
begin
  select * into run from core.runs where tenant_id = app.tenant() and id = p_run_id for no key update;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'run_not_found');
  end if;
  if run.requested_by <> actor.user_id and not 'admin' = any (actor.roles) then
    raise exception 'the run is somebody else''s' using errcode = 'ZC012';
  end if;
  -- The run first, then its gates, as deciding does; a draft that was just being written is seen by now.
  perform from core.gates where tenant_id = app.tenant() and run_id = p_run_id order by id for no key update;
  if run.state = 'closed' then
    return jsonb_build_object('outcome', 'closed', 'run_outcome', run.outcome);
  end if;
  if run.withdrawn_at is not null then
    return jsonb_build_object('outcome', 'withdrawn');
  end if;
  select exists (select from core.gates where tenant_id = app.tenant() and run_id = p_run_id) into decided;
  if decided and not exists (select from core.gates where tenant_id = app.tenant() and run_id = p_run_id and closed_at is null) then
    return jsonb_build_object('outcome', 'too_late');
  end if;
  update core.runs set withdrawn_by = p_actor_user_id, withdrawn_at = app.now() where tenant_id = app.tenant() and id = p_run_id;
  for gate in select * from core.gates where tenant_id = app.tenant() and run_id = p_run_id and closed_at is null order by id loop
    perform core.close_gate(gate, 'withdrawn', null, core.actor_kind(), p_actor_user_id);
  end loop;
  perform core.after_gate(p_run_id);
  return jsonb_build_object('outcome', 'withdrawn');
end
$$;

ALTER FUNCTION app.withdraw_run(p_run_id uuid, p_actor_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION app.work_failed(p_kind text, p_ref_id uuid, p_code text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  pages_from constant integer := 5;
  first_pause constant interval := '5 seconds';
  longest_pause constant interval := '5 minutes';
  -- Failures that lie apart for longer are no row of failures.
  within constant interval := '30 minutes';
  work core.worklist;
begin
  select * into work from core.worklist where kind = p_kind and tenant_id = app.tenant() and ref_id = p_ref_id for update;
  if not found then
    return jsonb_build_object('failures', 0);
  end if;
  work.failures := case when work.failed_at < app.now() - within then 1 else work.failures + 1 end;
  update core.worklist set failures = work.failures, failed_at = app.now(),
    due_at = app.now() + least(first_pause * power(2, least(work.failures, 10) - 1), longest_pause)
  where kind = p_kind and tenant_id = app.tenant() and ref_id = p_ref_id;
  if work.failures >= pages_from then
    perform core.page('repair_failing ' || p_kind || ' ' || p_code, 'repair_failing', case p_kind
      when 'run' then p_ref_id
      when 'intent' then (select g.run_id from core.intents i join core.gates g on g.tenant_id = i.tenant_id and g.id = i.gate_id
        where i.tenant_id = app.tenant() and i.id = p_ref_id)
    end);
  end if;
  return jsonb_build_object('failures', work.failures);
end
$$;

ALTER FUNCTION app.work_failed(p_kind text, p_ref_id uuid, p_code text) OWNER TO countersign_owner;

CREATE FUNCTION core.actor() RETURNS uuid
    LANGUAGE sql STABLE
    RETURN (NULLIF(current_setting('app.actor'::text, true), ''::text))::uuid;

ALTER FUNCTION core.actor() OWNER TO countersign_owner;

CREATE FUNCTION core.actor_kind() RETURNS text
    LANGUAGE sql STABLE
    RETURN CASE WHEN (core.actor() IS NULL) THEN 'system'::text ELSE COALESCE(NULLIF(current_setting('app.actor_kind'::text, true), ''::text), 'system'::text) END;

ALTER FUNCTION core.actor_kind() OWNER TO countersign_owner;

CREATE FUNCTION core.after_gate(p_run_id uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
begin
  if not exists (select from core.gates where tenant_id = app.tenant() and run_id = p_run_id and closed_at is null) then
    update core.runs set state = 'running', step = 'settle' where tenant_id = app.tenant() and id = p_run_id and state = 'waiting';
    -- From here everything runs forward: the reconciler looks soon.
    update core.worklist set due_at = least(due_at, app.now() + interval '5 seconds')
    where kind = 'run' and tenant_id = app.tenant() and ref_id = p_run_id;
  end if;
end
$$;

ALTER FUNCTION core.after_gate(p_run_id uuid) OWNER TO countersign_owner;

CREATE TABLE core.record_types (
    name text NOT NULL,
    class text NOT NULL,
    kind text NOT NULL,
    effect text NOT NULL,
    required_fields text[] NOT NULL,
    role text NOT NULL,
    seats integer NOT NULL,
    separation text NOT NULL,
    rationale_rule text NOT NULL,
    reason_codes text[] NOT NULL,
    dispositions text[] NOT NULL,
    definition jsonb NOT NULL,
    content_hash bytea NOT NULL,
    CONSTRAINT record_types_check CHECK (((class <> ALL (ARRAY['privileging'::text, 'credentialing'::text, 'hiring'::text])) OR (separation <> 'none'::text))),
    CONSTRAINT record_types_class_check CHECK ((class = ANY (ARRAY['routine'::text, 'financial'::text, 'destructive'::text, 'clinical'::text, 'privileging'::text, 'credentialing'::text, 'hiring'::text]))),
    CONSTRAINT record_types_dispositions_check CHECK ((dispositions <@ ARRAY['grant'::text, 'grant_with_conditions'::text, 'deny'::text, 'defer'::text])),
    CONSTRAINT record_types_effect_check CHECK ((effect = ANY (ARRAY['record'::text, 'privilege_grant'::text, 'trust_fact'::text, 'advice'::text, 'memory'::text]))),
    CONSTRAINT record_types_kind_check CHECK ((kind = ANY (ARRAY['draft'::text, 'recommendation'::text]))),
    CONSTRAINT record_types_name_check CHECK ((name ~ '^[a-z][a-z0-9_]*$'::text)),
    CONSTRAINT record_types_rationale_rule_check CHECK ((rationale_rule = ANY (ARRAY['text'::text, 'reason_code'::text]))),
    CONSTRAINT record_types_seats_check CHECK (((seats >= 1) AND (seats <= 9))),
    CONSTRAINT record_types_separation_check CHECK ((separation = ANY (ARRAY['none'::text, 'second_person'::text, 'n_of_m'::text])))
);

ALTER TABLE core.record_types OWNER TO countersign_owner;

CREATE FUNCTION core.amount_minor(p_type core.record_types, p_payload jsonb) RETURNS bigint
    LANGUAGE sql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $_$
  select case
    when jsonb_typeof(p_payload -> (a.declared ->> 'field')) = 'string' and p_payload ->> (a.declared ->> 'field') ~ '^[0-9]{1,18}$'
      and (a.declared ->> 'currency_field' is null
        or p_payload ->> (a.declared ->> 'currency_field') = (select t.currency from core.tenants t where t.id = app.tenant()))
    then (p_payload ->> (a.declared ->> 'field'))::bigint
  end
  from (select (p_type).definition -> 'amount' as declared) a
$_$;

ALTER FUNCTION core.amount_minor(p_type core.record_types, p_payload jsonb) OWNER TO countersign_owner;

CREATE FUNCTION core.answer_intent(p_intent_id uuid, p_outcome text, p_code text, p_decision_id uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
begin
  insert into core.intent_outcomes (tenant_id, intent_id, outcome, code, decision_id, at)
  values (app.tenant(), p_intent_id, p_outcome, p_code, p_decision_id, app.now());
  delete from core.worklist where kind = 'intent' and tenant_id = app.tenant() and ref_id = p_intent_id;
  if p_outcome = 'taken_back' then
    perform core.emit('intent.taken_back', core.actor_kind(), core.actor(), g.run_id, jsonb_build_object(
      'intent_id', i.id, 'gate_id', i.gate_id, 'user_id', i.actor_user_id, 'key_id', i.key_id))
    from core.intents i join core.gates g on g.tenant_id = i.tenant_id and g.id = i.gate_id
    where i.tenant_id = app.tenant() and i.id = p_intent_id;
  end if;
end
$$;

ALTER FUNCTION core.answer_intent(p_intent_id uuid, p_outcome text, p_code text, p_decision_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION core.are_seat_rules(p_rules jsonb) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $_$
declare
  rule jsonb;
  type core.record_types;
begin
  if jsonb_typeof(p_rules) is distinct from 'array' then return false; end if;
  for rule in select value from jsonb_array_elements(p_rules) loop
    if not coalesce(jsonb_typeof(rule) = 'object' and rule - array['record_type', 'from_minor', 'seats', 'roles'] = '{}'
        and jsonb_typeof(rule -> 'from_minor') = 'string' and rule ->> 'from_minor' ~ '^[0-9]{1,18}$'
        and jsonb_typeof(rule -> 'seats') = 'number' and rule ->> 'seats' ~ '^[1-9]$'
        and jsonb_typeof(rule -> 'roles') = 'array', false) then
      return false;
    end if;
    if jsonb_array_length(rule -> 'roles') > (rule ->> 'seats')::integer
        or not rule -> 'roles' <@ '["reviewer", "senior", "admin"]' then
      return false;
    end if;
    select * into type from core.record_types where name = rule ->> 'record_type';
    if not found or ((rule ->> 'from_minor')::bigint > 0 and type.definition -> 'amount' is null) then return false; end if;
  end loop;
  return not exists (
    select from core.record_types t cross join lateral core.seat_terms(t, p_rules, t.role, null) s
    where s.seats > 9 and exists (select from jsonb_array_elements(p_rules) as r (rule) where r.rule ->> 'record_type' = t.name));
end
$_$;

ALTER FUNCTION core.are_seat_rules(p_rules jsonb) OWNER TO countersign_owner;

CREATE FUNCTION core.asks_part(p_part jsonb, p_disposition text) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    RETURN ((NOT (p_part ? 'dispositions'::text)) OR COALESCE(((p_part -> 'dispositions'::text) ? p_disposition), false));

ALTER FUNCTION core.asks_part(p_part jsonb, p_disposition text) OWNER TO countersign_owner;

CREATE FUNCTION core.bound_text(p_content_id uuid, p_hash bytea) RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
begin
  if p_content_id is null then
    return null;
  end if;
  if exists (select from core.contents where tenant_id = app.tenant() and id = p_content_id and commitment <> p_hash) then
    raise exception 'content % is not what was bound to it', p_content_id using errcode = 'ZC014', detail = p_content_id::text;
  end if;
  return core.content_text(p_content_id);
end
$$;

ALTER FUNCTION core.bound_text(p_content_id uuid, p_hash bytea) OWNER TO countersign_owner;

CREATE FUNCTION core.breaker_wait(p_vendor text, p_model text, p_region text) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  -- Longer than any call may take; a worker that dies with it delays the next by as much.
  probe_lease constant interval := '150 seconds';
  look_again_ms constant integer := 5000;
  breaker core.vendor_breakers;
begin
  select * into breaker from core.vendor_breakers where vendor = p_vendor and model = p_model and region = p_region;
  if not found or (breaker.failures = 0 and breaker.open_until is null) then return null; end if;
  if breaker.open_until is null then return 0; end if;
  if breaker.open_until > app.now() then
    return ceil(extract(epoch from breaker.open_until - app.now()) * 1000)::integer;
  end if;
  update core.vendor_breakers set probe_until = app.now() + probe_lease
  where vendor = p_vendor and model = p_model and region = p_region
    and open_until <= app.now() and (probe_until is null or probe_until <= app.now());
  return case when found then 0 else look_again_ms end;
end
$$;

ALTER FUNCTION core.breaker_wait(p_vendor text, p_model text, p_region text) OWNER TO countersign_owner;

CREATE FUNCTION core.calendar_body(p_calendar jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select p_calendar || jsonb_build_object('weekdays', (select jsonb_agg(d.day) from jsonb_array_elements_text(p_calendar -> 'weekdays') as d (day)))
$$;

ALTER FUNCTION core.calendar_body(p_calendar jsonb) OWNER TO countersign_owner;

CREATE FUNCTION core.call_refusal(p_purpose text, p_phi boolean, p_vendor text, p_model text, p_region text) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  policy core.ai_policy_controls;
  entry core.ai_vendor_baa_matrix;
  tenant core.tenants;
begin
  select * into strict tenant from core.tenants where id = app.tenant();
  select * into policy from core.ai_policy_controls where tenant_id = app.tenant() order by version desc limit 1;
  if not found then return 'policy_missing'; end if;
  if policy.paused then return 'tenant_paused'; end if;
  if p_purpose = any (policy.paused_purposes) then return 'purpose_paused'; end if;
  if p_vendor = any (policy.paused_vendors) then return 'vendor_paused'; end if;
  if policy.block_ai_committee_response_drafts and p_purpose = 'credentialing.committee_response' then
    return 'purpose_blocked';
  end if;
  select * into entry from core.ai_vendor_baa_matrix
  where vendor = p_vendor and model = p_model and region = p_region order by version desc limit 1;
  if not found or not entry.listed then return 'model_not_listed'; end if;
  -- What leaves the perimeter with health data needs a live agreement and zero retention; nothing else does.
  if entry.leaves_perimeter and (p_phi or tenant.kind = 'hospital') then
    if not entry.baa_active then return 'agreement_inactive'; end if;
    if entry.baa_expires_at is not null and entry.baa_expires_at <= app.now() then return 'agreement_expired'; end if;
    if not entry.zdr_active then return 'retention_not_zero'; end if;
  end if;
  if not exists (select from core.ai_prices where vendor = p_vendor and model = p_model and region = p_region
      and valid_from <= app.now() and (valid_until is null or valid_until > app.now())) then
    return 'price_missing';
  end if;
  return null;
end
$$;

ALTER FUNCTION core.call_refusal(p_purpose text, p_phi boolean, p_vendor text, p_model text, p_region text) OWNER TO countersign_owner;

CREATE TABLE core.ai_prices (
    vendor text NOT NULL,
    model text NOT NULL,
    region text NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    valid_until timestamp with time zone,
    input_nano_usd_per_token bigint NOT NULL,
    output_nano_usd_per_token bigint NOT NULL,
    cache_read_nano_usd_per_token bigint NOT NULL,
    cache_write_nano_usd_per_token bigint NOT NULL,
    set_by uuid,
    set_at timestamp with time zone NOT NULL,
    CONSTRAINT ai_prices_cache_read_nano_usd_per_token_check CHECK ((cache_read_nano_usd_per_token >= 0)),
    CONSTRAINT ai_prices_cache_write_nano_usd_per_token_check CHECK ((cache_write_nano_usd_per_token >= 0)),
    CONSTRAINT ai_prices_check CHECK (((valid_until IS NULL) OR (valid_until > valid_from))),
    CONSTRAINT ai_prices_input_nano_usd_per_token_check CHECK ((input_nano_usd_per_token >= 0)),
    CONSTRAINT ai_prices_output_nano_usd_per_token_check CHECK ((output_nano_usd_per_token >= 0))
);

ALTER TABLE core.ai_prices OWNER TO countersign_owner;

CREATE FUNCTION core.call_worst_case(p_price core.ai_prices, p_input_tokens bigint, p_output_tokens bigint) RETURNS bigint
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select p_input_tokens * greatest((p_price).input_nano_usd_per_token, (p_price).cache_write_nano_usd_per_token)
    + p_output_tokens * (p_price).output_nano_usd_per_token
$$;

ALTER FUNCTION core.call_worst_case(p_price core.ai_prices, p_input_tokens bigint, p_output_tokens bigint) OWNER TO countersign_owner;

CREATE FUNCTION core.check_balance() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
begin
  if exists (
    select from core.accounts a left join core.credit_ledger l on l.tenant_id = a.tenant_id and l.seq = a.ledger_seq
    where a.tenant_id = new.tenant_id and (a.balance_credits, a.ledger_seq) is distinct from (coalesce(l.balance_after, 0), coalesce(l.seq, 0))) then
    raise exception 'the balance is not what the ledger says' using errcode = 'ZC011';
  end if;
  return null;
end
$$;

ALTER FUNCTION core.check_balance() OWNER TO countersign_owner;

CREATE FUNCTION core.check_draft_confirmed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
begin
  if new.status = 'confirmed' and not exists (
    select from core.gates g join core.gate_outcomes o on o.tenant_id = g.tenant_id and o.gate_id = g.id
    where g.tenant_id = new.tenant_id and g.proposal_id = new.proposal_id and o.outcome in ('approved', 'applied')) then
    raise exception 'draft % is confirmed without a decision', new.proposal_id using errcode = 'ZC006';
  end if;
  return null;
end
$$;

ALTER FUNCTION core.check_draft_confirmed() OWNER TO countersign_owner;

CREATE FUNCTION core.check_lease(p_lease interval, p_longest interval) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
begin
  if p_lease is null or p_lease < interval '30 seconds' or p_lease > p_longest then
    raise exception 'a lease of this length is not given' using errcode = 'ZC004';
  end if;
end
$$;

ALTER FUNCTION core.check_lease(p_lease interval, p_longest interval) OWNER TO countersign_owner;

CREATE FUNCTION core.check_leg() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
begin
  if new.balance_after <> new.amount_credits + coalesce(
       (select balance_after from core.credit_ledger where tenant_id = new.tenant_id and seq = new.seq - 1), 0)
     or (new.seq > 1 and not exists (select from core.credit_ledger where tenant_id = new.tenant_id and seq = new.seq - 1))
     or not exists (select from core.accounts
       where tenant_id = new.tenant_id and ledger_seq = new.seq and balance_credits = new.balance_after) then
    raise exception 'leg % does not follow from the ledger', new.seq using errcode = 'ZC011';
  end if;
  return null;
end
$$;

ALTER FUNCTION core.check_leg() OWNER TO countersign_owner;

CREATE FUNCTION core.check_outcome_earned() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  gate core.gates;
  approvals bigint;
begin
  if new.outcome in ('expired', 'withdrawn') then
    return null;
  end if;
  select * into strict gate from core.gates where tenant_id = new.tenant_id and id = new.gate_id;
  select count(distinct actor_user_id) filter (where
      (new.outcome = 'approved' and verdict = 'approve' and actor_kind = 'human')
      or (new.outcome = 'rejected' and verdict = 'reject' and actor_kind = 'human')
      or (new.outcome = 'applied' and verdict = 'approve' and actor_kind = 'system'))
    into approvals
  from core.decisions
  where tenant_id = new.tenant_id and gate_id = new.gate_id and gate_version = gate.version
    and record_type is not distinct from (select d.record_type from core.decisions d where d.tenant_id = new.tenant_id and d.id = new.decision_id);
  if approvals < (case when new.outcome = 'approved' then gate.seats else 1 end) then
    raise exception 'gate % is % without its decisions', new.gate_id, new.outcome using errcode = 'ZC009';
  end if;
  if new.outcome = 'approved' and gate.seats > 1 and (
      (gate.seat_roles is not null and not core.seats_assignable(gate.seat_roles, core.seated_roles(gate)))
      or exists (
        select from core.decisions d cross join lateral unnest(array[d.actor_user_id, d.on_behalf_of]) as p (user_id)
        where d.tenant_id = new.tenant_id and d.gate_id = new.gate_id and d.gate_version = gate.version and d.verdict = 'approve' and p.user_id is not null
        group by p.user_id having count(*) > 1)) then
    raise exception 'gate % is approved by people who do not fill its seats', new.gate_id using errcode = 'ZC009';
  end if;
  return null;
end
$$;

ALTER FUNCTION core.check_outcome_earned() OWNER TO countersign_owner;

CREATE FUNCTION core.check_record_type() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  gate core.gates;
  type core.record_types;
  named text;
begin
  if tg_table_name = 'gate_record_types' then
    select * into gate from core.gates where tenant_id = new.tenant_id and id = new.gate_id;
    select * into type from core.record_types where name = new.record_type;
    if not coalesce(gate.manual and core.fits_gate(gate, type), false) then
      raise exception 'record type % does not fit gate %', new.record_type, new.gate_id using errcode = 'ZC013';
    end if;
    if exists (select from core.intents where tenant_id = new.tenant_id and gate_id = new.gate_id) then
      raise exception 'gate % has verdicts on what it offered', new.gate_id using errcode = 'ZC013';
    end if;
    return null;
  end if;
  select coalesce(d.record_type, p.record_type) into named
  from core.decisions d join core.proposals p on p.tenant_id = d.tenant_id and p.id = d.proposal_id
  where d.tenant_id = new.tenant_id and d.id = new.decision_id and p.id = new.proposal_id;
  if new.record_type is distinct from named then
    raise exception 'record % is of another type than its decision', new.id using errcode = 'ZC013';
  end if;
  return null;
end
$$;

ALTER FUNCTION core.check_record_type() OWNER TO countersign_owner;

CREATE FUNCTION core.check_trust() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
begin
  if new.tier >= 4 and (tg_op = 'INSERT' or old.tier < new.tier or old.source_receipt_id is distinct from new.source_receipt_id
      or old.verified_until is distinct from new.verified_until) then
    if not exists (
      select from core.source_receipts r
      where r.tenant_id = new.tenant_id and r.id = new.source_receipt_id and r.subject_id = new.subject_id
        and r.valid_until > app.now() and new.verified_until <= r.valid_until and new.verified_until > app.now()
        and new.last_verified_at >= r.fetched_at and new.last_verified_at <= app.now()) then
      raise exception 'tier % needs a fresh receipt of the source', new.tier using errcode = 'ZC007';
    end if;
  end if;
  return new;
end
$$;

ALTER FUNCTION core.check_trust() OWNER TO countersign_owner;

CREATE TABLE core.gates (
    tenant_id text NOT NULL,
    id uuid DEFAULT app.new_id() NOT NULL,
    run_id uuid NOT NULL,
    proposal_id uuid NOT NULL,
    record_class text NOT NULL,
    version integer NOT NULL,
    proposal_hash bytea NOT NULL,
    manual boolean NOT NULL,
    question_content_id uuid NOT NULL,
    roles text[] NOT NULL,
    seats integer NOT NULL,
    separation text NOT NULL,
    rationale_rule text NOT NULL,
    reason_codes text[] NOT NULL,
    dispositions text[] NOT NULL,
    escalation_level integer DEFAULT 0 NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    claimed_by uuid,
    claimed_until timestamp with time zone,
    terms_version integer DEFAULT 1 NOT NULL,
    base_role text,
    reauthenticate_minutes integer,
    rationale_parts jsonb DEFAULT '[]'::jsonb NOT NULL,
    exchanges integer DEFAULT 0 NOT NULL,
    waits_for_requester boolean DEFAULT false NOT NULL,
    seat_roles text[],
    added_roles text[] DEFAULT '{}'::text[] NOT NULL,
    blind_first boolean DEFAULT false NOT NULL,
    unseatable_at timestamp with time zone,
    timing jsonb,
    timed_by_policy_version integer,
    CONSTRAINT gates_check CHECK ((due_at > opened_at)),
    CONSTRAINT gates_check1 CHECK (((claimed_by IS NULL) = (claimed_until IS NULL))),
    CONSTRAINT gates_check2 CHECK (((record_class <> ALL (ARRAY['privileging'::text, 'credentialing'::text, 'hiring'::text])) OR (separation <> 'none'::text))),
    CONSTRAINT gates_check3 CHECK (((seat_roles IS NULL) OR (cardinality(seat_roles) = seats))),
    CONSTRAINT gates_check4 CHECK (((NOT blind_first) OR ((record_class <> 'routine'::text) AND (NOT manual)))),
    CONSTRAINT gates_escalation_level_check CHECK ((escalation_level >= 0)),
    CONSTRAINT gates_exchanges_check CHECK ((exchanges >= 0)),
    CONSTRAINT gates_rationale_parts_check CHECK ((jsonb_typeof(rationale_parts) = 'array'::text)),
    CONSTRAINT gates_rationale_rule_check CHECK ((rationale_rule = ANY (ARRAY['text'::text, 'reason_code'::text]))),
    CONSTRAINT gates_reauthenticate_minutes_check CHECK (((reauthenticate_minutes >= 1) AND (reauthenticate_minutes <= 60))),
    CONSTRAINT gates_roles_check CHECK ((cardinality(roles) > 0)),
    CONSTRAINT gates_seats_check CHECK (((seats >= 1) AND (seats <= 9))),
    CONSTRAINT gates_separation_check CHECK ((separation = ANY (ARRAY['none'::text, 'second_person'::text, 'n_of_m'::text]))),
    CONSTRAINT gates_version_check CHECK ((version > 0))
);

ALTER TABLE ONLY core.gates FORCE ROW LEVEL SECURITY;

ALTER TABLE core.gates OWNER TO countersign_owner;

CREATE FUNCTION core.claim_refused(p_gate core.gates, p_code text) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select jsonb_build_object('outcome', 'refused', 'code', p_code, 'now', core.winner((p_gate).id)
    || case when (p_gate).claimed_until > app.now()
      then jsonb_build_object('claimed_by', (p_gate).claimed_by, 'claimed_until', app.utc((p_gate).claimed_until))
      else jsonb_build_object('claimed_by', null, 'claimed_until', null) end)
$$;

ALTER FUNCTION core.claim_refused(p_gate core.gates, p_code text) OWNER TO countersign_owner;

CREATE FUNCTION core.class_rank(p_class text) RETURNS integer
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select case when p_class = 'routine' then 0 when p_class in ('privileging', 'credentialing', 'hiring') then 2 else 1 end
$$;

ALTER FUNCTION core.class_rank(p_class text) OWNER TO countersign_owner;

CREATE FUNCTION core.close_gate(p_gate core.gates, p_outcome text, p_decision_id uuid, p_actor_kind text, p_actor_user_id uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
begin
  insert into core.gate_outcomes (tenant_id, gate_id, outcome, decision_id, actor_kind, actor_user_id, at)
  values (app.tenant(), p_gate.id, p_outcome, p_decision_id, p_actor_kind, p_actor_user_id, app.now());
  update core.gates set closed_at = app.now(), claimed_by = null, claimed_until = null where tenant_id = app.tenant() and id = p_gate.id;
  update core.proposals set outcome = p_outcome where tenant_id = app.tenant() and id = p_gate.proposal_id;
  update core.assistant_drafts set status = case when p_outcome in ('approved', 'applied') then 'confirmed' else 'discarded' end, changed_at = app.now()
  where tenant_id = app.tenant() and proposal_id = p_gate.proposal_id;
  update core.ai_recommendations set status = case p_outcome when 'approved' then 'approved' when 'rejected' then 'rejected' else 'lapsed' end,
    changed_at = app.now()
  where tenant_id = app.tenant() and proposal_id = p_gate.proposal_id;
  with answered as (
    insert into core.intent_outcomes (tenant_id, intent_id, outcome, code, decision_id, at)
    select app.tenant(), i.id, case when p_outcome = 'expired' then 'late' else 'conflict' end,
      case when p_outcome = 'expired' then null else 'gate_closed' end, p_decision_id, app.now()
    from core.intents i
    where i.tenant_id = app.tenant() and i.gate_id = p_gate.id
      and not exists (select from core.intent_outcomes o where o.tenant_id = i.tenant_id and o.intent_id = i.id)
    returning intent_id)
  delete from core.worklist
  where kind = 'intent' and tenant_id = app.tenant() and ref_id = any (array(select intent_id from answered));
  insert into core.outbox (tenant_id, topic, run_id, gate_id, created_at)
  values (app.tenant(), 'gate.closed', p_gate.run_id, p_gate.id, app.now());
end
$$;

ALTER FUNCTION core.close_gate(p_gate core.gates, p_outcome text, p_decision_id uuid, p_actor_kind text, p_actor_user_id uuid) OWNER TO countersign_owner;

CREATE TABLE core.runs (
    tenant_id text NOT NULL,
    id uuid NOT NULL,
    purpose text NOT NULL,
    purpose_version integer NOT NULL,
    state text NOT NULL,
    step text NOT NULL,
    outcome text,
    code text,
    advisory text,
    requested_by uuid NOT NULL,
    subject_user_id uuid,
    input_content_id uuid NOT NULL,
    prompt_content_id uuid,
    prompt_call_key bytea,
    advisor_call_key bytea,
    confidence_permille integer,
    reserved_credits bigint DEFAULT 0 NOT NULL,
    settled_at timestamp with time zone,
    actual_credits bigint,
    deducted_credits bigint,
    shortfall_credits bigint,
    withdrawn_by uuid,
    withdrawn_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    by_hand_of uuid,
    by_hand_record_type text,
    resend_of uuid,
    subject_id text,
    compensates_record_id uuid,
    compensation_act text,
    CONSTRAINT runs_actual_credits_check CHECK ((actual_credits >= 0)),
    CONSTRAINT runs_advisor_call_key_check CHECK ((octet_length(advisor_call_key) = 32)),
    CONSTRAINT runs_advisory_check CHECK ((advisory = ANY (ARRAY['available'::text, 'unavailable'::text, 'blocked'::text]))),
    CONSTRAINT runs_check CHECK (((state = 'closed'::text) = (outcome IS NOT NULL))),
    CONSTRAINT runs_check1 CHECK (((state = 'closed'::text) = (closed_at IS NOT NULL))),
    CONSTRAINT runs_check2 CHECK (((state <> 'closed'::text) OR (reserved_credits = 0) OR (settled_at IS NOT NULL))),
    CONSTRAINT runs_check3 CHECK (((by_hand_of IS NULL) = (by_hand_record_type IS NULL))),
    CONSTRAINT runs_check4 CHECK (((by_hand_of IS NULL) OR (reserved_credits = 0))),
    CONSTRAINT runs_check5 CHECK (((resend_of IS NULL) OR (by_hand_of IS NULL))),
    CONSTRAINT runs_check6 CHECK (((resend_of <> id) AND (by_hand_of <> id))),
    CONSTRAINT runs_check7 CHECK (((compensates_record_id IS NULL) = (compensation_act IS NULL))),
    CONSTRAINT runs_check8 CHECK (((compensates_record_id IS NULL) OR ((by_hand_of IS NULL) AND (resend_of IS NULL) AND (reserved_credits = 0)))),
    CONSTRAINT runs_compensation_act_check CHECK ((compensation_act = ANY (ARRAY['correct'::text, 'undo'::text]))),
    CONSTRAINT runs_confidence_permille_check CHECK (((confidence_permille >= 0) AND (confidence_permille <= 1000))),
    CONSTRAINT runs_deducted_credits_check CHECK ((deducted_credits >= 0)),
    CONSTRAINT runs_outcome_check CHECK ((outcome = ANY (ARRAY['approved'::text, 'applied'::text, 'rejected'::text, 'expired'::text, 'withdrawn'::text, 'advised'::text, 'mixed'::text, 'nothing'::text, 'refused'::text, 'failed'::text]))),
    CONSTRAINT runs_prompt_call_key_check CHECK ((octet_length(prompt_call_key) = 32)),
    CONSTRAINT runs_reserved_credits_check CHECK ((reserved_credits >= 0)),
    CONSTRAINT runs_shortfall_credits_check CHECK ((shortfall_credits >= 0)),
    CONSTRAINT runs_state_check CHECK ((state = ANY (ARRAY['accepted'::text, 'running'::text, 'waiting'::text, 'closed'::text]))),
    CONSTRAINT runs_step_check CHECK ((step = ANY (ARRAY['reserve'::text, 'scrub'::text, 'invoke'::text, 'evaluate'::text, 'draft'::text, 'await'::text, 'decide'::text, 'settle'::text, 'audit'::text]))),
    CONSTRAINT runs_subject_id_check CHECK ((subject_id <> ''::text))
);

ALTER TABLE ONLY core.runs FORCE ROW LEVEL SECURITY;

ALTER TABLE core.runs OWNER TO countersign_owner;

CREATE FUNCTION core.closing_body(p_run core.runs) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select jsonb_build_object(
    'outcome', p_run.outcome, 'code', p_run.code, 'advisory', p_run.advisory,
    'reserved_credits', p_run.reserved_credits::text, 'actual_credits', p_run.actual_credits::text,
    'deducted_credits', p_run.deducted_credits::text, 'shortfall_credits', p_run.shortfall_credits::text,
    'calls', coalesce((
      select jsonb_agg(jsonb_build_object('ai_run_id', c.id, 'kind', c.kind, 'status', c.status, 'billed', l.billed,
        'prompt_hash', encode(c.prompt_hash, 'hex'), 'output_hash', encode(c.output_hash, 'hex')) order by c.id)
      from core.run_calls l join core.ai_runs c on c.tenant_id = l.tenant_id and c.id = l.ai_run_id
      where l.tenant_id = p_run.tenant_id and l.run_id = p_run.id and c.kind <> 'replay'), '[]'),
    'proposals', coalesce((
      select jsonb_agg(jsonb_build_object('proposal_id', p.id, 'hash', encode(p.hash, 'hex'), 'outcome', p.outcome) order by p.ordinal)
      from core.proposals p where p.tenant_id = p_run.tenant_id and p.run_id = p_run.id), '[]'),
    'decisions', coalesce((
      select jsonb_agg(to_jsonb(d.id) order by d.decided_at, d.id)
      from core.decisions d where d.tenant_id = p_run.tenant_id and d.run_id = p_run.id), '[]'),
    'records', coalesce((
      select jsonb_agg(jsonb_build_object('record_id', r.id, 'hash', encode(r.content_hash, 'hex')) order by r.id)
      from core.records r where r.tenant_id = p_run.tenant_id and r.run_id = p_run.id), '[]'))
$$;

ALTER FUNCTION core.closing_body(p_run core.runs) OWNER TO countersign_owner;

CREATE FUNCTION core.commitment_hex(p_content_id uuid) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select encode(commitment, 'hex') from core.contents where tenant_id = app.tenant() and id = p_content_id
$$;

ALTER FUNCTION core.commitment_hex(p_content_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION core.compose_rationale(p_gate core.gates, p_disposition text, p_rationale text, p_parts jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  declared constant jsonb := p_gate.rationale_parts;
  given jsonb := coalesce(p_parts, '{}');
  missing jsonb;
begin
  if declared = '[]' then
    return case when given = '{}' then jsonb_build_object('text', p_rationale) else '{"code": "rationale_part_unknown", "missing": []}'::jsonb end;
  end if;
  if p_rationale is not null and not given ? (declared -> 0 ->> 'name') then
    given := given || jsonb_build_object(declared -> 0 ->> 'name', p_rationale);
  elsif p_rationale is not null then
    return '{"code": "rationale_part_unknown", "missing": []}'::jsonb;
  end if;
  if exists (select from jsonb_object_keys(given) as g (name) where not exists (
      select from jsonb_array_elements(declared) as d (part) where d.part ->> 'name' = g.name and core.asks_part(d.part, p_disposition))) then
    return '{"code": "rationale_part_unknown", "missing": []}'::jsonb;
  end if;
  select coalesce(jsonb_agg(d.part ->> 'name' order by d.place), '[]') into missing
  from jsonb_array_elements(declared) with ordinality as d (part, place)
  where core.asks_part(d.part, p_disposition) and not coalesce(core.has_letter_or_digit(given ->> (d.part ->> 'name')), false);
  if missing <> '[]' then
    return jsonb_build_object('code', 'rationale_part_missing', 'missing', missing);
  end if;
  return jsonb_build_object('text', (
    select jsonb_agg(jsonb_build_object('name', d.part -> 'name', 'prompt', d.part -> 'prompt', 'text', given -> (d.part ->> 'name')) order by d.place)
    from jsonb_array_elements(declared) with ordinality as d (part, place) where core.asks_part(d.part, p_disposition))::text);
end
$$;

ALTER FUNCTION core.compose_rationale(p_gate core.gates, p_disposition text, p_rationale text, p_parts jsonb) OWNER TO countersign_owner;

CREATE FUNCTION core.content_text(p_content_id uuid) RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  stored core.contents;
begin
  if p_content_id is null then
    return null;
  end if;
  select * into stored from core.contents where tenant_id = app.tenant() and id = p_content_id;
  if not found then
    return null;
  end if;
  if sha256(stored.salt || stored.bytes) <> stored.commitment then
    raise exception 'content % does not match its commitment', p_content_id using errcode = 'ZC014', detail = p_content_id::text;
  end if;
  return convert_from(stored.bytes, 'UTF8');
end
$$;

ALTER FUNCTION core.content_text(p_content_id uuid) OWNER TO countersign_owner;

CREATE TABLE core.delegations (
    tenant_id text NOT NULL,
    id uuid DEFAULT app.new_id() NOT NULL,
    delegator_user_id uuid NOT NULL,
    delegate_user_id uuid NOT NULL,
    roles text[] NOT NULL,
    from_at timestamp with time zone NOT NULL,
    until_at timestamp with time zone NOT NULL,
    reason_content_id uuid NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    revoked_by uuid,
    revoked_at timestamp with time zone,
    CONSTRAINT delegations_check CHECK ((until_at > from_at)),
    CONSTRAINT delegations_check1 CHECK ((delegator_user_id <> delegate_user_id)),
    CONSTRAINT delegations_check2 CHECK ((created_by <> delegate_user_id)),
    CONSTRAINT delegations_check3 CHECK (((revoked_at IS NULL) = (revoked_by IS NULL))),
    CONSTRAINT delegations_roles_check CHECK (((cardinality(roles) > 0) AND (roles <@ ARRAY['reviewer'::text, 'senior'::text, 'admin'::text])))
);

ALTER TABLE ONLY core.delegations FORCE ROW LEVEL SECURITY;

ALTER TABLE core.delegations OWNER TO countersign_owner;

CREATE FUNCTION core.delegation_of(p_gate core.gates, p_user_id uuid, p_on_behalf_of uuid, p_at timestamp with time zone) RETURNS core.delegations
    LANGUAGE sql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select d from core.delegations d
  where d.tenant_id = app.tenant() and d.delegator_user_id = p_on_behalf_of and d.delegate_user_id = p_user_id
    and d.revoked_at is null and d.from_at <= p_at and d.until_at > p_at
  order by d.roles && (p_gate).roles desc, d.until_at desc, d.id limit 1
$$;

ALTER FUNCTION core.delegation_of(p_gate core.gates, p_user_id uuid, p_on_behalf_of uuid, p_at timestamp with time zone) OWNER TO countersign_owner;

CREATE FUNCTION core.distinct_roles(p_roles text[]) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  select array(select r.role from unnest(p_roles) with ordinality as r (role, place) group by r.role order by min(r.place))
$$;

ALTER FUNCTION core.distinct_roles(p_roles text[]) OWNER TO countersign_owner;

CREATE FUNCTION core.draft_answer(p_run_id uuid) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select jsonb_build_object('outcome', 'drafted', 'gates', coalesce((
    select jsonb_agg(jsonb_build_object('gate_id', g.id, 'role', g.roles[1], 'wake_at', app.utc(core.gate_wake_at(g)),
        'wakes_for', core.gate_wakes_for(g), 'due_at', app.utc(g.due_at))
      order by g.opened_at, g.id)
    from core.gates g where g.tenant_id = app.tenant() and g.run_id = p_run_id and g.closed_at is null), '[]'))
$$;

ALTER FUNCTION core.draft_answer(p_run_id uuid) OWNER TO countersign_owner;

CREATE TABLE core.decisions (
    tenant_id text NOT NULL,
    id uuid DEFAULT app.new_id() NOT NULL,
    gate_id uuid NOT NULL,
    run_id uuid NOT NULL,
    proposal_id uuid NOT NULL,
    record_class text NOT NULL,
    gate_version integer NOT NULL,
    verdict text NOT NULL,
    actor_kind text NOT NULL,
    actor_user_id uuid NOT NULL,
    authority_policy_version integer,
    intent_id uuid,
    ai_advisory_id uuid,
    manual boolean NOT NULL,
    proposal_hash bytea NOT NULL,
    shown_hash bytea,
    disposition text,
    reason_code text,
    decision_rationale_content_id uuid,
    rationale_rule text NOT NULL,
    edits_content_id uuid,
    self_confirmed boolean NOT NULL,
    decided_at timestamp with time zone NOT NULL,
    record_type text,
    meaning text GENERATED ALWAYS AS (
CASE
    WHEN (actor_kind <> 'human'::text) THEN NULL::text
    WHEN (verdict = 'reject'::text) THEN 'rejection'::text
    WHEN (verdict = 'escalate'::text) THEN 'review'::text
    WHEN (manual AND (edits_content_id IS NOT NULL)) THEN 'authorship'::text
    ELSE 'approval'::text
END) STORED,
    printed_name_content_id uuid,
    on_behalf_of uuid,
    delegation_id uuid,
    seat_roles text[],
    CONSTRAINT decisions_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['human'::text, 'system'::text]))),
    CONSTRAINT decisions_check CHECK (((actor_kind = 'human'::text) OR ((record_class = 'routine'::text) AND (verdict = 'approve'::text)))),
    CONSTRAINT decisions_check1 CHECK (((actor_kind = 'human'::text) = (intent_id IS NOT NULL))),
    CONSTRAINT decisions_check2 CHECK (((actor_kind = 'human'::text) = (shown_hash IS NOT NULL))),
    CONSTRAINT decisions_check3 CHECK (((actor_kind = 'system'::text) = (authority_policy_version IS NOT NULL))),
    CONSTRAINT decisions_check4 CHECK ((manual = (ai_advisory_id IS NULL))),
    CONSTRAINT decisions_check5 CHECK (((actor_kind = 'system'::text) OR (decision_rationale_content_id IS NOT NULL) OR ((rationale_rule = 'reason_code'::text) AND (reason_code IS NOT NULL)))),
    CONSTRAINT decisions_check6 CHECK (((record_type IS NULL) OR ((verdict = 'approve'::text) AND (actor_kind = 'human'::text) AND manual))),
    CONSTRAINT decisions_check7 CHECK (((on_behalf_of IS NULL) = (delegation_id IS NULL))),
    CONSTRAINT decisions_check8 CHECK ((on_behalf_of <> actor_user_id)),
    CONSTRAINT decisions_check9 CHECK (((on_behalf_of IS NULL) OR (actor_kind = 'human'::text))),
    CONSTRAINT decisions_rationale_rule_check CHECK ((rationale_rule = ANY (ARRAY['text'::text, 'reason_code'::text]))),
    CONSTRAINT decisions_verdict_check CHECK ((verdict = ANY (ARRAY['approve'::text, 'reject'::text, 'escalate'::text])))
);

ALTER TABLE ONLY core.decisions FORCE ROW LEVEL SECURITY;

ALTER TABLE core.decisions OWNER TO countersign_owner;

CREATE FUNCTION core.draw_act(p_decision core.decisions, p_ordinal integer, p_rate_permille integer) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  drawn integer;
begin
  select ('x' || encode(substring(sha256(s.review_secret || uuid_send(p_decision.run_id) || int4send(p_ordinal)) for 7), 'hex'))::bit(56)::bigint % 1000
    into strict drawn
  from core.tenant_secrets s where s.tenant_id = app.tenant();
  if drawn < p_rate_permille then
    insert into core.act_samples (tenant_id, decision_id, gate_id, rate_permille, drawn_permille, drawn_at)
    values (app.tenant(), p_decision.id, p_decision.gate_id, p_rate_permille, drawn, p_decision.decided_at);
  end if;
end
$$;

ALTER FUNCTION core.draw_act(p_decision core.decisions, p_ordinal integer, p_rate_permille integer) OWNER TO countersign_owner;

CREATE FUNCTION core.drop_document(p_document_id uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
begin
  update core.documents set state = 'deleted', code = null, changed_at = app.now() where tenant_id = app.tenant() and id = p_document_id;
  delete from core.embeddings where tenant_id = app.tenant() and source_id = p_document_id;
  delete from core.passages where tenant_id = app.tenant() and document_id = p_document_id;
  delete from core.document_contents where tenant_id = app.tenant() and document_id = p_document_id;
  delete from core.worklist where kind = 'document' and tenant_id = app.tenant() and ref_id = p_document_id;
  update core.memories m set deleted_at = app.now()
  from core.documents d where d.tenant_id = app.tenant() and d.id = p_document_id and m.tenant_id = d.tenant_id and m.id = d.memory_id
    and m.deleted_at is null;
  perform core.emit('document.deleted', core.actor_kind(), core.actor(), null, jsonb_build_object('document_id', p_document_id));
end
$$;

ALTER FUNCTION core.drop_document(p_document_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION core.emit(p_type text, p_actor_kind text, p_actor_user_id uuid, p_run_id uuid, p_body jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
begin
  if app.tenant() is null then
    raise exception 'an event needs a tenant' using errcode = 'ZC003';
  end if;
  insert into core.audit_pending (tenant_id, type, actor_kind, actor_user_id, run_id, body)
  values (app.tenant(), p_type, p_actor_kind, p_actor_user_id, p_run_id, p_body);
end
$$;

ALTER FUNCTION core.emit(p_type text, p_actor_kind text, p_actor_user_id uuid, p_run_id uuid, p_body jsonb) OWNER TO countersign_owner;

CREATE FUNCTION core.end_attempt(p_ai_run_id uuid, p_attempt integer, p_state text, p_cost bigint, p_error_code text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  ended core.ai_run_attempts;
begin
  update core.ai_run_attempts set state = p_state, cost_nano_usd = p_cost, error_code = p_error_code, ended_at = app.now()
  where tenant_id = app.tenant() and ai_run_id = p_ai_run_id and attempt = p_attempt and state = 'open'
  returning * into strict ended;
  -- Yesterday's hold was yesterday's budget: the row of the attempt keeps it.
  update core.accounts set held_nano_usd = held_nano_usd - ended.held_nano_usd, spent_nano_usd = spent_nano_usd + p_cost
  where tenant_id = app.tenant() and day = ended.day;
end
$$;

ALTER FUNCTION core.end_attempt(p_ai_run_id uuid, p_attempt integer, p_state text, p_cost bigint, p_error_code text) OWNER TO countersign_owner;

CREATE FUNCTION core.end_deliveries(p_endpoint_id uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
begin
  with ended as (
    update core.webhook_deliveries set state = 'failed', code = 'webhook_disabled', next_at = null, changed_at = app.now()
    where tenant_id = app.tenant() and endpoint_id = p_endpoint_id and state = 'pending'
    returning id)
  delete from core.worklist where kind = 'delivery' and tenant_id = app.tenant() and ref_id in (select id from ended);
end
$$;

ALTER FUNCTION core.end_deliveries(p_endpoint_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION core.end_mail(p_mail_id uuid, p_state text, p_code text) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
begin
  update core.mails set state = p_state, code = p_code, next_at = null, changed_at = app.now() where tenant_id = app.tenant() and id = p_mail_id;
  delete from core.worklist where kind = 'mail' and tenant_id = app.tenant() and ref_id = p_mail_id;
  if p_state in ('failed', 'unsure') then
    perform core.page(p_code, p_code, null);
  end if;
  return jsonb_build_object('outcome', 'over', 'state', p_state, 'code', p_code);
end
$$;

ALTER FUNCTION core.end_mail(p_mail_id uuid, p_state text, p_code text) OWNER TO countersign_owner;

CREATE TABLE core.replays (
    tenant_id text NOT NULL,
    id uuid DEFAULT app.new_id() NOT NULL,
    run_id uuid NOT NULL,
    call_id uuid NOT NULL,
    replay_call_id uuid,
    requested_by uuid NOT NULL,
    request_key text NOT NULL,
    state text NOT NULL,
    outcome text,
    code text,
    agreement text,
    fields_compared integer,
    fields_differing integer,
    differing text[],
    created_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    CONSTRAINT replays_agreement_check CHECK ((agreement = ANY (ARRAY['exact'::text, 'canonical'::text, 'differs'::text]))),
    CONSTRAINT replays_check CHECK (((fields_differing >= 0) AND (fields_differing <= fields_compared))),
    CONSTRAINT replays_check1 CHECK (((state = 'closed'::text) = (closed_at IS NOT NULL))),
    CONSTRAINT replays_check2 CHECK (((state = 'closed'::text) = (outcome IS NOT NULL))),
    CONSTRAINT replays_check3 CHECK (((outcome IS NULL) OR ((outcome = 'compared'::text) = (code IS NULL)))),
    CONSTRAINT replays_check4 CHECK (((agreement IS NOT NULL) = ((outcome IS NOT NULL) AND (outcome = 'compared'::text)))),
    CONSTRAINT replays_check5 CHECK ((((agreement IS NULL) = (fields_compared IS NULL)) AND ((agreement IS NULL) = (fields_differing IS NULL)) AND ((agreement IS NULL) = (differing IS NULL)))),
    CONSTRAINT replays_check6 CHECK (((agreement IS NULL) OR ((agreement = 'differs'::text) = (fields_differing > 0)))),
    CONSTRAINT replays_code_check CHECK ((code ~ '^[a-z_]+$'::text)),
    CONSTRAINT replays_differing_check CHECK ((cardinality(differing) <= 50)),
    CONSTRAINT replays_fields_compared_check CHECK ((fields_compared > 0)),
    CONSTRAINT replays_outcome_check CHECK ((outcome = ANY (ARRAY['compared'::text, 'refused'::text, 'failed'::text]))),
    CONSTRAINT replays_request_key_check CHECK (((length(request_key) >= 1) AND (length(request_key) <= 255))),
    CONSTRAINT replays_state_check CHECK ((state = ANY (ARRAY['accepted'::text, 'closed'::text])))
);

ALTER TABLE ONLY core.replays FORCE ROW LEVEL SECURITY;

ALTER TABLE core.replays OWNER TO countersign_owner;

CREATE FUNCTION core.end_replay(p_replay core.replays, p_outcome text, p_code text, p_compared jsonb DEFAULT '{}'::jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  ended core.replays;
begin
  update core.replays set state = 'closed', outcome = p_outcome, code = p_code, closed_at = app.now(),
    agreement = p_compared ->> 'agreement', fields_compared = (p_compared ->> 'fields_compared')::integer,
    fields_differing = (p_compared ->> 'fields_differing')::integer,
    differing = case when p_compared ? 'differing' then array(select jsonb_array_elements_text(p_compared -> 'differing')) end
  where tenant_id = app.tenant() and id = p_replay.id
  returning * into strict ended;
  delete from core.worklist where kind = 'replay' and tenant_id = app.tenant() and ref_id = ended.id;
  perform core.emit('replay.closed', 'system', null, ended.run_id, jsonb_build_object(
    'replay_id', ended.id, 'call_id', ended.call_id, 'replay_call_id', ended.replay_call_id, 'outcome', ended.outcome, 'code', ended.code,
    'agreement', ended.agreement, 'fields_compared', ended.fields_compared::text, 'fields_differing', ended.fields_differing::text,
    'differing', to_jsonb(ended.differing)));
end
$$;

ALTER FUNCTION core.end_replay(p_replay core.replays, p_outcome text, p_code text, p_compared jsonb) OWNER TO countersign_owner;

CREATE FUNCTION core.event_of_row() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
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

ALTER FUNCTION core.event_of_row() OWNER TO countersign_owner;

CREATE FUNCTION core.fail_call(p_ai_run_id uuid, p_error_code text) RETURNS void
    LANGUAGE sql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  update core.ai_runs c set status = 'failed', error_code = p_error_code, finished_at = app.now(),
    latency_ms = (extract(epoch from app.now() - c.claimed_at) * 1000)::bigint,
    cost_nano_usd = (select coalesce(sum(a.cost_nano_usd), 0) from core.ai_run_attempts a where a.tenant_id = c.tenant_id and a.ai_run_id = c.id)
  where c.tenant_id = app.tenant() and c.id = p_ai_run_id and c.status = 'claimed'
$$;

ALTER FUNCTION core.fail_call(p_ai_run_id uuid, p_error_code text) OWNER TO countersign_owner;

CREATE TABLE core.purposes (
    name text NOT NULL,
    version integer NOT NULL,
    content_hash bytea NOT NULL,
    definition jsonb NOT NULL,
    vendor text NOT NULL,
    model text NOT NULL,
    region text NOT NULL,
    advisor_vendor text,
    advisor_model text,
    advisor_region text,
    max_input_tokens bigint NOT NULL,
    max_output_tokens bigint NOT NULL,
    price_primary bigint NOT NULL,
    price_advisor bigint NOT NULL,
    confidence_threshold_permille integer NOT NULL,
    phi boolean NOT NULL,
    manual_record_type text NOT NULL,
    registered_at timestamp with time zone NOT NULL,
    CONSTRAINT purposes_check CHECK ((((advisor_vendor IS NULL) = (advisor_model IS NULL)) AND ((advisor_vendor IS NULL) = (advisor_region IS NULL)))),
    CONSTRAINT purposes_confidence_threshold_permille_check CHECK (((confidence_threshold_permille >= 0) AND (confidence_threshold_permille <= 1000))),
    CONSTRAINT purposes_max_input_tokens_check CHECK ((max_input_tokens > 0)),
    CONSTRAINT purposes_max_output_tokens_check CHECK ((max_output_tokens > 0)),
    CONSTRAINT purposes_name_check CHECK ((name ~ '^[a-z][a-z0-9_.]*$'::text)),
    CONSTRAINT purposes_price_advisor_check CHECK ((price_advisor >= 0)),
    CONSTRAINT purposes_price_primary_check CHECK ((price_primary >= 1)),
    CONSTRAINT purposes_version_check CHECK ((version > 0))
);

ALTER TABLE core.purposes OWNER TO countersign_owner;

CREATE FUNCTION core.find_subject(p_purpose core.purposes, p_input text, p_origin core.runs) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  named record := core.read_subject(p_purpose, p_input);
  known uuid;
  member uuid;
begin
  if named.subject_id is null and (p_purpose).definition ->> 'subject_id_field' is not null then
    return jsonb_build_object('code', 'subject_missing');
  end if;
  if named.subject_user_id is not null then
    select user_id into member from core.members
    where tenant_id = app.tenant() and user_id::text = lower(named.subject_user_id) and kind = 'person';
    if not found then
      return jsonb_build_object('code', 'subject_unknown');
    end if;
  end if;
  known := coalesce(core.subject_member(named.subject_id), (p_origin).subject_user_id);
  if (p_origin).subject_id <> named.subject_id or known <> member then
    return jsonb_build_object('code', 'subject_differs');
  end if;
  return jsonb_build_object('subject_id', named.subject_id, 'subject_user_id', coalesce(member, known),
    'remember', named.subject_id is not null and member is not null and core.subject_member(named.subject_id) is null);
end
$$;

ALTER FUNCTION core.find_subject(p_purpose core.purposes, p_input text, p_origin core.runs) OWNER TO countersign_owner;

CREATE FUNCTION core.fits_gate(p_gate core.gates, p_type core.record_types) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $_$
  select core.class_rank((p_type).class) <= core.class_rank((p_gate).record_class)
    and (p_type).seats <= (p_gate).seats
    -- Of the tenant's kind, as if a gate of the type were opened here.
    and array_position(array['none', 'second_person', 'n_of_m'], core.gate_separation(p_type))
      <= array_position(array['none', 'second_person', 'n_of_m'], (p_gate).separation)
    and ((p_type).rationale_rule = (p_gate).rationale_rule or (p_gate).rationale_rule = 'text')
    -- A senior stands above a reviewer, and no other role above another.
    and ((p_type).role = (p_gate).roles[1] or ((p_type).role = 'reviewer' and (p_gate).roles[1] = 'senior'))
    -- Whom a timer adds to the gate, the type's own chain would add.
    and not exists (
      select from core.gate_instants i
      where i.tenant_id = (p_gate).tenant_id and i.gate_id = (p_gate).id and i.kind = 'escalation' and i.superseded_at is null and i.role <> (p_type).role
        and not coalesce(jsonb_path_query_array((p_type).definition, '$.chain[*].role') ? i.role, false))
    -- A grant is asked about as a grant, and nothing else is.
    and (p_type).dispositions <@ (p_gate).dispositions and (p_gate).dispositions <@ (p_type).dispositions
$_$;

ALTER FUNCTION core.fits_gate(p_gate core.gates, p_type core.record_types) OWNER TO countersign_owner;

CREATE FUNCTION core.freeze_but() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  free text[] := string_to_array(tg_argv[0], ' ');
begin
  if tg_op <> 'UPDATE' then
    raise exception 'core.% keeps its rows: % refused', tg_table_name, tg_op using errcode = 'ZC002';
  end if;
  if to_jsonb(new) - free is distinct from to_jsonb(old) - free
     or (tg_nargs > 1 and to_jsonb(old) -> tg_argv[1] <> 'null' and new is distinct from old) then
    raise exception 'core.% is frozen', tg_table_name using errcode = 'ZC008';
  end if;
  return new;
end
$$;

ALTER FUNCTION core.freeze_but() OWNER TO countersign_owner;

CREATE FUNCTION core.freeze_finished_call() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
begin
  if tg_op <> 'UPDATE' then
    raise exception 'core.ai_runs is append-only: % refused', tg_op using errcode = 'ZC002';
  end if;
  if old.status <> 'claimed' then
    raise exception 'model call % is finished and frozen', old.id using errcode = 'ZC008';
  end if;
  if (new.tenant_id, new.id, new.run_id, new.document_id, new.kind, new.feature, new.vendor, new.model, new.region, new.call_key, new.parent_id, new.requested_by,
      new.prompt_content_id, new.prompt_hash, new.claimed_at)
     is distinct from
     (old.tenant_id, old.id, old.run_id, old.document_id, old.kind, old.feature, old.vendor, old.model, old.region, old.call_key, old.parent_id, old.requested_by,
      old.prompt_content_id, old.prompt_hash, old.claimed_at) then
    raise exception 'the claim of model call % is frozen', old.id using errcode = 'ZC008';
  end if;
  return new;
end
$$;

ALTER FUNCTION core.freeze_finished_call() OWNER TO countersign_owner;

CREATE FUNCTION core.freeze_terms() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
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

ALTER FUNCTION core.freeze_terms() OWNER TO countersign_owner;

CREATE FUNCTION core.gate_answer(p_gate_id uuid) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select jsonb_build_object('gate_id', g.id, 'version', g.version, 'role', g.roles[cardinality(g.roles)], 'gate_outcome', o.outcome,
    'winner_decision_id', o.decision_id, 'winner_user_id', o.actor_user_id,
    'wake_at', app.utc(core.gate_wake_at(g)), 'wakes_for', core.gate_wakes_for(g), 'due_at', app.utc(g.due_at))
  from core.gates g left join core.gate_outcomes o on o.tenant_id = g.tenant_id and o.gate_id = g.id
  where g.tenant_id = app.tenant() and g.id = p_gate_id
$$;

ALTER FUNCTION core.gate_answer(p_gate_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION core.gate_retermed(p_gate core.gates) RETURNS core.gates
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  newest integer;
  policy core.ai_policy_controls;
  type core.record_types;
  asked record;
  roles_asked text[];
  minutes_asked integer;
  changed text[];
  gate core.gates;
begin
  select p.terms_version into newest from core.ai_policy_controls p where p.tenant_id = app.tenant() order by p.version desc limit 1;
  if p_gate.closed_at is not null or coalesce(newest <= p_gate.terms_version, true) then
    return p_gate;
  end if;
  select * into strict policy from core.ai_policy_controls where tenant_id = app.tenant() order by version desc limit 1;
  select t.* into strict type from core.proposals p join core.record_types t on t.name = p.record_type
  where p.tenant_id = app.tenant() and p.id = p_gate.proposal_id;
  select s.* into asked
  from core.proposals p join core.contents c on c.tenant_id = p.tenant_id and c.id = p.payload_content_id
    cross join lateral core.seat_terms(type, policy.seat_rules, coalesce(p_gate.base_role, p_gate.roles[1]), convert_from(c.bytes, 'UTF8')::jsonb) s
  where p.tenant_id = app.tenant() and p.id = p_gate.proposal_id;
  if asked.seat_roles is null and asked.role is null then
    asked.role := coalesce(p_gate.base_role, p_gate.roles[1]);
  end if;
  roles_asked := core.distinct_roles(coalesce(asked.seat_roles, array[asked.role]) || p_gate.added_roles);
  minutes_asked := case when p_gate.record_class <> 'routine' then policy.reauthenticate_protected_minutes end;
  changed := array_remove(array[
    case when (asked.seats, asked.seat_roles) is distinct from (p_gate.seats, p_gate.seat_roles) or not (roles_asked @> p_gate.roles and roles_asked <@ p_gate.roles)
      then 'seats' end,
    case when minutes_asked is distinct from p_gate.reauthenticate_minutes then 'reauthenticate_minutes' end], null);
  update core.gates set terms_version = newest, version = version + case when cardinality(changed) > 0 then 1 else 0 end,
    seats = case when 'seats' = any (changed) then asked.seats else seats end,
    seat_roles = case when 'seats' = any (changed) then asked.seat_roles else seat_roles end,
    roles = case when 'seats' = any (changed) then roles_asked else roles end,
    reauthenticate_minutes = minutes_asked
  where tenant_id = app.tenant() and id = p_gate.id
  returning * into gate;
  if cardinality(changed) = 0 then
    return gate;
  end if;
  insert into core.gate_versions (tenant_id, gate_id, version, cause, policy_version, changed, at)
  values (app.tenant(), gate.id, gate.version, 'policy', policy.version, changed, app.now());
  perform core.emit('gate.retermed', 'system', null, gate.run_id, jsonb_build_object('gate_id', gate.id, 'gate_version', gate.version::text,
    'policy_version', policy.version::text, 'changed', to_jsonb(changed), 'seats', gate.seats::text, 'roles', to_jsonb(gate.roles),
    'reauthenticate_minutes', gate.reauthenticate_minutes::text));
  with answered as (
    insert into core.intent_outcomes (tenant_id, intent_id, outcome, code, decision_id, at)
    select app.tenant(), i.id, 'conflict', 'gate_changed', null, app.now()
    from core.intents i
    where i.tenant_id = app.tenant() and i.gate_id = gate.id
      and not exists (select from core.intent_outcomes o where o.tenant_id = i.tenant_id and o.intent_id = i.id)
    returning intent_id)
  delete from core.worklist where kind = 'intent' and tenant_id = app.tenant() and ref_id = any (array(select intent_id from answered));
  insert into core.outbox (tenant_id, topic, run_id, gate_id, created_at) values (app.tenant(), 'gate.retermed', gate.run_id, gate.id, app.now());
  perform core.seek_people(gate.id);
  select * into strict gate from core.gates where tenant_id = app.tenant() and id = p_gate.id;
  return gate;
end
$$;

ALTER FUNCTION core.gate_retermed(p_gate core.gates) OWNER TO countersign_owner;

CREATE FUNCTION core.gate_separation(p_type core.record_types) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select case
    when (p_type).separation = 'none' and (p_type).class = 'clinical' and (select kind from core.tenants where id = app.tenant()) = 'hospital'
      then 'second_person'
    else (p_type).separation
  end
$$;

ALTER FUNCTION core.gate_separation(p_type core.record_types) OWNER TO countersign_owner;

CREATE FUNCTION core.gate_wake_at(p_gate core.gates) RETURNS timestamp with time zone
    LANGUAGE sql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select least((p_gate).due_at, (select min(i.at) from core.gate_instants i
    where i.tenant_id = (p_gate).tenant_id and i.gate_id = (p_gate).id and i.fired_at is null and i.superseded_at is null))
$$;

ALTER FUNCTION core.gate_wake_at(p_gate core.gates) OWNER TO countersign_owner;

CREATE FUNCTION core.gate_wakes_for(p_gate core.gates) RETURNS text
    LANGUAGE sql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select coalesce((select i.kind from core.gate_instants i
    where i.tenant_id = (p_gate).tenant_id and i.gate_id = (p_gate).id and i.fired_at is null and i.superseded_at is null
      and i.at < (p_gate).due_at
    order by i.at, i.ordinal limit 1), 'expiry')
$$;

ALTER FUNCTION core.gate_wakes_for(p_gate core.gates) OWNER TO countersign_owner;

CREATE FUNCTION core.hand_over(p_gate core.gates, p_act text, p_to uuid, p_by uuid, p_reason text, p_lease interval) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  lease_end timestamptz := app.now() + p_lease;
  holder uuid := case when (p_gate).claimed_until > app.now() then (p_gate).claimed_by end;
  reason core.contents := core.put_content((p_gate).run_id, 'reason', p_reason);
begin
  insert into core.gate_handovers (tenant_id, gate_id, act, from_user_id, to_user_id, by_user_id, reason_content_id, at)
  values (app.tenant(), (p_gate).id, p_act, holder, p_to, p_by, reason.id, app.now());
  update core.gates set claimed_by = p_to, claimed_until = lease_end where tenant_id = app.tenant() and id = (p_gate).id;
  perform core.emit(case p_act when 'stolen' then 'gate.stolen' else 'gate.reassigned' end, core.actor_kind(), p_by, (p_gate).run_id, jsonb_build_object('gate_id', (p_gate).id,
    'from_user_id', holder, 'to_user_id', p_to, 'reason_hash', encode(reason.commitment, 'hex')));
  insert into core.outbox (tenant_id, topic, run_id, gate_id, created_at)
  values (app.tenant(), 'gate.' || p_act, (p_gate).run_id, (p_gate).id, app.now());
  return jsonb_build_object('outcome', p_act, 'until', app.utc(lease_end), 'from_user_id', holder);
end
$$;

ALTER FUNCTION core.hand_over(p_gate core.gates, p_act text, p_to uuid, p_by uuid, p_reason text, p_lease interval) OWNER TO countersign_owner;

CREATE FUNCTION core.has_letter_or_digit(p_text text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN COALESCE((p_text ~ (('[0-9A-Za-z\u00AA\u00B5\u00BA\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02C1\u0370-\u037D\u0386\u0388-\u167F\u1681-\u180D\u1810-\u1FFF'::text || '\u2C00-\u2DFF\u3005-\u3007\u3031-\u3035\u3041-\uD7FF\uF900-\uFDFF\uFE70-\uFEFC\uFF10-\uFF19\uFF21-\uFF3A\uFF41-\uFF5A\uFF66-\uFFDC'::text) || '\U00010000-\U0001EFFF\U00020000-\U0003FFFF]'::text)), false);

ALTER FUNCTION core.has_letter_or_digit(p_text text) OWNER TO countersign_owner;

CREATE FUNCTION core.has_people(p_gate core.gates) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  seated bigint;
  people jsonb;
begin
  -- The usual gate: whoever has the role can decide.
  if p_gate.seats = 1 and p_gate.version = 1 and p_gate.separation = 'none' and not exists (
      select from core.runs r where r.tenant_id = app.tenant() and r.id = p_gate.run_id and (r.subject_user_id is not null or r.subject_id is not null)) then
    return exists (
      select from core.members m where m.tenant_id = app.tenant() and m.active and m.kind = 'person' and m.roles && p_gate.roles
        and not exists (select from core.gate_recusals c where c.tenant_id = m.tenant_id and c.gate_id = p_gate.id and c.user_id = m.user_id));
  end if;
  select count(*) into seated from core.decisions
  where tenant_id = app.tenant() and gate_id = p_gate.id and gate_version = p_gate.version and verdict = 'approve';
  select coalesce(jsonb_agg(to_jsonb(case when p_gate.seat_roles is null then m.roles else core.roles_at_seats(p_gate, m.roles) end)), '[]') into people
  from core.members m
  where m.tenant_id = app.tenant() and m.active and m.kind = 'person' and m.roles && p_gate.roles and core.seat_refusal(p_gate, m.user_id) is null
    and (seated = 0 or core.key_refusal(p_gate, m.user_id, null) is null and (
      not exists (select from core.api_keys k where k.tenant_id = m.tenant_id and k.user_id = m.user_id and k.revoked_at is null)
      or exists (select from core.api_keys k where k.tenant_id = m.tenant_id and k.user_id = m.user_id and k.revoked_at is null
        and core.key_refusal(p_gate, m.user_id, k.id) is null)));
  if p_gate.seat_roles is null then
    return seated + jsonb_array_length(people) >= p_gate.seats;
  end if;
  return core.seats_fillable(p_gate.seat_roles, core.seated_roles(p_gate) || people);
end
$$;

ALTER FUNCTION core.has_people(p_gate core.gates) OWNER TO countersign_owner;

CREATE TABLE core.contents (
    tenant_id text NOT NULL,
    id uuid DEFAULT app.new_id() NOT NULL,
    run_id uuid,
    kind text NOT NULL,
    bytes bytea NOT NULL,
    salt bytea NOT NULL,
    commitment bytea NOT NULL,
    encryption_key_id text,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT contents_check CHECK ((commitment = sha256((salt || bytes)))),
    CONSTRAINT contents_kind_check CHECK ((kind = ANY (ARRAY['input'::text, 'prompt'::text, 'output'::text, 'proposal'::text, 'edit'::text, 'question'::text, 'rationale'::text, 'comment'::text, 'record'::text, 'fact'::text, 'receipt'::text, 'embedding'::text, 'memory'::text, 'reason'::text, 'name'::text]))),
    CONSTRAINT contents_salt_check CHECK ((octet_length(salt) = 32))
);

ALTER TABLE ONLY core.contents FORCE ROW LEVEL SECURITY;

ALTER TABLE core.contents OWNER TO countersign_owner;

CREATE FUNCTION core.is_about_subject(p_run core.runs, p_type core.record_types, p_content core.contents) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select (p_run).subject_id is null or (p_type).definition ->> 'subject_field' is null
    or coalesce(convert_from((p_content).bytes, 'UTF8')::jsonb ->> ((p_type).definition ->> 'subject_field') = (p_run).subject_id, false)
$$;

ALTER FUNCTION core.is_about_subject(p_run core.runs, p_type core.record_types, p_content core.contents) OWNER TO countersign_owner;

CREATE FUNCTION core.is_altered(p_content core.contents) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select p_content.commitment <> sha256(p_content.salt || p_content.bytes)
    or exists (select from core.ai_runs where tenant_id = app.tenant() and (
      (prompt_content_id = p_content.id and prompt_hash <> p_content.commitment)
      or (output_content_id = p_content.id and output_hash <> p_content.commitment)))
    or exists (select from core.proposals where tenant_id = app.tenant() and payload_content_id = p_content.id and hash <> p_content.commitment)
    or exists (select from core.records where tenant_id = app.tenant() and content_id = p_content.id and content_hash <> p_content.commitment)
    or exists (select from core.source_receipts where tenant_id = app.tenant() and content_id = p_content.id and content_hash <> p_content.commitment)
$$;

ALTER FUNCTION core.is_altered(p_content core.contents) OWNER TO countersign_owner;

CREATE FUNCTION core.is_blind(p_gate core.gates, p_user_id uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
begin
  if not p_gate.blind_first or p_gate.closed_at is not null
      or exists (select from core.gate_views where tenant_id = app.tenant() and gate_id = p_gate.id and user_id = p_user_id)
      or not exists (select from core.members where tenant_id = app.tenant() and user_id = p_user_id and kind = 'person'
        and roles && array['reviewer', 'senior', 'admin']) then
    return false;
  end if;
  -- Who asked, or is spoken of, will never decide here. A role may still come to them, or a seat become free.
  return coalesce(core.seat_refusal(p_gate, p_user_id), 'role_missing') not in ('subject_of_run', 'requester_holds_no_seat');
end
$$;

ALTER FUNCTION core.is_blind(p_gate core.gates, p_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION core.is_compensated(p_record_id uuid) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select p_record_id is not null and exists (
    select from core.records where tenant_id = app.tenant() and compensates_record_id = p_record_id)
$$;

ALTER FUNCTION core.is_compensated(p_record_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION core.is_complete(p_type core.record_types, p_content core.contents) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select not exists (
    select from unnest((p_type).required_fields) as field
    where coalesce(convert_from((p_content).bytes, 'UTF8')::jsonb -> field, 'null') = 'null')
$$;

ALTER FUNCTION core.is_complete(p_type core.record_types, p_content core.contents) OWNER TO countersign_owner;

CREATE TABLE core.api_keys (
    tenant_id text NOT NULL,
    id text NOT NULL,
    user_id uuid NOT NULL,
    label text NOT NULL,
    secret_sha256 bytea NOT NULL,
    auth_method text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    created_by uuid,
    CONSTRAINT api_keys_auth_method_check CHECK ((auth_method = ANY (ARRAY['local_token'::text, 'oidc'::text, 'service'::text]))),
    CONSTRAINT api_keys_id_check CHECK ((id ~ '^[a-z0-9]{16}$'::text)),
    CONSTRAINT api_keys_secret_sha256_check CHECK ((octet_length(secret_sha256) = 32))
);

ALTER TABLE ONLY core.api_keys FORCE ROW LEVEL SECURITY;

ALTER TABLE core.api_keys OWNER TO countersign_owner;

CREATE FUNCTION core.is_proved(p_key core.api_keys) RETURNS boolean
    LANGUAGE sql STABLE
    RETURN (current_setting('app.key_proof'::text, true) = (((p_key).id || ' '::text) || encode((p_key).secret_sha256, 'hex'::text)));

ALTER FUNCTION core.is_proved(p_key core.api_keys) OWNER TO countersign_owner;

CREATE FUNCTION core.is_satisfiable(p_policy jsonb, p_changed uuid DEFAULT NULL::uuid, p_roles text[] DEFAULT '{}'::text[]) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  deciders integer;
  seniors integer;
  seats_max integer;
begin
  select count(*) filter (where roles && array['reviewer', 'senior']), count(*) filter (where 'senior' = any (roles))
  into deciders, seniors
  from (
    select user_id, roles from core.members where tenant_id = app.tenant() and active and kind = 'person' and user_id is distinct from p_changed
    union all select p_changed, p_roles where p_changed is not null) m;
  if (p_policy ->> 'require_advisor_for_low_confidence')::boolean and seniors = 0 then return false; end if;
  select case when t.kind = 'hospital' then (select max(r.seats) from core.record_types r where r.class in ('privileging', 'credentialing', 'hiring')) end
  into seats_max from core.tenants t where t.id = app.tenant();
  if p_policy ->> 'autonomy_tier' = 'suggest' and p_policy -> 'record_autonomy' = '{}' and not (p_policy ->> 'require_human_review_for_phi_extraction')::boolean then
    return true;
  end if;
  -- Every rule of seats at its highest amount, by people who need not be told apart here: who asks is not known yet.
  if exists (
      select from core.record_types t cross join lateral core.seat_terms(t, coalesce(p_policy -> 'seat_rules', '[]'), t.role, null) s
      where exists (select from jsonb_array_elements(p_policy -> 'seat_rules') as r (rule) where r.rule ->> 'record_type' = t.name)
        and not core.seats_fillable(coalesce(s.seat_roles, array_fill(s.role, array[s.seats])), (
          select coalesce(jsonb_agg(to_jsonb(m.roles)), '[]')
          from (
            select user_id, roles from core.members where tenant_id = app.tenant() and active and kind = 'person' and user_id is distinct from p_changed
            union all select p_changed, p_roles where p_changed is not null) m))) then
    return false;
  end if;
  return deciders >= greatest(coalesce(seats_max, 1), 1);
end
$$;

ALTER FUNCTION core.is_satisfiable(p_policy jsonb, p_changed uuid, p_roles text[]) OWNER TO countersign_owner;

CREATE FUNCTION core.is_subject(p_run core.runs, p_user_id uuid) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select coalesce((p_run).subject_user_id = p_user_id, false) or coalesce(core.subject_member((p_run).subject_id) = p_user_id, false)
$$;

ALTER FUNCTION core.is_subject(p_run core.runs, p_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION core.is_system() RETURNS boolean
    LANGUAGE sql STABLE
    RETURN (current_setting('role'::text) = ANY (ARRAY['countersign_owner'::text, 'countersign_worker'::text]));

ALTER FUNCTION core.is_system() OWNER TO countersign_owner;

CREATE FUNCTION core.is_told() RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
begin
  return exists (select from core.told_tenants where tenant_id = app.tenant());
end
$$;

ALTER FUNCTION core.is_told() OWNER TO countersign_owner;

CREATE FUNCTION core.key_refusal(p_gate core.gates, p_user_id uuid, p_key_id text, p_on_behalf_of uuid DEFAULT NULL::uuid, p_delegated_by uuid DEFAULT NULL::uuid) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select 'key_maker_holds_seat'
  where exists (
    select from core.decisions d
      join core.intents i on i.tenant_id = d.tenant_id and i.id = d.intent_id
      join core.api_keys theirs on theirs.tenant_id = i.tenant_id and theirs.id = i.key_id
      left join core.api_keys mine on mine.tenant_id = d.tenant_id and mine.id = p_key_id
    where d.tenant_id = app.tenant() and d.gate_id = p_gate.id and d.gate_version = p_gate.version and d.verdict = 'approve'
      and d.actor_user_id <> p_user_id
      and (theirs.created_by in (p_user_id, p_on_behalf_of) or mine.created_by in (d.actor_user_id, d.on_behalf_of)
        or p_delegated_by in (d.actor_user_id, d.on_behalf_of)
        or (d.delegation_id is not null and exists (select from core.delegations g
          where g.tenant_id = d.tenant_id and g.id = d.delegation_id and g.created_by in (p_user_id, p_on_behalf_of)))))
$$;

ALTER FUNCTION core.key_refusal(p_gate core.gates, p_user_id uuid, p_key_id text, p_on_behalf_of uuid, p_delegated_by uuid) OWNER TO countersign_owner;

CREATE FUNCTION core.known_of_row() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
begin
  case tg_table_name
    when 'members' then
      if new.kind = 'person' then
        perform core.note_known('person', array[new.display_name]);
      end if;
      perform core.note_known('email', array[new.email]);
    when 'runs', 'subject_members' then
      perform core.note_known('code', array[new.subject_id]);
    when 'worker_trust_records', 'source_receipts' then
      perform core.note_known('code', array[new.subject_id, new.id::text]);
  end case;
  return null;
end
$$;

ALTER FUNCTION core.known_of_row() OWNER TO countersign_owner;

CREATE FUNCTION core.known_since(p_mark text) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  -- Transactions below the mark were over when it was taken. One from the future is of another cluster, before a restore.
  with since as (
    select case when p_mark::xid8 <= pg_snapshot_xmax(pg_current_snapshot()) then p_mark::xid8 else '0'::xid8 end as mark)
  select jsonb_build_object('mark', pg_snapshot_xmin(pg_current_snapshot())::text, 'values', coalesce((
    select jsonb_agg(jsonb_build_object('kind', n.kind, 'value', coalesce(n.value, core.content_text(n.content_id))))
    from (
      select k.kind, k.value, k.content_id from core.known_values k
      where k.tenant_id = app.tenant() and k.noted_in >= (select s.mark from since s)
      order by k.kind <> 'person', k.noted_in desc limit 20000) n), '[]'))
$$;

ALTER FUNCTION core.known_since(p_mark text) OWNER TO countersign_owner;

CREATE FUNCTION core.leave_with_document() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
begin
  if tg_op <> 'DELETE' or not exists (
      select from core.documents d
      where d.tenant_id = old.tenant_id and d.id = (to_jsonb(old) ->> tg_argv[0])::uuid and d.state = 'deleted') then
    raise exception 'core.% leaves with its document: % refused', tg_table_name, tg_op using errcode = 'ZC002';
  end if;
  return old;
end
$$;

ALTER FUNCTION core.leave_with_document() OWNER TO countersign_owner;

CREATE FUNCTION core.lineage(p_run_id uuid) RETURNS TABLE(run_id uuid, requested_by uuid, depth integer)
    LANGUAGE sql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  with recursive line as (
    select r.id, r.requested_by, coalesce(r.resend_of, r.by_hand_of) as from_id, 1 as depth
    from core.runs r where r.tenant_id = app.tenant() and r.id = p_run_id
    union all
    select r.id, r.requested_by, coalesce(r.resend_of, r.by_hand_of), line.depth + 1
    from line join core.runs r on r.tenant_id = app.tenant() and r.id = line.from_id
    where line.depth <= core.lineage_max()
  )
  select id, requested_by, depth from line order by depth
$$;

ALTER FUNCTION core.lineage(p_run_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION core.lineage_max() RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN 100;

ALTER FUNCTION core.lineage_max() OWNER TO countersign_owner;

CREATE TABLE core.accounts (
    tenant_id text NOT NULL,
    balance_credits bigint NOT NULL,
    ledger_seq bigint NOT NULL,
    day date NOT NULL,
    held_nano_usd bigint NOT NULL,
    spent_nano_usd bigint NOT NULL,
    CONSTRAINT accounts_balance_credits_check CHECK ((balance_credits >= 0)),
    CONSTRAINT accounts_held_nano_usd_check CHECK ((held_nano_usd >= 0)),
    CONSTRAINT accounts_ledger_seq_check CHECK ((ledger_seq >= 0)),
    CONSTRAINT accounts_spent_nano_usd_check CHECK ((spent_nano_usd >= 0))
);

ALTER TABLE ONLY core.accounts FORCE ROW LEVEL SECURITY;

ALTER TABLE core.accounts OWNER TO countersign_owner;

CREATE FUNCTION core.lock_account() RETURNS core.accounts
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  account core.accounts;
  today date;
begin
  select * into account from core.accounts where tenant_id = app.tenant() for no key update;
  if not found then
    raise exception 'tenant has no account' using errcode = 'ZC010';
  end if;
  select greatest(account.day, (app.now() at time zone t.time_zone)::date) into today from core.tenants t where t.id = app.tenant();
  if today > account.day then
    update core.accounts set day = today, held_nano_usd = 0, spent_nano_usd = 0 where tenant_id = app.tenant() returning * into account;
  end if;
  return account;
end
$$;

ALTER FUNCTION core.lock_account() OWNER TO countersign_owner;

CREATE FUNCTION core.lose_open_attempt(p_ai_run_id uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  open_attempt core.ai_run_attempts;
begin
  select * into open_attempt from core.ai_run_attempts
  where tenant_id = app.tenant() and ai_run_id = p_ai_run_id and state = 'open';
  if found then
    perform core.end_attempt(p_ai_run_id, open_attempt.attempt, 'lost', open_attempt.held_nano_usd, 'attempt_lost');
  end if;
end
$$;

ALTER FUNCTION core.lose_open_attempt(p_ai_run_id uuid) OWNER TO countersign_owner;

CREATE TABLE core.outbox (
    tenant_id text NOT NULL,
    id uuid DEFAULT app.new_id() NOT NULL,
    topic text NOT NULL,
    run_id uuid,
    gate_id uuid,
    created_at timestamp with time zone NOT NULL,
    delivered_at timestamp with time zone
);

ALTER TABLE ONLY core.outbox FORCE ROW LEVEL SECURITY;

ALTER TABLE core.outbox OWNER TO countersign_owner;

CREATE FUNCTION core.mail_notice(p_notice core.outbox) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  digest_pause constant interval := '1 hour';
  mails_an_hour_max constant integer := 20;
  gate core.gates;
  reader record;
  mail uuid;
begin
  select * into gate from core.gates where tenant_id = app.tenant() and id = p_notice.gate_id;
  for reader in
    select m.user_id, p.preference = 'digest' or (select count(*) from core.mails h
        where h.tenant_id = m.tenant_id and h.user_id = m.user_id and h.created_at > app.now() - digest_pause) >= mails_an_hour_max as is_digest
    from core.members m left join core.mail_preferences p on p.tenant_id = m.tenant_id and p.user_id = m.user_id
    where m.tenant_id = app.tenant() and m.active and m.kind = 'person' and m.email is not null and p.preference is distinct from 'none'
      and case
        when p_notice.topic in ('run.closed', 'gate.asked') then
          m.user_id = (select r.requested_by from core.runs r where r.tenant_id = app.tenant() and r.id = p_notice.run_id)
        when p_notice.topic in ('gate.opened', 'gate.reminded', 'gate.escalated', 'gate.retermed', 'gate.raised', 'gate.answered') then
          gate.closed_at is null and (core.seat_refusal(gate, m.user_id) is null or core.may_sit_for_another(gate, m.user_id))
        else false
      end
    order by m.user_id
  loop
    if coalesce(reader.is_digest, false) then
      insert into core.mails as d (tenant_id, user_id, is_digest, state, next_at, created_at, changed_at)
      values (app.tenant(), reader.user_id, true, 'pending', app.now() + digest_pause, app.now(), app.now())
      on conflict (tenant_id, user_id) where is_digest and state = 'pending' and attempts = 0 do update set changed_at = excluded.changed_at
      returning d.id into mail;
    else
      insert into core.mails (tenant_id, user_id, is_digest, state, next_at, created_at, changed_at)
      values (app.tenant(), reader.user_id, false, 'pending', app.now(), app.now(), app.now())
      returning id into mail;
    end if;
    insert into core.mail_notices (tenant_id, mail_id, user_id, outbox_id) values (app.tenant(), mail, reader.user_id, p_notice.id);
    insert into core.worklist (kind, tenant_id, ref_id, due_at)
    select 'mail', app.tenant(), m.id, m.next_at from core.mails m where m.tenant_id = app.tenant() and m.id = mail
    on conflict do nothing;
  end loop;
end
$$;

ALTER FUNCTION core.mail_notice(p_notice core.outbox) OWNER TO countersign_owner;

CREATE FUNCTION core.may_sit_for_another(p_gate core.gates, p_user_id uuid) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select exists (
    select from core.delegations d join core.members l on l.tenant_id = d.tenant_id and l.user_id = d.delegator_user_id
      cross join lateral (select array(select unnest(l.roles) intersect select unnest(d.roles)) as roles) as lent
    where d.tenant_id = app.tenant() and d.delegate_user_id = p_user_id and d.revoked_at is null
      and d.from_at <= app.now() and d.until_at > app.now()
      and core.seat_refusal(p_gate, l.user_id, lent.roles) is null and core.seat_refusal(p_gate, p_user_id, lent.roles) is null)
$$;

ALTER FUNCTION core.may_sit_for_another(p_gate core.gates, p_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION core.merge_seats(p_demands jsonb, p_role text, OUT seats integer, OUT seat_roles text[], OUT role text) RETURNS record
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  named text[];
begin
  with named_roles as (
    select r.role, max(r.times) as times from (
      select d.place, n.role, count(*) as times
      from jsonb_array_elements(p_demands) with ordinality as d (demand, place) cross join lateral jsonb_array_elements_text(d.demand -> 'roles') as n (role)
      where n.role <> 'reviewer' group by d.place, n.role) r
    group by r.role
  )
  select array_agg(n.role order by n.role = p_role desc, n.role collate "C") into named
  from named_roles n cross join lateral generate_series(1, n.times);
  select greatest(max((d.demand ->> 'seats')::integer), coalesce(cardinality(named), 0)) into seats from jsonb_array_elements(p_demands) as d (demand);
  seat_roles := array_fill(p_role, array[seats - coalesce(cardinality(named), 0)]) || coalesce(named, '{}');
  role := seat_roles[1];
  if role = all (seat_roles) then
    seat_roles := null;
  end if;
end
$$;

ALTER FUNCTION core.merge_seats(p_demands jsonb, p_role text, OUT seats integer, OUT seat_roles text[], OUT role text) OWNER TO countersign_owner;

CREATE FUNCTION core.message_text(p_type text, p_at timestamp with time zone, p_data json) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select json_build_object('type', p_type, 'timestamp', app.utc(p_at), 'data', p_data)::text
$$;

ALTER FUNCTION core.message_text(p_type text, p_at timestamp with time zone, p_data json) OWNER TO countersign_owner;

CREATE FUNCTION core.next_role(p_gate core.gates) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  with chain as (
    select i.ordinal, i.role from core.gate_instants i
    where i.tenant_id = (p_gate).tenant_id and i.gate_id = (p_gate).id and i.kind = 'escalation'
      and i.superseded_at is null
    union all
    select 0, 'senior' where not exists (select from core.gate_instants i
      where i.tenant_id = (p_gate).tenant_id and i.gate_id = (p_gate).id and i.kind = 'escalation' and i.superseded_at is null)
  )
  select c.role from chain c
  where c.ordinal > coalesce((select max(l.ordinal) from chain l where l.role = (p_gate).roles[1]), -1)
  order by c.ordinal limit 1
$$;

ALTER FUNCTION core.next_role(p_gate core.gates) OWNER TO countersign_owner;

CREATE FUNCTION core.note_claim() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
begin
  insert into core.gate_claims (tenant_id, gate_id, user_id, at) values (new.tenant_id, new.id, new.claimed_by, app.now()) on conflict do nothing;
  return null;
end
$$;

ALTER FUNCTION core.note_claim() OWNER TO countersign_owner;

CREATE FUNCTION core.note_known(p_kind text, p_values text[], p_told_in uuid DEFAULT NULL::uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  secret bytea := coalesce((select call_key_secret from core.tenant_secrets where tenant_id = app.tenant()), '');
  noted text;
  mark bytea;
begin
  -- In one order for everybody: who notes the same values waits, and never in a circle.
  for noted in select distinct v from unnest(p_values) as n (v) where v <> '' order by v loop
    mark := sha256(secret || convert_to(p_kind || ' ' || noted, 'UTF8'));
    continue when exists (select from core.known_values where tenant_id = app.tenant() and fingerprint = mark);
    insert into core.known_values (tenant_id, fingerprint, kind, value, content_id)
    values (app.tenant(), mark, p_kind, case when p_told_in is null then noted end,
      case when p_told_in is not null then (core.put_content(p_told_in, 'fact', noted)).id end)
    on conflict do nothing;
  end loop;
end
$$;

ALTER FUNCTION core.note_known(p_kind text, p_values text[], p_told_in uuid) OWNER TO countersign_owner;

CREATE FUNCTION core.note_reidentified(p_content_ids uuid[], p_user_id uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  seen record;
begin
  for seen in
    with fresh as (
      insert into core.reidentifications (tenant_id, user_id, content_id, day, seen_at)
      select app.tenant(), p_user_id, c.id, (app.now() at time zone 'UTC')::date, app.now()
      from core.contents c
      where c.tenant_id = app.tenant() and c.id = any (p_content_ids) and c.kind in ('proposal', 'question', 'edit', 'record')
        and exists (select from core.scrub_tokens s where s.tenant_id = c.tenant_id and s.run_id = c.run_id)
        and not exists (select from core.proposals p
          where p.tenant_id = c.tenant_id and p.run_id = c.run_id and p.payload_content_id = c.id and p.kind = 'manual')
      on conflict do nothing
      returning content_id)
    select c.run_id, jsonb_agg(c.id::text order by c.id) as content_ids
    from fresh f join core.contents c on c.tenant_id = app.tenant() and c.id = f.content_id
    group by c.run_id order by c.run_id
  loop
    perform core.emit('content.reidentified', core.actor_kind(), p_user_id, seen.run_id, (
      select jsonb_build_object('content_ids', seen.content_ids, 'tokens', sum(n)::text, 'kinds', jsonb_object_agg(kind, n::text))
      from (select s.kind, count(*) as n from core.scrub_tokens s where s.tenant_id = app.tenant() and s.run_id = seen.run_id group by s.kind) k));
  end loop;
end
$$;

ALTER FUNCTION core.note_reidentified(p_content_ids uuid[], p_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION core.note_told() RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
begin
  perform pg_advisory_xact_lock(hashtextextended('told ' || app.tenant(), 0));
  if exists (select from core.webhook_endpoints where tenant_id = app.tenant() and state = 'active')
      or (exists (select from core.channels where name = 'mail' and is_on) and exists (
        select from core.members m left join core.mail_preferences p on p.tenant_id = m.tenant_id and p.user_id = m.user_id
        where m.tenant_id = app.tenant() and m.active and m.kind = 'person' and m.email is not null and p.preference is distinct from 'none')) then
    insert into core.told_tenants (tenant_id, told_since) values (app.tenant(), app.now()) on conflict do nothing;
  else
    delete from core.told_tenants where tenant_id = app.tenant();
  end if;
end
$$;

ALTER FUNCTION core.note_told() OWNER TO countersign_owner;

CREATE TABLE core.webhook_endpoints (
    tenant_id text NOT NULL,
    id uuid NOT NULL,
    url text NOT NULL,
    event_types text[] NOT NULL,
    state text NOT NULL,
    code text,
    created_by uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT webhook_endpoints_check CHECK (((code IS NULL) OR (state <> 'active'::text))),
    CONSTRAINT webhook_endpoints_code_check CHECK ((code ~ '^[a-z_]+$'::text)),
    CONSTRAINT webhook_endpoints_event_types_check CHECK (((cardinality(event_types) >= 1) AND (cardinality(event_types) <= 50))),
    CONSTRAINT webhook_endpoints_state_check CHECK ((state = ANY (ARRAY['active'::text, 'disabled'::text, 'deleted'::text]))),
    CONSTRAINT webhook_endpoints_url_check CHECK (((length(url) <= 2000) AND (url ~ '^https?://[!-~]+$'::text)))
);

ALTER TABLE ONLY core.webhook_endpoints FORCE ROW LEVEL SECURITY;

ALTER TABLE core.webhook_endpoints OWNER TO countersign_owner;

CREATE FUNCTION core.note_webhook(p_endpoint core.webhook_endpoints, p_act text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
begin
  perform core.emit('webhook.changed', core.actor_kind(), core.actor(), null, jsonb_build_object(
    'webhook_id', p_endpoint.id, 'act', p_act, 'state', p_endpoint.state, 'code', p_endpoint.code,
    'event_types', to_jsonb(p_endpoint.event_types)));
end
$$;

ALTER FUNCTION core.note_webhook(p_endpoint core.webhook_endpoints, p_act text) OWNER TO countersign_owner;

CREATE FUNCTION core.notice_data(p_notice core.outbox) RETURNS json
    LANGUAGE sql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select case
    when p_notice.topic = 'record.written' then (
      select json_build_object('record_id', r.id, 'record_type', r.record_type, 'record_class', g.record_class, 'decision_id', r.decision_id,
        'gate_id', r.gate_id, 'proposal_id', r.proposal_id, 'run_id', r.run_id)
      from core.records r join core.gates g on g.tenant_id = r.tenant_id and g.id = r.gate_id
      where r.tenant_id = p_notice.tenant_id and r.gate_id = p_notice.gate_id)
    when p_notice.topic = 'run.closed' then (
      select json_build_object('run_id', r.id, 'purpose', r.purpose, 'outcome', r.outcome, 'code', r.code,
        'credits', json_build_object('reserved', r.reserved_credits::text, 'actual', r.actual_credits::text,
          'deducted', r.deducted_credits::text, 'shortfall', r.shortfall_credits::text))
      from core.runs r where r.tenant_id = p_notice.tenant_id and r.id = p_notice.run_id)
    when p_notice.topic = 'ops.page' then (
      select json_build_object('page_id', p.id, 'code', p.code, 'run_id', p.run_id)
      from core.pages p
      where p.tenant_id = p_notice.tenant_id and p.run_id is not distinct from p_notice.run_id and p.opened_at <= p_notice.created_at
      order by p.opened_at desc, p.id desc limit 1)
    when p_notice.gate_id is not null then (
      select json_build_object('gate_id', g.id, 'run_id', g.run_id, 'proposal_id', g.proposal_id, 'record_type', p.record_type,
        'record_class', g.record_class, 'manual', g.manual, 'outcome', case p_notice.topic when 'gate.closed' then o.outcome end)
      from core.gates g join core.proposals p on p.tenant_id = g.tenant_id and p.id = g.proposal_id
        left join core.gate_outcomes o on o.tenant_id = g.tenant_id and o.gate_id = g.id
      where g.tenant_id = p_notice.tenant_id and g.id = p_notice.gate_id)
    else json_build_object('run_id', p_notice.run_id)
  end
$$;

ALTER FUNCTION core.notice_data(p_notice core.outbox) OWNER TO countersign_owner;

CREATE FUNCTION core.offer_record_types(p_gate core.gates, p_purpose text, p_purpose_version integer) RETURNS void
    LANGUAGE sql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  insert into core.gate_record_types (tenant_id, gate_id, record_type)
  select (p_gate).tenant_id, (p_gate).id, t.name
  from core.purpose_record_types p join core.record_types t on t.name = p.record_type
  where p.purpose = p_purpose and p.purpose_version = p_purpose_version
    and (t.kind = 'draft' or t.name = (select record_type from core.proposals where tenant_id = (p_gate).tenant_id and id = (p_gate).proposal_id))
    and core.fits_gate(p_gate, t)
$$;

ALTER FUNCTION core.offer_record_types(p_gate core.gates, p_purpose text, p_purpose_version integer) OWNER TO countersign_owner;

CREATE TABLE core.ai_runs (
    tenant_id text NOT NULL,
    id uuid DEFAULT app.new_id() NOT NULL,
    run_id uuid,
    kind text NOT NULL,
    feature text NOT NULL,
    vendor text NOT NULL,
    model text NOT NULL,
    region text NOT NULL,
    status text NOT NULL,
    call_key bytea NOT NULL,
    parent_id uuid,
    requested_by uuid,
    prompt_content_id uuid NOT NULL,
    prompt_hash bytea NOT NULL,
    output_content_id uuid,
    output_hash bytea,
    input_tokens bigint,
    output_tokens bigint,
    cache_read_tokens bigint,
    cache_write_tokens bigint,
    cost_nano_usd bigint,
    latency_ms bigint,
    provider_request_id text,
    error_code text,
    claimed_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    document_id uuid,
    CONSTRAINT ai_runs_cache_read_tokens_check CHECK ((cache_read_tokens >= 0)),
    CONSTRAINT ai_runs_cache_write_tokens_check CHECK ((cache_write_tokens >= 0)),
    CONSTRAINT ai_runs_call_key_check CHECK ((octet_length(call_key) = 32)),
    CONSTRAINT ai_runs_check CHECK (((status = 'claimed'::text) = (finished_at IS NULL))),
    CONSTRAINT ai_runs_check1 CHECK (((status = 'succeeded'::text) = ((output_content_id IS NOT NULL) AND (output_hash IS NOT NULL)))),
    CONSTRAINT ai_runs_check2 CHECK (((kind <> 'advisor'::text) OR (parent_id IS NOT NULL))),
    CONSTRAINT ai_runs_check3 CHECK (((run_id IS NULL) <> (document_id IS NULL))),
    CONSTRAINT ai_runs_check4 CHECK (((document_id IS NULL) OR (kind = 'embedding'::text))),
    CONSTRAINT ai_runs_check5 CHECK (((run_id IS NULL) OR (requested_by IS NOT NULL))),
    CONSTRAINT ai_runs_check6 CHECK (((kind <> 'replay'::text) OR (parent_id IS NOT NULL))),
    CONSTRAINT ai_runs_cost_nano_usd_check CHECK ((cost_nano_usd >= 0)),
    CONSTRAINT ai_runs_input_tokens_check CHECK ((input_tokens >= 0)),
    CONSTRAINT ai_runs_kind_check CHECK ((kind = ANY (ARRAY['primary'::text, 'advisor'::text, 'embedding'::text, 'distil'::text, 'replay'::text]))),
    CONSTRAINT ai_runs_latency_ms_check CHECK ((latency_ms >= 0)),
    CONSTRAINT ai_runs_output_tokens_check CHECK ((output_tokens >= 0)),
    CONSTRAINT ai_runs_status_check CHECK ((status = ANY (ARRAY['claimed'::text, 'succeeded'::text, 'failed'::text])))
);

ALTER TABLE ONLY core.ai_runs FORCE ROW LEVEL SECURITY;

ALTER TABLE core.ai_runs OWNER TO countersign_owner;

CREATE FUNCTION core.open_attempt(p_claim core.ai_runs, p_attempt integer, p_day date, p_worst_nano_usd bigint, p_price_valid_from timestamp with time zone, p_wait_ms integer) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
begin
  insert into core.ai_run_attempts (tenant_id, ai_run_id, attempt, state, day, held_nano_usd, price_valid_from, started_at)
  values (app.tenant(), p_claim.id, p_attempt, 'open', p_day, p_worst_nano_usd, p_price_valid_from, app.now());
  update core.accounts set held_nano_usd = held_nano_usd + p_worst_nano_usd where tenant_id = app.tenant();
  return jsonb_build_object('state', 'call', 'ai_run_id', p_claim.id, 'attempt', p_attempt,
    -- Attempts that a vendor may have billed already, and whether the model's answer is news to the other workers.
    'billed_before', case when p_attempt = 1 then 0 else (select count(*) from core.ai_run_attempts
      where tenant_id = app.tenant() and ai_run_id = p_claim.id and state in ('maybe_billed', 'lost')) end,
    'troubled', p_wait_ms is not null,
    'prompt', core.bound_text(p_claim.prompt_content_id, p_claim.prompt_hash),
    'vendor', p_claim.vendor, 'model', p_claim.model, 'region', p_claim.region);
end
$$;

ALTER FUNCTION core.open_attempt(p_claim core.ai_runs, p_attempt integer, p_day date, p_worst_nano_usd bigint, p_price_valid_from timestamp with time zone, p_wait_ms integer) OWNER TO countersign_owner;

CREATE TABLE core.ai_policy_controls (
    tenant_id text NOT NULL,
    version integer NOT NULL,
    autonomy_tier text NOT NULL,
    auto_categories text[] NOT NULL,
    record_autonomy jsonb NOT NULL,
    require_human_review_for_phi_extraction boolean CONSTRAINT ai_policy_controls_require_human_review_for_phi_extrac_not_null NOT NULL,
    block_ai_committee_response_drafts boolean NOT NULL,
    require_advisor_for_low_confidence boolean NOT NULL,
    daily_token_budget_nano_usd bigint NOT NULL,
    confidence_threshold_permille integer,
    paused boolean NOT NULL,
    paused_purposes text[] NOT NULL,
    paused_vendors text[] NOT NULL,
    set_by uuid,
    reason_content_id uuid NOT NULL,
    set_at timestamp with time zone NOT NULL,
    reauthenticate_protected_minutes integer,
    terms_version integer DEFAULT 1 NOT NULL,
    seat_rules jsonb DEFAULT '[]'::jsonb NOT NULL,
    blind_first_protected boolean DEFAULT false NOT NULL,
    working_calendar jsonb,
    undo_window_hours integer DEFAULT 72 NOT NULL,
    auto_review_permille integer DEFAULT 100 NOT NULL,
    CONSTRAINT ai_policy_controls_auto_review_permille_check CHECK (((auto_review_permille >= 0) AND (auto_review_permille <= 1000))),
    CONSTRAINT ai_policy_controls_autonomy_tier_check CHECK ((autonomy_tier = ANY (ARRAY['suggest'::text, 'draft'::text, 'auto'::text]))),
    CONSTRAINT ai_policy_controls_confidence_threshold_permille_check CHECK (((confidence_threshold_permille >= 0) AND (confidence_threshold_permille <= 1000))),
    CONSTRAINT ai_policy_controls_daily_token_budget_nano_usd_check CHECK ((daily_token_budget_nano_usd >= 0)),
    CONSTRAINT ai_policy_controls_paused_purposes_check CHECK ((array_to_string(paused_purposes, ' '::text, '!'::text) ~ '^[a-z0-9_. -]*$'::text)),
    CONSTRAINT ai_policy_controls_paused_vendors_check CHECK ((array_to_string(paused_vendors, ' '::text, '!'::text) ~ '^[a-z0-9_. -]*$'::text)),
    CONSTRAINT ai_policy_controls_reauthenticate_protected_minutes_check CHECK (((reauthenticate_protected_minutes >= 1) AND (reauthenticate_protected_minutes <= 60))),
    CONSTRAINT ai_policy_controls_record_autonomy_check CHECK (((jsonb_typeof(record_autonomy) = 'object'::text) AND (NOT jsonb_path_exists(record_autonomy, '$.*?(@.type() != "string" || !(@ like_regex "^(suggest|draft|auto)$"))'::jsonpath)))),
    CONSTRAINT ai_policy_controls_seat_rules_check CHECK ((jsonb_typeof(seat_rules) = 'array'::text)),
    CONSTRAINT ai_policy_controls_undo_window_hours_check CHECK (((undo_window_hours >= 0) AND (undo_window_hours <= 8760))),
    CONSTRAINT ai_policy_controls_version_check CHECK ((version > 0)),
    CONSTRAINT ai_policy_controls_working_calendar_check CHECK (((working_calendar IS NULL) OR COALESCE(((jsonb_typeof(working_calendar) = 'object'::text) AND ((working_calendar - ARRAY['weekdays'::text, 'from'::text, 'to'::text, 'holidays'::text]) = '{}'::jsonb) AND (jsonb_typeof((working_calendar -> 'weekdays'::text)) = 'array'::text) AND ((jsonb_array_length((working_calendar -> 'weekdays'::text)) >= 1) AND (jsonb_array_length((working_calendar -> 'weekdays'::text)) <= 7)) AND ((working_calendar -> 'weekdays'::text) <@ '[1, 2, 3, 4, 5, 6, 7]'::jsonb) AND ((working_calendar ->> 'from'::text) ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'::text) AND ((working_calendar ->> 'to'::text) ~ '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$'::text) AND ((working_calendar ->> ('from'::text COLLATE "C")) < (working_calendar ->> ('to'::text COLLATE "C"))) AND (jsonb_typeof((working_calendar -> 'holidays'::text)) = 'array'::text) AND (jsonb_array_length((working_calendar -> 'holidays'::text)) <= 400) AND (NOT jsonb_path_exists(working_calendar, 'strict $."holidays"[*]?(@.type() != "string" || !(@ like_regex "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))'::jsonpath, '{}'::jsonb, true))), false)))
);

ALTER TABLE ONLY core.ai_policy_controls FORCE ROW LEVEL SECURITY;

ALTER TABLE core.ai_policy_controls OWNER TO countersign_owner;

CREATE TABLE core.proposals (
    tenant_id text NOT NULL,
    id uuid DEFAULT app.new_id() NOT NULL,
    run_id uuid NOT NULL,
    ordinal integer NOT NULL,
    kind text NOT NULL,
    record_type text NOT NULL,
    record_class text NOT NULL,
    ai_run_id uuid,
    payload_content_id uuid NOT NULL,
    hash bytea NOT NULL,
    confidence_permille integer,
    shown boolean NOT NULL,
    outcome text,
    possible_duplicate_of uuid,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT proposals_check CHECK (((kind = 'manual'::text) = (ai_run_id IS NULL))),
    CONSTRAINT proposals_confidence_permille_check CHECK (((confidence_permille >= 0) AND (confidence_permille <= 1000))),
    CONSTRAINT proposals_kind_check CHECK ((kind = ANY (ARRAY['draft'::text, 'recommendation'::text, 'manual'::text]))),
    CONSTRAINT proposals_ordinal_check CHECK ((ordinal >= 0)),
    CONSTRAINT proposals_ordinal_check1 CHECK ((ordinal < 40)),
    CONSTRAINT proposals_outcome_check CHECK ((outcome = ANY (ARRAY['approved'::text, 'applied'::text, 'rejected'::text, 'expired'::text, 'withdrawn'::text, 'advised'::text, 'blocked'::text])))
);

ALTER TABLE ONLY core.proposals FORCE ROW LEVEL SECURITY;

ALTER TABLE core.proposals OWNER TO countersign_owner;

CREATE FUNCTION core.open_gate(p_proposal core.proposals, p_item jsonb, p_senior boolean, p_policy core.ai_policy_controls) RETURNS core.gates
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
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

ALTER FUNCTION core.open_gate(p_proposal core.proposals, p_item jsonb, p_senior boolean, p_policy core.ai_policy_controls) OWNER TO countersign_owner;

CREATE FUNCTION core.page(p_cause text, p_code text, p_run_id uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  opened boolean;
begin
  insert into core.pages (tenant_id, cause, code, run_id, opened_at) values (app.tenant(), p_cause, p_code, p_run_id, app.now())
  on conflict (tenant_id, cause) where acknowledged_at is null do update set count = core.pages.count + 1
  returning xmax = 0 into opened;
  if opened then
    insert into core.outbox (tenant_id, topic, run_id, created_at) values (app.tenant(), 'ops.page', p_run_id, app.now());
    perform core.emit('ops.page', 'system', null, p_run_id, jsonb_build_object('code', p_code));
  end if;
end
$$;

ALTER FUNCTION core.page(p_cause text, p_code text, p_run_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION core.people_behind(p_user_id uuid) RETURNS TABLE(user_id uuid)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
begin
  return query
  with recursive behind as (
    select p_user_id as user_id
    union
    select k.created_by
    from behind b
      join core.members m on m.tenant_id = app.tenant() and m.user_id = b.user_id and m.kind = 'service'
      join core.api_keys k on k.tenant_id = m.tenant_id and k.user_id = m.user_id
    where k.created_by is not null
  )
  select b.user_id from behind b;
end
$$;

ALTER FUNCTION core.people_behind(p_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION core.presented_key() RETURNS text
    LANGUAGE sql STABLE
    RETURN NULLIF(split_part(current_setting('app.key_proof'::text, true), ' '::text, 1), ''::text);

ALTER FUNCTION core.presented_key() OWNER TO countersign_owner;

CREATE FUNCTION core.price_now(p_vendor text, p_model text, p_region text) RETURNS core.ai_prices
    LANGUAGE sql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select p.* from core.ai_prices p
  where p.vendor = p_vendor and p.model = p_model and p.region = p_region
    and p.valid_from <= app.now() and (p.valid_until is null or p.valid_until > app.now())
  order by p.valid_from desc limit 1
$$;

ALTER FUNCTION core.price_now(p_vendor text, p_model text, p_region text) OWNER TO countersign_owner;

CREATE FUNCTION core.printed_name(p_user_id uuid) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  printed text;
  known uuid;
begin
  select m.display_name, (
    select n.content_id from core.printed_names n join core.contents c on c.tenant_id = n.tenant_id and c.id = n.content_id
    where n.tenant_id = m.tenant_id and n.user_id = m.user_id and c.bytes = convert_to(m.display_name, 'UTF8') limit 1)
  into printed, known
  from core.members m where m.tenant_id = app.tenant() and m.user_id = p_user_id;
  if known is null then
    known := (core.put_content(null, 'name', printed)).id;
    insert into core.printed_names (tenant_id, user_id, content_id, first_used_at) values (app.tenant(), p_user_id, known, app.now());
  end if;
  return known;
end
$$;

ALTER FUNCTION core.printed_name(p_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION core.proof_refusal(p_gate core.gates, p_user_id uuid, p_key_id text, p_proof_id uuid, p_secret bytea, p_words jsonb, p_at timestamp with time zone) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  proof core.reauthentications;
begin
  if p_proof_id is null then
    return case when p_gate.reauthenticate_minutes is not null then 'reauthentication_required' end;
  end if;
  select * into proof from core.reauthentications where tenant_id = app.tenant() and id = p_proof_id;
  return case
    when not found or proof.gate_id <> p_gate.id or proof.actor_user_id <> p_user_id or proof.key_id <> p_key_id
      or proof.secret_sha256 <> sha256(p_secret) or proof.statement_sha256 <> core.signed_statement(p_secret, p_words)
      or exists (select from core.intents where tenant_id = app.tenant() and reauthentication_id = proof.id) then 'reauthentication_invalid'
    when p_at > least(proof.expires_at, proof.authenticated_at + make_interval(mins => coalesce(p_gate.reauthenticate_minutes, 60)))
      then 'reauthentication_late'
  end;
end
$$;

ALTER FUNCTION core.proof_refusal(p_gate core.gates, p_user_id uuid, p_key_id text, p_proof_id uuid, p_secret bytea, p_words jsonb, p_at timestamp with time zone) OWNER TO countersign_owner;

CREATE FUNCTION core.put_content(p_run_id uuid, p_kind text, p_text text) RETURNS core.contents
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  stored core.contents;
  fresh_salt bytea := sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
  utf8 bytea := convert_to(p_text, 'UTF8');
begin
  insert into core.contents (tenant_id, run_id, kind, bytes, salt, commitment, created_at)
  values (app.tenant(), p_run_id, p_kind, utf8, fresh_salt, sha256(fresh_salt || utf8), app.now())
  returning * into stored;
  return stored;
end
$$;

ALTER FUNCTION core.put_content(p_run_id uuid, p_kind text, p_text text) OWNER TO countersign_owner;

CREATE TABLE core.documents (
    tenant_id text NOT NULL,
    id uuid DEFAULT app.new_id() NOT NULL,
    source_type text NOT NULL,
    media_type text NOT NULL,
    size_bytes bigint NOT NULL,
    commitment bytea NOT NULL,
    state text NOT NULL,
    code text,
    pages integer,
    characters bigint,
    passages integer,
    added_by uuid,
    memory_id uuid,
    request_key text,
    created_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT documents_characters_check CHECK ((characters > 0)),
    CONSTRAINT documents_check CHECK (((source_type = 'memory'::text) = (memory_id IS NOT NULL))),
    CONSTRAINT documents_check1 CHECK (((state <> ALL (ARRAY['ready'::text, 'deleted'::text])) OR (code IS NULL))),
    CONSTRAINT documents_check2 CHECK (((state <> 'refused'::text) OR (code IS NOT NULL))),
    CONSTRAINT documents_check3 CHECK (((state <> 'ready'::text) OR (passages IS NOT NULL))),
    CONSTRAINT documents_code_check CHECK ((code ~ '^[a-z_]+$'::text)),
    CONSTRAINT documents_commitment_check CHECK ((octet_length(commitment) = 32)),
    CONSTRAINT documents_media_type_check CHECK ((media_type = ANY (ARRAY['text/plain'::text, 'application/pdf'::text]))),
    CONSTRAINT documents_pages_check CHECK ((pages > 0)),
    CONSTRAINT documents_passages_check CHECK ((passages > 0)),
    CONSTRAINT documents_request_key_check CHECK (((length(request_key) >= 1) AND (length(request_key) <= 255))),
    CONSTRAINT documents_size_bytes_check CHECK (((size_bytes >= 1) AND (size_bytes <= 10485760))),
    CONSTRAINT documents_source_type_check CHECK ((source_type = ANY (ARRAY['document'::text, 'memory'::text, 'convo_summary'::text]))),
    CONSTRAINT documents_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'ready'::text, 'refused'::text, 'deleted'::text]))),
    CONSTRAINT summary_is_text CHECK (((source_type <> 'convo_summary'::text) OR (media_type = 'text/plain'::text)))
);

ALTER TABLE ONLY core.documents FORCE ROW LEVEL SECURITY;

ALTER TABLE core.documents OWNER TO countersign_owner;

CREATE FUNCTION core.put_document(p_source_type text, p_media_type text, p_title text, p_bytes bytea, p_added_by uuid, p_request_key text DEFAULT NULL::text, p_memory_id uuid DEFAULT NULL::uuid, p_publisher text DEFAULT NULL::text, p_address text DEFAULT NULL::text) RETURNS core.documents
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  stored core.documents;
  fresh_salt bytea := sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
begin
  insert into core.documents (tenant_id, source_type, media_type, size_bytes, commitment, state, added_by, memory_id, request_key,
    created_at, changed_at)
  values (app.tenant(), p_source_type, p_media_type, octet_length(p_bytes), sha256(fresh_salt || p_bytes), 'pending', p_added_by, p_memory_id,
    p_request_key, app.now(), app.now())
  returning * into stored;
  insert into core.document_contents (tenant_id, document_id, title, publisher, address, salt, bytes)
  values (app.tenant(), stored.id, p_title, p_publisher, p_address, fresh_salt, p_bytes);
  insert into core.worklist (kind, tenant_id, ref_id, due_at) values ('document', app.tenant(), stored.id, app.now());
  perform core.emit('document.added', core.actor_kind(), core.actor(), null, jsonb_build_object(
    'document_id', stored.id, 'source_type', p_source_type, 'media_type', p_media_type, 'size_bytes', stored.size_bytes::text,
    'document_hash', encode(stored.commitment, 'hex'), 'added_by', p_added_by, 'memory_id', p_memory_id));
  return stored;
end
$$;

ALTER FUNCTION core.put_document(p_source_type text, p_media_type text, p_title text, p_bytes bytea, p_added_by uuid, p_request_key text, p_memory_id uuid, p_publisher text, p_address text) OWNER TO countersign_owner;

CREATE FUNCTION core.put_subject_member(p_subject_id text, p_user_id uuid, p_set_by uuid, p_run_id uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  last core.subject_members;
begin
  perform pg_advisory_xact_lock(hashtextextended('subject ' || app.tenant() || ' ' || p_subject_id, 0));
  select * into last from core.subject_members where tenant_id = app.tenant() and subject_id = p_subject_id order by version desc limit 1;
  if (last.version is not null and p_run_id is not null) or last.user_id is not distinct from p_user_id then
    return;
  end if;
  insert into core.subject_members (tenant_id, subject_id, version, user_id, set_by, run_id, set_at)
  values (app.tenant(), p_subject_id, coalesce(last.version, 0) + 1, p_user_id, p_set_by, p_run_id, app.now());
end
$$;

ALTER FUNCTION core.put_subject_member(p_subject_id text, p_user_id uuid, p_set_by uuid, p_run_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION core.queue_delivery(p_id uuid) RETURNS void
    LANGUAGE sql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  insert into core.worklist (kind, tenant_id, ref_id, due_at) values ('delivery', app.tenant(), p_id, app.now())
  on conflict (kind, tenant_id, ref_id) do update set due_at = excluded.due_at
$$;

ALTER FUNCTION core.queue_delivery(p_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION core.raise_seats(p_gate core.gates, p_type core.record_types, p_content core.contents) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  rules jsonb;
  asked record;
  held text[] := coalesce(p_gate.seat_roles, array_fill(p_gate.roles[1], array[p_gate.seats]));
  merged record;
begin
  select seat_rules into rules from core.ai_policy_controls where tenant_id = app.tenant() order by version desc limit 1;
  select * into asked from core.seat_terms(p_type, coalesce(rules, '[]'), p_gate.roles[1], convert_from((p_content).bytes, 'UTF8')::jsonb);
  -- Most records ask what was asked.
  if asked.seat_roles is null and p_gate.seat_roles is null and asked.seats <= p_gate.seats and asked.role = p_gate.roles[1] then
    return false;
  end if;
  select * into merged from core.merge_seats(jsonb_build_array(
    jsonb_build_object('seats', p_gate.seats, 'roles', to_jsonb(held)),
    jsonb_build_object('seats', asked.seats, 'roles', to_jsonb(coalesce(asked.seat_roles, array_fill(asked.role, array[asked.seats]))))), p_gate.roles[1]);
  if merged.seats = p_gate.seats and coalesce(merged.seat_roles, array_fill(merged.role, array[merged.seats])) = held then
    return false;
  end if;
  perform core.set_seats(p_gate, merged.seats, merged.seat_roles, merged.role);
  return true;
end
$$;

ALTER FUNCTION core.raise_seats(p_gate core.gates, p_type core.record_types, p_content core.contents) OWNER TO countersign_owner;

CREATE FUNCTION core.rationale_text(p_parts jsonb, p_stored text) RETURNS text
    LANGUAGE sql IMMUTABLE
    RETURN CASE WHEN ((p_parts = '[]'::jsonb) OR (p_stored IS NULL)) THEN p_stored ELSE (SELECT CASE WHEN (count(*) = 1) THEN max((p.part ->> 'text'::text)) ELSE string_agg((((p.part ->> 'prompt'::text) || '
'::text) || (p.part ->> 'text'::text)), '

'::text ORDER BY p.place) END AS string_agg FROM jsonb_array_elements((rationale_text.p_stored)::jsonb) WITH ORDINALITY p(part, place)) END;

ALTER FUNCTION core.rationale_text(p_parts jsonb, p_stored text) OWNER TO countersign_owner;

CREATE FUNCTION core.read_subject(p_purpose core.purposes, p_input text, OUT subject_id text, OUT subject_user_id text) RETURNS record
    LANGUAGE sql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select nullif(p_input::jsonb #>> string_to_array((p_purpose).definition ->> 'subject_id_field', '.'), ''),
    nullif(p_input::jsonb #>> string_to_array((p_purpose).definition ->> 'subject_field', '.'), '')
$$;

ALTER FUNCTION core.read_subject(p_purpose core.purposes, p_input text, OUT subject_id text, OUT subject_user_id text) OWNER TO countersign_owner;

CREATE FUNCTION core.refusal_cause(p_code text, p_purpose text, p_vendor text, p_model text, p_region text) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select p_code || ' ' || case
    when p_code in ('model_not_listed', 'agreement_inactive', 'agreement_expired', 'retention_not_zero', 'price_missing')
      then p_vendor || ' ' || p_model || ' ' || p_region
    else p_purpose end
$$;

ALTER FUNCTION core.refusal_cause(p_code text, p_purpose text, p_vendor text, p_model text, p_region text) OWNER TO countersign_owner;

CREATE FUNCTION core.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
begin
  raise exception 'core.% is append-only: % refused', tg_table_name, tg_op using errcode = 'ZC002';
end
$$;

ALTER FUNCTION core.refuse_change() OWNER TO countersign_owner;

CREATE FUNCTION core.requesters(p_run_id uuid) RETURNS TABLE(user_id uuid)
    LANGUAGE sql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select distinct p.user_id from core.lineage(p_run_id) l cross join lateral core.people_behind(l.requested_by) p
$$;

ALTER FUNCTION core.requesters(p_run_id uuid) OWNER TO countersign_owner;

CREATE TABLE core.members (
    tenant_id text NOT NULL,
    user_id uuid NOT NULL,
    display_name text NOT NULL,
    kind text NOT NULL,
    roles text[] NOT NULL,
    active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone NOT NULL,
    email text,
    CONSTRAINT members_display_name_check CHECK (core.has_letter_or_digit(display_name)),
    CONSTRAINT members_email_check CHECK ((((length(email) >= 3) AND (length(email) <= 254)) AND (email ~ '^[^[:space:][:cntrl:]@]+@[^[:space:][:cntrl:]@]+$'::text))),
    CONSTRAINT members_kind_check CHECK ((kind = ANY (ARRAY['person'::text, 'service'::text]))),
    CONSTRAINT members_roles_check CHECK (((cardinality(roles) > 0) AND (roles <@ ARRAY['requester'::text, 'reviewer'::text, 'senior'::text, 'admin'::text, 'auditor'::text, 'operator'::text, 'platform_admin'::text])))
);

ALTER TABLE ONLY core.members FORCE ROW LEVEL SECURITY;

ALTER TABLE core.members OWNER TO countersign_owner;

CREATE FUNCTION core.require_actor(p_user_id uuid, p_roles text[], p_home text DEFAULT NULL::text) RETURNS core.members
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  entered text := app.tenant();
  home text := coalesce(p_home, app.tenant());
  member core.members;
begin
  if p_user_id is not null then
    perform set_config('app.tenant', coalesce(home, ''), true);
    select m.* into member
    from core.api_keys k join core.members m on m.tenant_id = k.tenant_id and m.user_id = k.user_id
    where k.tenant_id = home and k.id = core.presented_key() and core.is_proved(k) and k.user_id = p_user_id
      and k.revoked_at is null and (k.expires_at is null or k.expires_at > app.now())
      and m.active and (p_roles is null or m.roles && p_roles);
    perform set_config('app.tenant', coalesce(entered, ''), true);
  end if;
  if member.user_id is null and not (p_user_id is null and core.is_system()) then
    raise exception 'no live key of a member with the role for this act was presented' using errcode = 'ZC012';
  end if;
  perform set_config('app.actor', coalesce(member.user_id::text, ''), true),
    set_config('app.actor_kind', case when member.kind = 'person' then 'human' else 'system' end, true);
  return member;
end
$$;

ALTER FUNCTION core.require_actor(p_user_id uuid, p_roles text[], p_home text) OWNER TO countersign_owner;

CREATE FUNCTION core.reviewed_gates(p_from timestamp with time zone, p_until timestamp with time zone) RETURNS TABLE(gate_id uuid, purpose text, vendor text, model text, confidence_permille integer, closed_at timestamp with time zone, review text)
    LANGUAGE sql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select g.id, r.purpose, c.vendor, c.model, p.confidence_permille, o.at,
    case
      when o.outcome = 'rejected' then 'rejected'
      when exists (select from core.decisions d where d.tenant_id = g.tenant_id and d.gate_id = g.id and d.gate_version = g.version
        and d.verdict = 'approve' and d.edits_content_id is not null) then 'edited'
      else 'agreed'
    end
  from core.gate_outcomes o
    join core.gates g on g.tenant_id = o.tenant_id and g.id = o.gate_id
    join core.proposals p on p.tenant_id = g.tenant_id and p.id = g.proposal_id
    join core.runs r on r.tenant_id = g.tenant_id and r.id = g.run_id
    join core.ai_runs c on c.tenant_id = p.tenant_id and c.id = p.ai_run_id
  where o.tenant_id = app.tenant() and o.at >= p_from and o.at < p_until and o.outcome in ('approved', 'rejected')
    and not g.manual and p.shown and p.confidence_permille is not null
$$;

ALTER FUNCTION core.reviewed_gates(p_from timestamp with time zone, p_until timestamp with time zone) OWNER TO countersign_owner;

CREATE FUNCTION core.reviewer_decisions(p_from timestamp with time zone, p_until timestamp with time zone) RETURNS TABLE(decision_id uuid, gate_id uuid, gate_version integer, purpose text, user_id uuid, verdict text, disposition text, edited boolean, model text, confidence_permille integer, self_confirmed boolean, opened_seconds numeric, held_seconds numeric, first_view text)
    LANGUAGE sql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select d.id, d.gate_id, d.gate_version, r.purpose, d.actor_user_id, d.verdict, d.disposition, d.edits_content_id is not null and not d.manual,
    case when d.manual or not p.shown or p.confidence_permille is null or d.verdict = 'escalate' then null
      when d.verdict = 'approve' and d.edits_content_id is null then 'agreed' else 'overridden' end,
    p.confidence_permille, d.self_confirmed,
    extract(epoch from i.stored_at - coalesce(v.at, g.opened_at)),
    case when c.at <= i.stored_at then extract(epoch from i.stored_at - greatest(c.at, coalesce(v.at, g.opened_at))) end,
    w.opinion
  from core.decisions d
    join core.intents i on i.tenant_id = d.tenant_id and i.id = d.intent_id
    join core.gates g on g.tenant_id = d.tenant_id and g.id = d.gate_id
    join core.proposals p on p.tenant_id = d.tenant_id and p.id = d.proposal_id
    join core.runs r on r.tenant_id = d.tenant_id and r.id = d.run_id
    left join core.gate_versions v on v.tenant_id = d.tenant_id and v.gate_id = d.gate_id and v.version = d.gate_version
    left join core.gate_claims c on c.tenant_id = d.tenant_id and c.gate_id = d.gate_id and c.user_id = d.actor_user_id
    left join core.gate_views w on w.tenant_id = d.tenant_id and w.gate_id = d.gate_id and w.user_id = d.actor_user_id
  where d.tenant_id = app.tenant() and d.decided_at >= p_from and d.decided_at < p_until and d.actor_kind = 'human'
$$;

ALTER FUNCTION core.reviewer_decisions(p_from timestamp with time zone, p_until timestamp with time zone) OWNER TO countersign_owner;

CREATE FUNCTION core.rewrap_only() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
begin
  if tg_op <> 'UPDATE' then
    raise exception 'core.% keeps its rows: % refused', tg_table_name, tg_op using errcode = 'ZC002';
  end if;
  if (new.tenant_id, new.run_id, new.version) is distinct from (old.tenant_id, old.run_id, old.version + 1)
      or new.wrapped_key = old.wrapped_key then
    raise exception 'core.% is frozen', tg_table_name using errcode = 'ZC008';
  end if;
  return new;
end
$$;

ALTER FUNCTION core.rewrap_only() OWNER TO countersign_owner;

CREATE FUNCTION core.roles_at_seats(p_gate core.gates, p_roles text[]) RETURNS text[]
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select case when p_roles && (p_gate).added_roles then array(select distinct unnest((p_gate).seat_roles) order by 1)
    else array(select unnest((p_gate).seat_roles) intersect select unnest(p_roles) order by 1) end
$$;

ALTER FUNCTION core.roles_at_seats(p_gate core.gates, p_roles text[]) OWNER TO countersign_owner;

CREATE TABLE core.intents (
    tenant_id text NOT NULL,
    id uuid DEFAULT app.new_id() NOT NULL,
    gate_id uuid NOT NULL,
    gate_version integer NOT NULL,
    proposal_hash bytea NOT NULL,
    shown_hash bytea NOT NULL,
    verdict text NOT NULL,
    disposition text,
    reason_code text,
    rationale_content_id uuid,
    edits_content_id uuid,
    actor_user_id uuid NOT NULL,
    key_id text NOT NULL,
    auth_method text NOT NULL,
    authenticated_at timestamp with time zone NOT NULL,
    stored_at timestamp with time zone NOT NULL,
    record_type text,
    reauthentication_id uuid,
    on_behalf_of uuid,
    delegation_id uuid,
    CONSTRAINT intents_auth_method_check CHECK ((auth_method = ANY (ARRAY['local_token'::text, 'oidc'::text]))),
    CONSTRAINT intents_check CHECK (((edits_content_id IS NULL) OR (verdict = 'approve'::text))),
    CONSTRAINT intents_check1 CHECK (((record_type IS NULL) OR (verdict = 'approve'::text))),
    CONSTRAINT intents_check2 CHECK (((on_behalf_of IS NULL) = (delegation_id IS NULL))),
    CONSTRAINT intents_check3 CHECK ((on_behalf_of <> actor_user_id)),
    CONSTRAINT intents_disposition_check CHECK ((disposition = ANY (ARRAY['grant'::text, 'grant_with_conditions'::text, 'deny'::text, 'defer'::text]))),
    CONSTRAINT intents_verdict_check CHECK ((verdict = ANY (ARRAY['approve'::text, 'reject'::text, 'escalate'::text])))
);

ALTER TABLE ONLY core.intents FORCE ROW LEVEL SECURITY;

ALTER TABLE core.intents OWNER TO countersign_owner;

CREATE FUNCTION core.roles_of_verdict(p_gate core.gates, p_intent core.intents, p_delegation core.delegations) RETURNS text[]
    LANGUAGE sql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select core.roles_at_seats(p_gate, case when (p_delegation).id is null then m.roles
    else array(select unnest(m.roles) intersect select unnest((p_delegation).roles)) end)
  from core.members m
  where m.tenant_id = app.tenant() and m.user_id = coalesce((p_intent).on_behalf_of, (p_intent).actor_user_id)
$$;

ALTER FUNCTION core.roles_of_verdict(p_gate core.gates, p_intent core.intents, p_delegation core.delegations) OWNER TO countersign_owner;

CREATE FUNCTION core.seal() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  head core.chain_heads;
  sealed_at timestamptz;
  sealed_payload text;
  sealed_payload_hash bytea;
begin
  -- One chain in a transaction: two would deadlock writers that enter two tenants in different orders.
  if new.tenant_id is distinct from app.tenant() then
    raise exception 'a transaction writes events of one tenant only' using errcode = 'ZC005';
  end if;
  select * into head from core.chain_heads where tenant_id = new.tenant_id for update;
  if not found then
    insert into core.chain_heads (tenant_id, seq, entry_hash, at)
    values (new.tenant_id, 0, sha256('countersign/audit/v1'::bytea || '\x00'::bytea || convert_to(new.tenant_id, 'UTF8')), '-infinity')
    on conflict do nothing;
    select * into strict head from core.chain_heads where tenant_id = new.tenant_id for update;
  end if;

  sealed_at := greatest(app.now(), head.at + interval '1 microsecond');
  sealed_payload := '{"at":"' || app.utc(sealed_at)
    || '","body":' || app.canonical_json(new.body || jsonb_build_object(
         'actor_kind', new.actor_kind, 'actor_user_id', new.actor_user_id, 'run_id', new.run_id))
    || ',"prev":"' || encode(head.entry_hash, 'hex')
    || '","seq":"' || (head.seq + 1)::text
    || '","tenant":"' || new.tenant_id
    || '","type":"' || new.type || '","v":1}';
  sealed_payload_hash := sha256(convert_to(sealed_payload, 'UTF8'));

  insert into core.audit_log (tenant_id, seq, at, type, actor_kind, actor_user_id, run_id, payload, payload_hash, prev_hash, entry_hash)
  values (new.tenant_id, head.seq + 1, sealed_at, new.type, new.actor_kind, new.actor_user_id, new.run_id,
    sealed_payload, sealed_payload_hash, head.entry_hash, sha256(head.entry_hash || sealed_payload_hash));
  update core.chain_heads
  set seq = head.seq + 1, entry_hash = sha256(head.entry_hash || sealed_payload_hash), at = sealed_at
  where tenant_id = new.tenant_id;
  delete from core.audit_pending where id = new.id;
  return null;
end
$$;

ALTER FUNCTION core.seal() OWNER TO countersign_owner;

CREATE FUNCTION core.seat_refusal(p_gate core.gates, p_user_id uuid, p_roles text[] DEFAULT NULL::text[]) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  member core.members;
  run core.runs;
begin
  select * into member from core.members where tenant_id = app.tenant() and user_id = p_user_id;
  if not found or not member.active or member.kind <> 'person' then return 'person_required'; end if;
  if not coalesce(p_roles, member.roles) && p_gate.roles then return 'role_missing'; end if;
  select * into strict run from core.runs where tenant_id = app.tenant() and id = p_gate.run_id;
  if core.is_subject(run, p_user_id) then return 'subject_of_run'; end if;
  if exists (select from core.gate_recusals where tenant_id = app.tenant() and gate_id = p_gate.id and user_id = p_user_id) then
    return 'recused';
  end if;
  if p_gate.separation <> 'none' and p_user_id in (select user_id from core.requesters(run.id)) then return 'requester_holds_no_seat'; end if;
  -- A verdict in somebody's place takes the seat of both.
  if exists (select from core.decisions where tenant_id = app.tenant() and gate_id = p_gate.id and p_user_id in (actor_user_id, on_behalf_of)
      and verdict = 'approve' and gate_version = p_gate.version) then
    return 'seat_taken';
  end if;
  if exists (select from core.decisions where tenant_id = app.tenant() and gate_id = p_gate.id and p_user_id in (actor_user_id, on_behalf_of)
      and verdict = 'escalate') then
    return 'escalator_holds_no_seat';
  end if;
  if p_gate.seat_roles is not null and not core.seats_assignable(p_gate.seat_roles,
      core.seated_roles(p_gate) || jsonb_build_array(to_jsonb(core.roles_at_seats(p_gate, coalesce(p_roles, member.roles))))) then
    return 'seat_of_role_taken';
  end if;
  return null;
end
$$;

ALTER FUNCTION core.seat_refusal(p_gate core.gates, p_user_id uuid, p_roles text[]) OWNER TO countersign_owner;

CREATE FUNCTION core.seat_terms(p_type core.record_types, p_rules jsonb, p_role text, p_payload jsonb, OUT seats integer, OUT seat_roles text[], OUT role text) RETURNS record
    LANGUAGE plpgsql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  own jsonb;
  rules jsonb;
  amount bigint;
begin
  -- Most gates: nothing is said of amounts or roles.
  if p_rules = '[]' and not (p_type).definition ?| array['seat_roles', 'seat_rules'] then
    seats := (p_type).seats;
    role := p_role;
    return;
  end if;
  own := coalesce((p_type).definition -> 'seat_roles', '[]');
  rules := coalesce((p_type).definition -> 'seat_rules', '[]') || (
    select coalesce(jsonb_agg(r.rule), '[]') from jsonb_array_elements(p_rules) as r (rule) where r.rule ->> 'record_type' = (p_type).name);
  if rules = '[]' and own = '[]' then
    seats := (p_type).seats;
    role := p_role;
    return;
  end if;
  amount := core.amount_minor(p_type, p_payload);
  select m.seats, m.seat_roles, m.role into seats, seat_roles, role
  from core.merge_seats(
    -- A type's own role is as firm as one that it names for a seat.
    jsonb_build_array(jsonb_build_object('seats', (p_type).seats, 'roles', own || (
      select coalesce(jsonb_agg(p_role), '[]') from generate_series(1, (p_type).seats - jsonb_array_length(own)))))
    || (select coalesce(jsonb_agg(r.rule), '[]') from jsonb_array_elements(rules) as r (rule)
      where amount is null or (r.rule ->> 'from_minor')::bigint <= amount), p_role) m;
end
$$;

ALTER FUNCTION core.seat_terms(p_type core.record_types, p_rules jsonb, p_role text, p_payload jsonb, OUT seats integer, OUT seat_roles text[], OUT role text) OWNER TO countersign_owner;

CREATE FUNCTION core.seated_roles(p_gate core.gates) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select coalesce(jsonb_agg(to_jsonb(coalesce(d.seat_roles, '{}'))), '[]')
  from core.decisions d
  where d.tenant_id = app.tenant() and d.gate_id = (p_gate).id and d.gate_version = (p_gate).version and d.verdict = 'approve'
$$;

ALTER FUNCTION core.seated_roles(p_gate core.gates) OWNER TO countersign_owner;

CREATE FUNCTION core.seats_assignable(p_seat_roles text[], p_people jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  with asked as (
    select role, 1 << (row_number() over ())::integer - 1 as bit, count(*) as seats from unnest(p_seat_roles) as s (role) group by role
  ), people as (
    select coalesce((select bit_or(a.bit) from asked a where p.roles ? a.role), 0) as bits from jsonb_array_elements(p_people) as p (roles)
  )
  select not exists (
    select from generate_series(0, (1 << (select count(*) from asked)::integer) - 1) as chosen (bits)
    where (select count(*) from people p where p.bits & ~chosen.bits = 0)
      > (select coalesce(sum(a.seats), 0) from asked a where a.bit & chosen.bits <> 0))
$$;

ALTER FUNCTION core.seats_assignable(p_seat_roles text[], p_people jsonb) OWNER TO countersign_owner;

CREATE FUNCTION core.seats_fillable(p_seat_roles text[], p_people jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  with asked as (
    select role, 1 << (row_number() over ())::integer - 1 as bit, count(*) as seats from unnest(p_seat_roles) as s (role) group by role
  ), people as (
    select coalesce((select bit_or(a.bit) from asked a where p.roles ? a.role), 0) as bits from jsonb_array_elements(p_people) as p (roles)
  )
  select not exists (
    select from generate_series(1, (1 << (select count(*) from asked)::integer) - 1) as chosen (bits)
    where (select count(*) from people p where p.bits & chosen.bits <> 0)
      < (select sum(a.seats) from asked a where a.bit & chosen.bits <> 0))
$$;

ALTER FUNCTION core.seats_fillable(p_seat_roles text[], p_people jsonb) OWNER TO countersign_owner;

CREATE FUNCTION core.seek_people(p_gate_id uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  gate core.gates;
  instant core.gate_instants;
  next_role text;
begin
  loop
    select * into strict gate from core.gates where tenant_id = app.tenant() and id = p_gate_id;
    if gate.closed_at is not null then return; end if;
    if core.has_people(gate) then
      if gate.unseatable_at is not null then
        update core.gates set unseatable_at = null where tenant_id = app.tenant() and id = p_gate_id;
      end if;
      return;
    end if;
    if gate.unseatable_at is null then
      perform core.page('no_eligible_person ' || gate.id, 'no_eligible_person', gate.run_id);
      update core.gates set unseatable_at = app.now() where tenant_id = app.tenant() and id = p_gate_id;
    end if;
    select * into instant from core.gate_instants
    where tenant_id = app.tenant() and gate_id = p_gate_id and kind = 'escalation' and fired_at is null order by ordinal limit 1;
    if found then
      next_role := instant.role;
      update core.gate_instants set fired_at = app.now() where tenant_id = app.tenant() and gate_id = p_gate_id and ordinal = instant.ordinal;
    elsif not 'senior' = any (gate.roles) and not exists (
        select from core.gate_instants where tenant_id = app.tenant() and gate_id = p_gate_id and kind = 'escalation') then
      next_role := 'senior';
    else
      return;
    end if;
    update core.gates set escalation_level = escalation_level + 1,
      roles = case when next_role = any (roles) then roles else roles || next_role end,
      added_roles = case when next_role = any (added_roles) then added_roles else added_roles || next_role end
    where tenant_id = app.tenant() and id = p_gate_id;
    perform core.emit('gate.escalated', 'system', null, gate.run_id, jsonb_build_object(
      'gate_id', gate.id, 'gate_version', gate.version::text, 'role', next_role, 'code', 'no_eligible_person'));
    insert into core.outbox (tenant_id, topic, run_id, gate_id, created_at) values (app.tenant(), 'gate.escalated', gate.run_id, gate.id, app.now());
  end loop;
end
$$;

ALTER FUNCTION core.seek_people(p_gate_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION core.set_seats(p_gate core.gates, p_seats integer, p_seat_roles text[], p_role text) RETURNS core.gates
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  changed core.gates;
begin
  update core.gates set version = version + 1, seats = p_seats, seat_roles = p_seat_roles,
    roles = core.distinct_roles(coalesce(p_seat_roles, array[p_role]) || added_roles)
  where tenant_id = app.tenant() and id = p_gate.id
  returning * into changed;
  insert into core.gate_versions (tenant_id, gate_id, version, cause, changed, at)
  values (app.tenant(), changed.id, changed.version, 'edit', '{seats}', app.now());
  perform core.emit('gate.raised', core.actor_kind(), core.actor(), changed.run_id, jsonb_build_object(
    'gate_id', changed.id, 'gate_version', changed.version::text, 'seats', changed.seats::text, 'roles', to_jsonb(changed.roles),
    'seat_roles', to_jsonb(changed.seat_roles)));
  insert into core.outbox (tenant_id, topic, run_id, gate_id, created_at) values (app.tenant(), 'gate.raised', changed.run_id, changed.id, app.now());
  return changed;
end
$$;

ALTER FUNCTION core.set_seats(p_gate core.gates, p_seats integer, p_seat_roles text[], p_role text) OWNER TO countersign_owner;

CREATE FUNCTION core.settle(p_run_id uuid) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  run core.runs;
  balance bigint;
  actual bigint;
  deducted bigint;
begin
  select * into strict run from core.runs where tenant_id = app.tenant() and id = p_run_id for no key update;
  if run.settled_at is not null or run.reserved_credits = 0 then
    return;
  end if;
  select coalesce(sum(case c.kind when 'primary' then p.price_primary when 'advisor' then p.price_advisor else 0 end), 0) into actual
  from core.run_calls l
    join core.ai_runs c on c.tenant_id = l.tenant_id and c.id = l.ai_run_id
    join core.purposes p on p.name = run.purpose and p.version = run.purpose_version
  where l.tenant_id = app.tenant() and l.run_id = p_run_id and l.billed and c.status = 'succeeded';
  select balance_credits into strict balance from core.accounts where tenant_id = app.tenant();
  deducted := least(greatest(actual - run.reserved_credits, 0), balance);
  perform core.write_leg('settle', p_run_id, greatest(run.reserved_credits - actual, 0) - deducted, null,
    run.reserved_credits, actual, deducted, greatest(actual - run.reserved_credits, 0) - deducted);
  update core.runs set settled_at = app.now(), actual_credits = actual, deducted_credits = deducted,
    shortfall_credits = greatest(actual - run.reserved_credits, 0) - deducted
  where tenant_id = app.tenant() and id = p_run_id;
end
$$;

ALTER FUNCTION core.settle(p_run_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION core.shown_exchanges(p_gate_id uuid, p_exchanges bigint) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select case when count(*) = 0 then '{}' else jsonb_build_object('questions', jsonb_agg(jsonb_build_object(
    'id', x.id, 'act', x.act, 'by', x.by, 'hash', core.commitment_hex(x.content_id)) order by x.place)) end
  from (
    -- An answer comes after its question, also within one tick of the clock.
    select *, row_number() over (order by at, act desc, id) as place from (
      select id, 'asked' as act, asked_by as by, question_content_id as content_id, asked_at as at
      from core.gate_questions where tenant_id = app.tenant() and gate_id = p_gate_id
      union all
      select a.question_id, 'answered', a.answered_by, a.answer_content_id, a.answered_at
      from core.gate_questions q join core.gate_answers a on a.tenant_id = q.tenant_id and a.question_id = q.id
      where q.tenant_id = app.tenant() and q.gate_id = p_gate_id) told) x
  where p_exchanges is null or x.place <= p_exchanges
$$;

ALTER FUNCTION core.shown_exchanges(p_gate_id uuid, p_exchanges bigint) OWNER TO countersign_owner;

CREATE FUNCTION core.shown_hash(p_gate_id uuid, p_user_id uuid, p_decisions bigint DEFAULT NULL::bigint, p_exchanges bigint DEFAULT NULL::bigint) RETURNS bytea
    LANGUAGE sql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select sha256(convert_to('countersign/shown/v2', 'UTF8') || '\x00'::bytea || convert_to(app.canonical_json(jsonb_build_object(
    'v', '2', 'reviewer', p_user_id, 'gate_id', g.id, 'version', g.version::text,
    'input_hash', core.commitment_hex(r.input_content_id), 'question_hash', core.commitment_hex(g.question_content_id),
    'proposal_hash', encode(g.proposal_hash, 'hex'), 'record_type', p.record_type, 'class', g.record_class, 'manual', g.manual,
    'purpose', r.purpose, 'advisory', r.advisory, 'confidence', p.confidence_permille::text, 'possible_duplicate_of', p.possible_duplicate_of,
    'requested_by', r.requested_by, 'seats', g.seats::text, 'separation', g.separation, 'rationale_rule', g.rationale_rule,
    'reason_codes', to_jsonb(g.reason_codes), 'dispositions', to_jsonb(g.dispositions), 'due_at', app.utc(g.due_at),
    'decisions', coalesce((
      select jsonb_agg(jsonb_build_object('id', d.id, 'gate_version', d.gate_version::text, 'verdict', d.verdict, 'actor', d.actor_user_id,
          'disposition', d.disposition, 'reason_code', d.reason_code, 'rationale_hash', core.commitment_hex(d.decision_rationale_content_id),
          'edits_hash', core.commitment_hex(d.edits_content_id))
          || case when d.record_type is null then '{}'::jsonb else jsonb_build_object('record_type', d.record_type) end
          || case when d.on_behalf_of is null then '{}'::jsonb else jsonb_build_object('on_behalf_of', d.on_behalf_of) end order by d.place)
      from (
        select *, row_number() over (order by decided_at, id) as place from core.decisions where tenant_id = app.tenant() and gate_id = g.id) d
      where p_decisions is null or d.place <= p_decisions), '[]'))
    -- Only where there is a choice, so that what was shown of other gates keeps its hash.
    || coalesce((
      select jsonb_build_object('record_types', jsonb_agg(o.record_type order by o.record_type collate "C"))
      from core.gate_record_types o where o.tenant_id = g.tenant_id and o.gate_id = g.id having count(*) > 0), '{}')
    || case when g.blind_first then jsonb_build_object('view', (
      select v.id from core.gate_views v where v.tenant_id = g.tenant_id and v.gate_id = g.id and v.user_id = p_user_id)) else '{}' end
    || case when g.seat_roles is null then '{}' else jsonb_build_object('seat_roles', to_jsonb(g.seat_roles)) end
    || case when g.reauthenticate_minutes is null then '{}' else jsonb_build_object('reauthenticate_minutes', g.reauthenticate_minutes::text) end
    || case when g.rationale_parts = '[]' then '{}' else jsonb_build_object('rationale_parts', g.rationale_parts) end
    || case when r.compensation_act is null then '{}' else jsonb_build_object('compensates', r.compensates_record_id, 'act', r.compensation_act) end
    || case when g.exchanges = 0 then '{}' else core.shown_exchanges(g.id, p_exchanges) end), 'UTF8'))
  from core.gates g
    join core.proposals p on p.tenant_id = g.tenant_id and p.id = g.proposal_id
    join core.runs r on r.tenant_id = g.tenant_id and r.id = g.run_id
  where g.tenant_id = app.tenant() and g.id = p_gate_id
$$;

ALTER FUNCTION core.shown_hash(p_gate_id uuid, p_user_id uuid, p_decisions bigint, p_exchanges bigint) OWNER TO countersign_owner;

CREATE FUNCTION core.signed_statement(p_secret bytea, p_words jsonb) RETURNS bytea
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    RETURN sha256((p_secret || convert_to((p_words)::text, 'UTF8'::name)));

ALTER FUNCTION core.signed_statement(p_secret bytea, p_words jsonb) OWNER TO countersign_owner;

CREATE TABLE core.worker_trust_records (
    tenant_id text NOT NULL,
    id uuid DEFAULT app.new_id() NOT NULL,
    subject_id text NOT NULL,
    kind text NOT NULL,
    fact_content_id uuid NOT NULL,
    tier integer NOT NULL,
    source_receipt_id uuid,
    last_verified_at timestamp with time zone,
    verified_until timestamp with time zone,
    approved_by_decision_id uuid,
    created_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    retracted_by_decision_id uuid,
    CONSTRAINT worker_trust_records_check CHECK (((tier < 4) OR ((source_receipt_id IS NOT NULL) AND (last_verified_at IS NOT NULL) AND (verified_until IS NOT NULL)))),
    CONSTRAINT worker_trust_records_check1 CHECK (((tier = 5) = (approved_by_decision_id IS NOT NULL))),
    CONSTRAINT worker_trust_records_check2 CHECK (((retracted_by_decision_id IS NULL) OR (tier = 1))),
    CONSTRAINT worker_trust_records_kind_check CHECK ((kind ~ '^[a-z][a-z0-9_.-]*$'::text)),
    CONSTRAINT worker_trust_records_tier_check CHECK (((tier >= 1) AND (tier <= 5)))
);

ALTER TABLE ONLY core.worker_trust_records FORCE ROW LEVEL SECURITY;

ALTER TABLE core.worker_trust_records OWNER TO countersign_owner;

CREATE FUNCTION core.standing_grant(p_fact core.worker_trust_records, p_but_record_id uuid) RETURNS uuid
    LANGUAGE sql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  -- Materialized, so that no other content is ever read as JSON.
  with grants as materialized (
    select r.decision_id, r.written_at, r.id, c.bytes
    from core.records r
      join core.record_types t on t.name = r.record_type and t.effect = 'privilege_grant'
      join core.decisions d on d.tenant_id = r.tenant_id and d.id = r.decision_id
      join core.contents c on c.tenant_id = r.tenant_id and c.id = r.content_id
    where r.tenant_id = app.tenant() and r.id <> p_but_record_id and r.act <> 'undo' and d.disposition in ('grant', 'grant_with_conditions')
      and not exists (select from core.records s where s.tenant_id = r.tenant_id and s.compensates_record_id = r.id)
  )
  select g.decision_id
  from grants g cross join lateral (select convert_from(g.bytes, 'UTF8')::jsonb as payload) p
  where p.payload ->> 'subject_id' = (p_fact).subject_id and p.payload -> 'trust_record_ids' ? (p_fact).id::text
  order by g.written_at, g.id limit 1
$$;

ALTER FUNCTION core.standing_grant(p_fact core.worker_trust_records, p_but_record_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION core.subject_member(p_subject_id text) RETURNS uuid
    LANGUAGE sql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select user_id from core.subject_members
  where tenant_id = app.tenant() and subject_id = p_subject_id order by version desc limit 1
$$;

ALTER FUNCTION core.subject_member(p_subject_id text) OWNER TO countersign_owner;

CREATE FUNCTION core.take_back(p_user_id uuid, p_key_id text, p_roles text[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  pending record;
begin
  for pending in
    select i.id, i.gate_id, g.run_id
    from core.intents i join core.gates g on g.tenant_id = i.tenant_id and g.id = i.gate_id
    where i.tenant_id = app.tenant() and i.actor_user_id = p_user_id
      and (i.key_id = p_key_id or (p_key_id is null and not g.roles && p_roles))
      and not exists (select from core.intent_outcomes o where o.tenant_id = i.tenant_id and o.intent_id = i.id)
    order by g.run_id, g.id, i.id
  loop
    perform from core.runs where tenant_id = app.tenant() and id = pending.run_id for no key update;
    perform from core.gates where tenant_id = app.tenant() and id = pending.gate_id for no key update;
    if not exists (select from core.intent_outcomes where tenant_id = app.tenant() and intent_id = pending.id) then
      perform core.answer_intent(pending.id, 'taken_back', null, null);
    end if;
  end loop;
end
$$;

ALTER FUNCTION core.take_back(p_user_id uuid, p_key_id text, p_roles text[]) OWNER TO countersign_owner;

CREATE FUNCTION core.tell() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
begin
  insert into core.worklist (kind, tenant_id, ref_id, due_at) values ('notice', new.tenant_id, new.id, app.now());
  return null;
end
$$;

ALTER FUNCTION core.tell() OWNER TO countersign_owner;

CREATE TABLE core.records (
    tenant_id text NOT NULL,
    id uuid DEFAULT app.new_id() NOT NULL,
    decision_id uuid NOT NULL,
    gate_id uuid NOT NULL,
    run_id uuid NOT NULL,
    proposal_id uuid NOT NULL,
    record_type text NOT NULL,
    content_id uuid NOT NULL,
    content_hash bytea NOT NULL,
    written_at timestamp with time zone NOT NULL,
    compensates_record_id uuid,
    act text DEFAULT 'write'::text NOT NULL,
    CONSTRAINT records_act_check CHECK ((act = ANY (ARRAY['write'::text, 'correct'::text, 'undo'::text]))),
    CONSTRAINT records_check CHECK (((act = 'write'::text) = (compensates_record_id IS NULL))),
    CONSTRAINT records_check1 CHECK ((compensates_record_id <> id))
);

ALTER TABLE ONLY core.records FORCE ROW LEVEL SECURITY;

ALTER TABLE core.records OWNER TO countersign_owner;

CREATE FUNCTION core.undo_effect(p_record core.records, p_by core.records) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
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

ALTER FUNCTION core.undo_effect(p_record core.records, p_by core.records) OWNER TO countersign_owner;

CREATE FUNCTION core.undo_until(p_decision core.decisions) RETURNS timestamp with time zone
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select p_decision.decided_at + make_interval(hours => c.undo_window_hours)
  from core.ai_policy_controls c
  where p_decision.actor_kind = 'system' and c.tenant_id = p_decision.tenant_id and c.version = p_decision.authority_policy_version
$$;

ALTER FUNCTION core.undo_until(p_decision core.decisions) OWNER TO countersign_owner;

CREATE FUNCTION core.unfit_together(p_items jsonb) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  with named as (
    select i.place - 1 as place, g.id, g.record_class, p.record_type, r.purpose || ' ' || r.purpose_version as purpose,
      (select max(c.version) from core.ai_policy_controls c where c.tenant_id = app.tenant() and c.set_at <= g.opened_at) as policy_version,
      row_number() over (partition by i.item ->> 'gate_id' order by i.place) as time
    from jsonb_array_elements(p_items) with ordinality as i (item, place)
      left join core.gates g on g.tenant_id = app.tenant() and g.id = (i.item ->> 'gate_id')::uuid
      left join core.proposals p on p.tenant_id = g.tenant_id and p.id = g.proposal_id
      left join core.runs r on r.tenant_id = g.tenant_id and r.id = g.run_id
  ), first as (
    select record_type, purpose, policy_version from named where record_class = 'routine' order by place limit 1
  ), judged as (
    select n.place, case
        when n.id is null then 'missing'
        when n.time > 1 then 'repeated'
        when n.record_class <> 'routine' then 'protected'
        when n.record_type <> f.record_type then 'record_type'
        when n.purpose <> f.purpose then 'purpose'
        when n.policy_version is distinct from f.policy_version then 'policy'
      end as why
    from named n left join first f on true
  )
  select coalesce(jsonb_agg(jsonb_build_object('place', place, 'why', why) order by place), '[]') from judged where why is not null
$$;

ALTER FUNCTION core.unfit_together(p_items jsonb) OWNER TO countersign_owner;

CREATE FUNCTION core.verdict_refusal(p_gate core.gates, p_user_id uuid, p_key_id text, p_delegation core.delegations) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  lent text[];
  theirs text;
begin
  if (p_delegation).id is null then
    return coalesce(core.seat_refusal(p_gate, p_user_id), core.key_refusal(p_gate, p_user_id, p_key_id),
      case when p_gate.blind_first then core.view_refusal(p_gate, p_user_id) end);
  end if;
  select array(select unnest(m.roles) intersect select unnest((p_delegation).roles)) into lent
  from core.members m where m.tenant_id = app.tenant() and m.user_id = (p_delegation).delegator_user_id;
  theirs := core.seat_refusal(p_gate, (p_delegation).delegator_user_id, lent);
  return coalesce(case theirs when 'person_required' then 'delegation_missing' else theirs end,
    core.seat_refusal(p_gate, p_user_id, lent),
    core.key_refusal(p_gate, p_user_id, p_key_id, (p_delegation).delegator_user_id,
      nullif((p_delegation).created_by, (p_delegation).delegator_user_id)),
    case when p_gate.blind_first then core.view_refusal(p_gate, p_user_id) end);
end
$$;

ALTER FUNCTION core.verdict_refusal(p_gate core.gates, p_user_id uuid, p_key_id text, p_delegation core.delegations) OWNER TO countersign_owner;

CREATE FUNCTION core.verdict_words(p_gate_version integer, p_proposal_hash bytea, p_shown_hash bytea, p_verdict text, p_disposition text, p_reason_code text, p_rationale text, p_rationale_parts jsonb, p_edits text, p_record_type text, p_on_behalf_of uuid) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    RETURN jsonb_build_array(p_gate_version, encode(p_proposal_hash, 'hex'::text), encode(p_shown_hash, 'hex'::text), p_verdict, p_disposition, p_reason_code, p_rationale, p_rationale_parts, p_edits, p_record_type, p_on_behalf_of);

ALTER FUNCTION core.verdict_words(p_gate_version integer, p_proposal_hash bytea, p_shown_hash bytea, p_verdict text, p_disposition text, p_reason_code text, p_rationale text, p_rationale_parts jsonb, p_edits text, p_record_type text, p_on_behalf_of uuid) OWNER TO countersign_owner;

CREATE FUNCTION core.view_changes(p_gate core.gates, p_user_id uuid, p_gate_version integer, p_proposal_hash bytea, p_shown_hash bytea) RETURNS text[]
    LANGUAGE plpgsql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  applied bigint;
  exchanged bigint := (p_gate).exchanges;
  earlier record;
begin
  if p_shown_hash = core.shown_hash((p_gate).id, p_user_id) then
    return '{}';
  end if;
  select count(*) into applied from core.decisions where tenant_id = app.tenant() and gate_id = (p_gate).id;
  -- The view that it names may have had fewer verdicts, fewer questions and answers, or both. Only the last of many are tried.
  select d as decisions, e as exchanges into earlier
  from generate_series(applied, greatest(0, applied - 20), -1) as d, generate_series(exchanged, greatest(0, exchanged - 20), -1) as e
  where (d < applied or e < exchanged) and core.shown_hash((p_gate).id, p_user_id, d, e) = p_shown_hash
  limit 1;
  return array_remove(array[
    case when p_gate_version is distinct from (p_gate).version then 'gate_version' end,
    case when p_proposal_hash is distinct from (p_gate).proposal_hash then 'proposal_hash' end,
    case when earlier.decisions < applied then 'decisions' end,
    case when earlier.exchanges < exchanged then 'questions' end,
    'shown_hash'] || array(
      select distinct c.name from core.gate_versions v cross join lateral unnest(v.changed) as c (name)
      where v.tenant_id = app.tenant() and v.gate_id = (p_gate).id and v.version > p_gate_version order by c.name), null);
end
$$;

ALTER FUNCTION core.view_changes(p_gate core.gates, p_user_id uuid, p_gate_version integer, p_proposal_hash bytea, p_shown_hash bytea) OWNER TO countersign_owner;

CREATE FUNCTION core.view_refusal(p_gate core.gates, p_user_id uuid) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select 'view_required'
  where (p_gate).blind_first and not exists (
    select from core.gate_views v where v.tenant_id = app.tenant() and v.gate_id = (p_gate).id and v.user_id = p_user_id)
$$;

ALTER FUNCTION core.view_refusal(p_gate core.gates, p_user_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION core.violate_policy(p_run_id uuid, p_code text, p_feature text, p_vendor text, p_model text, p_region text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  told jsonb := jsonb_build_object('code', p_code, 'purpose', p_feature, 'vendor', p_vendor, 'model', p_model, 'region', p_region);
begin
  if p_run_id is null or not exists (
      select from core.audit_log where tenant_id = app.tenant() and run_id = p_run_id and type = 'policy_violation'
        and payload::jsonb -> 'body' @> told) then
    perform core.emit('policy_violation', 'system', null, p_run_id, told);
  end if;
end
$$;

ALTER FUNCTION core.violate_policy(p_run_id uuid, p_code text, p_feature text, p_vendor text, p_model text, p_region text) OWNER TO countersign_owner;

CREATE FUNCTION core.weigh_attempt(p_account core.accounts, p_feature text, p_phi boolean, p_vendor text, p_model text, p_region text, p_input_tokens bigint, p_output_tokens bigint, OUT refusal text, OUT is_violation boolean, OUT worst_nano_usd bigint, OUT price_valid_from timestamp with time zone, OUT wait_ms integer) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  price core.ai_prices;
begin
  refusal := core.call_refusal(p_feature, p_phi, p_vendor, p_model, p_region);
  is_violation := refusal is not null;
  if is_violation then
    return;
  end if;
  price := core.price_now(p_vendor, p_model, p_region);
  price_valid_from := price.valid_from;
  worst_nano_usd := core.call_worst_case(price, p_input_tokens, p_output_tokens);
  if p_account.held_nano_usd + p_account.spent_nano_usd + worst_nano_usd
      > (select daily_token_budget_nano_usd from core.ai_policy_controls where tenant_id = app.tenant() order by version desc limit 1) then
    refusal := 'budget_exhausted';
    return;
  end if;
  wait_ms := core.breaker_wait(p_vendor, p_model, p_region);
end
$$;

ALTER FUNCTION core.weigh_attempt(p_account core.accounts, p_feature text, p_phi boolean, p_vendor text, p_model text, p_region text, p_input_tokens bigint, p_output_tokens bigint, OUT refusal text, OUT is_violation boolean, OUT worst_nano_usd bigint, OUT price_valid_from timestamp with time zone, OUT wait_ms integer) OWNER TO countersign_owner;

CREATE FUNCTION core.winner(p_gate_id uuid) RETURNS jsonb
    LANGUAGE sql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
  select jsonb_build_object('gate_id', g.id, 'gate_version', g.version, 'proposal_hash', encode(g.proposal_hash, 'hex'),
    'due_at', app.utc(g.due_at), 'gate_outcome', o.outcome, 'decision_id', o.decision_id, 'actor_kind', o.actor_kind,
    'actor_user_id', o.actor_user_id, 'at', app.utc(o.at), 'record_type', (
      select max(d.record_type) from core.decisions d
      where d.tenant_id = g.tenant_id and d.gate_id = g.id and d.gate_version = g.version and d.verdict = 'approve'))
  from core.gates g left join core.gate_outcomes o on o.tenant_id = g.tenant_id and o.gate_id = g.id
  where g.tenant_id = app.tenant() and g.id = p_gate_id
$$;

ALTER FUNCTION core.winner(p_gate_id uuid) OWNER TO countersign_owner;

CREATE FUNCTION core.write_effect(p_gate core.gates, p_decision core.decisions) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
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

ALTER FUNCTION core.write_effect(p_gate core.gates, p_decision core.decisions) OWNER TO countersign_owner;

CREATE FUNCTION core.write_leg(p_kind text, p_run_id uuid, p_amount bigint, p_actor_user_id uuid, p_reserved bigint, p_actual bigint, p_deducted bigint, p_shortfall bigint) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'core', 'app', 'pg_temp'
    AS $$
declare
  account core.accounts;
begin
  update core.accounts set balance_credits = balance_credits + p_amount, ledger_seq = ledger_seq + 1
  where tenant_id = app.tenant() returning * into strict account;
  insert into core.credit_ledger (tenant_id, seq, kind, run_id, amount_credits, balance_after, actor_user_id, at,
    reserved_credits, actual_credits, deducted_credits, shortfall_credits)
  values (app.tenant(), account.ledger_seq, p_kind, p_run_id, p_amount, account.balance_credits, p_actor_user_id, app.now(),
    p_reserved, p_actual, p_deducted, p_shortfall);
end
$$;

ALTER FUNCTION core.write_leg(p_kind text, p_run_id uuid, p_amount bigint, p_actor_user_id uuid, p_reserved bigint, p_actual bigint, p_deducted bigint, p_shortfall bigint) OWNER TO countersign_owner;

CREATE VIEW app.account AS
 SELECT tenant_id,
    balance_credits,
    ledger_seq,
    day,
    held_nano_usd,
    spent_nano_usd
   FROM core.accounts;

ALTER VIEW app.account OWNER TO countersign_owner;

CREATE TABLE core.act_reviews (
    tenant_id text NOT NULL,
    decision_id uuid NOT NULL,
    verdict text NOT NULL,
    reason_code text,
    reason_content_id uuid,
    actor_user_id uuid NOT NULL,
    key_id text NOT NULL,
    reviewed_at timestamp with time zone NOT NULL,
    CONSTRAINT act_reviews_check CHECK (((reason_code IS NOT NULL) OR (reason_content_id IS NOT NULL))),
    CONSTRAINT act_reviews_verdict_check CHECK ((verdict = ANY (ARRAY['agree'::text, 'disagree'::text])))
);

ALTER TABLE ONLY core.act_reviews FORCE ROW LEVEL SECURITY;

ALTER TABLE core.act_reviews OWNER TO countersign_owner;

CREATE TABLE core.act_samples (
    tenant_id text NOT NULL,
    decision_id uuid NOT NULL,
    gate_id uuid NOT NULL,
    rate_permille integer NOT NULL,
    drawn_permille integer NOT NULL,
    drawn_at timestamp with time zone NOT NULL,
    CONSTRAINT act_samples_check CHECK ((drawn_permille < rate_permille)),
    CONSTRAINT act_samples_drawn_permille_check CHECK (((drawn_permille >= 0) AND (drawn_permille <= 999))),
    CONSTRAINT act_samples_rate_permille_check CHECK (((rate_permille >= 1) AND (rate_permille <= 1000)))
);

ALTER TABLE ONLY core.act_samples FORCE ROW LEVEL SECURITY;

ALTER TABLE core.act_samples OWNER TO countersign_owner;

CREATE VIEW app.act_reviews AS
 SELECT s.tenant_id,
    s.decision_id AS id,
    s.gate_id,
    d.run_id,
    d.proposal_id,
    r.id AS record_id,
    r.record_type,
    r.content_id,
    encode(r.content_hash, 'hex'::text) AS content_hash,
    d.actor_user_id AS authority_user_id,
    d.authority_policy_version,
    d.decided_at,
    s.drawn_at,
    s.rate_permille,
    s.drawn_permille,
    core.undo_until(d.*) AS undo_until,
    u.id AS compensated_by,
    u.act AS compensated_as,
        CASE
            WHEN (v.decision_id IS NULL) THEN 'open'::text
            ELSE 'closed'::text
        END AS state,
    v.verdict,
    v.reason_code,
    v.reason_content_id,
    v.actor_user_id AS reviewed_by,
    v.reviewed_at,
    g.reason_codes
   FROM (((((core.act_samples s
     JOIN core.decisions d ON (((d.tenant_id = s.tenant_id) AND (d.id = s.decision_id))))
     JOIN core.gates g ON (((g.tenant_id = s.tenant_id) AND (g.id = s.gate_id))))
     JOIN core.records r ON (((r.tenant_id = s.tenant_id) AND (r.decision_id = s.decision_id))))
     LEFT JOIN core.records u ON (((u.tenant_id = r.tenant_id) AND (u.compensates_record_id = r.id))))
     LEFT JOIN core.act_reviews v ON (((v.tenant_id = s.tenant_id) AND (v.decision_id = s.decision_id))));

ALTER VIEW app.act_reviews OWNER TO countersign_owner;

CREATE VIEW app.act_reviews_content AS
 SELECT tenant_id,
    decision_id AS id,
    core.content_text(reason_content_id) AS reason
   FROM core.act_reviews v;

ALTER VIEW app.act_reviews_content OWNER TO countersign_owner;

CREATE TABLE core.ai_run_attempts (
    tenant_id text NOT NULL,
    ai_run_id uuid NOT NULL,
    attempt integer NOT NULL,
    state text NOT NULL,
    day date NOT NULL,
    held_nano_usd bigint NOT NULL,
    cost_nano_usd bigint,
    error_code text,
    price_valid_from timestamp with time zone NOT NULL,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT ai_run_attempts_attempt_check CHECK ((attempt > 0)),
    CONSTRAINT ai_run_attempts_check CHECK (((state = 'open'::text) = (ended_at IS NULL))),
    CONSTRAINT ai_run_attempts_check1 CHECK (((state = 'open'::text) = (cost_nano_usd IS NULL))),
    CONSTRAINT ai_run_attempts_cost_nano_usd_check CHECK ((cost_nano_usd >= 0)),
    CONSTRAINT ai_run_attempts_held_nano_usd_check CHECK ((held_nano_usd >= 0)),
    CONSTRAINT ai_run_attempts_state_check CHECK ((state = ANY (ARRAY['open'::text, 'answered'::text, 'unbilled'::text, 'maybe_billed'::text, 'lost'::text])))
);

ALTER TABLE ONLY core.ai_run_attempts FORCE ROW LEVEL SECURITY;

ALTER TABLE core.ai_run_attempts OWNER TO countersign_owner;

CREATE VIEW app.attempts AS
 SELECT tenant_id,
    ai_run_id,
    attempt,
    state,
    day,
    held_nano_usd,
    cost_nano_usd,
    error_code,
    started_at,
    ended_at
   FROM core.ai_run_attempts;

ALTER VIEW app.attempts OWNER TO countersign_owner;

CREATE TABLE core.run_calls (
    tenant_id text NOT NULL,
    run_id uuid NOT NULL,
    ai_run_id uuid NOT NULL,
    billed boolean NOT NULL
);

ALTER TABLE ONLY core.run_calls FORCE ROW LEVEL SECURITY;

ALTER TABLE core.run_calls OWNER TO countersign_owner;

CREATE VIEW app.calls AS
 SELECT l.tenant_id,
    l.run_id,
    c.id,
    c.run_id AS made_by_run_id,
    l.billed,
    c.kind,
    c.feature,
    c.vendor,
    c.model,
    c.region,
    c.status,
    c.parent_id,
    c.requested_by,
    encode(c.prompt_hash, 'hex'::text) AS prompt_hash,
    encode(c.output_hash, 'hex'::text) AS output_hash,
    c.prompt_content_id,
    c.output_content_id,
    c.input_tokens,
    c.output_tokens,
    c.cache_read_tokens,
    c.cache_write_tokens,
    c.cost_nano_usd,
    c.latency_ms,
    c.provider_request_id,
    c.error_code,
    c.claimed_at,
    c.finished_at,
    ( SELECT count(*) AS count
           FROM core.ai_run_attempts a
          WHERE ((a.tenant_id = c.tenant_id) AND (a.ai_run_id = c.id))) AS attempts
   FROM (core.run_calls l
     JOIN core.ai_runs c ON (((c.tenant_id = l.tenant_id) AND (c.id = l.ai_run_id))));

ALTER VIEW app.calls OWNER TO countersign_owner;

CREATE VIEW app.calls_content AS
 SELECT tenant_id,
    id,
    core.bound_text(prompt_content_id, prompt_hash) AS prompt,
    core.bound_text(output_content_id, output_hash) AS output
   FROM core.ai_runs c;

ALTER VIEW app.calls_content OWNER TO countersign_owner;

CREATE TABLE core.chain_heads (
    tenant_id text NOT NULL,
    seq bigint NOT NULL,
    entry_hash bytea NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT chain_heads_entry_hash_check CHECK ((octet_length(entry_hash) = 32)),
    CONSTRAINT chain_heads_seq_check CHECK ((seq >= 0))
);

ALTER TABLE ONLY core.chain_heads FORCE ROW LEVEL SECURITY;

ALTER TABLE core.chain_heads OWNER TO countersign_owner;

CREATE VIEW app.chain_head AS
 SELECT tenant_id,
    seq,
    encode(entry_hash, 'hex'::text) AS entry_hash,
    at
   FROM core.chain_heads;

ALTER VIEW app.chain_head OWNER TO countersign_owner;

CREATE TABLE core.gate_comments (
    tenant_id text NOT NULL,
    id uuid DEFAULT app.new_id() NOT NULL,
    gate_id uuid NOT NULL,
    user_id uuid NOT NULL,
    comment_content_id uuid NOT NULL,
    at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY core.gate_comments FORCE ROW LEVEL SECURITY;

ALTER TABLE core.gate_comments OWNER TO countersign_owner;

CREATE VIEW app.comments_content AS
 SELECT tenant_id,
    id,
    gate_id,
    user_id,
    comment_content_id,
    at,
    core.content_text(comment_content_id) AS text
   FROM core.gate_comments c;

ALTER VIEW app.comments_content OWNER TO countersign_owner;

CREATE VIEW app.decisions AS
 SELECT d.tenant_id,
    d.id,
    d.gate_id,
    d.run_id,
    d.proposal_id,
    COALESCE(d.record_type, p.record_type) AS record_type,
    d.record_type AS named_record_type,
    d.record_class,
    ( SELECT t.class
           FROM core.record_types t
          WHERE (t.name = COALESCE(d.record_type, p.record_type))) AS class,
    d.gate_version,
    d.verdict,
    d.actor_kind,
    d.actor_user_id,
    d.authority_policy_version,
    d.intent_id,
    d.ai_advisory_id,
    d.manual,
    encode(d.proposal_hash, 'hex'::text) AS proposal_hash,
    encode(d.shown_hash, 'hex'::text) AS shown_hash,
    d.disposition,
    d.reason_code,
    d.decision_rationale_content_id,
    d.edits_content_id,
    d.on_behalf_of,
    d.delegation_id,
    d.self_confirmed,
    d.decided_at,
    i.auth_method,
    i.key_id,
    k.created_by AS key_created_by,
    i.stored_at,
    ARRAY( SELECT r.id
           FROM core.records r
          WHERE ((r.tenant_id = d.tenant_id) AND (r.decision_id = d.id))) AS record_ids,
    core.undo_until(d.*) AS undo_until,
    p.payload_content_id,
    d.meaning,
    d.printed_name_content_id,
    (i.reauthentication_id IS NOT NULL) AS reauthenticated,
    i.authenticated_at
   FROM (((core.decisions d
     JOIN core.proposals p ON (((p.tenant_id = d.tenant_id) AND (p.id = d.proposal_id))))
     LEFT JOIN core.intents i ON (((i.tenant_id = d.tenant_id) AND (i.id = d.intent_id))))
     LEFT JOIN core.api_keys k ON (((k.tenant_id = i.tenant_id) AND (k.id = i.key_id))));

ALTER VIEW app.decisions OWNER TO countersign_owner;

CREATE TABLE core.gate_views (
    tenant_id text NOT NULL,
    id uuid DEFAULT app.new_id() NOT NULL,
    gate_id uuid NOT NULL,
    user_id uuid NOT NULL,
    gate_version integer NOT NULL,
    opinion text NOT NULL,
    disposition text,
    view_content_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT gate_views_check CHECK (((disposition IS NULL) OR (opinion = 'approve'::text))),
    CONSTRAINT gate_views_disposition_check CHECK ((disposition = ANY (ARRAY['grant'::text, 'grant_with_conditions'::text, 'deny'::text, 'defer'::text]))),
    CONSTRAINT gate_views_opinion_check CHECK ((opinion = ANY (ARRAY['approve'::text, 'reject'::text, 'escalate'::text])))
);

ALTER TABLE ONLY core.gate_views FORCE ROW LEVEL SECURITY;

ALTER TABLE core.gate_views OWNER TO countersign_owner;

CREATE VIEW app.decisions_content AS
 SELECT d.tenant_id,
    d.id,
    core.rationale_text(g.rationale_parts, core.content_text(d.decision_rationale_content_id)) AS decision_rationale,
        CASE
            WHEN (g.rationale_parts <> '[]'::jsonb) THEN (core.content_text(d.decision_rationale_content_id))::json
            ELSE NULL::json
        END AS rationale_parts,
    (core.content_text(d.edits_content_id))::json AS edits,
        CASE
            WHEN ((d.edits_content_id IS NOT NULL) AND ((NOT d.manual) OR (r.compensation_act IS NOT NULL))) THEN (core.bound_text(p.payload_content_id, p.hash))::json
            ELSE NULL::json
        END AS original,
    core.content_text(d.printed_name_content_id) AS printed_name,
        CASE
            WHEN (v.id IS NOT NULL) THEN json_build_object('opinion', v.opinion, 'disposition', v.disposition, 'note', ((core.content_text(v.view_content_id))::json ->> 'note'::text), 'at', app.utc(v.at))
            ELSE NULL::json
        END AS view
   FROM ((((core.decisions d
     JOIN core.gates g ON (((g.tenant_id = d.tenant_id) AND (g.id = d.gate_id))))
     LEFT JOIN core.gate_views v ON (((v.tenant_id = d.tenant_id) AND (v.gate_id = d.gate_id) AND (v.user_id = d.actor_user_id))))
     JOIN core.proposals p ON (((p.tenant_id = d.tenant_id) AND (p.id = d.proposal_id))))
     JOIN core.runs r ON (((r.tenant_id = d.tenant_id) AND (r.id = d.run_id))));

ALTER VIEW app.decisions_content OWNER TO countersign_owner;

CREATE VIEW app.delegations AS
 SELECT tenant_id,
    id,
    delegator_user_id,
    delegate_user_id,
    roles,
    from_at,
    until_at,
    created_by,
    created_at,
    revoked_by,
    revoked_at
   FROM core.delegations;

ALTER VIEW app.delegations OWNER TO countersign_owner;

CREATE VIEW app.delegations_content AS
 SELECT tenant_id,
    id,
    core.content_text(reason_content_id) AS reason
   FROM core.delegations d;

ALTER VIEW app.delegations_content OWNER TO countersign_owner;

CREATE TABLE core.embeddings (
    tenant_id text NOT NULL,
    id uuid NOT NULL,
    source_type text NOT NULL,
    source_id uuid NOT NULL,
    ai_run_id uuid NOT NULL,
    model text NOT NULL,
    embedding public.vector(1024) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT embeddings_source_type_check CHECK ((source_type = ANY (ARRAY['memory'::text, 'document'::text, 'convo_summary'::text])))
);
ALTER TABLE ONLY core.embeddings ALTER COLUMN embedding SET STORAGE PLAIN;

ALTER TABLE ONLY core.embeddings FORCE ROW LEVEL SECURITY;

ALTER TABLE core.embeddings OWNER TO countersign_owner;

CREATE VIEW app.documents AS
 SELECT d.tenant_id,
    d.id,
    d.source_type,
    d.media_type,
    d.size_bytes,
    encode(d.commitment, 'hex'::text) AS hash,
    d.state,
    d.code,
    d.pages,
    d.characters,
    d.passages,
    d.added_by,
    (d.tenant_id = '__global__'::text) AS shared,
    d.created_at,
    d.changed_at,
    ( SELECT e.model
           FROM core.embeddings e
          WHERE ((e.tenant_id = d.tenant_id) AND (e.source_id = d.id))
          ORDER BY e.created_at DESC
         LIMIT 1) AS model,
    COALESCE(c.calls, (0)::bigint) AS calls,
    COALESCE(c.cost_nano_usd, (0)::numeric) AS cost_nano_usd
   FROM (core.documents d
     LEFT JOIN LATERAL ( SELECT count(*) AS calls,
            sum(a.cost_nano_usd) AS cost_nano_usd
           FROM core.ai_runs a
          WHERE ((a.tenant_id = d.tenant_id) AND (a.document_id = d.id))) c ON (true));

ALTER VIEW app.documents OWNER TO countersign_owner;

CREATE TABLE core.document_contents (
    tenant_id text NOT NULL,
    document_id uuid NOT NULL,
    title text NOT NULL,
    publisher text,
    address text,
    salt bytea NOT NULL,
    bytes bytea NOT NULL,
    CONSTRAINT document_contents_address_check CHECK ((address ~ '^https://'::text)),
    CONSTRAINT document_contents_salt_check CHECK ((octet_length(salt) = 32)),
    CONSTRAINT document_contents_title_check CHECK (core.has_letter_or_digit(title))
);

ALTER TABLE ONLY core.document_contents FORCE ROW LEVEL SECURITY;

ALTER TABLE core.document_contents OWNER TO countersign_owner;

CREATE VIEW app.documents_content AS
 SELECT tenant_id,
    document_id AS id,
    title,
    publisher,
    address
   FROM core.document_contents;

ALTER VIEW app.documents_content OWNER TO countersign_owner;

CREATE TABLE core.ai_evals (
    tenant_id text NOT NULL,
    id uuid DEFAULT app.new_id() NOT NULL,
    run_id uuid NOT NULL,
    ai_run_id uuid NOT NULL,
    ordinal integer NOT NULL,
    name text NOT NULL,
    version integer NOT NULL,
    verdict text NOT NULL,
    severity text NOT NULL,
    reason text NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT ai_evals_severity_check CHECK ((severity = ANY (ARRAY['block'::text, 'flag'::text]))),
    CONSTRAINT ai_evals_verdict_check CHECK ((verdict = ANY (ARRAY['pass'::text, 'fail'::text])))
);

ALTER TABLE ONLY core.ai_evals FORCE ROW LEVEL SECURITY;

ALTER TABLE core.ai_evals OWNER TO countersign_owner;

CREATE VIEW app.evals AS
 SELECT tenant_id,
    id,
    run_id,
    ai_run_id,
    ordinal,
    name,
    version,
    verdict,
    severity,
    reason,
    at
   FROM core.ai_evals;

ALTER VIEW app.evals OWNER TO countersign_owner;

CREATE TABLE core.audit_log (
    tenant_id text NOT NULL,
    seq bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    type text NOT NULL,
    actor_kind text NOT NULL,
    actor_user_id uuid,
    run_id uuid,
    payload text NOT NULL,
    payload_hash bytea NOT NULL,
    prev_hash bytea NOT NULL,
    entry_hash bytea NOT NULL,
    CONSTRAINT audit_log_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['human'::text, 'system'::text]))),
    CONSTRAINT audit_log_check CHECK ((payload_hash = sha256(convert_to(payload, 'UTF8'::name)))),
    CONSTRAINT audit_log_check1 CHECK ((entry_hash = sha256((prev_hash || payload_hash)))),
    CONSTRAINT audit_log_seq_check CHECK ((seq > 0)),
    CONSTRAINT audit_log_type_check CHECK ((type ~ '^[a-z][a-z_]*(\.[a-z_]+)?$'::text))
);

ALTER TABLE ONLY core.audit_log FORCE ROW LEVEL SECURITY;

ALTER TABLE core.audit_log OWNER TO countersign_owner;

CREATE VIEW app.events AS
 SELECT tenant_id,
    seq,
    at,
    type,
    actor_kind,
    actor_user_id,
    run_id,
    payload,
    encode(payload_hash, 'hex'::text) AS payload_hash,
    encode(prev_hash, 'hex'::text) AS prev_hash,
    encode(entry_hash, 'hex'::text) AS entry_hash
   FROM core.audit_log;

ALTER VIEW app.events OWNER TO countersign_owner;

CREATE TABLE core.credit_ledger (
    tenant_id text NOT NULL,
    seq bigint NOT NULL,
    kind text NOT NULL,
    run_id uuid,
    amount_credits bigint NOT NULL,
    balance_after bigint NOT NULL,
    reserved_credits bigint,
    actual_credits bigint,
    deducted_credits bigint,
    shortfall_credits bigint,
    actor_user_id uuid,
    at timestamp with time zone NOT NULL,
    CONSTRAINT credit_ledger_balance_after_check CHECK ((balance_after >= 0)),
    CONSTRAINT credit_ledger_check CHECK (((kind = 'grant'::text) = (run_id IS NULL))),
    CONSTRAINT credit_ledger_check1 CHECK (((kind <> 'grant'::text) OR ((amount_credits > 0) AND (actor_user_id IS NOT NULL)))),
    CONSTRAINT credit_ledger_check2 CHECK (((kind <> 'reserve'::text) OR (amount_credits < 0))),
    CONSTRAINT credit_ledger_check3 CHECK (((kind = 'settle'::text) = ((actual_credits IS NOT NULL) AND (reserved_credits IS NOT NULL) AND (deducted_credits IS NOT NULL) AND (shortfall_credits IS NOT NULL)))),
    CONSTRAINT credit_ledger_check4 CHECK (((kind <> 'settle'::text) OR ((amount_credits = ((reserved_credits - actual_credits) + shortfall_credits)) AND (deducted_credits = (GREATEST((actual_credits - reserved_credits), (0)::bigint) - shortfall_credits)) AND (shortfall_credits >= 0) AND (deducted_credits >= 0)))),
    CONSTRAINT credit_ledger_kind_check CHECK ((kind = ANY (ARRAY['grant'::text, 'reserve'::text, 'settle'::text]))),
    CONSTRAINT credit_ledger_seq_check CHECK ((seq > 0))
);

ALTER TABLE ONLY core.credit_ledger FORCE ROW LEVEL SECURITY;

ALTER TABLE core.credit_ledger OWNER TO countersign_owner;

CREATE TABLE core.gate_outcomes (
    tenant_id text NOT NULL,
    gate_id uuid NOT NULL,
    outcome text NOT NULL,
    decision_id uuid,
    actor_kind text NOT NULL,
    actor_user_id uuid,
    at timestamp with time zone NOT NULL,
    CONSTRAINT gate_outcomes_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['human'::text, 'system'::text]))),
    CONSTRAINT gate_outcomes_check CHECK (((outcome = ANY (ARRAY['approved'::text, 'applied'::text, 'rejected'::text])) = (decision_id IS NOT NULL))),
    CONSTRAINT gate_outcomes_check1 CHECK (((outcome <> ALL (ARRAY['approved'::text, 'rejected'::text])) OR (actor_kind = 'human'::text))),
    CONSTRAINT gate_outcomes_check2 CHECK (((outcome <> ALL (ARRAY['applied'::text, 'expired'::text])) OR (actor_kind = 'system'::text))),
    CONSTRAINT gate_outcomes_outcome_check CHECK ((outcome = ANY (ARRAY['approved'::text, 'applied'::text, 'rejected'::text, 'expired'::text, 'withdrawn'::text])))
);

ALTER TABLE ONLY core.gate_outcomes FORCE ROW LEVEL SECURITY;

ALTER TABLE core.gate_outcomes OWNER TO countersign_owner;

CREATE TABLE core.tenants (
    id text NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    currency text NOT NULL,
    units text NOT NULL,
    time_zone text NOT NULL,
    places text[] DEFAULT '{}'::text[] NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_by uuid,
    CONSTRAINT tenants_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT tenants_id_check CHECK (((id ~ '^[a-z][a-z0-9-]{1,62}$'::text) OR (id = ANY (ARRAY['__platform__'::text, '__global__'::text])))),
    CONSTRAINT tenants_kind_check CHECK ((kind = ANY (ARRAY['farm'::text, 'hospital'::text, 'platform'::text]))),
    CONSTRAINT tenants_name_check CHECK (core.has_letter_or_digit(name)),
    CONSTRAINT tenants_time_zone_check CHECK ((time_zone <> ''::text)),
    CONSTRAINT tenants_units_check CHECK ((units = ANY (ARRAY['metric'::text, 'imperial'::text])))
);

ALTER TABLE ONLY core.tenants FORCE ROW LEVEL SECURITY;

ALTER TABLE core.tenants OWNER TO countersign_owner;

CREATE VIEW app.evidence AS
 SELECT id AS tenant_id,
    app.utc(app.now()) AS at,
    ( SELECT jsonb_build_object('total', (count(*))::text, 'open', (count(*) FILTER (WHERE (runs.state <> 'closed'::text)))::text, 'reserved', (COALESCE(sum(runs.reserved_credits), (0)::numeric))::text, 'actual', (COALESCE(sum(runs.actual_credits), (0)::numeric))::text, 'held', (count(*) FILTER (WHERE ((runs.reserved_credits > 0) AND (runs.settled_at IS NULL))))::text) AS jsonb_build_object
           FROM core.runs
          WHERE (runs.tenant_id = t.id)) AS runs,
    ( SELECT COALESCE(jsonb_object_agg(g.outcome, g.n), '{}'::jsonb) AS "coalesce"
           FROM ( SELECT runs.outcome,
                    (count(*))::text AS n
                   FROM core.runs
                  WHERE ((runs.tenant_id = t.id) AND (runs.outcome IS NOT NULL))
                  GROUP BY runs.outcome) g) AS run_outcomes,
    ( SELECT jsonb_build_object('total', (count(*))::text, 'cost_nano_usd', (COALESCE(sum(ai_runs.cost_nano_usd), (0)::numeric))::text) AS jsonb_build_object
           FROM core.ai_runs
          WHERE (ai_runs.tenant_id = t.id)) AS calls,
    ( SELECT COALESCE(jsonb_object_agg(g.status, g.n), '{}'::jsonb) AS "coalesce"
           FROM ( SELECT ai_runs.status,
                    (count(*))::text AS n
                   FROM core.ai_runs
                  WHERE (ai_runs.tenant_id = t.id)
                  GROUP BY ai_runs.status) g) AS call_statuses,
    ( SELECT (COALESCE(sum(a.cost_nano_usd), (0)::numeric))::text AS "coalesce"
           FROM (core.ai_run_attempts a
             JOIN core.ai_runs c ON (((c.tenant_id = a.tenant_id) AND (c.id = a.ai_run_id))))
          WHERE ((a.tenant_id = t.id) AND (c.status <> 'claimed'::text))) AS attempts_cost_nano_usd,
    ( SELECT (accounts.balance_credits)::text AS balance_credits
           FROM core.accounts
          WHERE (accounts.tenant_id = t.id)) AS balance_credits,
    ( SELECT jsonb_build_object('total', (count(*))::text, 'sum', (COALESCE(sum(credit_ledger.amount_credits), (0)::numeric))::text, 'granted', (COALESCE(sum(credit_ledger.amount_credits) FILTER (WHERE (credit_ledger.kind = 'grant'::text)), (0)::numeric))::text, 'reserved', (COALESCE((- sum(credit_ledger.amount_credits) FILTER (WHERE (credit_ledger.kind = 'reserve'::text))), (0)::numeric))::text, 'settled', (COALESCE(sum(credit_ledger.amount_credits) FILTER (WHERE (credit_ledger.kind = 'settle'::text)), (0)::numeric))::text, 'actual', (COALESCE(sum(credit_ledger.actual_credits), (0)::numeric))::text, 'deducted', (COALESCE(sum(credit_ledger.deducted_credits), (0)::numeric))::text, 'shortfall', (COALESCE(sum(credit_ledger.shortfall_credits), (0)::numeric))::text) AS jsonb_build_object
           FROM core.credit_ledger
          WHERE (credit_ledger.tenant_id = t.id)) AS ledger,
    ( SELECT jsonb_build_object('total', (count(*))::text, 'open', (count(*) FILTER (WHERE (gates.closed_at IS NULL)))::text) AS jsonb_build_object
           FROM core.gates
          WHERE (gates.tenant_id = t.id)) AS gates,
    ( SELECT COALESCE(jsonb_object_agg(g.outcome, g.n), '{}'::jsonb) AS "coalesce"
           FROM ( SELECT gate_outcomes.outcome,
                    (count(*))::text AS n
                   FROM core.gate_outcomes
                  WHERE (gate_outcomes.tenant_id = t.id)
                  GROUP BY gate_outcomes.outcome) g) AS gate_outcomes,
    ( SELECT (count(*))::text AS count
           FROM core.decisions
          WHERE (decisions.tenant_id = t.id)) AS decisions,
    ( SELECT COALESCE(jsonb_object_agg(g.verdict, g.n), '{}'::jsonb) AS "coalesce"
           FROM ( SELECT decisions.verdict,
                    (count(*))::text AS n
                   FROM core.decisions
                  WHERE (decisions.tenant_id = t.id)
                  GROUP BY decisions.verdict) g) AS decision_verdicts,
    ( SELECT COALESCE(jsonb_object_agg(g.actor_kind, g.n), '{}'::jsonb) AS "coalesce"
           FROM ( SELECT decisions.actor_kind,
                    (count(*))::text AS n
                   FROM core.decisions
                  WHERE (decisions.tenant_id = t.id)
                  GROUP BY decisions.actor_kind) g) AS decision_actors,
    ( SELECT (count(*))::text AS count
           FROM core.records
          WHERE (records.tenant_id = t.id)) AS records,
    ( SELECT COALESCE(jsonb_object_agg(g.type, g.n), '{}'::jsonb) AS "coalesce"
           FROM ( SELECT audit_log.type,
                    (count(*))::text AS n
                   FROM core.audit_log
                  WHERE (audit_log.tenant_id = t.id)
                  GROUP BY audit_log.type) g) AS event_types,
    ( SELECT (count(*))::text AS count
           FROM core.audit_log
          WHERE (audit_log.tenant_id = t.id)) AS events,
    ( SELECT (chain_heads.seq)::text AS seq
           FROM core.chain_heads
          WHERE (chain_heads.tenant_id = t.id)) AS head_seq,
    ( SELECT encode(chain_heads.entry_hash, 'hex'::text) AS encode
           FROM core.chain_heads
          WHERE (chain_heads.tenant_id = t.id)) AS head_hash
   FROM core.tenants t
  WHERE (id = app.tenant());

ALTER VIEW app.evidence OWNER TO countersign_owner;

CREATE TABLE core.ai_feedback (
    tenant_id text NOT NULL,
    id uuid DEFAULT app.new_id() NOT NULL,
    run_id uuid NOT NULL,
    user_id uuid NOT NULL,
    thumb text NOT NULL,
    comment_content_id uuid,
    at timestamp with time zone NOT NULL,
    CONSTRAINT ai_feedback_thumb_check CHECK ((thumb = ANY (ARRAY['up'::text, 'down'::text])))
);

ALTER TABLE ONLY core.ai_feedback FORCE ROW LEVEL SECURITY;

ALTER TABLE core.ai_feedback OWNER TO countersign_owner;

CREATE VIEW app.feedback AS
 SELECT tenant_id,
    id,
    run_id,
    user_id,
    thumb,
    comment_content_id,
    at
   FROM core.ai_feedback f;

ALTER VIEW app.feedback OWNER TO countersign_owner;

CREATE VIEW app.feedback_content AS
 SELECT tenant_id,
    id,
    run_id,
    core.content_text(comment_content_id) AS comment
   FROM core.ai_feedback f;

ALTER VIEW app.feedback_content OWNER TO countersign_owner;

CREATE TABLE core.gate_answers (
    tenant_id text NOT NULL,
    question_id uuid NOT NULL,
    gate_id uuid NOT NULL,
    answered_by uuid NOT NULL,
    answer_content_id uuid NOT NULL,
    answered_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY core.gate_answers FORCE ROW LEVEL SECURITY;

ALTER TABLE core.gate_answers OWNER TO countersign_owner;

CREATE TABLE core.gate_questions (
    tenant_id text NOT NULL,
    id uuid DEFAULT app.new_id() NOT NULL,
    gate_id uuid NOT NULL,
    asked_by uuid NOT NULL,
    question_content_id uuid NOT NULL,
    asked_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY core.gate_questions FORCE ROW LEVEL SECURITY;

ALTER TABLE core.gate_questions OWNER TO countersign_owner;

CREATE VIEW app.gate_questions AS
 SELECT q.tenant_id,
    q.id,
    q.gate_id,
    q.asked_by,
    q.asked_at,
    a.answered_by,
    a.answered_at
   FROM (core.gate_questions q
     LEFT JOIN core.gate_answers a ON (((a.tenant_id = q.tenant_id) AND (a.question_id = q.id))));

ALTER VIEW app.gate_questions OWNER TO countersign_owner;

CREATE VIEW app.gate_questions_content AS
 SELECT q.tenant_id,
    q.id,
    q.gate_id,
    core.content_text(q.question_content_id) AS question,
    core.content_text(a.answer_content_id) AS answer
   FROM (core.gate_questions q
     LEFT JOIN core.gate_answers a ON (((a.tenant_id = q.tenant_id) AND (a.question_id = q.id))));

ALTER VIEW app.gate_questions_content OWNER TO countersign_owner;

CREATE VIEW app.gate_queue AS
 SELECT g.tenant_id,
    g.id,
    g.run_id,
    g.record_class,
    p.record_type,
    r.purpose,
    r.requested_by,
    g.roles,
    g.opened_at,
    g.due_at,
    g.closed_at,
    g.claimed_by,
    g.claimed_until,
    g.waits_for_requester
   FROM ((core.gates g
     JOIN core.proposals p ON (((p.tenant_id = g.tenant_id) AND (p.id = g.proposal_id))))
     JOIN core.runs r ON (((r.tenant_id = g.tenant_id) AND (r.id = g.run_id))));

ALTER VIEW app.gate_queue OWNER TO countersign_owner;

CREATE TABLE core.gate_versions (
    tenant_id text NOT NULL,
    gate_id uuid NOT NULL,
    version integer NOT NULL,
    cause text NOT NULL,
    policy_version integer,
    changed text[] NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT gate_versions_cause_check CHECK ((cause = ANY (ARRAY['policy'::text, 'escalation'::text, 'edit'::text]))),
    CONSTRAINT gate_versions_changed_check CHECK ((cardinality(changed) > 0)),
    CONSTRAINT gate_versions_check CHECK (((cause = 'policy'::text) = (policy_version IS NOT NULL))),
    CONSTRAINT gate_versions_version_check CHECK ((version > 1))
);

ALTER TABLE ONLY core.gate_versions FORCE ROW LEVEL SECURITY;

ALTER TABLE core.gate_versions OWNER TO countersign_owner;

CREATE VIEW app.gate_versions AS
 SELECT tenant_id,
    gate_id,
    version,
    cause,
    policy_version,
    changed,
    at
   FROM core.gate_versions;

ALTER VIEW app.gate_versions OWNER TO countersign_owner;

CREATE VIEW app.gate_views AS
 SELECT tenant_id,
    id,
    gate_id,
    user_id,
    gate_version,
    at
   FROM core.gate_views;

ALTER VIEW app.gate_views OWNER TO countersign_owner;

CREATE VIEW app.gate_views_content AS
 SELECT tenant_id,
    id,
    gate_id,
    user_id,
    opinion,
    disposition,
    ((core.content_text(view_content_id))::json ->> 'note'::text) AS note,
    at
   FROM core.gate_views v;

ALTER VIEW app.gate_views_content OWNER TO countersign_owner;

CREATE TABLE core.gate_record_types (
    tenant_id text NOT NULL,
    gate_id uuid NOT NULL,
    record_type text NOT NULL
);

ALTER TABLE ONLY core.gate_record_types FORCE ROW LEVEL SECURITY;

ALTER TABLE core.gate_record_types OWNER TO countersign_owner;

CREATE VIEW app.gates AS
 SELECT g.tenant_id,
    g.id,
    g.run_id,
    g.proposal_id,
    g.record_class,
    g.version,
    encode(g.proposal_hash, 'hex'::text) AS proposal_hash,
    g.manual,
    g.roles,
    g.seats,
    g.seat_roles,
    g.blind_first,
    g.reauthenticate_minutes,
    g.rationale_parts,
    g.separation,
    g.rationale_rule,
    g.reason_codes,
    g.dispositions,
    g.escalation_level,
    g.opened_at,
    g.due_at,
    g.closed_at,
        CASE
            WHEN (g.claimed_until > app.now()) THEN g.claimed_by
            ELSE NULL::uuid
        END AS claimed_by,
        CASE
            WHEN (g.claimed_until > app.now()) THEN g.claimed_until
            ELSE NULL::timestamp with time zone
        END AS claimed_until,
        CASE
            WHEN (g.closed_at IS NOT NULL) THEN NULL::text
            WHEN g.waits_for_requester THEN 'requester'::text
            ELSE 'reviewer'::text
        END AS waiting_for,
    g.exchanges,
    o.outcome,
    o.decision_id,
    p.record_type,
    ARRAY( SELECT t.record_type
           FROM core.gate_record_types t
          WHERE ((t.tenant_id = g.tenant_id) AND (t.gate_id = g.id))
          ORDER BY (t.record_type COLLATE "C")) AS record_types,
    ( SELECT max(d.record_type) AS max
           FROM core.decisions d
          WHERE ((d.tenant_id = g.tenant_id) AND (d.gate_id = g.id) AND (d.gate_version = g.version) AND (d.verdict = 'approve'::text))) AS named_record_type,
    p.possible_duplicate_of,
    ( SELECT other.requested_by
           FROM (core.proposals q
             JOIN core.runs other ON (((other.tenant_id = q.tenant_id) AND (other.id = q.run_id))))
          WHERE ((q.tenant_id = p.tenant_id) AND (q.id = p.possible_duplicate_of))) AS duplicate_requested_by,
    ( SELECT q.created_at
           FROM core.proposals q
          WHERE ((q.tenant_id = p.tenant_id) AND (q.id = p.possible_duplicate_of))) AS duplicate_created_at,
    p.confidence_permille,
    p.payload_content_id,
    core.commitment_hex(g.question_content_id) AS question_hash,
    r.purpose,
    r.advisory,
    r.requested_by,
    r.subject_user_id,
    r.compensates_record_id,
    r.compensation_act,
    ( SELECT count(DISTINCT d.actor_user_id) AS count
           FROM core.decisions d
          WHERE ((d.tenant_id = g.tenant_id) AND (d.gate_id = g.id) AND (d.gate_version = g.version) AND (d.verdict = 'approve'::text))) AS seats_taken
   FROM (((core.gates g
     JOIN core.proposals p ON (((p.tenant_id = g.tenant_id) AND (p.id = g.proposal_id))))
     JOIN core.runs r ON (((r.tenant_id = g.tenant_id) AND (r.id = g.run_id))))
     LEFT JOIN core.gate_outcomes o ON (((o.tenant_id = g.tenant_id) AND (o.gate_id = g.id))));

ALTER VIEW app.gates OWNER TO countersign_owner;

CREATE VIEW app.gates_content AS
 SELECT tenant_id,
    id,
    (core.content_text(question_content_id))::json AS question
   FROM core.gates g;

ALTER VIEW app.gates_content OWNER TO countersign_owner;

CREATE TABLE core.gate_handovers (
    tenant_id text NOT NULL,
    id uuid DEFAULT app.new_id() NOT NULL,
    gate_id uuid NOT NULL,
    act text NOT NULL,
    from_user_id uuid,
    to_user_id uuid NOT NULL,
    by_user_id uuid NOT NULL,
    reason_content_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT gate_handovers_act_check CHECK ((act = ANY (ARRAY['stolen'::text, 'reassigned'::text]))),
    CONSTRAINT gate_handovers_check CHECK ((from_user_id IS DISTINCT FROM to_user_id)),
    CONSTRAINT gate_handovers_check1 CHECK (((act <> 'stolen'::text) OR ((from_user_id IS NOT NULL) AND (by_user_id = to_user_id))))
);

ALTER TABLE ONLY core.gate_handovers FORCE ROW LEVEL SECURITY;

ALTER TABLE core.gate_handovers OWNER TO countersign_owner;

CREATE VIEW app.handovers AS
 SELECT tenant_id,
    id,
    gate_id,
    act,
    from_user_id,
    to_user_id,
    by_user_id,
    at
   FROM core.gate_handovers h;

ALTER VIEW app.handovers OWNER TO countersign_owner;

CREATE VIEW app.handovers_content AS
 SELECT tenant_id,
    id,
    gate_id,
    core.content_text(reason_content_id) AS reason
   FROM core.gate_handovers h;

ALTER VIEW app.handovers_content OWNER TO countersign_owner;

CREATE TABLE core.intent_outcomes (
    tenant_id text NOT NULL,
    intent_id uuid NOT NULL,
    outcome text NOT NULL,
    code text,
    decision_id uuid,
    at timestamp with time zone NOT NULL,
    CONSTRAINT intent_outcomes_check CHECK (((outcome = 'conflict'::text) = (code IS NOT NULL))),
    CONSTRAINT intent_outcomes_check1 CHECK (((outcome <> 'applied'::text) OR (decision_id IS NOT NULL))),
    CONSTRAINT intent_outcomes_outcome_check CHECK ((outcome = ANY (ARRAY['applied'::text, 'conflict'::text, 'superseded'::text, 'taken_back'::text, 'late'::text])))
);

ALTER TABLE ONLY core.intent_outcomes FORCE ROW LEVEL SECURITY;

ALTER TABLE core.intent_outcomes OWNER TO countersign_owner;

CREATE VIEW app.intents AS
 SELECT i.tenant_id,
    i.id,
    i.gate_id,
    g.run_id,
    i.gate_version,
    i.verdict,
    i.actor_user_id,
    i.stored_at,
    o.outcome,
    o.code,
    o.decision_id,
    o.at AS answered_at
   FROM ((core.intents i
     JOIN core.gates g ON (((g.tenant_id = i.tenant_id) AND (g.id = i.gate_id))))
     LEFT JOIN core.intent_outcomes o ON (((o.tenant_id = i.tenant_id) AND (o.intent_id = i.id))));

ALTER VIEW app.intents OWNER TO countersign_owner;

CREATE VIEW app.keys AS
 SELECT tenant_id,
    id,
    user_id,
    label,
    auth_method,
    created_at,
    created_by,
    expires_at,
    revoked_at
   FROM core.api_keys;

ALTER VIEW app.keys OWNER TO countersign_owner;

CREATE VIEW app.ledger AS
 SELECT tenant_id,
    seq,
    kind,
    run_id,
    amount_credits,
    balance_after,
    reserved_credits,
    actual_credits,
    deducted_credits,
    shortfall_credits,
    actor_user_id,
    at
   FROM core.credit_ledger;

ALTER VIEW app.ledger OWNER TO countersign_owner;

CREATE TABLE core.mail_preferences (
    tenant_id text NOT NULL,
    user_id uuid NOT NULL,
    preference text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT mail_preferences_preference_check CHECK ((preference = ANY (ARRAY['none'::text, 'digest'::text, 'each'::text])))
);

ALTER TABLE ONLY core.mail_preferences FORCE ROW LEVEL SECURITY;

ALTER TABLE core.mail_preferences OWNER TO countersign_owner;

CREATE VIEW app.mail_preferences AS
 SELECT tenant_id,
    user_id,
    preference,
    changed_at
   FROM core.mail_preferences;

ALTER VIEW app.mail_preferences OWNER TO countersign_owner;

CREATE VIEW app.members AS
 SELECT tenant_id,
    user_id,
    display_name,
    kind,
    roles,
    active,
    email,
    created_at
   FROM core.members;

ALTER VIEW app.members OWNER TO countersign_owner;

CREATE TABLE core.pages (
    tenant_id text NOT NULL,
    id uuid DEFAULT app.new_id() NOT NULL,
    cause text NOT NULL,
    code text NOT NULL,
    run_id uuid,
    opened_at timestamp with time zone NOT NULL,
    count bigint DEFAULT 1 NOT NULL,
    acknowledged_by uuid,
    acknowledged_at timestamp with time zone
);

ALTER TABLE ONLY core.pages FORCE ROW LEVEL SECURITY;

ALTER TABLE core.pages OWNER TO countersign_owner;

CREATE VIEW app.pages AS
 SELECT tenant_id,
    id,
    cause,
    code,
    run_id,
    opened_at,
    count,
    acknowledged_by,
    acknowledged_at
   FROM core.pages;

ALTER VIEW app.pages OWNER TO countersign_owner;

CREATE TABLE core.passages (
    tenant_id text NOT NULL,
    id uuid DEFAULT app.new_id() NOT NULL,
    document_id uuid NOT NULL,
    ordinal integer NOT NULL,
    page integer NOT NULL,
    start_at integer NOT NULL,
    end_at integer NOT NULL,
    text text NOT NULL,
    CONSTRAINT passages_check CHECK ((end_at > start_at)),
    CONSTRAINT passages_ordinal_check CHECK ((ordinal >= 0)),
    CONSTRAINT passages_page_check CHECK ((page > 0)),
    CONSTRAINT passages_start_at_check CHECK ((start_at >= 0))
);

ALTER TABLE ONLY core.passages FORCE ROW LEVEL SECURITY;

ALTER TABLE core.passages OWNER TO countersign_owner;

CREATE VIEW app.passages_content AS
 SELECT p.tenant_id,
    p.id,
    p.document_id,
    d.source_type,
    p.ordinal,
    p.page,
    p.start_at,
    p.end_at,
    p.text,
    c.title,
    c.publisher,
    c.address,
    (p.tenant_id = '__global__'::text) AS shared
   FROM ((core.passages p
     JOIN core.documents d ON (((d.tenant_id = p.tenant_id) AND (d.id = p.document_id))))
     JOIN core.document_contents c ON (((c.tenant_id = p.tenant_id) AND (c.document_id = p.document_id))));

ALTER VIEW app.passages_content OWNER TO countersign_owner;

CREATE VIEW app.policies AS
 SELECT tenant_id,
    version,
    autonomy_tier,
    auto_categories,
    record_autonomy,
    require_human_review_for_phi_extraction,
    block_ai_committee_response_drafts,
    require_advisor_for_low_confidence,
    daily_token_budget_nano_usd,
    confidence_threshold_permille,
    paused,
    paused_purposes,
    paused_vendors,
    seat_rules,
    blind_first_protected,
    working_calendar,
    reauthenticate_protected_minutes,
    undo_window_hours,
    auto_review_permille,
    set_by,
    reason_content_id,
    set_at
   FROM core.ai_policy_controls;

ALTER VIEW app.policies OWNER TO countersign_owner;

CREATE VIEW app.policies_content AS
 SELECT tenant_id,
    version,
    core.content_text(reason_content_id) AS reason
   FROM core.ai_policy_controls p;

ALTER VIEW app.policies_content OWNER TO countersign_owner;

CREATE VIEW app.prices AS
 SELECT vendor,
    model,
    region,
    valid_from,
    valid_until,
    input_nano_usd_per_token,
    output_nano_usd_per_token,
    cache_read_nano_usd_per_token,
    cache_write_nano_usd_per_token,
    set_by,
    set_at
   FROM core.ai_prices;

ALTER VIEW app.prices OWNER TO countersign_owner;

CREATE TABLE core.privileging_recommendation_log (
    tenant_id text NOT NULL,
    id uuid DEFAULT app.new_id() NOT NULL,
    run_id uuid NOT NULL,
    proposal_id uuid NOT NULL,
    ai_run_id uuid NOT NULL,
    actor_kind text DEFAULT 'ai_advisory'::text NOT NULL,
    proposal_hash bytea NOT NULL,
    confidence_permille integer NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT privileging_recommendation_log_actor_kind_check CHECK ((actor_kind = 'ai_advisory'::text))
);

ALTER TABLE ONLY core.privileging_recommendation_log FORCE ROW LEVEL SECURITY;

ALTER TABLE core.privileging_recommendation_log OWNER TO countersign_owner;

CREATE VIEW app.privileging_log AS
 SELECT tenant_id,
    id,
    run_id,
    proposal_id,
    ai_run_id,
    actor_kind,
    encode(proposal_hash, 'hex'::text) AS proposal_hash,
    confidence_permille,
    at
   FROM core.privileging_recommendation_log;

ALTER VIEW app.privileging_log OWNER TO countersign_owner;

CREATE TABLE core.ai_recommendations (
    tenant_id text NOT NULL,
    proposal_id uuid NOT NULL,
    status text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT ai_recommendations_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'approved'::text, 'rejected'::text, 'lapsed'::text, 'advised'::text])))
);

ALTER TABLE ONLY core.ai_recommendations FORCE ROW LEVEL SECURITY;

ALTER TABLE core.ai_recommendations OWNER TO countersign_owner;

CREATE TABLE core.assistant_drafts (
    tenant_id text NOT NULL,
    proposal_id uuid NOT NULL,
    record_type text NOT NULL,
    status text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT assistant_drafts_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'confirmed'::text, 'discarded'::text])))
);

ALTER TABLE ONLY core.assistant_drafts FORCE ROW LEVEL SECURITY;

ALTER TABLE core.assistant_drafts OWNER TO countersign_owner;

CREATE VIEW app.proposals AS
 SELECT p.tenant_id,
    p.id,
    p.run_id,
    p.ordinal,
    p.kind,
    p.record_type,
    p.record_class,
    p.ai_run_id,
    encode(p.hash, 'hex'::text) AS hash,
    p.confidence_permille,
    p.shown,
    p.outcome,
    p.possible_duplicate_of,
    ( SELECT o.requested_by
           FROM (core.proposals q
             JOIN core.runs o ON (((o.tenant_id = q.tenant_id) AND (o.id = q.run_id))))
          WHERE ((q.tenant_id = p.tenant_id) AND (q.id = p.possible_duplicate_of))) AS duplicate_requested_by,
    p.created_at,
    p.payload_content_id,
    ( SELECT w.record_type
           FROM core.records w
          WHERE ((w.tenant_id = p.tenant_id) AND (w.proposal_id = p.id))) AS recorded_as,
    COALESCE(d.status, r.status) AS state,
    g.id AS gate_id,
    COALESCE((g.blind_first AND (g.closed_at IS NULL)), false) AS blind_first
   FROM (((core.proposals p
     LEFT JOIN core.assistant_drafts d ON (((d.tenant_id = p.tenant_id) AND (d.proposal_id = p.id))))
     LEFT JOIN core.ai_recommendations r ON (((r.tenant_id = p.tenant_id) AND (r.proposal_id = p.id))))
     LEFT JOIN core.gates g ON (((g.tenant_id = p.tenant_id) AND (g.proposal_id = p.id))));

ALTER VIEW app.proposals OWNER TO countersign_owner;

CREATE VIEW app.proposals_content AS
 SELECT tenant_id,
    id,
    run_id,
    (core.bound_text(payload_content_id, hash))::json AS payload
   FROM core.proposals p
  WHERE shown;

ALTER VIEW app.proposals_content OWNER TO countersign_owner;

CREATE TABLE core.purpose_record_types (
    purpose text NOT NULL,
    purpose_version integer NOT NULL,
    record_type text NOT NULL
);

ALTER TABLE core.purpose_record_types OWNER TO countersign_owner;

CREATE VIEW app.purposes AS
 SELECT name,
    version,
    encode(content_hash, 'hex'::text) AS content_hash,
    definition,
    vendor,
    model,
    region,
    advisor_vendor,
    advisor_model,
    advisor_region,
    max_input_tokens,
    max_output_tokens,
    price_primary,
    price_advisor,
    confidence_threshold_permille,
    phi,
    manual_record_type,
    registered_at,
    ARRAY( SELECT t.record_type
           FROM core.purpose_record_types t
          WHERE ((t.purpose = p.name) AND (t.purpose_version = p.version))
          ORDER BY t.record_type) AS record_types
   FROM core.purposes p;

ALTER VIEW app.purposes OWNER TO countersign_owner;

CREATE VIEW app.record_types AS
 SELECT name,
    class,
    kind,
    effect,
    required_fields,
    role,
    seats,
    separation,
    rationale_rule,
    reason_codes,
    dispositions,
    definition,
    encode(content_hash, 'hex'::text) AS content_hash
   FROM core.record_types;

ALTER VIEW app.record_types OWNER TO countersign_owner;

CREATE VIEW app.records AS
 SELECT r.tenant_id,
    r.id,
    r.decision_id,
    r.gate_id,
    r.run_id,
    r.proposal_id,
    r.record_type,
    r.content_id,
    encode(r.content_hash, 'hex'::text) AS content_hash,
    r.written_at,
    r.act,
    r.compensates_record_id,
    s.id AS compensated_by,
    s.act AS compensated_as
   FROM (core.records r
     LEFT JOIN core.records s ON (((s.tenant_id = r.tenant_id) AND (s.compensates_record_id = r.id))));

ALTER VIEW app.records OWNER TO countersign_owner;

CREATE VIEW app.records_content AS
 SELECT tenant_id,
    id,
    (core.bound_text(content_id, content_hash))::json AS payload
   FROM core.records r;

ALTER VIEW app.records_content OWNER TO countersign_owner;

CREATE VIEW app.replays AS
 SELECT y.tenant_id,
    y.id,
    y.run_id,
    y.call_id,
    y.replay_call_id,
    y.requested_by,
    y.state,
    y.outcome,
    y.code,
    y.agreement,
    y.fields_compared,
    y.fields_differing,
    y.differing,
    COALESCE(c.cost_nano_usd, (0)::bigint) AS cost_nano_usd,
    y.created_at,
    y.closed_at
   FROM (core.replays y
     LEFT JOIN core.ai_runs c ON (((c.tenant_id = y.tenant_id) AND (c.id = y.replay_call_id))));

ALTER VIEW app.replays OWNER TO countersign_owner;

CREATE VIEW app.run_input_content AS
 SELECT tenant_id,
    id,
    (core.content_text(input_content_id))::json AS input
   FROM core.runs r;

ALTER VIEW app.run_input_content OWNER TO countersign_owner;

CREATE TABLE core.run_passages (
    tenant_id text NOT NULL,
    run_id uuid NOT NULL,
    ordinal integer NOT NULL,
    passage_id uuid NOT NULL,
    CONSTRAINT run_passages_ordinal_check CHECK ((ordinal >= 0))
);

ALTER TABLE ONLY core.run_passages FORCE ROW LEVEL SECURITY;

ALTER TABLE core.run_passages OWNER TO countersign_owner;

CREATE VIEW app.run_passages AS
 SELECT tenant_id,
    run_id,
    ordinal,
    passage_id
   FROM core.run_passages;

ALTER VIEW app.run_passages OWNER TO countersign_owner;

CREATE VIEW app.runs AS
 SELECT r.tenant_id,
    r.id,
    r.purpose,
    r.purpose_version,
    r.state,
    r.step,
    r.outcome,
    r.code,
    r.advisory,
    r.requested_by,
    r.subject_user_id,
    r.input_content_id,
    r.by_hand_of,
    r.compensates_record_id,
    r.compensation_act,
    r.resend_of,
    r.subject_id,
    r.confidence_permille,
    r.reserved_credits,
    r.actual_credits,
    r.deducted_credits,
    r.shortfall_credits,
    r.settled_at,
    r.withdrawn_by,
    r.withdrawn_at,
    r.created_at,
    r.closed_at,
    COALESCE(c.cost_nano_usd, (0)::numeric) AS cost_nano_usd,
    COALESCE(c.input_tokens, (0)::numeric) AS input_tokens,
    COALESCE(c.output_tokens, (0)::numeric) AS output_tokens,
    COALESCE(c.calls, (0)::bigint) AS calls
   FROM (core.runs r
     LEFT JOIN LATERAL ( SELECT sum(a.cost_nano_usd) AS cost_nano_usd,
            sum(a.input_tokens) AS input_tokens,
            sum(a.output_tokens) AS output_tokens,
            count(*) AS calls
           FROM core.ai_runs a
          WHERE ((a.tenant_id = r.tenant_id) AND (a.run_id = r.id) AND (a.kind <> 'replay'::text))) c ON (true));

ALTER VIEW app.runs OWNER TO countersign_owner;

CREATE TABLE core.sealing_keys (
    id text NOT NULL,
    public_key bytea NOT NULL,
    version integer NOT NULL,
    master_key_id text NOT NULL,
    wrapped_key bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    wrapped_at timestamp with time zone NOT NULL,
    CONSTRAINT sealing_keys_id_check CHECK ((id ~ '^[0-9a-f]{16}$'::text)),
    CONSTRAINT sealing_keys_public_key_check CHECK ((octet_length(public_key) = 32)),
    CONSTRAINT sealing_keys_version_check CHECK ((version > 0))
);

ALTER TABLE core.sealing_keys OWNER TO countersign_owner;

CREATE VIEW app.sealing_key AS
 SELECT id,
    public_key
   FROM core.sealing_keys
  ORDER BY created_at DESC, id DESC
 LIMIT 1;

ALTER VIEW app.sealing_key OWNER TO countersign_owner;

CREATE TABLE core.subject_members (
    tenant_id text NOT NULL,
    subject_id text NOT NULL,
    version integer NOT NULL,
    id uuid DEFAULT app.new_id() NOT NULL,
    user_id uuid,
    set_by uuid NOT NULL,
    run_id uuid,
    set_at timestamp with time zone NOT NULL,
    CONSTRAINT subject_members_check CHECK (((run_id IS NULL) OR (user_id IS NOT NULL))),
    CONSTRAINT subject_members_subject_id_check CHECK ((subject_id <> ''::text)),
    CONSTRAINT subject_members_version_check CHECK ((version > 0))
);

ALTER TABLE ONLY core.subject_members FORCE ROW LEVEL SECURITY;

ALTER TABLE core.subject_members OWNER TO countersign_owner;

CREATE VIEW app.subjects AS
 SELECT DISTINCT ON (subject_id) tenant_id,
    subject_id,
    version,
    user_id,
    set_by,
    run_id,
    set_at
   FROM core.subject_members
  ORDER BY subject_id, version DESC;

ALTER VIEW app.subjects OWNER TO countersign_owner;

CREATE VIEW app.tenant_list AS
 SELECT id,
    kind,
    name,
    currency,
    units,
    time_zone,
    places,
    created_at
   FROM core.tenants;

ALTER VIEW app.tenant_list OWNER TO countersign_owner;

CREATE VIEW app.trust_content AS
 SELECT tenant_id,
    id,
    (core.content_text(fact_content_id))::json AS fact
   FROM core.worker_trust_records t;

ALTER VIEW app.trust_content OWNER TO countersign_owner;

CREATE VIEW app.trust_records AS
 SELECT tenant_id,
    id,
    subject_id,
    kind,
    fact_content_id,
    source_receipt_id,
    last_verified_at,
    verified_until,
    approved_by_decision_id,
        CASE
            WHEN ((tier >= 4) AND (verified_until <= app.now())) THEN 3
            ELSE tier
        END AS tier,
    created_at,
    changed_at,
    retracted_by_decision_id
   FROM core.worker_trust_records;

ALTER VIEW app.trust_records OWNER TO countersign_owner;

CREATE TABLE core.ai_vendor_baa_matrix (
    vendor text NOT NULL,
    model text NOT NULL,
    region text NOT NULL,
    version integer NOT NULL,
    listed boolean NOT NULL,
    baa_active boolean NOT NULL,
    baa_expires_at timestamp with time zone,
    baa_sha256 bytea,
    zdr_active boolean NOT NULL,
    retention_mode text NOT NULL,
    leaves_perimeter boolean NOT NULL,
    notes text NOT NULL,
    set_by uuid,
    set_at timestamp with time zone NOT NULL,
    CONSTRAINT ai_vendor_baa_matrix_baa_sha256_check CHECK ((octet_length(baa_sha256) = 32)),
    CONSTRAINT ai_vendor_baa_matrix_model_check CHECK ((model ~ '^[\x20\x21\x23-\x5b\x5d-\x7e]+$'::text)),
    CONSTRAINT ai_vendor_baa_matrix_region_check CHECK ((region ~ '^[\x20\x21\x23-\x5b\x5d-\x7e]+$'::text)),
    CONSTRAINT ai_vendor_baa_matrix_vendor_check CHECK ((vendor ~ '^[a-z][a-z0-9_-]*$'::text)),
    CONSTRAINT ai_vendor_baa_matrix_version_check CHECK ((version > 0))
);

ALTER TABLE core.ai_vendor_baa_matrix OWNER TO countersign_owner;

CREATE VIEW app.vendors AS
 SELECT DISTINCT ON (vendor, model, region) vendor,
    model,
    region,
    version,
    listed,
    baa_active,
    baa_expires_at,
    encode(baa_sha256, 'hex'::text) AS baa_sha256,
    zdr_active,
    retention_mode,
    leaves_perimeter,
    notes,
    set_by,
    set_at
   FROM core.ai_vendor_baa_matrix
  ORDER BY vendor, model, region, version DESC;

ALTER VIEW app.vendors OWNER TO countersign_owner;

CREATE TABLE core.webhook_attempts (
    tenant_id text NOT NULL,
    delivery_id uuid NOT NULL,
    attempt integer NOT NULL,
    round integer NOT NULL,
    state text NOT NULL,
    code text,
    status integer,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT webhook_attempts_attempt_check CHECK ((attempt > 0)),
    CONSTRAINT webhook_attempts_check CHECK (((state = 'open'::text) = (ended_at IS NULL))),
    CONSTRAINT webhook_attempts_check1 CHECK (((state = ANY (ARRAY['failed'::text, 'lost'::text])) = (code IS NOT NULL))),
    CONSTRAINT webhook_attempts_code_check CHECK ((code ~ '^[a-z_]+$'::text)),
    CONSTRAINT webhook_attempts_round_check CHECK ((round > 0)),
    CONSTRAINT webhook_attempts_state_check CHECK ((state = ANY (ARRAY['open'::text, 'delivered'::text, 'failed'::text, 'lost'::text]))),
    CONSTRAINT webhook_attempts_status_check CHECK (((status >= 100) AND (status <= 999)))
);

ALTER TABLE ONLY core.webhook_attempts FORCE ROW LEVEL SECURITY;

ALTER TABLE core.webhook_attempts OWNER TO countersign_owner;

CREATE VIEW app.webhook_attempts AS
 SELECT tenant_id,
    delivery_id,
    attempt,
    round,
    state,
    code,
    status,
    started_at,
    ended_at
   FROM core.webhook_attempts;

ALTER VIEW app.webhook_attempts OWNER TO countersign_owner;

CREATE TABLE core.webhook_deliveries (
    tenant_id text NOT NULL,
    id uuid DEFAULT app.new_id() NOT NULL,
    endpoint_id uuid NOT NULL,
    outbox_id uuid,
    type text NOT NULL,
    body text NOT NULL,
    state text NOT NULL,
    code text,
    round integer DEFAULT 1 NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    next_at timestamp with time zone,
    occurred_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT webhook_deliveries_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT webhook_deliveries_body_check CHECK ((octet_length(body) <= 20000)),
    CONSTRAINT webhook_deliveries_check CHECK (((state = 'pending'::text) = (next_at IS NOT NULL))),
    CONSTRAINT webhook_deliveries_check1 CHECK (((state = 'failed'::text) = (code IS NOT NULL))),
    CONSTRAINT webhook_deliveries_code_check CHECK ((code ~ '^[a-z_]+$'::text)),
    CONSTRAINT webhook_deliveries_round_check CHECK ((round > 0)),
    CONSTRAINT webhook_deliveries_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'delivered'::text, 'failed'::text]))),
    CONSTRAINT webhook_deliveries_type_check CHECK ((type ~ '^[a-z][a-z_]*\.[a-z_]+$'::text))
);

ALTER TABLE ONLY core.webhook_deliveries FORCE ROW LEVEL SECURITY;

ALTER TABLE core.webhook_deliveries OWNER TO countersign_owner;

CREATE VIEW app.webhook_deliveries AS
 SELECT tenant_id,
    id,
    endpoint_id,
    type,
    body,
    state,
    code,
    attempts,
    next_at,
    occurred_at,
    created_at,
    changed_at
   FROM core.webhook_deliveries;

ALTER VIEW app.webhook_deliveries OWNER TO countersign_owner;

CREATE TABLE core.webhook_secrets (
    tenant_id text NOT NULL,
    endpoint_id uuid NOT NULL,
    ordinal integer NOT NULL,
    sealing_key_id text NOT NULL,
    sealed_secret bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    CONSTRAINT webhook_secrets_ordinal_check CHECK ((ordinal > 0))
);

ALTER TABLE ONLY core.webhook_secrets FORCE ROW LEVEL SECURITY;

ALTER TABLE core.webhook_secrets OWNER TO countersign_owner;

CREATE VIEW app.webhooks AS
 SELECT tenant_id,
    id,
    url,
    event_types,
    state,
    code,
    created_by,
    created_at,
    changed_at,
    ( SELECT max(s.ordinal) AS max
           FROM core.webhook_secrets s
          WHERE ((s.tenant_id = e.tenant_id) AND (s.endpoint_id = e.id))) AS secret_version,
    ( SELECT max(s.expires_at) AS max
           FROM core.webhook_secrets s
          WHERE ((s.tenant_id = e.tenant_id) AND (s.endpoint_id = e.id) AND (s.expires_at > app.now()))) AS previous_secret_until
   FROM core.webhook_endpoints e
  WHERE (state <> 'deleted'::text);

ALTER VIEW app.webhooks OWNER TO countersign_owner;

CREATE TABLE core.agreement_days (
    tenant_id text NOT NULL,
    purpose text NOT NULL,
    vendor text NOT NULL,
    model text NOT NULL,
    confidence_permille integer NOT NULL,
    day date NOT NULL,
    agreed bigint NOT NULL,
    edited bigint NOT NULL,
    rejected bigint NOT NULL,
    counted_at timestamp with time zone NOT NULL,
    CONSTRAINT agreement_days_agreed_check CHECK ((agreed >= 0)),
    CONSTRAINT agreement_days_check CHECK ((((agreed + edited) + rejected) > 0)),
    CONSTRAINT agreement_days_confidence_permille_check CHECK (((confidence_permille >= 0) AND (confidence_permille <= 1000))),
    CONSTRAINT agreement_days_edited_check CHECK ((edited >= 0)),
    CONSTRAINT agreement_days_rejected_check CHECK ((rejected >= 0))
);

ALTER TABLE ONLY core.agreement_days FORCE ROW LEVEL SECURITY;

ALTER TABLE core.agreement_days OWNER TO countersign_owner;

CREATE TABLE core.agreement_warnings (
    vendor text NOT NULL,
    model text NOT NULL,
    region text NOT NULL,
    baa_expires_at timestamp with time zone NOT NULL,
    days_before integer NOT NULL,
    warned_at timestamp with time zone NOT NULL,
    CONSTRAINT agreement_warnings_days_before_check CHECK ((days_before = ANY (ARRAY[30, 7, 1, 0])))
);

ALTER TABLE core.agreement_warnings OWNER TO countersign_owner;

CREATE TABLE core.audit_pending (
    id bigint NOT NULL,
    tenant_id text NOT NULL,
    type text NOT NULL,
    actor_kind text NOT NULL,
    actor_user_id uuid,
    run_id uuid,
    body jsonb NOT NULL,
    CONSTRAINT audit_pending_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['human'::text, 'system'::text])))
);

ALTER TABLE ONLY core.audit_pending FORCE ROW LEVEL SECURITY;

ALTER TABLE core.audit_pending OWNER TO countersign_owner;

ALTER TABLE core.audit_pending ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.audit_pending_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE core.bulk_verdicts (
    tenant_id text NOT NULL,
    key text NOT NULL,
    user_id uuid NOT NULL,
    request_salt bytea NOT NULL,
    request_commitment bytea NOT NULL,
    items jsonb NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT bulk_verdicts_items_check CHECK ((jsonb_typeof(items) = 'array'::text)),
    CONSTRAINT bulk_verdicts_key_check CHECK (((length(key) >= 1) AND (length(key) <= 255)))
);

ALTER TABLE ONLY core.bulk_verdicts FORCE ROW LEVEL SECURITY;

ALTER TABLE core.bulk_verdicts OWNER TO countersign_owner;

CREATE TABLE core.callers_errors (
    sqlstate text NOT NULL,
    code text NOT NULL,
    CONSTRAINT callers_errors_sqlstate_check CHECK ((sqlstate ~ '^ZC[0-9]{3}$'::text))
);

ALTER TABLE core.callers_errors OWNER TO countersign_owner;

CREATE TABLE core.channels (
    name text NOT NULL,
    is_on boolean NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT channels_name_check CHECK ((name = 'mail'::text))
);

ALTER TABLE core.channels OWNER TO countersign_owner;

CREATE TABLE core.clock (
    only_row boolean DEFAULT true NOT NULL,
    shift interval DEFAULT '00:00:00'::interval NOT NULL,
    CONSTRAINT clock_only_row_check CHECK (only_row)
);

ALTER TABLE core.clock OWNER TO countersign_owner;

CREATE TABLE core.data_keys (
    tenant_id text NOT NULL,
    run_id uuid NOT NULL,
    version integer NOT NULL,
    master_key_id text NOT NULL,
    wrapped_key bytea NOT NULL,
    wrapped_at timestamp with time zone NOT NULL,
    CONSTRAINT data_keys_master_key_id_check CHECK (((master_key_id ~ '^[\x21\x23-\x5b\x5d-\x7e]+$'::text) AND (length(master_key_id) <= 256))),
    CONSTRAINT data_keys_version_check CHECK ((version > 0)),
    CONSTRAINT data_keys_wrapped_key_check CHECK (((octet_length(wrapped_key) >= 32) AND (octet_length(wrapped_key) <= 1024)))
);

ALTER TABLE ONLY core.data_keys FORCE ROW LEVEL SECURITY;

ALTER TABLE core.data_keys OWNER TO countersign_owner;

CREATE TABLE core.gate_claims (
    tenant_id text NOT NULL,
    gate_id uuid NOT NULL,
    user_id uuid NOT NULL,
    at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY core.gate_claims FORCE ROW LEVEL SECURITY;

ALTER TABLE core.gate_claims OWNER TO countersign_owner;

CREATE TABLE core.gate_instants (
    tenant_id text NOT NULL,
    gate_id uuid NOT NULL,
    ordinal integer NOT NULL,
    kind text NOT NULL,
    at timestamp with time zone NOT NULL,
    role text,
    fired_at timestamp with time zone,
    superseded_at timestamp with time zone,
    CONSTRAINT gate_instants_check CHECK (((kind = 'escalation'::text) = (role IS NOT NULL))),
    CONSTRAINT gate_instants_check1 CHECK (((fired_at IS NULL) OR (superseded_at IS NULL))),
    CONSTRAINT gate_instants_kind_check CHECK ((kind = ANY (ARRAY['reminder'::text, 'escalation'::text])))
);

ALTER TABLE ONLY core.gate_instants FORCE ROW LEVEL SECURITY;

ALTER TABLE core.gate_instants OWNER TO countersign_owner;

CREATE TABLE core.gate_recusals (
    tenant_id text NOT NULL,
    gate_id uuid NOT NULL,
    user_id uuid NOT NULL,
    at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY core.gate_recusals FORCE ROW LEVEL SECURITY;

ALTER TABLE core.gate_recusals OWNER TO countersign_owner;

CREATE TABLE core.grant_keys (
    tenant_id text NOT NULL,
    key text NOT NULL,
    amount_credits bigint NOT NULL,
    ledger_seq bigint NOT NULL,
    CONSTRAINT grant_keys_key_check CHECK (((length(key) >= 1) AND (length(key) <= 255)))
);

ALTER TABLE ONLY core.grant_keys FORCE ROW LEVEL SECURITY;

ALTER TABLE core.grant_keys OWNER TO countersign_owner;

CREATE TABLE core.key_directory (
    key_id text NOT NULL,
    tenant_id text NOT NULL
);

ALTER TABLE core.key_directory OWNER TO countersign_owner;

CREATE TABLE core.known_values (
    tenant_id text NOT NULL,
    fingerprint bytea NOT NULL,
    kind text NOT NULL,
    value text,
    content_id uuid,
    noted_in xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT known_values_check CHECK (((value IS NULL) <> (content_id IS NULL))),
    CONSTRAINT known_values_fingerprint_check CHECK ((octet_length(fingerprint) = 32)),
    CONSTRAINT known_values_kind_check CHECK ((kind ~ '^[a-z_]+$'::text)),
    CONSTRAINT known_values_value_check CHECK ((value <> ''::text))
);

ALTER TABLE ONLY core.known_values FORCE ROW LEVEL SECURITY;

ALTER TABLE core.known_values OWNER TO countersign_owner;

CREATE TABLE core.mail_attempts (
    tenant_id text NOT NULL,
    mail_id uuid NOT NULL,
    attempt integer NOT NULL,
    state text NOT NULL,
    handed_at timestamp with time zone,
    code text,
    status integer,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT mail_attempts_attempt_check CHECK ((attempt > 0)),
    CONSTRAINT mail_attempts_check CHECK (((state = 'open'::text) = (ended_at IS NULL))),
    CONSTRAINT mail_attempts_check1 CHECK (((state = ANY (ARRAY['failed'::text, 'lost'::text, 'unsure'::text])) = (code IS NOT NULL))),
    CONSTRAINT mail_attempts_code_check CHECK ((code ~ '^[a-z_]+$'::text)),
    CONSTRAINT mail_attempts_state_check CHECK ((state = ANY (ARRAY['open'::text, 'sent'::text, 'failed'::text, 'lost'::text, 'unsure'::text]))),
    CONSTRAINT mail_attempts_status_check CHECK (((status >= 100) AND (status <= 999)))
);

ALTER TABLE ONLY core.mail_attempts FORCE ROW LEVEL SECURITY;

ALTER TABLE core.mail_attempts OWNER TO countersign_owner;

CREATE TABLE core.mail_notices (
    tenant_id text NOT NULL,
    mail_id uuid NOT NULL,
    user_id uuid NOT NULL,
    outbox_id uuid NOT NULL
);

ALTER TABLE ONLY core.mail_notices FORCE ROW LEVEL SECURITY;

ALTER TABLE core.mail_notices OWNER TO countersign_owner;

CREATE TABLE core.mails (
    tenant_id text NOT NULL,
    id uuid DEFAULT app.new_id() NOT NULL,
    user_id uuid NOT NULL,
    is_digest boolean NOT NULL,
    state text NOT NULL,
    code text,
    attempts integer DEFAULT 0 NOT NULL,
    next_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT mails_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT mails_check CHECK (((state = 'pending'::text) = (next_at IS NOT NULL))),
    CONSTRAINT mails_check1 CHECK (((state = ANY (ARRAY['failed'::text, 'unsure'::text])) = (code IS NOT NULL))),
    CONSTRAINT mails_code_check CHECK ((code ~ '^[a-z_]+$'::text)),
    CONSTRAINT mails_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'sent'::text, 'failed'::text, 'unsure'::text, 'moot'::text])))
);

ALTER TABLE ONLY core.mails FORCE ROW LEVEL SECURITY;

ALTER TABLE core.mails OWNER TO countersign_owner;

CREATE TABLE core.memories (
    tenant_id text NOT NULL,
    id uuid DEFAULT app.new_id() NOT NULL,
    content_id uuid NOT NULL,
    created_by uuid,
    created_at timestamp with time zone NOT NULL,
    deleted_at timestamp with time zone
);

ALTER TABLE ONLY core.memories FORCE ROW LEVEL SECURITY;

ALTER TABLE core.memories OWNER TO countersign_owner;

CREATE TABLE core.migrations (
    name text NOT NULL,
    sha256 text NOT NULL,
    applied_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

ALTER TABLE core.migrations OWNER TO countersign_owner;

CREATE TABLE core.printed_names (
    tenant_id text NOT NULL,
    user_id uuid NOT NULL,
    content_id uuid NOT NULL,
    first_used_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY core.printed_names FORCE ROW LEVEL SECURITY;

ALTER TABLE core.printed_names OWNER TO countersign_owner;

CREATE TABLE core.reauthentications (
    tenant_id text NOT NULL,
    id uuid DEFAULT app.new_id() NOT NULL,
    gate_id uuid NOT NULL,
    actor_user_id uuid NOT NULL,
    key_id text NOT NULL,
    secret_sha256 bytea NOT NULL,
    statement_sha256 bytea NOT NULL,
    authenticated_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT reauthentications_check CHECK ((expires_at > authenticated_at)),
    CONSTRAINT reauthentications_secret_sha256_check CHECK ((octet_length(secret_sha256) = 32)),
    CONSTRAINT reauthentications_statement_sha256_check CHECK ((octet_length(statement_sha256) = 32))
);

ALTER TABLE ONLY core.reauthentications FORCE ROW LEVEL SECURITY;

ALTER TABLE core.reauthentications OWNER TO countersign_owner;

CREATE TABLE core.reidentifications (
    tenant_id text NOT NULL,
    user_id uuid NOT NULL,
    content_id uuid NOT NULL,
    day date NOT NULL,
    seen_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY core.reidentifications FORCE ROW LEVEL SECURITY;

ALTER TABLE core.reidentifications OWNER TO countersign_owner;

CREATE TABLE core.run_keys (
    tenant_id text NOT NULL,
    route text NOT NULL,
    key text NOT NULL,
    run_id uuid NOT NULL,
    request_salt bytea NOT NULL,
    request_commitment bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT run_keys_key_check CHECK (((length(key) >= 1) AND (length(key) <= 255)))
);

ALTER TABLE ONLY core.run_keys FORCE ROW LEVEL SECURITY;

ALTER TABLE core.run_keys OWNER TO countersign_owner;

CREATE TABLE core.scrub_tokens (
    tenant_id text NOT NULL,
    run_id uuid NOT NULL,
    token text NOT NULL,
    kind text NOT NULL,
    sealed_value bytea NOT NULL,
    CONSTRAINT scrub_tokens_token_check CHECK ((token ~ '^<[a-z_]+_token_[a-z0-9]{16,}>$'::text))
);

ALTER TABLE ONLY core.scrub_tokens FORCE ROW LEVEL SECURITY;

ALTER TABLE core.scrub_tokens OWNER TO countersign_owner;

CREATE TABLE core.source_receipts (
    tenant_id text NOT NULL,
    id uuid DEFAULT app.new_id() NOT NULL,
    source text NOT NULL,
    subject_id text NOT NULL,
    content_id uuid NOT NULL,
    content_hash bytea NOT NULL,
    fetched_at timestamp with time zone NOT NULL,
    valid_until timestamp with time zone NOT NULL,
    CONSTRAINT source_receipts_check CHECK ((valid_until > fetched_at)),
    CONSTRAINT source_receipts_source_check CHECK ((source ~ '^[\x20\x21\x23-\x5b\x5d-\x7e]+$'::text))
);

ALTER TABLE ONLY core.source_receipts FORCE ROW LEVEL SECURITY;

ALTER TABLE core.source_receipts OWNER TO countersign_owner;

CREATE TABLE core.tenant_directory (
    tenant_id text NOT NULL,
    agreement_counted_until date
);

ALTER TABLE core.tenant_directory OWNER TO countersign_owner;

CREATE TABLE core.tenant_secrets (
    tenant_id text NOT NULL,
    call_key_secret bytea NOT NULL,
    review_secret bytea DEFAULT sha256(((uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) || uuid_send(gen_random_uuid()))) NOT NULL,
    CONSTRAINT tenant_secrets_call_key_secret_check CHECK ((octet_length(call_key_secret) = 32)),
    CONSTRAINT tenant_secrets_review_secret_check CHECK ((octet_length(review_secret) = 32))
);

ALTER TABLE ONLY core.tenant_secrets FORCE ROW LEVEL SECURITY;

ALTER TABLE core.tenant_secrets OWNER TO countersign_owner;

CREATE TABLE core.told_tenants (
    tenant_id text NOT NULL,
    told_since timestamp with time zone NOT NULL
);

ALTER TABLE ONLY core.told_tenants FORCE ROW LEVEL SECURITY;

ALTER TABLE core.told_tenants OWNER TO countersign_owner;

CREATE TABLE core.vendor_breakers (
    vendor text NOT NULL,
    model text NOT NULL,
    region text NOT NULL,
    failures integer NOT NULL,
    openings integer NOT NULL,
    open_until timestamp with time zone,
    probe_until timestamp with time zone,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT vendor_breakers_check CHECK (((open_until IS NULL) OR (openings > 0))),
    CONSTRAINT vendor_breakers_check1 CHECK (((probe_until IS NULL) OR (open_until IS NOT NULL))),
    CONSTRAINT vendor_breakers_failures_check CHECK ((failures >= 0)),
    CONSTRAINT vendor_breakers_openings_check CHECK ((openings >= 0))
);

ALTER TABLE core.vendor_breakers OWNER TO countersign_owner;

CREATE TABLE core.worklist (
    kind text NOT NULL,
    tenant_id text NOT NULL,
    ref_id uuid NOT NULL,
    due_at timestamp with time zone NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    failed_at timestamp with time zone,
    hastened_at timestamp with time zone,
    CONSTRAINT worklist_check CHECK (((failures = 0) = (failed_at IS NULL))),
    CONSTRAINT worklist_failures_check CHECK ((failures >= 0)),
    CONSTRAINT worklist_kind_check CHECK ((kind = ANY (ARRAY['run'::text, 'intent'::text, 'document'::text, 'replay'::text, 'notice'::text, 'delivery'::text, 'mail'::text])))
);

ALTER TABLE core.worklist OWNER TO countersign_owner;

ALTER TABLE ONLY core.accounts
    ADD CONSTRAINT accounts_pkey PRIMARY KEY (tenant_id);

ALTER TABLE ONLY core.act_reviews
    ADD CONSTRAINT act_reviews_pkey PRIMARY KEY (tenant_id, decision_id);

ALTER TABLE ONLY core.act_samples
    ADD CONSTRAINT act_samples_pkey PRIMARY KEY (tenant_id, decision_id);

ALTER TABLE ONLY core.agreement_days
    ADD CONSTRAINT agreement_days_pkey PRIMARY KEY (tenant_id, purpose, vendor, model, confidence_permille, day);

ALTER TABLE core.ai_vendor_baa_matrix
    ADD CONSTRAINT agreement_has_document CHECK (((NOT (baa_active AND leaves_perimeter)) OR (baa_sha256 IS NOT NULL))) NOT VALID;

ALTER TABLE ONLY core.agreement_warnings
    ADD CONSTRAINT agreement_warnings_pkey PRIMARY KEY (vendor, model, region, baa_expires_at, days_before);

ALTER TABLE ONLY core.ai_evals
    ADD CONSTRAINT ai_evals_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY core.ai_evals
    ADD CONSTRAINT ai_evals_tenant_id_run_id_ai_run_id_ordinal_name_version_key UNIQUE (tenant_id, run_id, ai_run_id, ordinal, name, version);

ALTER TABLE ONLY core.ai_feedback
    ADD CONSTRAINT ai_feedback_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY core.ai_policy_controls
    ADD CONSTRAINT ai_policy_controls_pkey PRIMARY KEY (tenant_id, version);

ALTER TABLE ONLY core.ai_prices
    ADD CONSTRAINT ai_prices_pkey PRIMARY KEY (vendor, model, region, valid_from);

ALTER TABLE ONLY core.ai_recommendations
    ADD CONSTRAINT ai_recommendations_pkey PRIMARY KEY (tenant_id, proposal_id);

ALTER TABLE ONLY core.ai_run_attempts
    ADD CONSTRAINT ai_run_attempts_pkey PRIMARY KEY (tenant_id, ai_run_id, attempt);

ALTER TABLE ONLY core.ai_runs
    ADD CONSTRAINT ai_runs_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY core.ai_vendor_baa_matrix
    ADD CONSTRAINT ai_vendor_baa_matrix_pkey PRIMARY KEY (vendor, model, region, version);

ALTER TABLE ONLY core.api_keys
    ADD CONSTRAINT api_keys_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY core.assistant_drafts
    ADD CONSTRAINT assistant_drafts_pkey PRIMARY KEY (tenant_id, proposal_id);

ALTER TABLE ONLY core.audit_log
    ADD CONSTRAINT audit_log_pkey PRIMARY KEY (tenant_id, seq);

ALTER TABLE ONLY core.audit_log
    ADD CONSTRAINT audit_log_tenant_id_prev_hash_key UNIQUE (tenant_id, prev_hash);

ALTER TABLE ONLY core.audit_pending
    ADD CONSTRAINT audit_pending_pkey PRIMARY KEY (id);

ALTER TABLE ONLY core.bulk_verdicts
    ADD CONSTRAINT bulk_verdicts_pkey PRIMARY KEY (tenant_id, key);

ALTER TABLE ONLY core.callers_errors
    ADD CONSTRAINT callers_errors_code_key UNIQUE (code);

ALTER TABLE ONLY core.callers_errors
    ADD CONSTRAINT callers_errors_pkey PRIMARY KEY (sqlstate);

ALTER TABLE ONLY core.chain_heads
    ADD CONSTRAINT chain_heads_pkey PRIMARY KEY (tenant_id);

ALTER TABLE ONLY core.channels
    ADD CONSTRAINT channels_pkey PRIMARY KEY (name);

ALTER TABLE ONLY core.clock
    ADD CONSTRAINT clock_pkey PRIMARY KEY (only_row);

ALTER TABLE ONLY core.contents
    ADD CONSTRAINT contents_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY core.credit_ledger
    ADD CONSTRAINT credit_ledger_pkey PRIMARY KEY (tenant_id, seq);

ALTER TABLE ONLY core.data_keys
    ADD CONSTRAINT data_keys_pkey PRIMARY KEY (tenant_id, run_id);

ALTER TABLE ONLY core.decisions
    ADD CONSTRAINT decisions_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY core.decisions
    ADD CONSTRAINT decisions_tenant_id_id_gate_id_key UNIQUE (tenant_id, id, gate_id);

ALTER TABLE ONLY core.decisions
    ADD CONSTRAINT decisions_tenant_id_intent_id_key UNIQUE (tenant_id, intent_id);

ALTER TABLE ONLY core.delegations
    ADD CONSTRAINT delegations_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY core.delegations
    ADD CONSTRAINT delegations_tenant_id_id_delegator_user_id_key UNIQUE (tenant_id, id, delegator_user_id);

ALTER TABLE ONLY core.document_contents
    ADD CONSTRAINT document_contents_pkey PRIMARY KEY (tenant_id, document_id);

ALTER TABLE ONLY core.documents
    ADD CONSTRAINT documents_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY core.embeddings
    ADD CONSTRAINT embeddings_pkey PRIMARY KEY (tenant_id, id, model);

ALTER TABLE ONLY core.gate_answers
    ADD CONSTRAINT gate_answers_pkey PRIMARY KEY (tenant_id, question_id);

ALTER TABLE ONLY core.gate_claims
    ADD CONSTRAINT gate_claims_pkey PRIMARY KEY (tenant_id, gate_id, user_id);

ALTER TABLE ONLY core.gate_comments
    ADD CONSTRAINT gate_comments_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY core.gate_handovers
    ADD CONSTRAINT gate_handovers_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY core.gate_instants
    ADD CONSTRAINT gate_instants_pkey PRIMARY KEY (tenant_id, gate_id, ordinal);

ALTER TABLE ONLY core.gate_outcomes
    ADD CONSTRAINT gate_outcomes_pkey PRIMARY KEY (tenant_id, gate_id);

ALTER TABLE ONLY core.gate_questions
    ADD CONSTRAINT gate_questions_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY core.gate_questions
    ADD CONSTRAINT gate_questions_tenant_id_id_gate_id_key UNIQUE (tenant_id, id, gate_id);

ALTER TABLE ONLY core.gate_record_types
    ADD CONSTRAINT gate_record_types_pkey PRIMARY KEY (tenant_id, gate_id, record_type);

ALTER TABLE ONLY core.gate_recusals
    ADD CONSTRAINT gate_recusals_pkey PRIMARY KEY (tenant_id, gate_id, user_id);

ALTER TABLE ONLY core.gate_versions
    ADD CONSTRAINT gate_versions_pkey PRIMARY KEY (tenant_id, gate_id, version);

ALTER TABLE ONLY core.gate_views
    ADD CONSTRAINT gate_views_pkey PRIMARY KEY (tenant_id, gate_id, user_id);

ALTER TABLE ONLY core.gate_views
    ADD CONSTRAINT gate_views_tenant_id_id_key UNIQUE (tenant_id, id);

ALTER TABLE ONLY core.gates
    ADD CONSTRAINT gates_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY core.gates
    ADD CONSTRAINT gates_tenant_id_id_record_class_key UNIQUE (tenant_id, id, record_class);

ALTER TABLE ONLY core.gates
    ADD CONSTRAINT gates_tenant_id_proposal_id_key UNIQUE (tenant_id, proposal_id);

ALTER TABLE ONLY core.grant_keys
    ADD CONSTRAINT grant_keys_pkey PRIMARY KEY (tenant_id, key);

ALTER TABLE ONLY core.intent_outcomes
    ADD CONSTRAINT intent_outcomes_pkey PRIMARY KEY (tenant_id, intent_id);

ALTER TABLE ONLY core.intents
    ADD CONSTRAINT intents_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY core.intents
    ADD CONSTRAINT intents_tenant_id_id_gate_id_key UNIQUE (tenant_id, id, gate_id);

ALTER TABLE ONLY core.key_directory
    ADD CONSTRAINT key_directory_pkey PRIMARY KEY (key_id);

ALTER TABLE ONLY core.known_values
    ADD CONSTRAINT known_values_pkey PRIMARY KEY (tenant_id, fingerprint);

ALTER TABLE ONLY core.mail_attempts
    ADD CONSTRAINT mail_attempts_pkey PRIMARY KEY (tenant_id, mail_id, attempt);

ALTER TABLE ONLY core.mail_notices
    ADD CONSTRAINT mail_notices_pkey PRIMARY KEY (tenant_id, user_id, outbox_id);

ALTER TABLE ONLY core.mail_preferences
    ADD CONSTRAINT mail_preferences_pkey PRIMARY KEY (tenant_id, user_id);

ALTER TABLE ONLY core.mails
    ADD CONSTRAINT mails_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY core.members
    ADD CONSTRAINT members_tenant_id_user_id_key UNIQUE (tenant_id, user_id);

ALTER TABLE ONLY core.memories
    ADD CONSTRAINT memories_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY core.migrations
    ADD CONSTRAINT migrations_pkey PRIMARY KEY (name);

ALTER TABLE ONLY core.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY core.pages
    ADD CONSTRAINT pages_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY core.passages
    ADD CONSTRAINT passages_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY core.passages
    ADD CONSTRAINT passages_tenant_id_document_id_ordinal_key UNIQUE (tenant_id, document_id, ordinal);

ALTER TABLE ONLY core.printed_names
    ADD CONSTRAINT printed_names_pkey PRIMARY KEY (tenant_id, content_id);

ALTER TABLE ONLY core.privileging_recommendation_log
    ADD CONSTRAINT privileging_recommendation_log_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY core.privileging_recommendation_log
    ADD CONSTRAINT privileging_recommendation_log_tenant_id_proposal_id_key UNIQUE (tenant_id, proposal_id);

ALTER TABLE ONLY core.proposals
    ADD CONSTRAINT proposals_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY core.proposals
    ADD CONSTRAINT proposals_tenant_id_id_record_class_key UNIQUE (tenant_id, id, record_class);

ALTER TABLE ONLY core.proposals
    ADD CONSTRAINT proposals_tenant_id_id_record_type_key UNIQUE (tenant_id, id, record_type);

ALTER TABLE ONLY core.proposals
    ADD CONSTRAINT proposals_tenant_id_run_id_ordinal_key UNIQUE (tenant_id, run_id, ordinal);

ALTER TABLE ONLY core.purpose_record_types
    ADD CONSTRAINT purpose_record_types_pkey PRIMARY KEY (purpose, purpose_version, record_type);

ALTER TABLE ONLY core.purposes
    ADD CONSTRAINT purposes_pkey PRIMARY KEY (name, version);

ALTER TABLE ONLY core.reauthentications
    ADD CONSTRAINT reauthentications_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY core.reauthentications
    ADD CONSTRAINT reauthentications_tenant_id_id_gate_id_actor_user_id_key UNIQUE (tenant_id, id, gate_id, actor_user_id);

ALTER TABLE ONLY core.record_types
    ADD CONSTRAINT record_types_name_class_key UNIQUE (name, class);

ALTER TABLE ONLY core.record_types
    ADD CONSTRAINT record_types_pkey PRIMARY KEY (name);

ALTER TABLE ONLY core.records
    ADD CONSTRAINT records_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY core.records
    ADD CONSTRAINT records_tenant_id_proposal_id_key UNIQUE (tenant_id, proposal_id);

ALTER TABLE ONLY core.reidentifications
    ADD CONSTRAINT reidentifications_pkey PRIMARY KEY (tenant_id, user_id, content_id, day);

ALTER TABLE ONLY core.replays
    ADD CONSTRAINT replays_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE core.ai_vendor_baa_matrix
    ADD CONSTRAINT retention_mode_known CHECK ((retention_mode = ANY (ARRAY['none'::text, 'default'::text, 'provider_data_share'::text, 'inherit'::text]))) NOT VALID;

ALTER TABLE ONLY core.run_calls
    ADD CONSTRAINT run_calls_pkey PRIMARY KEY (tenant_id, run_id, ai_run_id);

ALTER TABLE ONLY core.run_keys
    ADD CONSTRAINT run_keys_pkey PRIMARY KEY (tenant_id, route, key);

ALTER TABLE ONLY core.run_passages
    ADD CONSTRAINT run_passages_pkey PRIMARY KEY (tenant_id, run_id, ordinal);

ALTER TABLE ONLY core.runs
    ADD CONSTRAINT runs_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY core.scrub_tokens
    ADD CONSTRAINT scrub_tokens_pkey PRIMARY KEY (tenant_id, token);

ALTER TABLE ONLY core.sealing_keys
    ADD CONSTRAINT sealing_keys_pkey PRIMARY KEY (id);

ALTER TABLE ONLY core.source_receipts
    ADD CONSTRAINT source_receipts_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY core.source_receipts
    ADD CONSTRAINT source_receipts_tenant_id_id_subject_id_key UNIQUE (tenant_id, id, subject_id);

ALTER TABLE ONLY core.subject_members
    ADD CONSTRAINT subject_members_pkey PRIMARY KEY (tenant_id, subject_id, version);

ALTER TABLE ONLY core.subject_members
    ADD CONSTRAINT subject_members_tenant_id_id_key UNIQUE (tenant_id, id);

ALTER TABLE ONLY core.tenant_directory
    ADD CONSTRAINT tenant_directory_pkey PRIMARY KEY (tenant_id);

ALTER TABLE ONLY core.tenant_secrets
    ADD CONSTRAINT tenant_secrets_pkey PRIMARY KEY (tenant_id);

ALTER TABLE ONLY core.tenants
    ADD CONSTRAINT tenants_pkey PRIMARY KEY (id);

ALTER TABLE ONLY core.told_tenants
    ADD CONSTRAINT told_tenants_pkey PRIMARY KEY (tenant_id);

ALTER TABLE ONLY core.vendor_breakers
    ADD CONSTRAINT vendor_breakers_pkey PRIMARY KEY (vendor, model, region);

ALTER TABLE ONLY core.webhook_attempts
    ADD CONSTRAINT webhook_attempts_pkey PRIMARY KEY (tenant_id, delivery_id, attempt);

ALTER TABLE ONLY core.webhook_deliveries
    ADD CONSTRAINT webhook_deliveries_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY core.webhook_deliveries
    ADD CONSTRAINT webhook_deliveries_tenant_id_endpoint_id_outbox_id_key UNIQUE (tenant_id, endpoint_id, outbox_id);

ALTER TABLE ONLY core.webhook_endpoints
    ADD CONSTRAINT webhook_endpoints_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY core.webhook_secrets
    ADD CONSTRAINT webhook_secrets_pkey PRIMARY KEY (tenant_id, endpoint_id, ordinal);

ALTER TABLE ONLY core.worker_trust_records
    ADD CONSTRAINT worker_trust_records_pkey PRIMARY KEY (tenant_id, id);

ALTER TABLE ONLY core.worklist
    ADD CONSTRAINT worklist_pkey PRIMARY KEY (kind, tenant_id, ref_id);

ALTER TABLE core.ai_vendor_baa_matrix
    ADD CONSTRAINT zero_is_none CHECK (((NOT zdr_active) OR (retention_mode = 'none'::text))) NOT VALID;

CREATE INDEX act_samples_by_time ON core.act_samples USING btree (tenant_id, drawn_at, decision_id);

CREATE INDEX ai_feedback_by_run ON core.ai_feedback USING btree (tenant_id, run_id);

CREATE UNIQUE INDEX ai_run_attempts_one_open ON core.ai_run_attempts USING btree (tenant_id, ai_run_id) WHERE (state = 'open'::text);

CREATE INDEX ai_runs_by_document ON core.ai_runs USING btree (tenant_id, document_id) WHERE (document_id IS NOT NULL);

CREATE INDEX ai_runs_by_run ON core.ai_runs USING btree (tenant_id, run_id);

CREATE UNIQUE INDEX ai_runs_call_key ON core.ai_runs USING btree (tenant_id, call_key) WHERE (status <> 'failed'::text);

CREATE INDEX api_keys_by_maker ON core.api_keys USING btree (tenant_id, created_by) WHERE (created_by IS NOT NULL);

CREATE INDEX audit_log_by_run ON core.audit_log USING btree (tenant_id, run_id, seq);

CREATE INDEX contents_by_run ON core.contents USING btree (tenant_id, run_id);

CREATE UNIQUE INDEX credit_ledger_once_a_run ON core.credit_ledger USING btree (tenant_id, run_id, kind) WHERE (run_id IS NOT NULL);

CREATE INDEX data_keys_by_master_key ON core.data_keys USING btree (tenant_id, master_key_id, run_id);

CREATE INDEX decisions_by_run ON core.decisions USING btree (tenant_id, run_id);

CREATE INDEX decisions_by_time ON core.decisions USING brin (decided_at) WITH (pages_per_range='16');

CREATE UNIQUE INDEX decisions_one_seat ON core.decisions USING btree (tenant_id, gate_id, gate_version, actor_user_id);

CREATE UNIQUE INDEX decisions_one_seat_for ON core.decisions USING btree (tenant_id, gate_id, gate_version, on_behalf_of) WHERE (on_behalf_of IS NOT NULL);

CREATE INDEX delegations_by_delegate ON core.delegations USING btree (tenant_id, delegate_user_id, until_at) WHERE (revoked_at IS NULL);

CREATE INDEX documents_by_creation ON core.documents USING btree (tenant_id, created_at DESC, id DESC);

CREATE UNIQUE INDEX documents_by_memory ON core.documents USING btree (tenant_id, memory_id) WHERE (memory_id IS NOT NULL);

CREATE UNIQUE INDEX documents_request_key ON core.documents USING btree (tenant_id, request_key) WHERE ((state <> 'deleted'::text) OR (added_by IS NOT NULL));

CREATE INDEX gate_comments_by_gate ON core.gate_comments USING btree (tenant_id, gate_id);

CREATE INDEX gate_handovers_by_gate ON core.gate_handovers USING btree (tenant_id, gate_id);

CREATE INDEX gate_outcomes_by_time ON core.gate_outcomes USING brin (at);

CREATE INDEX gate_questions_by_gate ON core.gate_questions USING btree (tenant_id, gate_id);

CREATE INDEX gates_blind ON core.gates USING btree (tenant_id, run_id) WHERE (blind_first AND (closed_at IS NULL));

CREATE INDEX gates_by_due ON core.gates USING btree (tenant_id, due_at, id);

CREATE INDEX gates_by_opening ON core.gates USING btree (tenant_id, opened_at, id);

CREATE INDEX gates_by_run ON core.gates USING btree (tenant_id, run_id);

CREATE INDEX gates_closed_by_due ON core.gates USING btree (tenant_id, due_at, id) WHERE (closed_at IS NOT NULL);

CREATE INDEX gates_open ON core.gates USING btree (tenant_id, due_at, id) WHERE (closed_at IS NULL);

CREATE INDEX gates_open_by_opening ON core.gates USING btree (tenant_id, opened_at, id) WHERE (closed_at IS NULL);

CREATE INDEX gates_waiting_for_requester ON core.gates USING btree (tenant_id, due_at, id) WHERE ((closed_at IS NULL) AND waits_for_requester);

CREATE INDEX intents_by_actor ON core.intents USING btree (tenant_id, actor_user_id);

CREATE INDEX intents_by_delegation ON core.intents USING btree (tenant_id, delegation_id) WHERE (delegation_id IS NOT NULL);

CREATE INDEX intents_by_gate ON core.intents USING btree (tenant_id, gate_id);

CREATE INDEX intents_by_key ON core.intents USING btree (tenant_id, key_id);

CREATE UNIQUE INDEX intents_reauthentication_once ON core.intents USING btree (tenant_id, reauthentication_id) WHERE (reauthentication_id IS NOT NULL);

CREATE INDEX known_values_newest ON core.known_values USING btree (tenant_id, noted_in);

CREATE UNIQUE INDEX mail_attempts_one_open ON core.mail_attempts USING btree (tenant_id, mail_id) WHERE (state = 'open'::text);

CREATE INDEX mail_notices_by_mail ON core.mail_notices USING btree (tenant_id, mail_id);

CREATE INDEX mails_by_user ON core.mails USING btree (tenant_id, user_id, created_at DESC);

CREATE UNIQUE INDEX mails_one_digest ON core.mails USING btree (tenant_id, user_id) WHERE (is_digest AND (state = 'pending'::text) AND (attempts = 0));

CREATE UNIQUE INDEX members_by_email ON core.members USING btree (tenant_id, lower(email)) WHERE (email IS NOT NULL);

CREATE UNIQUE INDEX pages_one_open ON core.pages USING btree (tenant_id, cause) WHERE (acknowledged_at IS NULL);

CREATE INDEX printed_names_by_user ON core.printed_names USING btree (tenant_id, user_id);

CREATE INDEX proposals_recent ON core.proposals USING btree (tenant_id, record_type, created_at);

CREATE INDEX reauthentications_by_gate ON core.reauthentications USING btree (tenant_id, gate_id);

CREATE INDEX records_by_decision ON core.records USING btree (tenant_id, decision_id);

CREATE INDEX records_by_run ON core.records USING btree (tenant_id, run_id);

CREATE INDEX records_by_type ON core.records USING btree (tenant_id, record_type, written_at DESC);

CREATE UNIQUE INDEX records_compensated_once ON core.records USING btree (tenant_id, compensates_record_id) WHERE (compensates_record_id IS NOT NULL);

CREATE UNIQUE INDEX replays_by_call ON core.replays USING btree (tenant_id, replay_call_id) WHERE (replay_call_id IS NOT NULL);

CREATE INDEX replays_by_run ON core.replays USING btree (tenant_id, run_id, created_at);

CREATE UNIQUE INDEX replays_request_key ON core.replays USING btree (tenant_id, request_key);

CREATE UNIQUE INDEX run_calls_billed_once ON core.run_calls USING btree (tenant_id, ai_run_id) WHERE billed;

CREATE INDEX runs_by_creation ON core.runs USING btree (tenant_id, created_at DESC, id DESC);

CREATE INDEX runs_compensating ON core.runs USING btree (tenant_id, compensates_record_id) WHERE (compensates_record_id IS NOT NULL);

CREATE INDEX runs_open ON core.runs USING btree (tenant_id, state) WHERE (state <> 'closed'::text);

CREATE INDEX scrub_tokens_by_run ON core.scrub_tokens USING btree (tenant_id, run_id);

CREATE UNIQUE INDEX webhook_attempts_one_open ON core.webhook_attempts USING btree (tenant_id, delivery_id) WHERE (state = 'open'::text);

CREATE INDEX webhook_deliveries_by_endpoint ON core.webhook_deliveries USING btree (tenant_id, endpoint_id, created_at DESC, id DESC);

CREATE INDEX worker_trust_records_by_subject ON core.worker_trust_records USING btree (tenant_id, subject_id);

CREATE INDEX worklist_due ON core.worklist USING btree (kind, due_at);

CREATE CONSTRAINT TRIGGER check_balance AFTER INSERT OR UPDATE OF balance_credits, ledger_seq ON core.accounts DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION core.check_balance();

ALTER TABLE core.accounts ENABLE ALWAYS TRIGGER check_balance;

CREATE CONSTRAINT TRIGGER check_draft_confirmed AFTER INSERT OR UPDATE ON core.assistant_drafts DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION core.check_draft_confirmed();

ALTER TABLE core.assistant_drafts ENABLE ALWAYS TRIGGER check_draft_confirmed;

CREATE TRIGGER check_leg AFTER INSERT ON core.credit_ledger FOR EACH ROW EXECUTE FUNCTION core.check_leg();

ALTER TABLE core.credit_ledger ENABLE ALWAYS TRIGGER check_leg;

CREATE TRIGGER check_outcome_earned AFTER INSERT ON core.gate_outcomes FOR EACH ROW EXECUTE FUNCTION core.check_outcome_earned();

ALTER TABLE core.gate_outcomes ENABLE ALWAYS TRIGGER check_outcome_earned;

CREATE TRIGGER check_record_type AFTER INSERT ON core.gate_record_types FOR EACH ROW EXECUTE FUNCTION core.check_record_type();

ALTER TABLE core.gate_record_types ENABLE ALWAYS TRIGGER check_record_type;

CREATE TRIGGER check_record_type AFTER INSERT ON core.records FOR EACH ROW EXECUTE FUNCTION core.check_record_type();

ALTER TABLE core.records ENABLE ALWAYS TRIGGER check_record_type;

CREATE TRIGGER check_trust BEFORE INSERT OR UPDATE ON core.worker_trust_records FOR EACH ROW EXECUTE FUNCTION core.check_trust();

ALTER TABLE core.worker_trust_records ENABLE ALWAYS TRIGGER check_trust;

CREATE TRIGGER event_of_row AFTER INSERT ON core.act_reviews FOR EACH ROW EXECUTE FUNCTION core.event_of_row();

ALTER TABLE core.act_reviews ENABLE ALWAYS TRIGGER event_of_row;

CREATE TRIGGER event_of_row AFTER INSERT ON core.act_samples FOR EACH ROW EXECUTE FUNCTION core.event_of_row();

ALTER TABLE core.act_samples ENABLE ALWAYS TRIGGER event_of_row;

CREATE TRIGGER event_of_row AFTER INSERT ON core.ai_policy_controls FOR EACH ROW EXECUTE FUNCTION core.event_of_row();

ALTER TABLE core.ai_policy_controls ENABLE ALWAYS TRIGGER event_of_row;

CREATE TRIGGER event_of_row AFTER INSERT ON core.ai_prices FOR EACH ROW EXECUTE FUNCTION core.event_of_row();

ALTER TABLE core.ai_prices ENABLE ALWAYS TRIGGER event_of_row;

CREATE TRIGGER event_of_row AFTER INSERT ON core.ai_vendor_baa_matrix FOR EACH ROW EXECUTE FUNCTION core.event_of_row();

ALTER TABLE core.ai_vendor_baa_matrix ENABLE ALWAYS TRIGGER event_of_row;

CREATE TRIGGER event_of_row AFTER INSERT OR UPDATE ON core.api_keys FOR EACH ROW EXECUTE FUNCTION core.event_of_row();

ALTER TABLE core.api_keys ENABLE ALWAYS TRIGGER event_of_row;

CREATE TRIGGER event_of_row AFTER INSERT ON core.credit_ledger FOR EACH ROW EXECUTE FUNCTION core.event_of_row();

ALTER TABLE core.credit_ledger ENABLE ALWAYS TRIGGER event_of_row;

CREATE TRIGGER event_of_row AFTER INSERT ON core.decisions FOR EACH ROW EXECUTE FUNCTION core.event_of_row();

ALTER TABLE core.decisions ENABLE ALWAYS TRIGGER event_of_row;

CREATE TRIGGER event_of_row AFTER INSERT ON core.gate_outcomes FOR EACH ROW EXECUTE FUNCTION core.event_of_row();

ALTER TABLE core.gate_outcomes ENABLE ALWAYS TRIGGER event_of_row;

CREATE TRIGGER event_of_row AFTER INSERT OR UPDATE ON core.members FOR EACH ROW EXECUTE FUNCTION core.event_of_row();

ALTER TABLE core.members ENABLE ALWAYS TRIGGER event_of_row;

CREATE TRIGGER event_of_row AFTER INSERT ON core.purposes FOR EACH ROW EXECUTE FUNCTION core.event_of_row();

ALTER TABLE core.purposes ENABLE ALWAYS TRIGGER event_of_row;

CREATE TRIGGER event_of_row AFTER INSERT OR UPDATE ON core.record_types FOR EACH ROW EXECUTE FUNCTION core.event_of_row();

ALTER TABLE core.record_types ENABLE ALWAYS TRIGGER event_of_row;

CREATE TRIGGER event_of_row AFTER INSERT OR UPDATE ON core.runs FOR EACH ROW EXECUTE FUNCTION core.event_of_row();

ALTER TABLE core.runs ENABLE ALWAYS TRIGGER event_of_row;

CREATE TRIGGER event_of_row AFTER INSERT ON core.source_receipts FOR EACH ROW EXECUTE FUNCTION core.event_of_row();

ALTER TABLE core.source_receipts ENABLE ALWAYS TRIGGER event_of_row;

CREATE TRIGGER event_of_row AFTER INSERT ON core.subject_members FOR EACH ROW EXECUTE FUNCTION core.event_of_row();

ALTER TABLE core.subject_members ENABLE ALWAYS TRIGGER event_of_row;

CREATE TRIGGER event_of_row AFTER INSERT ON core.tenants FOR EACH ROW EXECUTE FUNCTION core.event_of_row();

ALTER TABLE core.tenants ENABLE ALWAYS TRIGGER event_of_row;

CREATE TRIGGER event_of_row AFTER INSERT OR UPDATE ON core.worker_trust_records FOR EACH ROW EXECUTE FUNCTION core.event_of_row();

ALTER TABLE core.worker_trust_records ENABLE ALWAYS TRIGGER event_of_row;

CREATE TRIGGER freeze_but BEFORE DELETE OR UPDATE ON core.accounts FOR EACH ROW EXECUTE FUNCTION core.freeze_but('balance_credits ledger_seq day held_nano_usd spent_nano_usd');

ALTER TABLE core.accounts ENABLE ALWAYS TRIGGER freeze_but;

CREATE TRIGGER freeze_but BEFORE DELETE OR UPDATE ON core.ai_recommendations FOR EACH ROW EXECUTE FUNCTION core.freeze_but('status changed_at');

ALTER TABLE core.ai_recommendations ENABLE ALWAYS TRIGGER freeze_but;

CREATE TRIGGER freeze_but BEFORE DELETE OR UPDATE ON core.ai_run_attempts FOR EACH ROW EXECUTE FUNCTION core.freeze_but('state cost_nano_usd error_code ended_at', 'ended_at');

ALTER TABLE core.ai_run_attempts ENABLE ALWAYS TRIGGER freeze_but;

CREATE TRIGGER freeze_but BEFORE DELETE OR UPDATE ON core.api_keys FOR EACH ROW EXECUTE FUNCTION core.freeze_but('revoked_at', 'revoked_at');

ALTER TABLE core.api_keys ENABLE ALWAYS TRIGGER freeze_but;

CREATE TRIGGER freeze_but BEFORE DELETE OR UPDATE ON core.assistant_drafts FOR EACH ROW EXECUTE FUNCTION core.freeze_but('status changed_at');

ALTER TABLE core.assistant_drafts ENABLE ALWAYS TRIGGER freeze_but;

CREATE TRIGGER freeze_but BEFORE DELETE OR UPDATE ON core.chain_heads FOR EACH ROW EXECUTE FUNCTION core.freeze_but('seq entry_hash at');

ALTER TABLE core.chain_heads ENABLE ALWAYS TRIGGER freeze_but;

CREATE TRIGGER freeze_but BEFORE DELETE OR UPDATE ON core.delegations FOR EACH ROW EXECUTE FUNCTION core.freeze_but('revoked_by revoked_at', 'revoked_at');

ALTER TABLE core.delegations ENABLE ALWAYS TRIGGER freeze_but;

CREATE TRIGGER freeze_but BEFORE DELETE OR UPDATE ON core.documents FOR EACH ROW EXECUTE FUNCTION core.freeze_but('state code pages characters passages changed_at');

ALTER TABLE core.documents ENABLE ALWAYS TRIGGER freeze_but;

CREATE TRIGGER freeze_but BEFORE DELETE OR UPDATE ON core.gate_instants FOR EACH ROW EXECUTE FUNCTION core.freeze_but('fired_at superseded_at', 'fired_at');

ALTER TABLE core.gate_instants ENABLE ALWAYS TRIGGER freeze_but;

CREATE TRIGGER freeze_but BEFORE DELETE OR UPDATE ON core.mail_attempts FOR EACH ROW EXECUTE FUNCTION core.freeze_but('state handed_at code status ended_at', 'ended_at');

ALTER TABLE core.mail_attempts ENABLE ALWAYS TRIGGER freeze_but;

CREATE TRIGGER freeze_but BEFORE DELETE OR UPDATE ON core.mail_preferences FOR EACH ROW EXECUTE FUNCTION core.freeze_but('preference changed_at');

ALTER TABLE core.mail_preferences ENABLE ALWAYS TRIGGER freeze_but;

CREATE TRIGGER freeze_but BEFORE DELETE OR UPDATE ON core.mails FOR EACH ROW EXECUTE FUNCTION core.freeze_but('state code attempts next_at changed_at');

ALTER TABLE core.mails ENABLE ALWAYS TRIGGER freeze_but;

CREATE TRIGGER freeze_but BEFORE DELETE OR UPDATE ON core.members FOR EACH ROW EXECUTE FUNCTION core.freeze_but('display_name roles active email');

ALTER TABLE core.members ENABLE ALWAYS TRIGGER freeze_but;

CREATE TRIGGER freeze_but BEFORE DELETE OR UPDATE ON core.memories FOR EACH ROW EXECUTE FUNCTION core.freeze_but('deleted_at', 'deleted_at');

ALTER TABLE core.memories ENABLE ALWAYS TRIGGER freeze_but;

CREATE TRIGGER freeze_but BEFORE DELETE OR UPDATE ON core.outbox FOR EACH ROW EXECUTE FUNCTION core.freeze_but('delivered_at', 'delivered_at');

ALTER TABLE core.outbox ENABLE ALWAYS TRIGGER freeze_but;

CREATE TRIGGER freeze_but BEFORE DELETE OR UPDATE ON core.pages FOR EACH ROW EXECUTE FUNCTION core.freeze_but('count acknowledged_by acknowledged_at', 'acknowledged_at');

ALTER TABLE core.pages ENABLE ALWAYS TRIGGER freeze_but;

CREATE TRIGGER freeze_but BEFORE DELETE OR UPDATE ON core.replays FOR EACH ROW EXECUTE FUNCTION core.freeze_but('replay_call_id state outcome code agreement fields_compared fields_differing differing closed_at', 'closed_at');

ALTER TABLE core.replays ENABLE ALWAYS TRIGGER freeze_but;

CREATE TRIGGER freeze_but BEFORE DELETE OR UPDATE ON core.sealing_keys FOR EACH ROW EXECUTE FUNCTION core.freeze_but('version master_key_id wrapped_key wrapped_at');

ALTER TABLE core.sealing_keys ENABLE ALWAYS TRIGGER freeze_but;

CREATE TRIGGER freeze_but BEFORE DELETE OR UPDATE ON core.webhook_attempts FOR EACH ROW EXECUTE FUNCTION core.freeze_but('state code status ended_at', 'ended_at');

ALTER TABLE core.webhook_attempts ENABLE ALWAYS TRIGGER freeze_but;

CREATE TRIGGER freeze_but BEFORE DELETE OR UPDATE ON core.webhook_deliveries FOR EACH ROW EXECUTE FUNCTION core.freeze_but('state code round attempts next_at changed_at');

ALTER TABLE core.webhook_deliveries ENABLE ALWAYS TRIGGER freeze_but;

CREATE TRIGGER freeze_but BEFORE DELETE OR UPDATE ON core.webhook_endpoints FOR EACH ROW EXECUTE FUNCTION core.freeze_but('event_types state code changed_at');

ALTER TABLE core.webhook_endpoints ENABLE ALWAYS TRIGGER freeze_but;

CREATE TRIGGER freeze_but BEFORE DELETE OR UPDATE ON core.webhook_secrets FOR EACH ROW EXECUTE FUNCTION core.freeze_but('expires_at');

ALTER TABLE core.webhook_secrets ENABLE ALWAYS TRIGGER freeze_but;

CREATE TRIGGER freeze_but BEFORE DELETE OR UPDATE ON core.worker_trust_records FOR EACH ROW EXECUTE FUNCTION core.freeze_but('tier source_receipt_id last_verified_at verified_until approved_by_decision_id retracted_by_decision_id changed_at');

ALTER TABLE core.worker_trust_records ENABLE ALWAYS TRIGGER freeze_but;

CREATE TRIGGER freeze_finished BEFORE DELETE OR UPDATE ON core.ai_runs FOR EACH ROW EXECUTE FUNCTION core.freeze_finished_call();

ALTER TABLE core.ai_runs ENABLE ALWAYS TRIGGER freeze_finished;

CREATE TRIGGER freeze_terms BEFORE DELETE OR UPDATE ON core.gates FOR EACH ROW EXECUTE FUNCTION core.freeze_terms();

ALTER TABLE core.gates ENABLE ALWAYS TRIGGER freeze_terms;

CREATE TRIGGER freeze_terms BEFORE DELETE OR UPDATE ON core.proposals FOR EACH ROW EXECUTE FUNCTION core.freeze_terms();

ALTER TABLE core.proposals ENABLE ALWAYS TRIGGER freeze_terms;

CREATE TRIGGER freeze_terms BEFORE DELETE OR UPDATE ON core.runs FOR EACH ROW EXECUTE FUNCTION core.freeze_terms();

ALTER TABLE core.runs ENABLE ALWAYS TRIGGER freeze_terms;

CREATE TRIGGER known_of_row AFTER INSERT OR UPDATE OF display_name, email ON core.members FOR EACH ROW EXECUTE FUNCTION core.known_of_row();

ALTER TABLE core.members ENABLE ALWAYS TRIGGER known_of_row;

CREATE TRIGGER known_of_row AFTER INSERT ON core.runs FOR EACH ROW WHEN ((new.subject_id IS NOT NULL)) EXECUTE FUNCTION core.known_of_row();

ALTER TABLE core.runs ENABLE ALWAYS TRIGGER known_of_row;

CREATE TRIGGER known_of_row AFTER INSERT ON core.source_receipts FOR EACH ROW EXECUTE FUNCTION core.known_of_row();

ALTER TABLE core.source_receipts ENABLE ALWAYS TRIGGER known_of_row;

CREATE TRIGGER known_of_row AFTER INSERT ON core.subject_members FOR EACH ROW EXECUTE FUNCTION core.known_of_row();

ALTER TABLE core.subject_members ENABLE ALWAYS TRIGGER known_of_row;

CREATE TRIGGER known_of_row AFTER INSERT ON core.worker_trust_records FOR EACH ROW EXECUTE FUNCTION core.known_of_row();

ALTER TABLE core.worker_trust_records ENABLE ALWAYS TRIGGER known_of_row;

CREATE TRIGGER leave_with_document BEFORE DELETE OR UPDATE ON core.document_contents FOR EACH ROW EXECUTE FUNCTION core.leave_with_document('document_id');

ALTER TABLE core.document_contents ENABLE ALWAYS TRIGGER leave_with_document;

CREATE TRIGGER leave_with_document BEFORE DELETE OR UPDATE ON core.embeddings FOR EACH ROW EXECUTE FUNCTION core.leave_with_document('source_id');

ALTER TABLE core.embeddings ENABLE ALWAYS TRIGGER leave_with_document;

CREATE TRIGGER leave_with_document BEFORE DELETE OR UPDATE ON core.passages FOR EACH ROW EXECUTE FUNCTION core.leave_with_document('document_id');

ALTER TABLE core.passages ENABLE ALWAYS TRIGGER leave_with_document;

CREATE TRIGGER note_claim AFTER UPDATE OF claimed_by ON core.gates FOR EACH ROW WHEN (((new.claimed_by IS NOT NULL) AND (new.claimed_by IS DISTINCT FROM old.claimed_by))) EXECUTE FUNCTION core.note_claim();

ALTER TABLE core.gates ENABLE ALWAYS TRIGGER note_claim;

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON core.act_reviews FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.act_reviews ENABLE ALWAYS TRIGGER refuse_change;

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON core.act_samples FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.act_samples ENABLE ALWAYS TRIGGER refuse_change;

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON core.agreement_days FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.agreement_days ENABLE ALWAYS TRIGGER refuse_change;

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON core.ai_evals FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.ai_evals ENABLE ALWAYS TRIGGER refuse_change;

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON core.ai_feedback FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.ai_feedback ENABLE ALWAYS TRIGGER refuse_change;

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON core.ai_policy_controls FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.ai_policy_controls ENABLE ALWAYS TRIGGER refuse_change;

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON core.ai_prices FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.ai_prices ENABLE ALWAYS TRIGGER refuse_change;

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON core.ai_vendor_baa_matrix FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.ai_vendor_baa_matrix ENABLE ALWAYS TRIGGER refuse_change;

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON core.audit_log FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.audit_log ENABLE ALWAYS TRIGGER refuse_change;

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON core.bulk_verdicts FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.bulk_verdicts ENABLE ALWAYS TRIGGER refuse_change;

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON core.contents FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.contents ENABLE ALWAYS TRIGGER refuse_change;

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON core.credit_ledger FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.credit_ledger ENABLE ALWAYS TRIGGER refuse_change;

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON core.decisions FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.decisions ENABLE ALWAYS TRIGGER refuse_change;

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON core.gate_answers FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.gate_answers ENABLE ALWAYS TRIGGER refuse_change;

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON core.gate_claims FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.gate_claims ENABLE ALWAYS TRIGGER refuse_change;

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON core.gate_comments FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.gate_comments ENABLE ALWAYS TRIGGER refuse_change;

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON core.gate_handovers FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.gate_handovers ENABLE ALWAYS TRIGGER refuse_change;

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON core.gate_outcomes FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.gate_outcomes ENABLE ALWAYS TRIGGER refuse_change;

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON core.gate_questions FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.gate_questions ENABLE ALWAYS TRIGGER refuse_change;

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON core.gate_record_types FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.gate_record_types ENABLE ALWAYS TRIGGER refuse_change;

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON core.gate_recusals FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.gate_recusals ENABLE ALWAYS TRIGGER refuse_change;

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON core.gate_versions FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.gate_versions ENABLE ALWAYS TRIGGER refuse_change;

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON core.gate_views FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.gate_views ENABLE ALWAYS TRIGGER refuse_change;

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON core.grant_keys FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.grant_keys ENABLE ALWAYS TRIGGER refuse_change;

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON core.intent_outcomes FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.intent_outcomes ENABLE ALWAYS TRIGGER refuse_change;

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON core.intents FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.intents ENABLE ALWAYS TRIGGER refuse_change;

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON core.known_values FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.known_values ENABLE ALWAYS TRIGGER refuse_change;

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON core.mail_notices FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.mail_notices ENABLE ALWAYS TRIGGER refuse_change;

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON core.printed_names FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.printed_names ENABLE ALWAYS TRIGGER refuse_change;

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON core.privileging_recommendation_log FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.privileging_recommendation_log ENABLE ALWAYS TRIGGER refuse_change;

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON core.purpose_record_types FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.purpose_record_types ENABLE ALWAYS TRIGGER refuse_change;

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON core.purposes FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.purposes ENABLE ALWAYS TRIGGER refuse_change;

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON core.reauthentications FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.reauthentications ENABLE ALWAYS TRIGGER refuse_change;

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON core.records FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.records ENABLE ALWAYS TRIGGER refuse_change;

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON core.reidentifications FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.reidentifications ENABLE ALWAYS TRIGGER refuse_change;

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON core.run_calls FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.run_calls ENABLE ALWAYS TRIGGER refuse_change;

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON core.run_keys FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.run_keys ENABLE ALWAYS TRIGGER refuse_change;

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON core.run_passages FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.run_passages ENABLE ALWAYS TRIGGER refuse_change;

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON core.scrub_tokens FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.scrub_tokens ENABLE ALWAYS TRIGGER refuse_change;

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON core.source_receipts FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.source_receipts ENABLE ALWAYS TRIGGER refuse_change;

CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON core.subject_members FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.subject_members ENABLE ALWAYS TRIGGER refuse_change;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.accounts FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.accounts ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.act_reviews FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.act_reviews ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.act_samples FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.act_samples ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.agreement_days FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.agreement_days ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.ai_evals FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.ai_evals ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.ai_feedback FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.ai_feedback ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.ai_policy_controls FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.ai_policy_controls ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.ai_prices FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.ai_prices ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.ai_recommendations FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.ai_recommendations ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.ai_run_attempts FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.ai_run_attempts ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.ai_runs FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.ai_runs ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.ai_vendor_baa_matrix FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.ai_vendor_baa_matrix ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.api_keys FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.api_keys ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.assistant_drafts FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.assistant_drafts ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.audit_log FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.audit_log ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.bulk_verdicts FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.bulk_verdicts ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.chain_heads FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.chain_heads ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.contents FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.contents ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.credit_ledger FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.credit_ledger ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.data_keys FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.data_keys ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.decisions FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.decisions ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.delegations FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.delegations ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.document_contents FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.document_contents ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.documents FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.documents ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.embeddings FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.embeddings ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.gate_answers FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.gate_answers ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.gate_claims FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.gate_claims ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.gate_comments FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.gate_comments ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.gate_handovers FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.gate_handovers ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.gate_instants FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.gate_instants ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.gate_outcomes FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.gate_outcomes ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.gate_questions FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.gate_questions ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.gate_record_types FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.gate_record_types ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.gate_recusals FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.gate_recusals ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.gate_versions FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.gate_versions ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.gate_views FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.gate_views ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.gates FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.gates ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.grant_keys FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.grant_keys ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.intent_outcomes FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.intent_outcomes ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.intents FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.intents ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.known_values FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.known_values ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.mail_attempts FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.mail_attempts ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.mail_notices FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.mail_notices ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.mail_preferences FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.mail_preferences ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.mails FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.mails ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.members FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.members ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.memories FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.memories ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.outbox FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.outbox ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.pages FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.pages ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.passages FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.passages ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.printed_names FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.printed_names ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.privileging_recommendation_log FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.privileging_recommendation_log ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.proposals FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.proposals ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.purpose_record_types FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.purpose_record_types ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.purposes FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.purposes ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.reauthentications FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.reauthentications ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.records FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.records ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.reidentifications FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.reidentifications ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.replays FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.replays ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.run_calls FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.run_calls ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.run_keys FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.run_keys ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.run_passages FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.run_passages ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.runs FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.runs ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.scrub_tokens FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.scrub_tokens ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.sealing_keys FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.sealing_keys ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.source_receipts FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.source_receipts ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.subject_members FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.subject_members ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.webhook_attempts FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.webhook_attempts ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.webhook_deliveries FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.webhook_deliveries ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.webhook_endpoints FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.webhook_endpoints ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.webhook_secrets FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.webhook_secrets ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON core.worker_trust_records FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

ALTER TABLE core.worker_trust_records ENABLE ALWAYS TRIGGER refuse_truncate;

CREATE TRIGGER rewrap_only BEFORE DELETE OR UPDATE ON core.data_keys FOR EACH ROW EXECUTE FUNCTION core.rewrap_only();

ALTER TABLE core.data_keys ENABLE ALWAYS TRIGGER rewrap_only;

CREATE CONSTRAINT TRIGGER seal AFTER INSERT ON core.audit_pending DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION core.seal();

ALTER TABLE core.audit_pending ENABLE ALWAYS TRIGGER seal;

CREATE TRIGGER tell AFTER INSERT ON core.outbox FOR EACH ROW WHEN (core.is_told()) EXECUTE FUNCTION core.tell();

ALTER TABLE core.outbox ENABLE ALWAYS TRIGGER tell;

ALTER TABLE ONLY core.accounts
    ADD CONSTRAINT accounts_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES core.tenants(id);

ALTER TABLE ONLY core.act_reviews
    ADD CONSTRAINT act_reviews_tenant_id_actor_user_id_fkey FOREIGN KEY (tenant_id, actor_user_id) REFERENCES core.members(tenant_id, user_id);

ALTER TABLE ONLY core.act_reviews
    ADD CONSTRAINT act_reviews_tenant_id_decision_id_fkey FOREIGN KEY (tenant_id, decision_id) REFERENCES core.act_samples(tenant_id, decision_id);

ALTER TABLE ONLY core.act_reviews
    ADD CONSTRAINT act_reviews_tenant_id_key_id_fkey FOREIGN KEY (tenant_id, key_id) REFERENCES core.api_keys(tenant_id, id);

ALTER TABLE ONLY core.act_reviews
    ADD CONSTRAINT act_reviews_tenant_id_reason_content_id_fkey FOREIGN KEY (tenant_id, reason_content_id) REFERENCES core.contents(tenant_id, id);

ALTER TABLE ONLY core.act_samples
    ADD CONSTRAINT act_samples_tenant_id_decision_id_gate_id_fkey FOREIGN KEY (tenant_id, decision_id, gate_id) REFERENCES core.decisions(tenant_id, id, gate_id);

ALTER TABLE ONLY core.agreement_days
    ADD CONSTRAINT agreement_days_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES core.tenants(id);

ALTER TABLE ONLY core.ai_evals
    ADD CONSTRAINT ai_evals_tenant_id_ai_run_id_fkey FOREIGN KEY (tenant_id, ai_run_id) REFERENCES core.ai_runs(tenant_id, id);

ALTER TABLE ONLY core.ai_evals
    ADD CONSTRAINT ai_evals_tenant_id_run_id_fkey FOREIGN KEY (tenant_id, run_id) REFERENCES core.runs(tenant_id, id);

ALTER TABLE ONLY core.ai_feedback
    ADD CONSTRAINT ai_feedback_tenant_id_comment_content_id_fkey FOREIGN KEY (tenant_id, comment_content_id) REFERENCES core.contents(tenant_id, id);

ALTER TABLE ONLY core.ai_feedback
    ADD CONSTRAINT ai_feedback_tenant_id_run_id_fkey FOREIGN KEY (tenant_id, run_id) REFERENCES core.runs(tenant_id, id);

ALTER TABLE ONLY core.ai_feedback
    ADD CONSTRAINT ai_feedback_tenant_id_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES core.members(tenant_id, user_id);

ALTER TABLE ONLY core.ai_policy_controls
    ADD CONSTRAINT ai_policy_controls_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES core.tenants(id);

ALTER TABLE ONLY core.ai_policy_controls
    ADD CONSTRAINT ai_policy_controls_tenant_id_reason_content_id_fkey FOREIGN KEY (tenant_id, reason_content_id) REFERENCES core.contents(tenant_id, id);

ALTER TABLE ONLY core.ai_recommendations
    ADD CONSTRAINT ai_recommendations_tenant_id_proposal_id_fkey FOREIGN KEY (tenant_id, proposal_id) REFERENCES core.proposals(tenant_id, id);

ALTER TABLE ONLY core.ai_run_attempts
    ADD CONSTRAINT ai_run_attempts_tenant_id_ai_run_id_fkey FOREIGN KEY (tenant_id, ai_run_id) REFERENCES core.ai_runs(tenant_id, id);

ALTER TABLE ONLY core.ai_runs
    ADD CONSTRAINT ai_runs_tenant_id_document_id_fkey FOREIGN KEY (tenant_id, document_id) REFERENCES core.documents(tenant_id, id);

ALTER TABLE ONLY core.ai_runs
    ADD CONSTRAINT ai_runs_tenant_id_output_content_id_fkey FOREIGN KEY (tenant_id, output_content_id) REFERENCES core.contents(tenant_id, id);

ALTER TABLE ONLY core.ai_runs
    ADD CONSTRAINT ai_runs_tenant_id_parent_id_fkey FOREIGN KEY (tenant_id, parent_id) REFERENCES core.ai_runs(tenant_id, id);

ALTER TABLE ONLY core.ai_runs
    ADD CONSTRAINT ai_runs_tenant_id_prompt_content_id_fkey FOREIGN KEY (tenant_id, prompt_content_id) REFERENCES core.contents(tenant_id, id);

ALTER TABLE ONLY core.ai_runs
    ADD CONSTRAINT ai_runs_tenant_id_requested_by_fkey FOREIGN KEY (tenant_id, requested_by) REFERENCES core.members(tenant_id, user_id);

ALTER TABLE ONLY core.ai_runs
    ADD CONSTRAINT ai_runs_tenant_id_run_id_fkey FOREIGN KEY (tenant_id, run_id) REFERENCES core.runs(tenant_id, id);

ALTER TABLE ONLY core.api_keys
    ADD CONSTRAINT api_keys_tenant_id_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES core.members(tenant_id, user_id);

ALTER TABLE ONLY core.assistant_drafts
    ADD CONSTRAINT assistant_drafts_record_type_fkey FOREIGN KEY (record_type) REFERENCES core.record_types(name);

ALTER TABLE ONLY core.assistant_drafts
    ADD CONSTRAINT assistant_drafts_tenant_id_proposal_id_record_type_fkey FOREIGN KEY (tenant_id, proposal_id, record_type) REFERENCES core.proposals(tenant_id, id, record_type);

ALTER TABLE ONLY core.audit_log
    ADD CONSTRAINT audit_log_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES core.tenants(id);

ALTER TABLE ONLY core.bulk_verdicts
    ADD CONSTRAINT bulk_verdicts_tenant_id_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES core.members(tenant_id, user_id);

ALTER TABLE ONLY core.chain_heads
    ADD CONSTRAINT chain_heads_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES core.tenants(id);

ALTER TABLE ONLY core.contents
    ADD CONSTRAINT contents_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES core.tenants(id);

ALTER TABLE ONLY core.contents
    ADD CONSTRAINT contents_tenant_id_run_id_fkey FOREIGN KEY (tenant_id, run_id) REFERENCES core.runs(tenant_id, id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY core.credit_ledger
    ADD CONSTRAINT credit_ledger_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES core.accounts(tenant_id);

ALTER TABLE ONLY core.credit_ledger
    ADD CONSTRAINT credit_ledger_tenant_id_run_id_fkey FOREIGN KEY (tenant_id, run_id) REFERENCES core.runs(tenant_id, id);

ALTER TABLE ONLY core.data_keys
    ADD CONSTRAINT data_keys_tenant_id_run_id_fkey FOREIGN KEY (tenant_id, run_id) REFERENCES core.runs(tenant_id, id);

ALTER TABLE ONLY core.decisions
    ADD CONSTRAINT decisions_tenant_id_actor_user_id_fkey FOREIGN KEY (tenant_id, actor_user_id) REFERENCES core.members(tenant_id, user_id);

ALTER TABLE ONLY core.decisions
    ADD CONSTRAINT decisions_tenant_id_ai_advisory_id_fkey FOREIGN KEY (tenant_id, ai_advisory_id) REFERENCES core.ai_runs(tenant_id, id);

ALTER TABLE ONLY core.decisions
    ADD CONSTRAINT decisions_tenant_id_authority_policy_version_fkey FOREIGN KEY (tenant_id, authority_policy_version) REFERENCES core.ai_policy_controls(tenant_id, version);

ALTER TABLE ONLY core.decisions
    ADD CONSTRAINT decisions_tenant_id_decision_rationale_content_id_fkey FOREIGN KEY (tenant_id, decision_rationale_content_id) REFERENCES core.contents(tenant_id, id);

ALTER TABLE ONLY core.decisions
    ADD CONSTRAINT decisions_tenant_id_delegation_id_on_behalf_of_fkey FOREIGN KEY (tenant_id, delegation_id, on_behalf_of) REFERENCES core.delegations(tenant_id, id, delegator_user_id);

ALTER TABLE ONLY core.decisions
    ADD CONSTRAINT decisions_tenant_id_edits_content_id_fkey FOREIGN KEY (tenant_id, edits_content_id) REFERENCES core.contents(tenant_id, id);

ALTER TABLE ONLY core.decisions
    ADD CONSTRAINT decisions_tenant_id_gate_id_record_class_fkey FOREIGN KEY (tenant_id, gate_id, record_class) REFERENCES core.gates(tenant_id, id, record_class);

ALTER TABLE ONLY core.decisions
    ADD CONSTRAINT decisions_tenant_id_gate_id_record_type_fkey FOREIGN KEY (tenant_id, gate_id, record_type) REFERENCES core.gate_record_types(tenant_id, gate_id, record_type);

ALTER TABLE ONLY core.decisions
    ADD CONSTRAINT decisions_tenant_id_intent_id_gate_id_fkey FOREIGN KEY (tenant_id, intent_id, gate_id) REFERENCES core.intents(tenant_id, id, gate_id);

ALTER TABLE ONLY core.decisions
    ADD CONSTRAINT decisions_tenant_id_printed_name_content_id_fkey FOREIGN KEY (tenant_id, printed_name_content_id) REFERENCES core.contents(tenant_id, id);

ALTER TABLE ONLY core.decisions
    ADD CONSTRAINT decisions_tenant_id_proposal_id_record_class_fkey FOREIGN KEY (tenant_id, proposal_id, record_class) REFERENCES core.proposals(tenant_id, id, record_class);

ALTER TABLE ONLY core.decisions
    ADD CONSTRAINT decisions_tenant_id_run_id_fkey FOREIGN KEY (tenant_id, run_id) REFERENCES core.runs(tenant_id, id);

ALTER TABLE ONLY core.delegations
    ADD CONSTRAINT delegations_tenant_id_created_by_fkey FOREIGN KEY (tenant_id, created_by) REFERENCES core.members(tenant_id, user_id);

ALTER TABLE ONLY core.delegations
    ADD CONSTRAINT delegations_tenant_id_delegate_user_id_fkey FOREIGN KEY (tenant_id, delegate_user_id) REFERENCES core.members(tenant_id, user_id);

ALTER TABLE ONLY core.delegations
    ADD CONSTRAINT delegations_tenant_id_delegator_user_id_fkey FOREIGN KEY (tenant_id, delegator_user_id) REFERENCES core.members(tenant_id, user_id);

ALTER TABLE ONLY core.delegations
    ADD CONSTRAINT delegations_tenant_id_reason_content_id_fkey FOREIGN KEY (tenant_id, reason_content_id) REFERENCES core.contents(tenant_id, id);

ALTER TABLE ONLY core.delegations
    ADD CONSTRAINT delegations_tenant_id_revoked_by_fkey FOREIGN KEY (tenant_id, revoked_by) REFERENCES core.members(tenant_id, user_id);

ALTER TABLE ONLY core.document_contents
    ADD CONSTRAINT document_contents_tenant_id_document_id_fkey FOREIGN KEY (tenant_id, document_id) REFERENCES core.documents(tenant_id, id);

ALTER TABLE ONLY core.documents
    ADD CONSTRAINT documents_tenant_id_added_by_fkey FOREIGN KEY (tenant_id, added_by) REFERENCES core.members(tenant_id, user_id);

ALTER TABLE ONLY core.documents
    ADD CONSTRAINT documents_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES core.tenants(id);

ALTER TABLE ONLY core.documents
    ADD CONSTRAINT documents_tenant_id_memory_id_fkey FOREIGN KEY (tenant_id, memory_id) REFERENCES core.memories(tenant_id, id);

ALTER TABLE ONLY core.embeddings
    ADD CONSTRAINT embeddings_tenant_id_ai_run_id_fkey FOREIGN KEY (tenant_id, ai_run_id) REFERENCES core.ai_runs(tenant_id, id);

ALTER TABLE ONLY core.embeddings
    ADD CONSTRAINT embeddings_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES core.tenants(id);

ALTER TABLE ONLY core.embeddings
    ADD CONSTRAINT embeddings_tenant_id_id_fkey FOREIGN KEY (tenant_id, id) REFERENCES core.passages(tenant_id, id);

ALTER TABLE ONLY core.embeddings
    ADD CONSTRAINT embeddings_tenant_id_source_id_fkey FOREIGN KEY (tenant_id, source_id) REFERENCES core.documents(tenant_id, id);

ALTER TABLE ONLY core.gate_answers
    ADD CONSTRAINT gate_answers_tenant_id_answer_content_id_fkey FOREIGN KEY (tenant_id, answer_content_id) REFERENCES core.contents(tenant_id, id);

ALTER TABLE ONLY core.gate_answers
    ADD CONSTRAINT gate_answers_tenant_id_answered_by_fkey FOREIGN KEY (tenant_id, answered_by) REFERENCES core.members(tenant_id, user_id);

ALTER TABLE ONLY core.gate_answers
    ADD CONSTRAINT gate_answers_tenant_id_question_id_gate_id_fkey FOREIGN KEY (tenant_id, question_id, gate_id) REFERENCES core.gate_questions(tenant_id, id, gate_id);

ALTER TABLE ONLY core.gate_claims
    ADD CONSTRAINT gate_claims_tenant_id_gate_id_fkey FOREIGN KEY (tenant_id, gate_id) REFERENCES core.gates(tenant_id, id);

ALTER TABLE ONLY core.gate_claims
    ADD CONSTRAINT gate_claims_tenant_id_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES core.members(tenant_id, user_id);

ALTER TABLE ONLY core.gate_comments
    ADD CONSTRAINT gate_comments_tenant_id_comment_content_id_fkey FOREIGN KEY (tenant_id, comment_content_id) REFERENCES core.contents(tenant_id, id);

ALTER TABLE ONLY core.gate_comments
    ADD CONSTRAINT gate_comments_tenant_id_gate_id_fkey FOREIGN KEY (tenant_id, gate_id) REFERENCES core.gates(tenant_id, id);

ALTER TABLE ONLY core.gate_comments
    ADD CONSTRAINT gate_comments_tenant_id_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES core.members(tenant_id, user_id);

ALTER TABLE ONLY core.gate_handovers
    ADD CONSTRAINT gate_handovers_tenant_id_by_user_id_fkey FOREIGN KEY (tenant_id, by_user_id) REFERENCES core.members(tenant_id, user_id);

ALTER TABLE ONLY core.gate_handovers
    ADD CONSTRAINT gate_handovers_tenant_id_from_user_id_fkey FOREIGN KEY (tenant_id, from_user_id) REFERENCES core.members(tenant_id, user_id);

ALTER TABLE ONLY core.gate_handovers
    ADD CONSTRAINT gate_handovers_tenant_id_gate_id_fkey FOREIGN KEY (tenant_id, gate_id) REFERENCES core.gates(tenant_id, id);

ALTER TABLE ONLY core.gate_handovers
    ADD CONSTRAINT gate_handovers_tenant_id_reason_content_id_fkey FOREIGN KEY (tenant_id, reason_content_id) REFERENCES core.contents(tenant_id, id);

ALTER TABLE ONLY core.gate_handovers
    ADD CONSTRAINT gate_handovers_tenant_id_to_user_id_fkey FOREIGN KEY (tenant_id, to_user_id) REFERENCES core.members(tenant_id, user_id);

ALTER TABLE ONLY core.gate_instants
    ADD CONSTRAINT gate_instants_tenant_id_gate_id_fkey FOREIGN KEY (tenant_id, gate_id) REFERENCES core.gates(tenant_id, id);

ALTER TABLE ONLY core.gate_outcomes
    ADD CONSTRAINT gate_outcomes_tenant_id_actor_user_id_fkey FOREIGN KEY (tenant_id, actor_user_id) REFERENCES core.members(tenant_id, user_id);

ALTER TABLE ONLY core.gate_outcomes
    ADD CONSTRAINT gate_outcomes_tenant_id_decision_id_gate_id_fkey FOREIGN KEY (tenant_id, decision_id, gate_id) REFERENCES core.decisions(tenant_id, id, gate_id);

ALTER TABLE ONLY core.gate_outcomes
    ADD CONSTRAINT gate_outcomes_tenant_id_gate_id_fkey FOREIGN KEY (tenant_id, gate_id) REFERENCES core.gates(tenant_id, id);

ALTER TABLE ONLY core.gate_questions
    ADD CONSTRAINT gate_questions_tenant_id_asked_by_fkey FOREIGN KEY (tenant_id, asked_by) REFERENCES core.members(tenant_id, user_id);

ALTER TABLE ONLY core.gate_questions
    ADD CONSTRAINT gate_questions_tenant_id_gate_id_fkey FOREIGN KEY (tenant_id, gate_id) REFERENCES core.gates(tenant_id, id);

ALTER TABLE ONLY core.gate_questions
    ADD CONSTRAINT gate_questions_tenant_id_question_content_id_fkey FOREIGN KEY (tenant_id, question_content_id) REFERENCES core.contents(tenant_id, id);

ALTER TABLE ONLY core.gate_record_types
    ADD CONSTRAINT gate_record_types_record_type_fkey FOREIGN KEY (record_type) REFERENCES core.record_types(name);

ALTER TABLE ONLY core.gate_record_types
    ADD CONSTRAINT gate_record_types_tenant_id_gate_id_fkey FOREIGN KEY (tenant_id, gate_id) REFERENCES core.gates(tenant_id, id);

ALTER TABLE ONLY core.gate_recusals
    ADD CONSTRAINT gate_recusals_tenant_id_gate_id_fkey FOREIGN KEY (tenant_id, gate_id) REFERENCES core.gates(tenant_id, id);

ALTER TABLE ONLY core.gate_recusals
    ADD CONSTRAINT gate_recusals_tenant_id_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES core.members(tenant_id, user_id);

ALTER TABLE ONLY core.gate_versions
    ADD CONSTRAINT gate_versions_tenant_id_gate_id_fkey FOREIGN KEY (tenant_id, gate_id) REFERENCES core.gates(tenant_id, id);

ALTER TABLE ONLY core.gate_versions
    ADD CONSTRAINT gate_versions_tenant_id_policy_version_fkey FOREIGN KEY (tenant_id, policy_version) REFERENCES core.ai_policy_controls(tenant_id, version);

ALTER TABLE ONLY core.gate_views
    ADD CONSTRAINT gate_views_tenant_id_gate_id_fkey FOREIGN KEY (tenant_id, gate_id) REFERENCES core.gates(tenant_id, id);

ALTER TABLE ONLY core.gate_views
    ADD CONSTRAINT gate_views_tenant_id_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES core.members(tenant_id, user_id);

ALTER TABLE ONLY core.gate_views
    ADD CONSTRAINT gate_views_tenant_id_view_content_id_fkey FOREIGN KEY (tenant_id, view_content_id) REFERENCES core.contents(tenant_id, id);

ALTER TABLE ONLY core.gates
    ADD CONSTRAINT gates_tenant_id_claimed_by_fkey FOREIGN KEY (tenant_id, claimed_by) REFERENCES core.members(tenant_id, user_id);

ALTER TABLE ONLY core.gates
    ADD CONSTRAINT gates_tenant_id_proposal_id_record_class_fkey FOREIGN KEY (tenant_id, proposal_id, record_class) REFERENCES core.proposals(tenant_id, id, record_class);

ALTER TABLE ONLY core.gates
    ADD CONSTRAINT gates_tenant_id_question_content_id_fkey FOREIGN KEY (tenant_id, question_content_id) REFERENCES core.contents(tenant_id, id);

ALTER TABLE ONLY core.gates
    ADD CONSTRAINT gates_tenant_id_run_id_fkey FOREIGN KEY (tenant_id, run_id) REFERENCES core.runs(tenant_id, id);

ALTER TABLE ONLY core.grant_keys
    ADD CONSTRAINT grant_keys_tenant_id_ledger_seq_fkey FOREIGN KEY (tenant_id, ledger_seq) REFERENCES core.credit_ledger(tenant_id, seq);

ALTER TABLE ONLY core.intent_outcomes
    ADD CONSTRAINT intent_outcomes_tenant_id_decision_id_fkey FOREIGN KEY (tenant_id, decision_id) REFERENCES core.decisions(tenant_id, id);

ALTER TABLE ONLY core.intent_outcomes
    ADD CONSTRAINT intent_outcomes_tenant_id_intent_id_fkey FOREIGN KEY (tenant_id, intent_id) REFERENCES core.intents(tenant_id, id);

ALTER TABLE ONLY core.intents
    ADD CONSTRAINT intents_tenant_id_actor_user_id_fkey FOREIGN KEY (tenant_id, actor_user_id) REFERENCES core.members(tenant_id, user_id);

ALTER TABLE ONLY core.intents
    ADD CONSTRAINT intents_tenant_id_delegation_id_on_behalf_of_fkey FOREIGN KEY (tenant_id, delegation_id, on_behalf_of) REFERENCES core.delegations(tenant_id, id, delegator_user_id);

ALTER TABLE ONLY core.intents
    ADD CONSTRAINT intents_tenant_id_edits_content_id_fkey FOREIGN KEY (tenant_id, edits_content_id) REFERENCES core.contents(tenant_id, id);

ALTER TABLE ONLY core.intents
    ADD CONSTRAINT intents_tenant_id_gate_id_fkey FOREIGN KEY (tenant_id, gate_id) REFERENCES core.gates(tenant_id, id);

ALTER TABLE ONLY core.intents
    ADD CONSTRAINT intents_tenant_id_gate_id_record_type_fkey FOREIGN KEY (tenant_id, gate_id, record_type) REFERENCES core.gate_record_types(tenant_id, gate_id, record_type);

ALTER TABLE ONLY core.intents
    ADD CONSTRAINT intents_tenant_id_key_id_fkey FOREIGN KEY (tenant_id, key_id) REFERENCES core.api_keys(tenant_id, id);

ALTER TABLE ONLY core.intents
    ADD CONSTRAINT intents_tenant_id_rationale_content_id_fkey FOREIGN KEY (tenant_id, rationale_content_id) REFERENCES core.contents(tenant_id, id);

ALTER TABLE ONLY core.intents
    ADD CONSTRAINT intents_tenant_id_reauthentication_id_gate_id_actor_user_i_fkey FOREIGN KEY (tenant_id, reauthentication_id, gate_id, actor_user_id) REFERENCES core.reauthentications(tenant_id, id, gate_id, actor_user_id);

ALTER TABLE ONLY core.key_directory
    ADD CONSTRAINT key_directory_tenant_id_key_id_fkey FOREIGN KEY (tenant_id, key_id) REFERENCES core.api_keys(tenant_id, id);

ALTER TABLE ONLY core.known_values
    ADD CONSTRAINT known_values_tenant_id_content_id_fkey FOREIGN KEY (tenant_id, content_id) REFERENCES core.contents(tenant_id, id);

ALTER TABLE ONLY core.known_values
    ADD CONSTRAINT known_values_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES core.tenants(id);

ALTER TABLE ONLY core.mail_attempts
    ADD CONSTRAINT mail_attempts_tenant_id_mail_id_fkey FOREIGN KEY (tenant_id, mail_id) REFERENCES core.mails(tenant_id, id);

ALTER TABLE ONLY core.mail_notices
    ADD CONSTRAINT mail_notices_tenant_id_mail_id_fkey FOREIGN KEY (tenant_id, mail_id) REFERENCES core.mails(tenant_id, id);

ALTER TABLE ONLY core.mail_notices
    ADD CONSTRAINT mail_notices_tenant_id_outbox_id_fkey FOREIGN KEY (tenant_id, outbox_id) REFERENCES core.outbox(tenant_id, id);

ALTER TABLE ONLY core.mail_preferences
    ADD CONSTRAINT mail_preferences_tenant_id_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES core.members(tenant_id, user_id);

ALTER TABLE ONLY core.mails
    ADD CONSTRAINT mails_tenant_id_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES core.members(tenant_id, user_id);

ALTER TABLE ONLY core.members
    ADD CONSTRAINT members_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES core.tenants(id);

ALTER TABLE ONLY core.memories
    ADD CONSTRAINT memories_tenant_id_content_id_fkey FOREIGN KEY (tenant_id, content_id) REFERENCES core.contents(tenant_id, id);

ALTER TABLE ONLY core.memories
    ADD CONSTRAINT memories_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES core.tenants(id);

ALTER TABLE ONLY core.passages
    ADD CONSTRAINT passages_tenant_id_document_id_fkey FOREIGN KEY (tenant_id, document_id) REFERENCES core.documents(tenant_id, id);

ALTER TABLE ONLY core.printed_names
    ADD CONSTRAINT printed_names_tenant_id_content_id_fkey FOREIGN KEY (tenant_id, content_id) REFERENCES core.contents(tenant_id, id);

ALTER TABLE ONLY core.printed_names
    ADD CONSTRAINT printed_names_tenant_id_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES core.members(tenant_id, user_id);

ALTER TABLE ONLY core.privileging_recommendation_log
    ADD CONSTRAINT privileging_recommendation_log_tenant_id_ai_run_id_fkey FOREIGN KEY (tenant_id, ai_run_id) REFERENCES core.ai_runs(tenant_id, id);

ALTER TABLE ONLY core.privileging_recommendation_log
    ADD CONSTRAINT privileging_recommendation_log_tenant_id_proposal_id_fkey FOREIGN KEY (tenant_id, proposal_id) REFERENCES core.proposals(tenant_id, id);

ALTER TABLE ONLY core.privileging_recommendation_log
    ADD CONSTRAINT privileging_recommendation_log_tenant_id_run_id_fkey FOREIGN KEY (tenant_id, run_id) REFERENCES core.runs(tenant_id, id);

ALTER TABLE ONLY core.proposals
    ADD CONSTRAINT proposals_record_type_record_class_fkey FOREIGN KEY (record_type, record_class) REFERENCES core.record_types(name, class);

ALTER TABLE ONLY core.proposals
    ADD CONSTRAINT proposals_tenant_id_ai_run_id_fkey FOREIGN KEY (tenant_id, ai_run_id) REFERENCES core.ai_runs(tenant_id, id);

ALTER TABLE ONLY core.proposals
    ADD CONSTRAINT proposals_tenant_id_payload_content_id_fkey FOREIGN KEY (tenant_id, payload_content_id) REFERENCES core.contents(tenant_id, id);

ALTER TABLE ONLY core.proposals
    ADD CONSTRAINT proposals_tenant_id_possible_duplicate_of_fkey FOREIGN KEY (tenant_id, possible_duplicate_of) REFERENCES core.proposals(tenant_id, id);

ALTER TABLE ONLY core.proposals
    ADD CONSTRAINT proposals_tenant_id_run_id_fkey FOREIGN KEY (tenant_id, run_id) REFERENCES core.runs(tenant_id, id);

ALTER TABLE ONLY core.purpose_record_types
    ADD CONSTRAINT purpose_record_types_purpose_purpose_version_fkey FOREIGN KEY (purpose, purpose_version) REFERENCES core.purposes(name, version);

ALTER TABLE ONLY core.purpose_record_types
    ADD CONSTRAINT purpose_record_types_record_type_fkey FOREIGN KEY (record_type) REFERENCES core.record_types(name);

ALTER TABLE ONLY core.purposes
    ADD CONSTRAINT purposes_manual_record_type_fkey FOREIGN KEY (manual_record_type) REFERENCES core.record_types(name);

ALTER TABLE ONLY core.reauthentications
    ADD CONSTRAINT reauthentications_tenant_id_actor_user_id_fkey FOREIGN KEY (tenant_id, actor_user_id) REFERENCES core.members(tenant_id, user_id);

ALTER TABLE ONLY core.reauthentications
    ADD CONSTRAINT reauthentications_tenant_id_gate_id_fkey FOREIGN KEY (tenant_id, gate_id) REFERENCES core.gates(tenant_id, id);

ALTER TABLE ONLY core.reauthentications
    ADD CONSTRAINT reauthentications_tenant_id_key_id_fkey FOREIGN KEY (tenant_id, key_id) REFERENCES core.api_keys(tenant_id, id);

ALTER TABLE ONLY core.records
    ADD CONSTRAINT records_record_type_fkey FOREIGN KEY (record_type) REFERENCES core.record_types(name);

ALTER TABLE ONLY core.records
    ADD CONSTRAINT records_tenant_id_compensates_record_id_fkey FOREIGN KEY (tenant_id, compensates_record_id) REFERENCES core.records(tenant_id, id);

ALTER TABLE ONLY core.records
    ADD CONSTRAINT records_tenant_id_content_id_fkey FOREIGN KEY (tenant_id, content_id) REFERENCES core.contents(tenant_id, id);

ALTER TABLE ONLY core.records
    ADD CONSTRAINT records_tenant_id_decision_id_gate_id_fkey FOREIGN KEY (tenant_id, decision_id, gate_id) REFERENCES core.decisions(tenant_id, id, gate_id);

ALTER TABLE ONLY core.records
    ADD CONSTRAINT records_tenant_id_proposal_id_fkey FOREIGN KEY (tenant_id, proposal_id) REFERENCES core.proposals(tenant_id, id);

ALTER TABLE ONLY core.records
    ADD CONSTRAINT records_tenant_id_run_id_fkey FOREIGN KEY (tenant_id, run_id) REFERENCES core.runs(tenant_id, id);

ALTER TABLE ONLY core.reidentifications
    ADD CONSTRAINT reidentifications_tenant_id_content_id_fkey FOREIGN KEY (tenant_id, content_id) REFERENCES core.contents(tenant_id, id);

ALTER TABLE ONLY core.reidentifications
    ADD CONSTRAINT reidentifications_tenant_id_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES core.members(tenant_id, user_id);

ALTER TABLE ONLY core.replays
    ADD CONSTRAINT replays_tenant_id_replay_call_id_fkey FOREIGN KEY (tenant_id, replay_call_id) REFERENCES core.ai_runs(tenant_id, id);

ALTER TABLE ONLY core.replays
    ADD CONSTRAINT replays_tenant_id_requested_by_fkey FOREIGN KEY (tenant_id, requested_by) REFERENCES core.members(tenant_id, user_id);

ALTER TABLE ONLY core.replays
    ADD CONSTRAINT replays_tenant_id_run_id_call_id_fkey FOREIGN KEY (tenant_id, run_id, call_id) REFERENCES core.run_calls(tenant_id, run_id, ai_run_id);

ALTER TABLE ONLY core.run_calls
    ADD CONSTRAINT run_calls_tenant_id_ai_run_id_fkey FOREIGN KEY (tenant_id, ai_run_id) REFERENCES core.ai_runs(tenant_id, id);

ALTER TABLE ONLY core.run_calls
    ADD CONSTRAINT run_calls_tenant_id_run_id_fkey FOREIGN KEY (tenant_id, run_id) REFERENCES core.runs(tenant_id, id);

ALTER TABLE ONLY core.run_keys
    ADD CONSTRAINT run_keys_tenant_id_run_id_fkey FOREIGN KEY (tenant_id, run_id) REFERENCES core.runs(tenant_id, id);

ALTER TABLE ONLY core.run_passages
    ADD CONSTRAINT run_passages_tenant_id_run_id_fkey FOREIGN KEY (tenant_id, run_id) REFERENCES core.runs(tenant_id, id);

ALTER TABLE ONLY core.runs
    ADD CONSTRAINT runs_by_hand_record_type_fkey FOREIGN KEY (by_hand_record_type) REFERENCES core.record_types(name);

ALTER TABLE ONLY core.runs
    ADD CONSTRAINT runs_purpose_purpose_version_fkey FOREIGN KEY (purpose, purpose_version) REFERENCES core.purposes(name, version);

ALTER TABLE ONLY core.runs
    ADD CONSTRAINT runs_tenant_id_by_hand_of_fkey FOREIGN KEY (tenant_id, by_hand_of) REFERENCES core.runs(tenant_id, id);

ALTER TABLE ONLY core.runs
    ADD CONSTRAINT runs_tenant_id_compensates_record_id_fkey FOREIGN KEY (tenant_id, compensates_record_id) REFERENCES core.records(tenant_id, id);

ALTER TABLE ONLY core.runs
    ADD CONSTRAINT runs_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES core.tenants(id);

ALTER TABLE ONLY core.runs
    ADD CONSTRAINT runs_tenant_id_input_content_id_fkey FOREIGN KEY (tenant_id, input_content_id) REFERENCES core.contents(tenant_id, id);

ALTER TABLE ONLY core.runs
    ADD CONSTRAINT runs_tenant_id_prompt_content_id_fkey FOREIGN KEY (tenant_id, prompt_content_id) REFERENCES core.contents(tenant_id, id);

ALTER TABLE ONLY core.runs
    ADD CONSTRAINT runs_tenant_id_requested_by_fkey FOREIGN KEY (tenant_id, requested_by) REFERENCES core.members(tenant_id, user_id);

ALTER TABLE ONLY core.runs
    ADD CONSTRAINT runs_tenant_id_resend_of_fkey FOREIGN KEY (tenant_id, resend_of) REFERENCES core.runs(tenant_id, id);

ALTER TABLE ONLY core.runs
    ADD CONSTRAINT runs_tenant_id_subject_user_id_fkey FOREIGN KEY (tenant_id, subject_user_id) REFERENCES core.members(tenant_id, user_id);

ALTER TABLE ONLY core.runs
    ADD CONSTRAINT runs_tenant_id_withdrawn_by_fkey FOREIGN KEY (tenant_id, withdrawn_by) REFERENCES core.members(tenant_id, user_id);

ALTER TABLE ONLY core.scrub_tokens
    ADD CONSTRAINT scrub_tokens_tenant_id_run_id_fkey FOREIGN KEY (tenant_id, run_id) REFERENCES core.runs(tenant_id, id);

ALTER TABLE ONLY core.source_receipts
    ADD CONSTRAINT source_receipts_tenant_id_content_id_fkey FOREIGN KEY (tenant_id, content_id) REFERENCES core.contents(tenant_id, id);

ALTER TABLE ONLY core.source_receipts
    ADD CONSTRAINT source_receipts_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES core.tenants(id);

ALTER TABLE ONLY core.subject_members
    ADD CONSTRAINT subject_members_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES core.tenants(id);

ALTER TABLE ONLY core.subject_members
    ADD CONSTRAINT subject_members_tenant_id_run_id_fkey FOREIGN KEY (tenant_id, run_id) REFERENCES core.runs(tenant_id, id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY core.subject_members
    ADD CONSTRAINT subject_members_tenant_id_set_by_fkey FOREIGN KEY (tenant_id, set_by) REFERENCES core.members(tenant_id, user_id);

ALTER TABLE ONLY core.subject_members
    ADD CONSTRAINT subject_members_tenant_id_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES core.members(tenant_id, user_id);

ALTER TABLE ONLY core.tenant_directory
    ADD CONSTRAINT tenant_directory_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES core.tenants(id);

ALTER TABLE ONLY core.tenant_secrets
    ADD CONSTRAINT tenant_secrets_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES core.tenants(id);

ALTER TABLE ONLY core.told_tenants
    ADD CONSTRAINT told_tenants_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES core.tenants(id);

ALTER TABLE ONLY core.webhook_attempts
    ADD CONSTRAINT webhook_attempts_tenant_id_delivery_id_fkey FOREIGN KEY (tenant_id, delivery_id) REFERENCES core.webhook_deliveries(tenant_id, id);

ALTER TABLE ONLY core.webhook_deliveries
    ADD CONSTRAINT webhook_deliveries_tenant_id_endpoint_id_fkey FOREIGN KEY (tenant_id, endpoint_id) REFERENCES core.webhook_endpoints(tenant_id, id);

ALTER TABLE ONLY core.webhook_deliveries
    ADD CONSTRAINT webhook_deliveries_tenant_id_outbox_id_fkey FOREIGN KEY (tenant_id, outbox_id) REFERENCES core.outbox(tenant_id, id);

ALTER TABLE ONLY core.webhook_endpoints
    ADD CONSTRAINT webhook_endpoints_tenant_id_created_by_fkey FOREIGN KEY (tenant_id, created_by) REFERENCES core.members(tenant_id, user_id);

ALTER TABLE ONLY core.webhook_endpoints
    ADD CONSTRAINT webhook_endpoints_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES core.tenants(id);

ALTER TABLE ONLY core.webhook_secrets
    ADD CONSTRAINT webhook_secrets_sealing_key_id_fkey FOREIGN KEY (sealing_key_id) REFERENCES core.sealing_keys(id);

ALTER TABLE ONLY core.webhook_secrets
    ADD CONSTRAINT webhook_secrets_tenant_id_endpoint_id_fkey FOREIGN KEY (tenant_id, endpoint_id) REFERENCES core.webhook_endpoints(tenant_id, id);

ALTER TABLE ONLY core.worker_trust_records
    ADD CONSTRAINT worker_trust_records_tenant_id_approved_by_decision_id_fkey FOREIGN KEY (tenant_id, approved_by_decision_id) REFERENCES core.decisions(tenant_id, id);

ALTER TABLE ONLY core.worker_trust_records
    ADD CONSTRAINT worker_trust_records_tenant_id_fact_content_id_fkey FOREIGN KEY (tenant_id, fact_content_id) REFERENCES core.contents(tenant_id, id);

ALTER TABLE ONLY core.worker_trust_records
    ADD CONSTRAINT worker_trust_records_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES core.tenants(id);

ALTER TABLE ONLY core.worker_trust_records
    ADD CONSTRAINT worker_trust_records_tenant_id_retracted_by_decision_id_fkey FOREIGN KEY (tenant_id, retracted_by_decision_id) REFERENCES core.decisions(tenant_id, id);

ALTER TABLE ONLY core.worker_trust_records
    ADD CONSTRAINT worker_trust_records_tenant_id_source_receipt_id_subject_i_fkey FOREIGN KEY (tenant_id, source_receipt_id, subject_id) REFERENCES core.source_receipts(tenant_id, id, subject_id);

ALTER TABLE core.accounts ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.act_reviews ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.act_samples ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.agreement_days ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.ai_evals ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.ai_feedback ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.ai_policy_controls ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.ai_recommendations ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.ai_run_attempts ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.ai_runs ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.api_keys ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.assistant_drafts ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.audit_log ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.audit_pending ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.bulk_verdicts ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.chain_heads ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.contents ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.credit_ledger ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.data_keys ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.decisions ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.delegations ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.document_contents ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.documents ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.embeddings ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.gate_answers ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.gate_claims ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.gate_comments ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.gate_handovers ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.gate_instants ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.gate_outcomes ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.gate_questions ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.gate_record_types ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.gate_recusals ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.gate_versions ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.gate_views ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.gates ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.grant_keys ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.intent_outcomes ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.intents ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.known_values ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.mail_attempts ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.mail_notices ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.mail_preferences ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.mails ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.members ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.memories ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.outbox ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.pages ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.passages ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.printed_names ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.privileging_recommendation_log ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.proposals ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.reauthentications ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.records ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.reidentifications ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.replays ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.run_calls ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.run_keys ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.run_passages ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.runs ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.scrub_tokens ENABLE ROW LEVEL SECURITY;

CREATE POLICY shared_knowledge ON core.contents FOR SELECT USING (((tenant_id = '__global__'::text) AND (( SELECT app.tenant() AS tenant) IS NOT NULL)));

CREATE POLICY shared_knowledge ON core.document_contents FOR SELECT USING (((tenant_id = '__global__'::text) AND (( SELECT app.tenant() AS tenant) IS NOT NULL)));

CREATE POLICY shared_knowledge ON core.documents FOR SELECT USING (((tenant_id = '__global__'::text) AND (( SELECT app.tenant() AS tenant) IS NOT NULL)));

CREATE POLICY shared_knowledge ON core.embeddings FOR SELECT USING (((tenant_id = '__global__'::text) AND (( SELECT app.tenant() AS tenant) IS NOT NULL)));

CREATE POLICY shared_knowledge ON core.memories FOR SELECT USING (((tenant_id = '__global__'::text) AND (( SELECT app.tenant() AS tenant) IS NOT NULL)));

CREATE POLICY shared_knowledge ON core.passages FOR SELECT USING (((tenant_id = '__global__'::text) AND (( SELECT app.tenant() AS tenant) IS NOT NULL)));

ALTER TABLE core.source_receipts ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.subject_members ENABLE ROW LEVEL SECURITY;

CREATE POLICY tenant_only ON core.accounts USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.act_reviews USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.act_samples USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.agreement_days USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.ai_evals USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.ai_feedback USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.ai_policy_controls USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.ai_recommendations USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.ai_run_attempts USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.ai_runs USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.api_keys USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.assistant_drafts USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.audit_log USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.audit_pending USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.bulk_verdicts USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.chain_heads USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.contents USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.credit_ledger USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.data_keys USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.decisions USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.delegations USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.document_contents USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.documents USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.embeddings USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.gate_answers USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.gate_claims USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.gate_comments USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.gate_handovers USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.gate_instants USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.gate_outcomes USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.gate_questions USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.gate_record_types USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.gate_recusals USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.gate_versions USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.gate_views USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.gates USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.grant_keys USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.intent_outcomes USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.intents USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.known_values USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.mail_attempts USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.mail_notices USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.mail_preferences USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.mails USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.members USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.memories USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.outbox USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.pages USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.passages USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.printed_names USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.privileging_recommendation_log USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.proposals USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.reauthentications USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.records USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.reidentifications USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.replays USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.run_calls USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.run_keys USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.run_passages USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.runs USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.scrub_tokens USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.source_receipts USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.subject_members USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.tenant_secrets USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.tenants USING (((id = ( SELECT app.tenant() AS tenant)) OR (( SELECT app.tenant() AS tenant) = '__platform__'::text))) WITH CHECK ((( SELECT app.tenant() AS tenant) = '__platform__'::text));

CREATE POLICY tenant_only ON core.told_tenants USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.webhook_attempts USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.webhook_deliveries USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.webhook_endpoints USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.webhook_secrets USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

CREATE POLICY tenant_only ON core.worker_trust_records USING ((tenant_id = ( SELECT app.tenant() AS tenant))) WITH CHECK ((tenant_id = ( SELECT app.tenant() AS tenant)));

ALTER TABLE core.tenant_secrets ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.tenants ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.told_tenants ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.webhook_attempts ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.webhook_deliveries ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.webhook_endpoints ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.webhook_secrets ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.worker_trust_records ENABLE ROW LEVEL SECURITY;

GRANT USAGE ON SCHEMA app TO countersign_worker;
GRANT USAGE ON SCHEMA app TO countersign_api;
GRANT USAGE ON SCHEMA app TO countersign_adapter;
GRANT USAGE ON SCHEMA app TO countersign_auditor;
GRANT USAGE ON SCHEMA app TO countersign_backup;

GRANT USAGE ON SCHEMA core TO countersign_backup;

REVOKE ALL ON FUNCTION app.accept_compensation(p_key text, p_request text, p_record_id uuid, p_act text, p_payload text, p_reason text, p_actor_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.accept_compensation(p_key text, p_request text, p_record_id uuid, p_act text, p_payload text, p_reason text, p_actor_user_id uuid) TO countersign_api;

REVOKE ALL ON FUNCTION app.accept_replay(p_run_id uuid, p_call_id uuid, p_key text, p_actor_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.accept_replay(p_run_id uuid, p_call_id uuid, p_key text, p_actor_user_id uuid) TO countersign_api;

REVOKE ALL ON FUNCTION app.accept_run(p_route text, p_key text, p_request text, p_purpose text, p_input text, p_requested_by uuid, p_resend_of uuid, p_by_hand_of uuid, p_by_hand_record_type text) FROM PUBLIC;
GRANT ALL ON FUNCTION app.accept_run(p_route text, p_key text, p_request text, p_purpose text, p_input text, p_requested_by uuid, p_resend_of uuid, p_by_hand_of uuid, p_by_hand_record_type text) TO countersign_api;

REVOKE ALL ON FUNCTION app.acknowledge_page(p_page_id uuid, p_actor_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.acknowledge_page(p_page_id uuid, p_actor_user_id uuid) TO countersign_api;

REVOKE ALL ON FUNCTION app.acting_for(p_gate_id uuid, p_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.acting_for(p_gate_id uuid, p_user_id uuid) TO countersign_api;

REVOKE ALL ON FUNCTION app.add_document(p_key text, p_media_type text, p_title text, p_bytes bytea, p_actor_user_id uuid, p_source_type text) FROM PUBLIC;
GRANT ALL ON FUNCTION app.add_document(p_key text, p_media_type text, p_title text, p_bytes bytea, p_actor_user_id uuid, p_source_type text) TO countersign_api;

REVOKE ALL ON FUNCTION app.add_webhook(p_id uuid, p_url text, p_event_types text[], p_sealing_key_id text, p_sealed_secret bytea, p_actor_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.add_webhook(p_id uuid, p_url text, p_event_types text[], p_sealing_key_id text, p_sealed_secret bytea, p_actor_user_id uuid) TO countersign_api;

REVOKE ALL ON FUNCTION app.answer_question(p_gate_id uuid, p_question_id uuid, p_text text, p_actor_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.answer_question(p_gate_id uuid, p_question_id uuid, p_text text, p_actor_user_id uuid) TO countersign_api;

REVOKE ALL ON FUNCTION app.apply_intent(p_intent_id uuid, p_named text) FROM PUBLIC;
GRANT ALL ON FUNCTION app.apply_intent(p_intent_id uuid, p_named text) TO countersign_worker;

REVOKE ALL ON FUNCTION app.ask_requester(p_gate_id uuid, p_text text, p_actor_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.ask_requester(p_gate_id uuid, p_text text, p_actor_user_id uuid) TO countersign_api;

REVOKE ALL ON FUNCTION app.asks_otherwise(p_run_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.asks_otherwise(p_run_id uuid) TO countersign_worker;

REVOKE ALL ON FUNCTION app.authenticate(p_key_id text, p_secret_sha256 bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION app.authenticate(p_key_id text, p_secret_sha256 bytea) TO countersign_api;

REVOKE ALL ON FUNCTION app.begin_call(p_run_id uuid, p_kind text, p_call_key bytea, p_text text, p_vendor text, p_model text, p_region text) FROM PUBLIC;
GRANT ALL ON FUNCTION app.begin_call(p_run_id uuid, p_kind text, p_call_key bytea, p_text text, p_vendor text, p_model text, p_region text) TO countersign_worker;

REVOKE ALL ON FUNCTION app.begin_delivery(p_delivery_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.begin_delivery(p_delivery_id uuid) TO countersign_worker;

REVOKE ALL ON FUNCTION app.begin_mail(p_mail_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.begin_mail(p_mail_id uuid) TO countersign_worker;

REVOKE ALL ON FUNCTION app.begin_passage(p_passage_id uuid, p_call_key bytea, p_text text, p_vendor text, p_model text, p_region text) FROM PUBLIC;
GRANT ALL ON FUNCTION app.begin_passage(p_passage_id uuid, p_call_key bytea, p_text text, p_vendor text, p_model text, p_region text) TO countersign_worker;

REVOKE ALL ON FUNCTION app.begin_replay(p_replay_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.begin_replay(p_replay_id uuid) TO countersign_worker;

REVOKE ALL ON FUNCTION app.blind_gates(p_user_id uuid, p_run_ids uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION app.blind_gates(p_user_id uuid, p_run_ids uuid[]) TO countersign_api;

REVOKE ALL ON FUNCTION app.canonical_json(value jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION app.change_webhook(p_id uuid, p_event_types text[], p_state text, p_actor_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.change_webhook(p_id uuid, p_event_types text[], p_state text, p_actor_user_id uuid) TO countersign_api;

REVOKE ALL ON FUNCTION app.claim_gate(p_gate_id uuid, p_actor_user_id uuid, p_lease interval) FROM PUBLIC;
GRANT ALL ON FUNCTION app.claim_gate(p_gate_id uuid, p_actor_user_id uuid, p_lease interval) TO countersign_api;

REVOKE ALL ON FUNCTION app.close_document(p_document_id uuid, p_model text, p_code text, p_final boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION app.close_document(p_document_id uuid, p_model text, p_code text, p_final boolean) TO countersign_worker;

REVOKE ALL ON FUNCTION app.close_replay(p_replay_id uuid, p_result jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION app.close_replay(p_replay_id uuid, p_result jsonb) TO countersign_worker;

REVOKE ALL ON FUNCTION app.close_run(p_run_id uuid, p_code text) FROM PUBLIC;
GRANT ALL ON FUNCTION app.close_run(p_run_id uuid, p_code text) TO countersign_worker;

REVOKE ALL ON FUNCTION app.comment_on_gate(p_gate_id uuid, p_text text, p_actor_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.comment_on_gate(p_gate_id uuid, p_text text, p_actor_user_id uuid) TO countersign_api;

REVOKE ALL ON FUNCTION app.count_agreement() FROM PUBLIC;
GRANT ALL ON FUNCTION app.count_agreement() TO countersign_worker;

REVOKE ALL ON FUNCTION app.create_delegation(p_delegator_user_id uuid, p_delegate_user_id uuid, p_roles text[], p_from timestamp with time zone, p_until timestamp with time zone, p_reason text, p_actor_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.create_delegation(p_delegator_user_id uuid, p_delegate_user_id uuid, p_roles text[], p_from timestamp with time zone, p_until timestamp with time zone, p_reason text, p_actor_user_id uuid) TO countersign_api;

REVOKE ALL ON FUNCTION app.create_key(p_id text, p_user_id uuid, p_label text, p_secret_sha256 bytea, p_auth_method text, p_expires_at timestamp with time zone, p_actor_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.create_key(p_id text, p_user_id uuid, p_label text, p_secret_sha256 bytea, p_auth_method text, p_expires_at timestamp with time zone, p_actor_user_id uuid) TO countersign_api;

REVOKE ALL ON FUNCTION app.create_tenant(p_id text, p_kind text, p_name text, p_currency text, p_units text, p_time_zone text, p_places text[], p_actor_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.create_tenant(p_id text, p_kind text, p_name text, p_currency text, p_units text, p_time_zone text, p_places text[], p_actor_user_id uuid) TO countersign_api;

REVOKE ALL ON FUNCTION app.delete_document(p_document_id uuid, p_actor_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.delete_document(p_document_id uuid, p_actor_user_id uuid) TO countersign_api;

REVOKE ALL ON FUNCTION app.dispatch_notice(p_outbox_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.dispatch_notice(p_outbox_id uuid) TO countersign_worker;

REVOKE ALL ON FUNCTION app.due_work(p_kind text, p_limit integer, p_lease interval) FROM PUBLIC;
GRANT ALL ON FUNCTION app.due_work(p_kind text, p_limit integer, p_lease interval) TO countersign_worker;

REVOKE ALL ON FUNCTION app.effective_autonomy(p_tier text, p_class text, p_listed boolean, p_override text, p_paused boolean) FROM PUBLIC;

REVOKE ALL ON FUNCTION app.finish_call(p_ai_run_id uuid, p_attempt integer, p_result jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION app.finish_call(p_ai_run_id uuid, p_attempt integer, p_result jsonb) TO countersign_worker;

REVOKE ALL ON FUNCTION app.finish_delivery(p_delivery_id uuid, p_attempt integer, p_code text, p_status integer, p_retry_after_seconds integer) FROM PUBLIC;
GRANT ALL ON FUNCTION app.finish_delivery(p_delivery_id uuid, p_attempt integer, p_code text, p_status integer, p_retry_after_seconds integer) TO countersign_worker;

REVOKE ALL ON FUNCTION app.finish_mail(p_mail_id uuid, p_attempt integer, p_code text, p_status integer) FROM PUBLIC;
GRANT ALL ON FUNCTION app.finish_mail(p_mail_id uuid, p_attempt integer, p_code text, p_status integer) TO countersign_worker;

REVOKE ALL ON FUNCTION app.finish_passage(p_passage_id uuid, p_ai_run_id uuid, p_attempt integer, p_embedding text, p_result jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION app.finish_passage(p_passage_id uuid, p_ai_run_id uuid, p_attempt integer, p_embedding text, p_result jsonb) TO countersign_worker;

REVOKE ALL ON FUNCTION app.gate_agreement(p_gate_id uuid, p_floors integer[], p_days integer, p_decided_min bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION app.gate_agreement(p_gate_id uuid, p_floors integer[], p_days integer, p_decided_min bigint) TO countersign_api;

REVOKE ALL ON FUNCTION app.gate_refusal(p_gate_id uuid, p_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.gate_refusal(p_gate_id uuid, p_user_id uuid) TO countersign_api;

REVOKE ALL ON FUNCTION app.give_feedback(p_run_id uuid, p_thumb text, p_comment text, p_actor_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.give_feedback(p_run_id uuid, p_thumb text, p_comment text, p_actor_user_id uuid) TO countersign_api;

REVOKE ALL ON FUNCTION app.give_up_call(p_run_id uuid, p_kind text, p_code text) FROM PUBLIC;
GRANT ALL ON FUNCTION app.give_up_call(p_run_id uuid, p_kind text, p_code text) TO countersign_worker;

REVOKE ALL ON FUNCTION app.grant_credits(p_amount bigint, p_key text, p_platform_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.grant_credits(p_amount bigint, p_key text, p_platform_user_id uuid) TO countersign_api;

REVOKE ALL ON FUNCTION app.hand_mail(p_mail_id uuid, p_attempt integer) FROM PUBLIC;
GRANT ALL ON FUNCTION app.hand_mail(p_mail_id uuid, p_attempt integer) TO countersign_worker;

REVOKE ALL ON FUNCTION app.hasten_work(p_tenant_ids text[], p_run_ids uuid[], p_ended_at timestamp with time zone[]) FROM PUBLIC;
GRANT ALL ON FUNCTION app.hasten_work(p_tenant_ids text[], p_run_ids uuid[], p_ended_at timestamp with time zone[]) TO countersign_worker;

REVOKE ALL ON FUNCTION app.import_trust_record(p_id uuid, p_subject_id text, p_kind text, p_fact text, p_tier integer) FROM PUBLIC;
GRANT ALL ON FUNCTION app.import_trust_record(p_id uuid, p_subject_id text, p_kind text, p_fact text, p_tier integer) TO countersign_adapter;

REVOKE ALL ON FUNCTION app.lacks_people(p_run_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.lacks_people(p_run_id uuid) TO countersign_worker;

REVOKE ALL ON FUNCTION app.large_tenants(p_vectors_min bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION app.load_answer(p_run_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.load_answer(p_run_id uuid) TO countersign_worker;

REVOKE ALL ON FUNCTION app.load_document(p_document_id uuid, p_model text, p_known_mark text) FROM PUBLIC;
GRANT ALL ON FUNCTION app.load_document(p_document_id uuid, p_model text, p_known_mark text) TO countersign_worker;

REVOKE ALL ON FUNCTION app.load_judged_answers(p_since timestamp with time zone, p_after uuid, p_purpose text, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION app.load_judged_answers(p_since timestamp with time zone, p_after uuid, p_purpose text, p_limit integer) TO countersign_worker;

REVOKE ALL ON FUNCTION app.load_run(p_run_id uuid, p_known_mark text) FROM PUBLIC;
GRANT ALL ON FUNCTION app.load_run(p_run_id uuid, p_known_mark text) TO countersign_worker;

REVOKE ALL ON FUNCTION app.new_id() FROM PUBLIC;

REVOKE ALL ON FUNCTION app.note_altered(p_content_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.note_altered(p_content_id uuid) TO countersign_worker;
GRANT ALL ON FUNCTION app.note_altered(p_content_id uuid) TO countersign_api;

REVOKE ALL ON FUNCTION app.note_reidentified(p_content_ids uuid[], p_actor_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.note_reidentified(p_content_ids uuid[], p_actor_user_id uuid) TO countersign_api;

REVOKE ALL ON FUNCTION app.note_vendor(p_vendor text, p_model text, p_region text, p_answered boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION app.note_vendor(p_vendor text, p_model text, p_region text, p_answered boolean) TO countersign_worker;

REVOKE ALL ON FUNCTION app.now() FROM PUBLIC;
GRANT ALL ON FUNCTION app.now() TO countersign_worker;
GRANT ALL ON FUNCTION app.now() TO countersign_api;
GRANT ALL ON FUNCTION app.now() TO countersign_adapter;
GRANT ALL ON FUNCTION app.now() TO countersign_auditor;

REVOKE ALL ON FUNCTION app.open_tenant(p_daily_token_budget_nano_usd bigint, p_actor_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.open_tenant(p_daily_token_budget_nano_usd bigint, p_actor_user_id uuid) TO countersign_api;

REVOKE ALL ON FUNCTION app.page_stuck_step(p_run_id uuid, p_step text, p_code text) FROM PUBLIC;
GRANT ALL ON FUNCTION app.page_stuck_step(p_run_id uuid, p_step text, p_code text) TO countersign_worker;

REVOKE ALL ON FUNCTION app.ping_webhook(p_id uuid, p_actor_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.ping_webhook(p_id uuid, p_actor_user_id uuid) TO countersign_api;

REVOKE ALL ON FUNCTION app.purposes_in_use() FROM PUBLIC;
GRANT ALL ON FUNCTION app.purposes_in_use() TO countersign_worker;

REVOKE ALL ON FUNCTION app.put_sealing_key(p_id text, p_public_key bytea, p_master_key_id text, p_wrapped_key bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION app.put_sealing_key(p_id text, p_public_key bytea, p_master_key_id text, p_wrapped_key bytea) TO countersign_worker;

REVOKE ALL ON FUNCTION app.read_content(p_content_id uuid, p_actor_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.read_content(p_content_id uuid, p_actor_user_id uuid) TO countersign_api;
GRANT ALL ON FUNCTION app.read_content(p_content_id uuid, p_actor_user_id uuid) TO countersign_auditor;

REVOKE ALL ON FUNCTION app.reassign_gate(p_gate_id uuid, p_to uuid, p_reason text, p_lease interval, p_actor_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.reassign_gate(p_gate_id uuid, p_to uuid, p_reason text, p_lease interval, p_actor_user_id uuid) TO countersign_api;

REVOKE ALL ON FUNCTION app.reauthenticate(p_gate_id uuid, p_secret bytea, p_gate_version integer, p_proposal_hash bytea, p_shown_hash bytea, p_verdict text, p_disposition text, p_reason_code text, p_rationale text, p_rationale_parts jsonb, p_edits text, p_record_type text, p_on_behalf_of uuid, p_key_id text, p_actor_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.reauthenticate(p_gate_id uuid, p_secret bytea, p_gate_version integer, p_proposal_hash bytea, p_shown_hash bytea, p_verdict text, p_disposition text, p_reason_code text, p_rationale text, p_rationale_parts jsonb, p_edits text, p_record_type text, p_on_behalf_of uuid, p_key_id text, p_actor_user_id uuid) TO countersign_api;

REVOKE ALL ON FUNCTION app.reconcile_run(p_run_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.reconcile_run(p_run_id uuid) TO countersign_worker;

REVOKE ALL ON FUNCTION app.record_draft(p_run_id uuid, p_draft jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION app.record_draft(p_run_id uuid, p_draft jsonb) TO countersign_worker;

REVOKE ALL ON FUNCTION app.record_evaluation(p_run_id uuid, p_ai_run_id uuid, p_confidence_permille integer, p_evals jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION app.record_evaluation(p_run_id uuid, p_ai_run_id uuid, p_confidence_permille integer, p_evals jsonb) TO countersign_worker;

REVOKE ALL ON FUNCTION app.record_view(p_gate_id uuid, p_opinion text, p_disposition text, p_note text, p_actor_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.record_view(p_gate_id uuid, p_opinion text, p_disposition text, p_note text, p_actor_user_id uuid) TO countersign_api;

REVOKE ALL ON FUNCTION app.recuse(p_gate_id uuid, p_actor_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.recuse(p_gate_id uuid, p_actor_user_id uuid) TO countersign_api;

REVOKE ALL ON FUNCTION app.register_knowledge(p_items jsonb, p_daily_budget_nano_usd bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION app.register_purpose(p_purpose jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION app.register_record_type(p_type jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION app.release_gate(p_gate_id uuid, p_actor_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.release_gate(p_gate_id uuid, p_actor_user_id uuid) TO countersign_api;

REVOKE ALL ON FUNCTION app.renew_claim(p_gate_id uuid, p_actor_user_id uuid, p_lease interval) FROM PUBLIC;
GRANT ALL ON FUNCTION app.renew_claim(p_gate_id uuid, p_actor_user_id uuid, p_lease interval) TO countersign_api;

REVOKE ALL ON FUNCTION app.replay_deliveries(p_webhook_id uuid, p_delivery_id uuid, p_from timestamp with time zone, p_until timestamp with time zone, p_actor_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.replay_deliveries(p_webhook_id uuid, p_delivery_id uuid, p_from timestamp with time zone, p_until timestamp with time zone, p_actor_user_id uuid) TO countersign_api;

REVOKE ALL ON FUNCTION app.reread_documents(p_model text) FROM PUBLIC;
GRANT ALL ON FUNCTION app.reread_documents(p_model text) TO countersign_worker;

REVOKE ALL ON FUNCTION app.reserve(p_run_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.reserve(p_run_id uuid) TO countersign_worker;

REVOKE ALL ON FUNCTION app.reterm_run(p_run_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.reterm_run(p_run_id uuid) TO countersign_worker;

REVOKE ALL ON FUNCTION app.retime_gate(p_gate_id uuid, p_policy_version integer, p_due_at timestamp with time zone, p_instants jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION app.retime_gate(p_gate_id uuid, p_policy_version integer, p_due_at timestamp with time zone, p_instants jsonb) TO countersign_worker;

REVOKE ALL ON FUNCTION app.review_act(p_decision_id uuid, p_verdict text, p_reason_code text, p_reason text, p_actor_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.review_act(p_decision_id uuid, p_verdict text, p_reason_code text, p_reason text, p_actor_user_id uuid) TO countersign_api;

REVOKE ALL ON FUNCTION app.reviewer_agreement(p_floors integer[], p_purpose text, p_vendor text, p_model text, p_from timestamp with time zone, p_until timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION app.reviewer_agreement(p_floors integer[], p_purpose text, p_vendor text, p_model text, p_from timestamp with time zone, p_until timestamp with time zone) TO countersign_api;
GRANT ALL ON FUNCTION app.reviewer_agreement(p_floors integer[], p_purpose text, p_vendor text, p_model text, p_from timestamp with time zone, p_until timestamp with time zone) TO countersign_auditor;

REVOKE ALL ON FUNCTION app.reviewer_statistics(p_from timestamp with time zone, p_until timestamp with time zone, p_purpose text, p_user_id uuid, p_quick_seconds integer, p_sure_permille integer) FROM PUBLIC;
GRANT ALL ON FUNCTION app.reviewer_statistics(p_from timestamp with time zone, p_until timestamp with time zone, p_purpose text, p_user_id uuid, p_quick_seconds integer, p_sure_permille integer) TO countersign_api;

REVOKE ALL ON FUNCTION app.revoke_delegation(p_id uuid, p_actor_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.revoke_delegation(p_id uuid, p_actor_user_id uuid) TO countersign_api;

REVOKE ALL ON FUNCTION app.revoke_key(p_id text, p_actor_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.revoke_key(p_id text, p_actor_user_id uuid) TO countersign_api;

REVOKE ALL ON FUNCTION app.rewrap_data_keys(p_master_key_id text, p_keys jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION app.rewrap_data_keys(p_master_key_id text, p_keys jsonb) TO countersign_worker;

REVOKE ALL ON FUNCTION app.rewrap_sealing_key(p_id text, p_version integer, p_master_key_id text, p_wrapped_key bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION app.rewrap_sealing_key(p_id text, p_version integer, p_master_key_id text, p_wrapped_key bytea) TO countersign_worker;

REVOKE ALL ON FUNCTION app.rotate_webhook_secret(p_id uuid, p_ordinal integer, p_sealing_key_id text, p_sealed_secret bytea, p_overlap interval, p_actor_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.rotate_webhook_secret(p_id uuid, p_ordinal integer, p_sealing_key_id text, p_sealed_secret bytea, p_overlap interval, p_actor_user_id uuid) TO countersign_api;

REVOKE ALL ON FUNCTION app.sealing_keys() FROM PUBLIC;
GRANT ALL ON FUNCTION app.sealing_keys() TO countersign_worker;

REVOKE ALL ON FUNCTION app.seek_people(p_run_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.seek_people(p_run_id uuid) TO countersign_worker;

REVOKE ALL ON FUNCTION app.set_mail_channel(p_is_on boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION app.set_mail_channel(p_is_on boolean) TO countersign_worker;

REVOKE ALL ON FUNCTION app.set_mail_preference(p_preference text, p_actor_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.set_mail_preference(p_preference text, p_actor_user_id uuid) TO countersign_api;

REVOKE ALL ON FUNCTION app.set_member(p_user_id uuid, p_display_name text, p_kind text, p_roles text[], p_active boolean, p_actor_user_id uuid, p_email text) FROM PUBLIC;
GRANT ALL ON FUNCTION app.set_member(p_user_id uuid, p_display_name text, p_kind text, p_roles text[], p_active boolean, p_actor_user_id uuid, p_email text) TO countersign_api;

REVOKE ALL ON FUNCTION app.set_policy(p_policy jsonb, p_expected_version integer, p_actor_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.set_policy(p_policy jsonb, p_expected_version integer, p_actor_user_id uuid) TO countersign_api;

REVOKE ALL ON FUNCTION app.set_price(p_vendor text, p_model text, p_region text, p_price jsonb, p_actor_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.set_price(p_vendor text, p_model text, p_region text, p_price jsonb, p_actor_user_id uuid) TO countersign_api;

REVOKE ALL ON FUNCTION app.set_subject_member(p_subject_id text, p_user_id uuid, p_actor_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.set_subject_member(p_subject_id text, p_user_id uuid, p_actor_user_id uuid) TO countersign_api;

REVOKE ALL ON FUNCTION app.set_vendor(p_vendor text, p_model text, p_region text, p_entry jsonb, p_expected_version integer, p_actor_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.set_vendor(p_vendor text, p_model text, p_region text, p_entry jsonb, p_expected_version integer, p_actor_user_id uuid) TO countersign_api;

REVOKE ALL ON FUNCTION app.settle_run(p_run_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.settle_run(p_run_id uuid) TO countersign_worker;

REVOKE ALL ON FUNCTION app.shift_clock(p_shift interval) FROM PUBLIC;

REVOKE ALL ON FUNCTION app.shown_hash(p_gate_id uuid, p_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.shown_hash(p_gate_id uuid, p_user_id uuid) TO countersign_api;

REVOKE ALL ON FUNCTION app.similar_passages(p_embedding text, p_model text, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION app.similar_passages(p_embedding text, p_model text, p_limit integer) TO countersign_worker;

REVOKE ALL ON FUNCTION app.stale_data_keys(p_master_key_id text, p_after uuid, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION app.stale_data_keys(p_master_key_id text, p_after uuid, p_limit integer) TO countersign_worker;

REVOKE ALL ON FUNCTION app.steal_claim(p_gate_id uuid, p_from uuid, p_reason text, p_lease interval, p_actor_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.steal_claim(p_gate_id uuid, p_from uuid, p_reason text, p_lease interval, p_actor_user_id uuid) TO countersign_api;

REVOKE ALL ON FUNCTION app.store_intent(p_gate_id uuid, p_gate_version integer, p_proposal_hash bytea, p_shown_hash bytea, p_verdict text, p_disposition text, p_reason_code text, p_rationale text, p_edits text, p_actor_user_id uuid, p_key_id text, p_authenticated_at timestamp with time zone, p_record_type text, p_on_behalf_of uuid, p_rationale_parts jsonb, p_proof_id uuid, p_proof_secret bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION app.store_intent(p_gate_id uuid, p_gate_version integer, p_proposal_hash bytea, p_shown_hash bytea, p_verdict text, p_disposition text, p_reason_code text, p_rationale text, p_edits text, p_actor_user_id uuid, p_key_id text, p_authenticated_at timestamp with time zone, p_record_type text, p_on_behalf_of uuid, p_rationale_parts jsonb, p_proof_id uuid, p_proof_secret bytea) TO countersign_api;

REVOKE ALL ON FUNCTION app.store_intents(p_key text, p_request text, p_items jsonb, p_verdict text, p_reason_code text, p_rationale text, p_key_id text, p_authenticated_at timestamp with time zone, p_actor_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.store_intents(p_key text, p_request text, p_items jsonb, p_verdict text, p_reason_code text, p_rationale text, p_key_id text, p_authenticated_at timestamp with time zone, p_actor_user_id uuid) TO countersign_api;

REVOKE ALL ON FUNCTION app.store_passages(p_document_id uuid, p_reading jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION app.store_passages(p_document_id uuid, p_reading jsonb) TO countersign_worker;

REVOKE ALL ON FUNCTION app.store_prompt(p_run_id uuid, p_scrubbed jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION app.store_prompt(p_run_id uuid, p_scrubbed jsonb) TO countersign_worker;

REVOKE ALL ON FUNCTION app.store_receipt(p_id uuid, p_source text, p_subject_id text, p_body text, p_fetched_at timestamp with time zone, p_valid_until timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION app.store_receipt(p_id uuid, p_source text, p_subject_id text, p_body text, p_fetched_at timestamp with time zone, p_valid_until timestamp with time zone) TO countersign_adapter;

REVOKE ALL ON FUNCTION app.tenant() FROM PUBLIC;
GRANT ALL ON FUNCTION app.tenant() TO countersign_worker;
GRANT ALL ON FUNCTION app.tenant() TO countersign_api;
GRANT ALL ON FUNCTION app.tenant() TO countersign_adapter;
GRANT ALL ON FUNCTION app.tenant() TO countersign_auditor;

REVOKE ALL ON FUNCTION app.tenant_ids() FROM PUBLIC;
GRANT ALL ON FUNCTION app.tenant_ids() TO countersign_worker;

REVOKE ALL ON FUNCTION app.tenant_of_key(p_key_id text) FROM PUBLIC;
GRANT ALL ON FUNCTION app.tenant_of_key(p_key_id text) TO countersign_api;

REVOKE ALL ON FUNCTION app.tick_gate(p_gate_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.tick_gate(p_gate_id uuid) TO countersign_worker;

REVOKE ALL ON FUNCTION app.timing_of_run(p_run_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.timing_of_run(p_run_id uuid) TO countersign_worker;

REVOKE ALL ON FUNCTION app.uncounted_tenants() FROM PUBLIC;
GRANT ALL ON FUNCTION app.uncounted_tenants() TO countersign_worker;

REVOKE ALL ON FUNCTION app.utc(p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION app.utc(p_at timestamp with time zone) TO countersign_worker;
GRANT ALL ON FUNCTION app.utc(p_at timestamp with time zone) TO countersign_api;
GRANT ALL ON FUNCTION app.utc(p_at timestamp with time zone) TO countersign_adapter;
GRANT ALL ON FUNCTION app.utc(p_at timestamp with time zone) TO countersign_auditor;

REVOKE ALL ON FUNCTION app.verify_trust_record(p_id uuid, p_receipt_id uuid, p_verified_until timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION app.verify_trust_record(p_id uuid, p_receipt_id uuid, p_verified_until timestamp with time zone) TO countersign_adapter;

REVOKE ALL ON FUNCTION app.warn_of_agreements() FROM PUBLIC;
GRANT ALL ON FUNCTION app.warn_of_agreements() TO countersign_worker;

REVOKE ALL ON FUNCTION app.withdraw_run(p_run_id uuid, p_actor_user_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.withdraw_run(p_run_id uuid, p_actor_user_id uuid) TO countersign_worker;
GRANT ALL ON FUNCTION app.withdraw_run(p_run_id uuid, p_actor_user_id uuid) TO countersign_api;

REVOKE ALL ON FUNCTION app.work_failed(p_kind text, p_ref_id uuid, p_code text) FROM PUBLIC;
GRANT ALL ON FUNCTION app.work_failed(p_kind text, p_ref_id uuid, p_code text) TO countersign_worker;

REVOKE ALL ON FUNCTION core.actor() FROM PUBLIC;

REVOKE ALL ON FUNCTION core.actor_kind() FROM PUBLIC;

REVOKE ALL ON FUNCTION core.after_gate(p_run_id uuid) FROM PUBLIC;

GRANT SELECT ON TABLE core.record_types TO countersign_backup;

REVOKE ALL ON FUNCTION core.amount_minor(p_type core.record_types, p_payload jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.answer_intent(p_intent_id uuid, p_outcome text, p_code text, p_decision_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.are_seat_rules(p_rules jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.asks_part(p_part jsonb, p_disposition text) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.bound_text(p_content_id uuid, p_hash bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION core.bound_text(p_content_id uuid, p_hash bytea) TO countersign_api;

REVOKE ALL ON FUNCTION core.breaker_wait(p_vendor text, p_model text, p_region text) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.calendar_body(p_calendar jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.call_refusal(p_purpose text, p_phi boolean, p_vendor text, p_model text, p_region text) FROM PUBLIC;

GRANT SELECT ON TABLE core.ai_prices TO countersign_backup;

REVOKE ALL ON FUNCTION core.call_worst_case(p_price core.ai_prices, p_input_tokens bigint, p_output_tokens bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.check_balance() FROM PUBLIC;

REVOKE ALL ON FUNCTION core.check_draft_confirmed() FROM PUBLIC;

REVOKE ALL ON FUNCTION core.check_lease(p_lease interval, p_longest interval) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.check_leg() FROM PUBLIC;

REVOKE ALL ON FUNCTION core.check_outcome_earned() FROM PUBLIC;

REVOKE ALL ON FUNCTION core.check_record_type() FROM PUBLIC;

REVOKE ALL ON FUNCTION core.check_trust() FROM PUBLIC;

GRANT SELECT ON TABLE core.gates TO countersign_backup;

REVOKE ALL ON FUNCTION core.claim_refused(p_gate core.gates, p_code text) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.class_rank(p_class text) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.close_gate(p_gate core.gates, p_outcome text, p_decision_id uuid, p_actor_kind text, p_actor_user_id uuid) FROM PUBLIC;

GRANT SELECT ON TABLE core.runs TO countersign_backup;

REVOKE ALL ON FUNCTION core.closing_body(p_run core.runs) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.commitment_hex(p_content_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION core.commitment_hex(p_content_id uuid) TO countersign_api;
GRANT ALL ON FUNCTION core.commitment_hex(p_content_id uuid) TO countersign_worker;
GRANT ALL ON FUNCTION core.commitment_hex(p_content_id uuid) TO countersign_auditor;

REVOKE ALL ON FUNCTION core.compose_rationale(p_gate core.gates, p_disposition text, p_rationale text, p_parts jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.content_text(p_content_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION core.content_text(p_content_id uuid) TO countersign_api;

GRANT SELECT ON TABLE core.delegations TO countersign_backup;

REVOKE ALL ON FUNCTION core.delegation_of(p_gate core.gates, p_user_id uuid, p_on_behalf_of uuid, p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.distinct_roles(p_roles text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.draft_answer(p_run_id uuid) FROM PUBLIC;

GRANT SELECT ON TABLE core.decisions TO countersign_backup;

REVOKE ALL ON FUNCTION core.draw_act(p_decision core.decisions, p_ordinal integer, p_rate_permille integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.drop_document(p_document_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.emit(p_type text, p_actor_kind text, p_actor_user_id uuid, p_run_id uuid, p_body jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.end_attempt(p_ai_run_id uuid, p_attempt integer, p_state text, p_cost bigint, p_error_code text) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.end_deliveries(p_endpoint_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.end_mail(p_mail_id uuid, p_state text, p_code text) FROM PUBLIC;

GRANT SELECT ON TABLE core.replays TO countersign_backup;

REVOKE ALL ON FUNCTION core.end_replay(p_replay core.replays, p_outcome text, p_code text, p_compared jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.event_of_row() FROM PUBLIC;

REVOKE ALL ON FUNCTION core.fail_call(p_ai_run_id uuid, p_error_code text) FROM PUBLIC;

GRANT SELECT ON TABLE core.purposes TO countersign_backup;

REVOKE ALL ON FUNCTION core.find_subject(p_purpose core.purposes, p_input text, p_origin core.runs) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.fits_gate(p_gate core.gates, p_type core.record_types) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.freeze_but() FROM PUBLIC;

REVOKE ALL ON FUNCTION core.freeze_finished_call() FROM PUBLIC;

REVOKE ALL ON FUNCTION core.freeze_terms() FROM PUBLIC;

REVOKE ALL ON FUNCTION core.gate_answer(p_gate_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.gate_retermed(p_gate core.gates) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.gate_separation(p_type core.record_types) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.gate_wake_at(p_gate core.gates) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.gate_wakes_for(p_gate core.gates) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.hand_over(p_gate core.gates, p_act text, p_to uuid, p_by uuid, p_reason text, p_lease interval) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.has_letter_or_digit(p_text text) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.has_people(p_gate core.gates) FROM PUBLIC;

GRANT SELECT ON TABLE core.contents TO countersign_backup;

REVOKE ALL ON FUNCTION core.is_about_subject(p_run core.runs, p_type core.record_types, p_content core.contents) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.is_altered(p_content core.contents) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.is_blind(p_gate core.gates, p_user_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.is_compensated(p_record_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.is_complete(p_type core.record_types, p_content core.contents) FROM PUBLIC;

GRANT SELECT ON TABLE core.api_keys TO countersign_backup;

REVOKE ALL ON FUNCTION core.is_proved(p_key core.api_keys) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.is_satisfiable(p_policy jsonb, p_changed uuid, p_roles text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.is_subject(p_run core.runs, p_user_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.is_system() FROM PUBLIC;

REVOKE ALL ON FUNCTION core.is_told() FROM PUBLIC;

REVOKE ALL ON FUNCTION core.key_refusal(p_gate core.gates, p_user_id uuid, p_key_id text, p_on_behalf_of uuid, p_delegated_by uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.known_of_row() FROM PUBLIC;

REVOKE ALL ON FUNCTION core.known_since(p_mark text) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.leave_with_document() FROM PUBLIC;

REVOKE ALL ON FUNCTION core.lineage(p_run_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.lineage_max() FROM PUBLIC;

GRANT SELECT ON TABLE core.accounts TO countersign_backup;

REVOKE ALL ON FUNCTION core.lock_account() FROM PUBLIC;

REVOKE ALL ON FUNCTION core.lose_open_attempt(p_ai_run_id uuid) FROM PUBLIC;

GRANT SELECT ON TABLE core.outbox TO countersign_backup;

REVOKE ALL ON FUNCTION core.mail_notice(p_notice core.outbox) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.may_sit_for_another(p_gate core.gates, p_user_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.merge_seats(p_demands jsonb, p_role text, OUT seats integer, OUT seat_roles text[], OUT role text) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.message_text(p_type text, p_at timestamp with time zone, p_data json) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.next_role(p_gate core.gates) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.note_claim() FROM PUBLIC;

REVOKE ALL ON FUNCTION core.note_known(p_kind text, p_values text[], p_told_in uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.note_reidentified(p_content_ids uuid[], p_user_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.note_told() FROM PUBLIC;

GRANT SELECT ON TABLE core.webhook_endpoints TO countersign_backup;

REVOKE ALL ON FUNCTION core.note_webhook(p_endpoint core.webhook_endpoints, p_act text) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.notice_data(p_notice core.outbox) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.offer_record_types(p_gate core.gates, p_purpose text, p_purpose_version integer) FROM PUBLIC;

GRANT SELECT ON TABLE core.ai_runs TO countersign_backup;

REVOKE ALL ON FUNCTION core.open_attempt(p_claim core.ai_runs, p_attempt integer, p_day date, p_worst_nano_usd bigint, p_price_valid_from timestamp with time zone, p_wait_ms integer) FROM PUBLIC;

GRANT SELECT ON TABLE core.ai_policy_controls TO countersign_backup;

GRANT SELECT ON TABLE core.proposals TO countersign_backup;

REVOKE ALL ON FUNCTION core.open_gate(p_proposal core.proposals, p_item jsonb, p_senior boolean, p_policy core.ai_policy_controls) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.page(p_cause text, p_code text, p_run_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.people_behind(p_user_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.presented_key() FROM PUBLIC;

REVOKE ALL ON FUNCTION core.price_now(p_vendor text, p_model text, p_region text) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.printed_name(p_user_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.proof_refusal(p_gate core.gates, p_user_id uuid, p_key_id text, p_proof_id uuid, p_secret bytea, p_words jsonb, p_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.put_content(p_run_id uuid, p_kind text, p_text text) FROM PUBLIC;

GRANT SELECT ON TABLE core.documents TO countersign_backup;

REVOKE ALL ON FUNCTION core.put_document(p_source_type text, p_media_type text, p_title text, p_bytes bytea, p_added_by uuid, p_request_key text, p_memory_id uuid, p_publisher text, p_address text) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.put_subject_member(p_subject_id text, p_user_id uuid, p_set_by uuid, p_run_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.queue_delivery(p_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.raise_seats(p_gate core.gates, p_type core.record_types, p_content core.contents) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.rationale_text(p_parts jsonb, p_stored text) FROM PUBLIC;
GRANT ALL ON FUNCTION core.rationale_text(p_parts jsonb, p_stored text) TO countersign_api;

REVOKE ALL ON FUNCTION core.read_subject(p_purpose core.purposes, p_input text, OUT subject_id text, OUT subject_user_id text) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.refusal_cause(p_code text, p_purpose text, p_vendor text, p_model text, p_region text) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.refuse_change() FROM PUBLIC;

REVOKE ALL ON FUNCTION core.requesters(p_run_id uuid) FROM PUBLIC;

GRANT SELECT ON TABLE core.members TO countersign_backup;

REVOKE ALL ON FUNCTION core.require_actor(p_user_id uuid, p_roles text[], p_home text) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.reviewed_gates(p_from timestamp with time zone, p_until timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.reviewer_decisions(p_from timestamp with time zone, p_until timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.rewrap_only() FROM PUBLIC;

REVOKE ALL ON FUNCTION core.roles_at_seats(p_gate core.gates, p_roles text[]) FROM PUBLIC;

GRANT SELECT ON TABLE core.intents TO countersign_backup;

REVOKE ALL ON FUNCTION core.roles_of_verdict(p_gate core.gates, p_intent core.intents, p_delegation core.delegations) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.seal() FROM PUBLIC;

REVOKE ALL ON FUNCTION core.seat_refusal(p_gate core.gates, p_user_id uuid, p_roles text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.seat_terms(p_type core.record_types, p_rules jsonb, p_role text, p_payload jsonb, OUT seats integer, OUT seat_roles text[], OUT role text) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.seated_roles(p_gate core.gates) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.seats_assignable(p_seat_roles text[], p_people jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.seats_fillable(p_seat_roles text[], p_people jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.seek_people(p_gate_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.set_seats(p_gate core.gates, p_seats integer, p_seat_roles text[], p_role text) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.settle(p_run_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.shown_exchanges(p_gate_id uuid, p_exchanges bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.shown_hash(p_gate_id uuid, p_user_id uuid, p_decisions bigint, p_exchanges bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.signed_statement(p_secret bytea, p_words jsonb) FROM PUBLIC;

GRANT SELECT ON TABLE core.worker_trust_records TO countersign_backup;

REVOKE ALL ON FUNCTION core.standing_grant(p_fact core.worker_trust_records, p_but_record_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.subject_member(p_subject_id text) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.take_back(p_user_id uuid, p_key_id text, p_roles text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.tell() FROM PUBLIC;

GRANT SELECT ON TABLE core.records TO countersign_backup;

REVOKE ALL ON FUNCTION core.undo_effect(p_record core.records, p_by core.records) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.undo_until(p_decision core.decisions) FROM PUBLIC;
GRANT ALL ON FUNCTION core.undo_until(p_decision core.decisions) TO countersign_api;
GRANT ALL ON FUNCTION core.undo_until(p_decision core.decisions) TO countersign_auditor;

REVOKE ALL ON FUNCTION core.unfit_together(p_items jsonb) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.verdict_refusal(p_gate core.gates, p_user_id uuid, p_key_id text, p_delegation core.delegations) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.verdict_words(p_gate_version integer, p_proposal_hash bytea, p_shown_hash bytea, p_verdict text, p_disposition text, p_reason_code text, p_rationale text, p_rationale_parts jsonb, p_edits text, p_record_type text, p_on_behalf_of uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.view_changes(p_gate core.gates, p_user_id uuid, p_gate_version integer, p_proposal_hash bytea, p_shown_hash bytea) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.view_refusal(p_gate core.gates, p_user_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.violate_policy(p_run_id uuid, p_code text, p_feature text, p_vendor text, p_model text, p_region text) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.weigh_attempt(p_account core.accounts, p_feature text, p_phi boolean, p_vendor text, p_model text, p_region text, p_input_tokens bigint, p_output_tokens bigint, OUT refusal text, OUT is_violation boolean, OUT worst_nano_usd bigint, OUT price_valid_from timestamp with time zone, OUT wait_ms integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.winner(p_gate_id uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.write_effect(p_gate core.gates, p_decision core.decisions) FROM PUBLIC;

REVOKE ALL ON FUNCTION core.write_leg(p_kind text, p_run_id uuid, p_amount bigint, p_actor_user_id uuid, p_reserved bigint, p_actual bigint, p_deducted bigint, p_shortfall bigint) FROM PUBLIC;

GRANT SELECT ON TABLE app.account TO countersign_worker;
GRANT SELECT ON TABLE app.account TO countersign_api;
GRANT SELECT ON TABLE app.account TO countersign_auditor;
GRANT SELECT ON TABLE app.account TO countersign_backup;

GRANT SELECT ON TABLE core.act_reviews TO countersign_backup;

GRANT SELECT ON TABLE core.act_samples TO countersign_backup;

GRANT SELECT ON TABLE app.act_reviews TO countersign_api;
GRANT SELECT ON TABLE app.act_reviews TO countersign_auditor;
GRANT SELECT ON TABLE app.act_reviews TO countersign_backup;

GRANT SELECT ON TABLE app.act_reviews_content TO countersign_api;
GRANT SELECT ON TABLE app.act_reviews_content TO countersign_backup;

GRANT SELECT ON TABLE core.ai_run_attempts TO countersign_backup;

GRANT SELECT ON TABLE app.attempts TO countersign_api;
GRANT SELECT ON TABLE app.attempts TO countersign_auditor;
GRANT SELECT ON TABLE app.attempts TO countersign_backup;

GRANT SELECT ON TABLE core.run_calls TO countersign_backup;

GRANT SELECT ON TABLE app.calls TO countersign_api;
GRANT SELECT ON TABLE app.calls TO countersign_auditor;
GRANT SELECT ON TABLE app.calls TO countersign_backup;

GRANT SELECT ON TABLE app.calls_content TO countersign_api;
GRANT SELECT ON TABLE app.calls_content TO countersign_backup;

GRANT SELECT ON TABLE core.chain_heads TO countersign_backup;

GRANT SELECT ON TABLE app.chain_head TO countersign_worker;
GRANT SELECT ON TABLE app.chain_head TO countersign_api;
GRANT SELECT ON TABLE app.chain_head TO countersign_auditor;
GRANT SELECT ON TABLE app.chain_head TO countersign_backup;

GRANT SELECT ON TABLE core.gate_comments TO countersign_backup;

GRANT SELECT ON TABLE app.comments_content TO countersign_api;
GRANT SELECT ON TABLE app.comments_content TO countersign_backup;

GRANT SELECT ON TABLE app.decisions TO countersign_api;
GRANT SELECT ON TABLE app.decisions TO countersign_auditor;
GRANT SELECT ON TABLE app.decisions TO countersign_backup;

GRANT SELECT ON TABLE core.gate_views TO countersign_backup;

GRANT SELECT ON TABLE app.decisions_content TO countersign_api;
GRANT SELECT ON TABLE app.decisions_content TO countersign_backup;

GRANT SELECT ON TABLE app.delegations TO countersign_api;
GRANT SELECT ON TABLE app.delegations TO countersign_auditor;
GRANT SELECT ON TABLE app.delegations TO countersign_backup;

GRANT SELECT ON TABLE app.delegations_content TO countersign_api;
GRANT SELECT ON TABLE app.delegations_content TO countersign_backup;

GRANT SELECT ON TABLE core.embeddings TO countersign_backup;

GRANT SELECT ON TABLE app.documents TO countersign_api;
GRANT SELECT ON TABLE app.documents TO countersign_auditor;
GRANT SELECT ON TABLE app.documents TO countersign_backup;

GRANT SELECT ON TABLE core.document_contents TO countersign_backup;

GRANT SELECT ON TABLE app.documents_content TO countersign_api;
GRANT SELECT ON TABLE app.documents_content TO countersign_backup;

GRANT SELECT ON TABLE core.ai_evals TO countersign_backup;

GRANT SELECT ON TABLE app.evals TO countersign_api;
GRANT SELECT ON TABLE app.evals TO countersign_auditor;
GRANT SELECT ON TABLE app.evals TO countersign_backup;

GRANT SELECT ON TABLE core.audit_log TO countersign_backup;

GRANT SELECT ON TABLE app.events TO countersign_api;
GRANT SELECT ON TABLE app.events TO countersign_auditor;
GRANT SELECT ON TABLE app.events TO countersign_backup;

GRANT SELECT ON TABLE core.credit_ledger TO countersign_backup;

GRANT SELECT ON TABLE core.gate_outcomes TO countersign_backup;

GRANT SELECT ON TABLE core.tenants TO countersign_backup;

GRANT SELECT ON TABLE app.evidence TO countersign_api;
GRANT SELECT ON TABLE app.evidence TO countersign_auditor;
GRANT SELECT ON TABLE app.evidence TO countersign_backup;

GRANT SELECT ON TABLE core.ai_feedback TO countersign_backup;

GRANT SELECT ON TABLE app.feedback TO countersign_api;
GRANT SELECT ON TABLE app.feedback TO countersign_auditor;
GRANT SELECT ON TABLE app.feedback TO countersign_backup;

GRANT SELECT ON TABLE app.feedback_content TO countersign_api;
GRANT SELECT ON TABLE app.feedback_content TO countersign_backup;

GRANT SELECT ON TABLE core.gate_answers TO countersign_backup;

GRANT SELECT ON TABLE core.gate_questions TO countersign_backup;

GRANT SELECT ON TABLE app.gate_questions TO countersign_api;
GRANT SELECT ON TABLE app.gate_questions TO countersign_auditor;
GRANT SELECT ON TABLE app.gate_questions TO countersign_backup;

GRANT SELECT ON TABLE app.gate_questions_content TO countersign_api;
GRANT SELECT ON TABLE app.gate_questions_content TO countersign_backup;

GRANT SELECT ON TABLE app.gate_queue TO countersign_api;
GRANT SELECT ON TABLE app.gate_queue TO countersign_backup;

GRANT SELECT ON TABLE core.gate_versions TO countersign_backup;

GRANT SELECT ON TABLE app.gate_versions TO countersign_api;
GRANT SELECT ON TABLE app.gate_versions TO countersign_backup;

GRANT SELECT ON TABLE app.gate_views TO countersign_api;
GRANT SELECT ON TABLE app.gate_views TO countersign_auditor;
GRANT SELECT ON TABLE app.gate_views TO countersign_backup;

GRANT SELECT ON TABLE app.gate_views_content TO countersign_api;
GRANT SELECT ON TABLE app.gate_views_content TO countersign_backup;

GRANT SELECT ON TABLE core.gate_record_types TO countersign_backup;

GRANT SELECT ON TABLE app.gates TO countersign_worker;
GRANT SELECT ON TABLE app.gates TO countersign_api;
GRANT SELECT ON TABLE app.gates TO countersign_auditor;
GRANT SELECT ON TABLE app.gates TO countersign_backup;

GRANT SELECT ON TABLE app.gates_content TO countersign_api;
GRANT SELECT ON TABLE app.gates_content TO countersign_backup;

GRANT SELECT ON TABLE core.gate_handovers TO countersign_backup;

GRANT SELECT ON TABLE app.handovers TO countersign_api;
GRANT SELECT ON TABLE app.handovers TO countersign_auditor;
GRANT SELECT ON TABLE app.handovers TO countersign_backup;

GRANT SELECT ON TABLE app.handovers_content TO countersign_api;
GRANT SELECT ON TABLE app.handovers_content TO countersign_backup;

GRANT SELECT ON TABLE core.intent_outcomes TO countersign_backup;

GRANT SELECT ON TABLE app.intents TO countersign_worker;
GRANT SELECT ON TABLE app.intents TO countersign_api;
GRANT SELECT ON TABLE app.intents TO countersign_auditor;
GRANT SELECT ON TABLE app.intents TO countersign_backup;

GRANT SELECT ON TABLE app.keys TO countersign_api;
GRANT SELECT ON TABLE app.keys TO countersign_auditor;
GRANT SELECT ON TABLE app.keys TO countersign_backup;

GRANT SELECT ON TABLE app.ledger TO countersign_api;
GRANT SELECT ON TABLE app.ledger TO countersign_auditor;
GRANT SELECT ON TABLE app.ledger TO countersign_backup;

GRANT SELECT ON TABLE core.mail_preferences TO countersign_backup;

GRANT SELECT ON TABLE app.mail_preferences TO countersign_api;
GRANT SELECT ON TABLE app.mail_preferences TO countersign_backup;

GRANT SELECT ON TABLE app.members TO countersign_api;
GRANT SELECT ON TABLE app.members TO countersign_auditor;
GRANT SELECT ON TABLE app.members TO countersign_backup;

GRANT SELECT ON TABLE core.pages TO countersign_backup;

GRANT SELECT ON TABLE app.pages TO countersign_api;
GRANT SELECT ON TABLE app.pages TO countersign_auditor;
GRANT SELECT ON TABLE app.pages TO countersign_backup;

GRANT SELECT ON TABLE core.passages TO countersign_backup;

GRANT SELECT ON TABLE app.passages_content TO countersign_api;
GRANT SELECT ON TABLE app.passages_content TO countersign_backup;

GRANT SELECT ON TABLE app.policies TO countersign_worker;
GRANT SELECT ON TABLE app.policies TO countersign_api;
GRANT SELECT ON TABLE app.policies TO countersign_auditor;
GRANT SELECT ON TABLE app.policies TO countersign_backup;

GRANT SELECT ON TABLE app.policies_content TO countersign_api;
GRANT SELECT ON TABLE app.policies_content TO countersign_backup;

GRANT SELECT ON TABLE app.prices TO countersign_api;
GRANT SELECT ON TABLE app.prices TO countersign_auditor;
GRANT SELECT ON TABLE app.prices TO countersign_backup;

GRANT SELECT ON TABLE core.privileging_recommendation_log TO countersign_backup;

GRANT SELECT ON TABLE app.privileging_log TO countersign_api;
GRANT SELECT ON TABLE app.privileging_log TO countersign_auditor;
GRANT SELECT ON TABLE app.privileging_log TO countersign_backup;

GRANT SELECT ON TABLE core.ai_recommendations TO countersign_backup;

GRANT SELECT ON TABLE core.assistant_drafts TO countersign_backup;

GRANT SELECT ON TABLE app.proposals TO countersign_api;
GRANT SELECT ON TABLE app.proposals TO countersign_auditor;
GRANT SELECT ON TABLE app.proposals TO countersign_backup;

GRANT SELECT ON TABLE app.proposals_content TO countersign_api;
GRANT SELECT ON TABLE app.proposals_content TO countersign_backup;

GRANT SELECT ON TABLE core.purpose_record_types TO countersign_backup;

GRANT SELECT ON TABLE app.purposes TO countersign_worker;
GRANT SELECT ON TABLE app.purposes TO countersign_api;
GRANT SELECT ON TABLE app.purposes TO countersign_auditor;
GRANT SELECT ON TABLE app.purposes TO countersign_backup;

GRANT SELECT ON TABLE app.record_types TO countersign_worker;
GRANT SELECT ON TABLE app.record_types TO countersign_api;
GRANT SELECT ON TABLE app.record_types TO countersign_auditor;
GRANT SELECT ON TABLE app.record_types TO countersign_backup;

GRANT SELECT ON TABLE app.records TO countersign_api;
GRANT SELECT ON TABLE app.records TO countersign_auditor;
GRANT SELECT ON TABLE app.records TO countersign_backup;

GRANT SELECT ON TABLE app.records_content TO countersign_api;
GRANT SELECT ON TABLE app.records_content TO countersign_backup;

GRANT SELECT ON TABLE app.replays TO countersign_api;
GRANT SELECT ON TABLE app.replays TO countersign_auditor;
GRANT SELECT ON TABLE app.replays TO countersign_backup;

GRANT SELECT ON TABLE app.run_input_content TO countersign_api;
GRANT SELECT ON TABLE app.run_input_content TO countersign_backup;

GRANT SELECT ON TABLE core.run_passages TO countersign_backup;

GRANT SELECT ON TABLE app.run_passages TO countersign_api;
GRANT SELECT ON TABLE app.run_passages TO countersign_auditor;
GRANT SELECT ON TABLE app.run_passages TO countersign_backup;

GRANT SELECT ON TABLE app.runs TO countersign_worker;
GRANT SELECT ON TABLE app.runs TO countersign_api;
GRANT SELECT ON TABLE app.runs TO countersign_auditor;
GRANT SELECT ON TABLE app.runs TO countersign_backup;

GRANT SELECT ON TABLE core.sealing_keys TO countersign_backup;

GRANT SELECT ON TABLE app.sealing_key TO countersign_api;
GRANT SELECT ON TABLE app.sealing_key TO countersign_backup;

GRANT SELECT ON TABLE core.subject_members TO countersign_backup;

GRANT SELECT ON TABLE app.subjects TO countersign_api;
GRANT SELECT ON TABLE app.subjects TO countersign_backup;

GRANT SELECT ON TABLE app.tenant_list TO countersign_api;
GRANT SELECT ON TABLE app.tenant_list TO countersign_backup;

GRANT SELECT ON TABLE app.trust_content TO countersign_api;
GRANT SELECT ON TABLE app.trust_content TO countersign_backup;

GRANT SELECT ON TABLE app.trust_records TO countersign_api;
GRANT SELECT ON TABLE app.trust_records TO countersign_adapter;
GRANT SELECT ON TABLE app.trust_records TO countersign_auditor;
GRANT SELECT ON TABLE app.trust_records TO countersign_backup;

GRANT SELECT ON TABLE core.ai_vendor_baa_matrix TO countersign_backup;

GRANT SELECT ON TABLE app.vendors TO countersign_api;
GRANT SELECT ON TABLE app.vendors TO countersign_auditor;
GRANT SELECT ON TABLE app.vendors TO countersign_backup;

GRANT SELECT ON TABLE core.webhook_attempts TO countersign_backup;

GRANT SELECT ON TABLE app.webhook_attempts TO countersign_api;
GRANT SELECT ON TABLE app.webhook_attempts TO countersign_backup;

GRANT SELECT ON TABLE core.webhook_deliveries TO countersign_backup;

GRANT SELECT ON TABLE app.webhook_deliveries TO countersign_api;
GRANT SELECT ON TABLE app.webhook_deliveries TO countersign_backup;

GRANT SELECT ON TABLE core.webhook_secrets TO countersign_backup;

GRANT SELECT ON TABLE app.webhooks TO countersign_api;
GRANT SELECT ON TABLE app.webhooks TO countersign_backup;

GRANT SELECT ON TABLE core.agreement_days TO countersign_backup;

GRANT SELECT ON TABLE core.agreement_warnings TO countersign_backup;

GRANT SELECT ON TABLE core.audit_pending TO countersign_backup;

GRANT SELECT ON SEQUENCE core.audit_pending_id_seq TO countersign_backup;

GRANT SELECT ON TABLE core.bulk_verdicts TO countersign_backup;

GRANT SELECT ON TABLE core.callers_errors TO countersign_backup;

GRANT SELECT ON TABLE core.channels TO countersign_backup;

GRANT SELECT ON TABLE core.clock TO countersign_backup;

GRANT SELECT ON TABLE core.data_keys TO countersign_backup;

GRANT SELECT ON TABLE core.gate_claims TO countersign_backup;

GRANT SELECT ON TABLE core.gate_instants TO countersign_backup;

GRANT SELECT ON TABLE core.gate_recusals TO countersign_backup;

GRANT SELECT ON TABLE core.grant_keys TO countersign_backup;

GRANT SELECT ON TABLE core.key_directory TO countersign_backup;

GRANT SELECT ON TABLE core.known_values TO countersign_backup;

GRANT SELECT ON TABLE core.mail_attempts TO countersign_backup;

GRANT SELECT ON TABLE core.mail_notices TO countersign_backup;

GRANT SELECT ON TABLE core.mails TO countersign_backup;

GRANT SELECT ON TABLE core.memories TO countersign_backup;

GRANT SELECT ON TABLE core.migrations TO countersign_backup;

GRANT SELECT ON TABLE core.printed_names TO countersign_backup;

GRANT SELECT ON TABLE core.reauthentications TO countersign_backup;

GRANT SELECT ON TABLE core.reidentifications TO countersign_backup;

GRANT SELECT ON TABLE core.run_keys TO countersign_backup;

GRANT SELECT ON TABLE core.scrub_tokens TO countersign_backup;

GRANT SELECT ON TABLE core.source_receipts TO countersign_backup;

GRANT SELECT ON TABLE core.tenant_directory TO countersign_backup;

GRANT SELECT ON TABLE core.tenant_secrets TO countersign_backup;

GRANT SELECT ON TABLE core.told_tenants TO countersign_backup;

GRANT SELECT ON TABLE core.vendor_breakers TO countersign_backup;

GRANT SELECT ON TABLE core.worklist TO countersign_backup;
