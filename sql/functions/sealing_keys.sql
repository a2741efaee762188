-- All keys that secrets are sealed to, with their wrapped private halves, for workers. The last one seals.
create or replace function app.sealing_keys() returns table (id text, version integer, master_key_id text, wrapped_key bytea)
  language sql stable security definer set search_path = core, app, pg_temp
as $$
  select k.id, k.version, k.master_key_id, k.wrapped_key from core.sealing_keys k order by k.created_at, k.id
$$;
