-- Tenants with a day that has ended and whose agreement nobody has counted. A day is counted an hour after its end, when no
-- transaction of it can still commit.
create or replace function app.uncounted_tenants() returns table (tenant_id text)
  language sql stable security definer set search_path = core, app, pg_temp
as $$
  select d.tenant_id from core.tenant_directory d
  where d.tenant_id not like '\_\_%' and d.agreement_counted_until is distinct from ((app.now() - interval '1 hour') at time zone 'UTC')::date
  order by d.tenant_id
$$;
