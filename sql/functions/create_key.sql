-- Stores a key of a member: its public id and the SHA-256 of its secret, never the secret. A service's key proves nobody.
create or replace function app.create_key(p_id text, p_user_id uuid, p_label text, p_secret_sha256 bytea, p_auth_method text,
    p_expires_at timestamptz, p_actor_user_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  member core.members;
begin
  perform set_config('app.actor', coalesce(p_actor_user_id::text, ''), true);
  select * into member from core.members where tenant_id = app.tenant() and user_id = p_user_id and active;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'member_not_found');
  end if;
  -- A service that could make a person's key could be that person.
  if member.kind = 'person' and exists (
      select from core.members where tenant_id = app.tenant() and user_id = p_actor_user_id and kind = 'service') then
    return jsonb_build_object('outcome', 'refused', 'code', 'person_required');
  end if;
  insert into core.api_keys (tenant_id, id, user_id, label, secret_sha256, auth_method, created_at, expires_at)
  values (app.tenant(), p_id, p_user_id, p_label, p_secret_sha256,
    case when member.kind = 'service' then 'service' else p_auth_method end, app.now(), p_expires_at);
  insert into core.key_directory (key_id, tenant_id) values (p_id, app.tenant());
  return jsonb_build_object('outcome', 'created');
end
$$;
