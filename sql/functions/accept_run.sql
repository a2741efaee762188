-- Takes a run: input, run and Idempotency-Key in one transaction. Answers
-- {outcome: accepted | replayed, run_id} or {outcome: refused, code}. The key is unique by tenant and route for as long
-- as the run is kept; the same key with another request is key_reused. With p_by_hand_of the run is recorded by hand in
-- place of that one, which was refused or failed: as a record of the type p_by_hand_record_type.
drop function if exists app.accept_run(text, text, text, text, text, uuid, uuid);
create or replace function app.accept_run(p_route text, p_key text, p_request text, p_purpose text, p_input text,
    p_requested_by uuid, p_subject_user_id uuid, p_by_hand_of uuid default null, p_by_hand_record_type text default null) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  known core.run_keys;
  version_now integer;
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
  select max(version) into version_now from core.purposes where name = p_purpose;
  if version_now is null then
    return jsonb_build_object('outcome', 'refused', 'code', 'purpose_unknown');
  end if;
  if p_by_hand_of is not null then
    if not exists (select from core.runs where tenant_id = app.tenant() and id = p_by_hand_of and outcome in ('refused', 'failed')) then
      return jsonb_build_object('outcome', 'refused', 'code', 'not_resendable');
    end if;
    if not exists (select from core.purpose_record_types p join core.record_types t on t.name = p.record_type and t.kind = 'draft'
        where p.purpose = p_purpose and p.purpose_version = version_now and p.record_type = p_by_hand_record_type) then
      return jsonb_build_object('outcome', 'refused', 'code', 'record_type_unknown');
    end if;
  end if;
  input := core.put_content(new_run, 'input', p_input);
  insert into core.runs (tenant_id, id, purpose, purpose_version, state, step, requested_by, subject_user_id, input_content_id, created_at,
    by_hand_of, by_hand_record_type)
  values (app.tenant(), new_run, p_purpose, version_now, 'accepted', 'reserve', p_requested_by, p_subject_user_id, input.id, app.now(),
    p_by_hand_of, p_by_hand_record_type);
  insert into core.run_keys (tenant_id, route, key, run_id, request_salt, request_commitment, created_at)
  values (app.tenant(), p_route, p_key, new_run, fresh_salt, sha256(fresh_salt || convert_to(p_request, 'UTF8')), app.now());
  -- The start is redelivered from here if it is lost.
  insert into core.worklist (kind, tenant_id, ref_id, due_at) values ('run', app.tenant(), new_run, app.now() + interval '5 seconds');
  return jsonb_build_object('outcome', 'accepted', 'run_id', new_run);
end
$$;
