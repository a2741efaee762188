-- Puts right a run whose workflow is gone (terminated, timed out, lost): verdicts that were accepted are applied first,
-- what is still open is withdrawn by the system, the hold is settled and the run closed. Answers {outcome, code}.
create or replace function app.reconcile_run(p_run_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
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
