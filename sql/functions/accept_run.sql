-- Takes a run: input, run and Idempotency-Key in one transaction. Answers
-- {outcome: accepted | replayed, run_id} or {outcome: refused, code}. The key is unique by tenant and route for as long
-- as the run is kept; the same key with another request is key_reused. With p_resend_of a run that was refused or failed
-- is sent again, and with p_by_hand_of recorded by hand in its place, as a record of the type p_by_hand_record_type: both keep
-- its input, whom it is about and who has asked. Whom a run is about is read from the input here, as its purpose declares.
drop function if exists app.accept_run(text, text, text, text, text, uuid, uuid);
drop function if exists app.accept_run(text, text, text, text, text, uuid, uuid, uuid, text);
create or replace function app.accept_run(p_route text, p_key text, p_request text, p_purpose text, p_input text,
    p_requested_by uuid, p_resend_of uuid default null, p_by_hand_of uuid default null, p_by_hand_record_type text default null) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp set plan_cache_mode = force_generic_plan
as $$
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
