-- Adds an endpoint with its first secret, sealed to the key of that id. By an admin. Its id is given, because the secret is
-- sealed for it alone. Answers {outcome: added} or {outcome: refused, code}.
create or replace function app.add_webhook(p_id uuid, p_url text, p_event_types text[], p_sealing_key_id text, p_sealed_secret bytea,
    p_actor_user_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  endpoints_max constant integer := 20;
  endpoint core.webhook_endpoints;
begin
  perform core.require_actor(p_actor_user_id, array['admin']);
  perform pg_advisory_xact_lock(hashtextextended('webhooks ' || app.tenant(), 0));
  if (select count(*) from core.webhook_endpoints where tenant_id = app.tenant() and state <> 'deleted') >= endpoints_max then
    return jsonb_build_object('outcome', 'refused', 'code', 'webhook_limit');
  end if;
  insert into core.webhook_endpoints (tenant_id, id, url, event_types, state, created_by, created_at, changed_at)
  values (app.tenant(), p_id, p_url, p_event_types, 'active', p_actor_user_id, app.now(), app.now())
  returning * into endpoint;
  insert into core.webhook_secrets (tenant_id, endpoint_id, ordinal, sealing_key_id, sealed_secret, created_at)
  values (app.tenant(), p_id, 1, p_sealing_key_id, p_sealed_secret, app.now());
  perform core.note_told();
  perform core.note_webhook(endpoint, 'added');
  return jsonb_build_object('outcome', 'added');
end
$$;
