-- Everything that evaluate and draft need of a run, in one read: the answer that rules (the advisor's when there is one),
-- the scrubbed document that the model saw, tokens, policy. Content: for the worker only.
create or replace function app.load_answer(p_run_id uuid) returns jsonb
  language plpgsql volatile security definer set search_path = core, app, pg_temp
as $$
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
