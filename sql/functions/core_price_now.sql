-- The price of a model that is valid now; a row of nulls when there is none.
create or replace function core.price_now(p_vendor text, p_model text, p_region text) returns core.ai_prices
  language sql volatile set search_path = core, app, pg_temp
as $$
  select p.* from core.ai_prices p
  where p.vendor = p_vendor and p.model = p_model and p.region = p_region
    and p.valid_from <= app.now() and (p.valid_until is null or p.valid_until > app.now())
  order by p.valid_from desc limit 1
$$;
