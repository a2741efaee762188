-- Notes how a model behaved, for all workers, in a transaction of the platform: p_answered says whether it is reachable.
-- Failures in a row open its breaker, by the clock of the database; an outage is one page, however many calls it hits.
-- Answers {state: closed | open}.
create or replace function app.note_vendor(p_vendor text, p_model text, p_region text, p_answered boolean) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  failures_max constant integer := 10;
  -- Failures that lie apart for longer are no row of failures.
  within constant interval := '2 minutes';
  first_pause constant interval := '30 seconds';
  longest_pause constant interval := '5 minutes';
  breaker core.vendor_breakers;
begin
  if app.tenant() is distinct from '__platform__' then
    raise exception 'breakers are the platform''s' using errcode = 'ZC003';
  end if;
  if p_answered then
    update core.vendor_breakers set failures = 0, openings = 0, open_until = null, probe_until = null, changed_at = app.now()
    where vendor = p_vendor and model = p_model and region = p_region and (failures > 0 or openings > 0);
    return jsonb_build_object('state', 'closed');
  end if;

  insert into core.vendor_breakers as b (vendor, model, region, failures, openings, changed_at)
  values (p_vendor, p_model, p_region, 1, 0, app.now())
  on conflict (vendor, model, region) do update
    set failures = case when b.open_until is null and b.changed_at < app.now() - within then 1 else b.failures + 1 end, changed_at = app.now()
  returning * into breaker;
  if breaker.open_until is null and breaker.failures < failures_max then
    return jsonb_build_object('state', 'closed');
  end if;
  -- Calls that began before it opened fail into an open breaker, and change nothing.
  if breaker.open_until is null or breaker.open_until <= app.now() then
    update core.vendor_breakers set openings = breaker.openings + 1, probe_until = null,
      open_until = app.now() + least(first_pause * power(2, least(breaker.openings, 10)), longest_pause)
    where vendor = p_vendor and model = p_model and region = p_region;
  end if;
  if breaker.open_until is null then
    perform core.page('vendor_outage ' || p_vendor || ' ' || p_model || ' ' || p_region, 'model_unavailable', null);
  end if;
  return jsonb_build_object('state', 'open');
end
$$;
