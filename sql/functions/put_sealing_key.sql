-- Keeps the first key that secrets are sealed to; of two workers that come up at once, one of them makes it.
create or replace function app.put_sealing_key(p_id text, p_public_key bytea, p_master_key_id text, p_wrapped_key bytea) returns void
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('sealing key', 0));
  insert into core.sealing_keys (id, public_key, version, master_key_id, wrapped_key, created_at, wrapped_at)
  select p_id, p_public_key, 1, p_master_key_id, p_wrapped_key, app.now(), app.now()
  where not exists (select from core.sealing_keys);
end
$$;
