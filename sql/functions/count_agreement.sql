-- Counts the agreement of reviewers of all days that have ended, once each. Answers {counted_until}.
create or replace function app.count_agreement() returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  since date;
  until date := ((app.now() - interval '1 hour') at time zone 'UTC')::date;
begin
  select agreement_counted_until into strict since from core.tenant_directory where tenant_id = app.tenant() for no key update;
  if since is null or since < until then
    insert into core.agreement_days (tenant_id, purpose, vendor, model, confidence_permille, day, agreed, edited, rejected, counted_at)
    select app.tenant(), g.purpose, g.vendor, g.model, g.confidence_permille, (g.closed_at at time zone 'UTC')::date,
      count(*) filter (where g.review = 'agreed'), count(*) filter (where g.review = 'edited'), count(*) filter (where g.review = 'rejected'), app.now()
    from core.reviewed_gates(coalesce(since::timestamp at time zone 'UTC', '-infinity'), until::timestamp at time zone 'UTC') g
    group by g.purpose, g.vendor, g.model, g.confidence_permille, (g.closed_at at time zone 'UTC')::date;
    update core.tenant_directory set agreement_counted_until = until where tenant_id = app.tenant();
  end if;
  return jsonb_build_object('counted_until', greatest(since, until)::text);
end
$$;
