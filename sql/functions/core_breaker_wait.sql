-- For how many milliseconds a call must wait for its model's breaker: 0 when it may go, null when it may go and the model
-- has not failed lately, so that nobody need note that it answers. Half open, one call goes and the others look again.
create or replace function core.breaker_wait(p_vendor text, p_model text, p_region text) returns integer
  language plpgsql set search_path = core, app, pg_temp
as $$
declare
  -- Longer than any call may take; a worker that dies with it delays the next by as much.
  probe_lease constant interval := '150 seconds';
  look_again_ms constant integer := 5000;
  breaker core.vendor_breakers;
begin
  select * into breaker from core.vendor_breakers where vendor = p_vendor and model = p_model and region = p_region;
  if not found or (breaker.failures = 0 and breaker.open_until is null) then return null; end if;
  if breaker.open_until is null then return 0; end if;
  if breaker.open_until > app.now() then
    return ceil(extract(epoch from breaker.open_until - app.now()) * 1000)::integer;
  end if;
  update core.vendor_breakers set probe_until = app.now() + probe_lease
  where vendor = p_vendor and model = p_model and region = p_region
    and open_until <= app.now() and (probe_until is null or probe_until <= app.now());
  return case when found then 0 else look_again_ms end;
end
$$;
