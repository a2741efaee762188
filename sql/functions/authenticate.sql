-- Who presents a key: one row when the secret fits a live key of an active member, none otherwise.
create or replace function app.authenticate(p_key_id text, p_secret_sha256 bytea)
  returns table (tenant_id text, user_id uuid, display_name text, kind text, roles text[], auth_method text, authenticated_at timestamptz)
  language sql volatile security definer set search_path = core, app, pg_temp
as $$
  select m.tenant_id, m.user_id, m.display_name, m.kind, m.roles, k.auth_method, k.created_at
  from core.api_keys k join core.members m on m.tenant_id = k.tenant_id and m.user_id = k.user_id
  where k.tenant_id = app.tenant() and k.id = p_key_id and k.secret_sha256 = p_secret_sha256
    and k.revoked_at is null and (k.expires_at is null or k.expires_at > app.now()) and m.active
$$;
