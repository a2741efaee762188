-- Stores a sealing key's private half, wrapped anew under another master key. Answers whether it was: one that somebody else has
-- wrapped since p_version was read is left as it is.
create or replace function app.rewrap_sealing_key(p_id text, p_version integer, p_master_key_id text, p_wrapped_key bytea) returns boolean
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
begin
  update core.sealing_keys set version = version + 1, master_key_id = p_master_key_id, wrapped_key = p_wrapped_key, wrapped_at = app.now()
  where id = p_id and version = p_version;
  return found;
end
$$;
