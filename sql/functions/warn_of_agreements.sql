-- Pages the platform 30, 7 and 1 days before an agreement that is in use ends, and when it has ended: once for each step,
-- however often it is called, and by the nearest step when several were missed. Answers {warned: how many}.
create or replace function app.warn_of_agreements() returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  ending record;
  warned integer := 0;
begin
  if app.tenant() is distinct from '__platform__' then
    raise exception 'the vendor matrix is the platform''s' using errcode = 'ZC003';
  end if;
  for ending in
    select v.vendor, v.model, v.region, v.baa_expires_at, min(s.days) as days
    from (select distinct on (vendor, model, region) * from core.ai_vendor_baa_matrix order by vendor, model, region, version desc) v
      cross join unnest(array[30, 7, 1, 0]) as s (days)
    where v.listed and v.baa_active and v.leaves_perimeter and v.baa_expires_at - make_interval(days => s.days) <= app.now()
    group by v.vendor, v.model, v.region, v.baa_expires_at
  loop
    insert into core.agreement_warnings (vendor, model, region, baa_expires_at, days_before, warned_at)
    values (ending.vendor, ending.model, ending.region, ending.baa_expires_at, ending.days, app.now()) on conflict do nothing;
    if found then
      warned := warned + 1;
      perform core.page(
        case when ending.days = 0 then 'agreement_expired' else 'agreement_expiring' end || ' ' || ending.vendor || ' ' || ending.model
          || ' ' || ending.region || case when ending.days = 0 then '' else ' ' || ending.days || 'd' end,
        case when ending.days = 0 then 'agreement_expired' else 'agreement_expiring' end, null);
    end if;
  end loop;
  return jsonb_build_object('warned', warned);
end
$$;
