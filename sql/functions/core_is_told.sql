-- Whether the tenant that was entered wants to be told of what happens. Asked for every row of its outbox, so it is one look at
-- a small table, with a plan that is kept.
create or replace function core.is_told() returns boolean
  language plpgsql stable set search_path = core, app, pg_temp
as $$
begin
  return exists (select from core.told_tenants where tenant_id = app.tenant());
end
$$;
