-- Takes a run that asks to correct or undo a record (p_act), with its input and key in one transaction, as app.accept_run does.
-- p_payload: the whole record as it shall be, of a correction. One record is asked about once at a time, and stands corrected
-- or undone once: whoever comes second is told of the first. The run is about whom the record's run was about.
-- Answers {outcome: accepted | replayed, run_id} or {outcome: refused, code, now: {record_id, compensated_by, run_id}}.
create or replace function app.accept_compensation(p_key text, p_request text, p_record_id uuid, p_act text, p_payload text, p_reason text,
    p_actor_user_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
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
