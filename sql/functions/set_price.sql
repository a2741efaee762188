-- Adds a price of a model, by the platform, valid from now or later: what was charged by an older one stays as it was.
create or replace function app.set_price(p_vendor text, p_model text, p_region text, p_price jsonb, p_actor_user_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  starts timestamptz := coalesce((p_price ->> 'valid_from')::timestamptz, app.now());
begin
  if app.tenant() is distinct from '__platform__' then
    raise exception 'prices are the platform''s' using errcode = 'ZC003';
  end if;
  perform core.require_actor(p_actor_user_id, array['platform_admin']);
  if starts < app.now() - interval '1 minute' then
    return jsonb_build_object('outcome', 'refused', 'code', 'price_in_past');
  end if;
  insert into core.ai_prices (vendor, model, region, valid_from, valid_until, input_nano_usd_per_token, output_nano_usd_per_token,
    cache_read_nano_usd_per_token, cache_write_nano_usd_per_token, set_by, set_at)
  values (p_vendor, p_model, p_region, starts, (p_price ->> 'valid_until')::timestamptz,
    (p_price ->> 'input_nano_usd_per_token')::bigint, (p_price ->> 'output_nano_usd_per_token')::bigint,
    (p_price ->> 'cache_read_nano_usd_per_token')::bigint, (p_price ->> 'cache_write_nano_usd_per_token')::bigint, p_actor_user_id, app.now())
  on conflict do nothing;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'version_stale');
  end if;
  return jsonb_build_object('outcome', 'saved', 'valid_from', app.utc(starts));
end
$$;
