-- Revokes a key for good. Answers {outcome: revoked} or {outcome: refused, code}.
create or replace function app.revoke_key(p_id text, p_actor_user_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
begin
  perform set_config('app.actor', coalesce(p_actor_user_id::text, ''), true);
  update core.api_keys set revoked_at = app.now() where tenant_id = app.tenant() and id = p_id and revoked_at is null;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'key_not_found');
  end if;
  return jsonb_build_object('outcome', 'revoked');
end
$$;
