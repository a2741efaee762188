-- The ids of all tenants, for work across them; each is then entered in a transaction of its own.
create or replace function app.tenant_ids() returns table (tenant_id text)
  language sql stable security definer set search_path = core, app, pg_temp
as $$
  select d.tenant_id from core.tenant_directory d order by d.tenant_id
$$;
