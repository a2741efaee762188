-- Gives an endpoint its next secret. The one before signs beside it for p_overlap, older ones no longer. By an admin. Answers
-- {outcome: rotated} or {outcome: refused, code}.
create or replace function app.rotate_webhook_secret(p_id uuid, p_ordinal integer, p_sealing_key_id text, p_sealed_secret bytea,
    p_overlap interval, p_actor_user_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  endpoint core.webhook_endpoints;
  newest integer;
begin
  perform core.require_actor(p_actor_user_id, array['admin']);
  select * into endpoint from core.webhook_endpoints where tenant_id = app.tenant() and id = p_id and state <> 'deleted' for no key update;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'webhook_not_found');
  end if;
  select max(ordinal) into newest from core.webhook_secrets where tenant_id = app.tenant() and endpoint_id = p_id;
  -- The secret is sealed for its place, and somebody else has taken that.
  if p_ordinal <> newest + 1 then
    return jsonb_build_object('outcome', 'refused', 'code', 'version_stale');
  end if;
  update core.webhook_secrets set expires_at = case when ordinal = newest then app.now() + p_overlap else least(expires_at, app.now()) end
  where tenant_id = app.tenant() and endpoint_id = p_id and (expires_at is null or expires_at > app.now());
  insert into core.webhook_secrets (tenant_id, endpoint_id, ordinal, sealing_key_id, sealed_secret, created_at)
  values (app.tenant(), p_id, p_ordinal, p_sealing_key_id, p_sealed_secret, app.now());
  perform core.note_webhook(endpoint, 'rotated');
  return jsonb_build_object('outcome', 'rotated');
end
$$;
