-- The most that one attempt can cost, in nano-dollars, by the purpose's declared maxima and the price that is valid now.
create or replace function core.call_worst_case(p_price core.ai_prices, p_input_tokens bigint, p_output_tokens bigint) returns bigint
  language sql immutable set search_path = core, app, pg_temp
as $$
  select p_input_tokens * greatest((p_price).input_nano_usd_per_token, (p_price).cache_write_nano_usd_per_token)
    + p_output_tokens * (p_price).output_nano_usd_per_token
$$;
