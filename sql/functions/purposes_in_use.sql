-- Versions of purposes on which a run of the tenant that was entered still waits: start refuses to drop one of them.
create or replace function app.purposes_in_use() returns table (name text, version integer)
  language sql stable security definer set search_path = core, app, pg_temp
as $$
  select distinct purpose, purpose_version from core.runs where tenant_id = app.tenant() and state <> 'closed'
$$;
