-- Revokes a key for good, and takes back the verdicts that were stored under it and are not applied yet.
-- Answers {outcome: revoked} or {outcome: refused, code}.
create or replace function app.revoke_key(p_id text, p_actor_user_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  key core.api_keys;
begin
  perform core.require_actor(p_actor_user_id, array['admin', 'platform_admin']);
  -- Locked before anything else: a verdict that is being stored under it is there afterwards, or refused.
  select * into key from core.api_keys where tenant_id = app.tenant() and id = p_id and revoked_at is null for no key update;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'key_not_found');
  end if;
  perform core.take_back(key.user_id, key.id, null);
  -- Read after every gate was locked: what was applied under the key was applied earlier.
  update core.api_keys set revoked_at = app.now() where tenant_id = app.tenant() and id = p_id;
  return jsonb_build_object('outcome', 'revoked');
end
$$;
