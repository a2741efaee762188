-- Step 4. Stores the evals of an answer and the run's confidence; once by run, answer, proposal and eval.
-- p_evals: [{ordinal, name, version, verdict, severity, reason}].
create or replace function app.record_evaluation(p_run_id uuid, p_ai_run_id uuid, p_confidence_permille integer, p_evals jsonb) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
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
