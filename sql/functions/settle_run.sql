-- Step 8. Settles and answers {outcome: settled | nothing_held, reserved, actual, deducted, shortfall}.
create or replace function app.settle_run(p_run_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
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
