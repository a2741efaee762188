-- Step 1. Locks the account, answers a duplicate with what is stored, checks in a fixed order, then holds one credit or
-- refuses. A refusal is a returned code, committed with its event. A run by hand asks no model and holds nothing.
-- Answers {outcome: reserved | by_hand | refused, code}.
create or replace function app.reserve(p_run_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
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
