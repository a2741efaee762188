-- What an attempt at a call would hold at this moment, or why it may not begin: refusal is by policy, matrix or price (then
-- is_violation), or by today's budget; wait_ms is what core.breaker_wait says of the model. Nothing is held yet. The account is
-- locked by the caller.
create or replace function core.weigh_attempt(p_account core.accounts, p_feature text, p_phi boolean, p_vendor text, p_model text, p_region text,
    p_input_tokens bigint, p_output_tokens bigint,
    out refusal text, out is_violation boolean, out worst_nano_usd bigint, out price_valid_from timestamptz, out wait_ms integer)
  language plpgsql set search_path = core, app, pg_temp
as $$
declare
  price core.ai_prices;
begin
  refusal := core.call_refusal(p_feature, p_phi, p_vendor, p_model, p_region);
  is_violation := refusal is not null;
  if is_violation then
    return;
  end if;
  price := core.price_now(p_vendor, p_model, p_region);
  price_valid_from := price.valid_from;
  worst_nano_usd := core.call_worst_case(price, p_input_tokens, p_output_tokens);
  if p_account.held_nano_usd + p_account.spent_nano_usd + worst_nano_usd
      > (select daily_token_budget_nano_usd from core.ai_policy_controls where tenant_id = app.tenant() order by version desc limit 1) then
    refusal := 'budget_exhausted';
    return;
  end if;
  wait_ms := core.breaker_wait(p_vendor, p_model, p_region);
end
$$;
