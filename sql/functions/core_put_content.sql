-- Stores text under a fresh salt and returns its row.
create or replace function core.put_content(p_run_id uuid, p_kind text, p_text text) returns core.contents
  language plpgsql set search_path = core, app, pg_temp
as $$
declare
  stored core.contents;
  fresh_salt bytea := sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
  utf8 bytea := convert_to(p_text, 'UTF8');
begin
  insert into core.contents (tenant_id, run_id, kind, bytes, salt, commitment, created_at)
  values (app.tenant(), p_run_id, p_kind, utf8, fresh_salt, sha256(fresh_salt || utf8), app.now())
  returning * into stored;
  return stored;
end
$$;
