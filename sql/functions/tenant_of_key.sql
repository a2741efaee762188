-- The tenant of an API key's public part, before any tenant is entered; null when there is none.
create or replace function app.tenant_of_key(p_key_id text) returns text
  language sql stable security definer set search_path = core, app, pg_temp
as $$
  select tenant_id from core.key_directory where key_id = p_key_id
$$;
