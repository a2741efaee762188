-- Stores a key of a member: its public id, the SHA-256 of its secret, never the secret, and who made it. A service's key
-- proves nobody. By an admin; a tenant without a key gets its first by the platform.
create or replace function app.create_key(p_id text, p_user_id uuid, p_label text, p_secret_sha256 bytea, p_auth_method text,
    p_expires_at timestamptz, p_actor_user_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  member core.members;
  maker core.members;
begin
  if exists (select from core.api_keys where tenant_id = app.tenant()) then
    maker := core.require_actor(p_actor_user_id, array['admin', 'platform_admin']);
  else
    maker := core.require_actor(p_actor_user_id, array['platform_admin'], '__platform__');
  end if;
  select * into member from core.members where tenant_id = app.tenant() and user_id = p_user_id and active;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'member_not_found');
  end if;
  -- A service that could make a person's key could be that person.
  if member.kind = 'person' and maker.kind = 'service' then
    return jsonb_build_object('outcome', 'refused', 'code', 'person_required');
  end if;
  insert into core.api_keys (tenant_id, id, user_id, label, secret_sha256, auth_method, created_at, expires_at, created_by)
  values (app.tenant(), p_id, p_user_id, p_label, p_secret_sha256,
    case when member.kind = 'service' then 'service' else p_auth_method end, app.now(), p_expires_at, p_actor_user_id);
  insert into core.key_directory (key_id, tenant_id) values (p_id, app.tenant());
  return jsonb_build_object('outcome', 'created');
end
$$;
