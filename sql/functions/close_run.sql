-- Step 9. Closes a run whose gates are closed and whose hold is settled, with the event that names all it produced.
-- p_code is null for a run that came through; else it failed, with that code. Answers {outcome, code}.
create or replace function app.close_run(p_run_id uuid, p_code text default null) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
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
