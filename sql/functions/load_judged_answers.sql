-- Answers of the tenant that evals have judged, with those verdicts, to be judged anew by evals as they are now: prompt and
-- answer as the model saw and gave them, so no identifier is among them. For the worker only; nothing of it is shown to
-- anybody. That they were read is an event all the same, in this transaction, with the runs. What has been withheld, or is no
-- longer what was hashed, comes without content and with that code, and the latter is a page of operations.
-- The oldest first, from after (p_since, p_after) on. Answers {tenant, answers: [{run_id, created_at, purpose, purpose_version,
-- code, prompt, output, evals: [{ordinal, name, version, verdict, severity}]}]}.
create or replace function app.load_judged_answers(p_since timestamptz, p_after uuid, p_purpose text, p_limit integer) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
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
