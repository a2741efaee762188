-- Ends the attempt that begin_call opened, fenced by its number: an older attempt's late answer is refused.
-- p_result: {status: answered, output, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, latency_ms, provider_request_id}
--        or {status: failed, code, may_be_billed, final}.
-- Answers {state: finished | failed | retry | fenced}.
create or replace function app.finish_call(p_ai_run_id uuid, p_attempt integer, p_result jsonb) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  account core.accounts := core.lock_account();
  call core.ai_runs;
  open_attempt core.ai_run_attempts;
  price core.ai_prices;
  output core.contents;
  cost bigint;
begin
  select * into strict call from core.ai_runs where tenant_id = app.tenant() and id = p_ai_run_id for no key update;
  select * into open_attempt from core.ai_run_attempts
  where tenant_id = app.tenant() and ai_run_id = p_ai_run_id and attempt = p_attempt and state = 'open';
  if not found or call.status <> 'claimed' then
    return jsonb_build_object('state', 'fenced');
  end if;

  if p_result ->> 'status' = 'answered' then
    select * into strict price from core.ai_prices
    where vendor = call.vendor and model = call.model and region = call.region and valid_from = open_attempt.price_valid_from;
    cost := (p_result ->> 'input_tokens')::bigint * price.input_nano_usd_per_token
      + (p_result ->> 'output_tokens')::bigint * price.output_nano_usd_per_token
      + (p_result ->> 'cache_read_tokens')::bigint * price.cache_read_nano_usd_per_token
      + (p_result ->> 'cache_write_tokens')::bigint * price.cache_write_nano_usd_per_token;
    perform core.end_attempt(p_ai_run_id, p_attempt, 'answered', cost, null);
    -- What is billed is the truth, also where it is more than the purpose's maxima let anybody hold: that must not be silent.
    if cost > open_attempt.held_nano_usd then
      perform core.page('cost_above_hold ' || call.feature || ' ' || call.vendor || ' ' || call.model, 'cost_above_hold', call.run_id);
    end if;
    output := core.put_content(call.run_id, case when call.kind = 'embedding' then 'embedding' else 'output' end, p_result ->> 'output');
    update core.ai_runs set status = 'succeeded', output_content_id = output.id, output_hash = output.commitment,
      input_tokens = (p_result ->> 'input_tokens')::bigint, output_tokens = (p_result ->> 'output_tokens')::bigint,
      cache_read_tokens = (p_result ->> 'cache_read_tokens')::bigint, cache_write_tokens = (p_result ->> 'cache_write_tokens')::bigint,
      latency_ms = (p_result ->> 'latency_ms')::bigint, provider_request_id = p_result ->> 'provider_request_id', finished_at = app.now(),
      cost_nano_usd = (select sum(cost_nano_usd) from core.ai_run_attempts where tenant_id = app.tenant() and ai_run_id = p_ai_run_id)
    where tenant_id = app.tenant() and id = p_ai_run_id;
    if call.kind in ('primary', 'advisor') then
      update core.runs set step = 'evaluate' where tenant_id = app.tenant() and id = call.run_id and state <> 'closed';
    end if;
    return jsonb_build_object('state', 'finished');
  end if;

  perform core.end_attempt(p_ai_run_id, p_attempt,
    case when (p_result ->> 'may_be_billed')::boolean then 'maybe_billed' else 'unbilled' end,
    case when (p_result ->> 'may_be_billed')::boolean then open_attempt.held_nano_usd else 0 end, p_result ->> 'code');
  if (p_result ->> 'final')::boolean then
    perform core.fail_call(p_ai_run_id, p_result ->> 'code');
    return jsonb_build_object('state', 'failed');
  end if;
  return jsonb_build_object('state', 'retry');
end
$$;
