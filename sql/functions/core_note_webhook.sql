-- Notes an act on an endpoint in the chain. Its address stays in its row: it may hold what only its owner should know.
create or replace function core.note_webhook(p_endpoint core.webhook_endpoints, p_act text) returns void
  language plpgsql set search_path = core, app, pg_temp
as $$
begin
  perform core.emit('webhook.changed', core.actor_kind(), core.actor(), null, jsonb_build_object(
    'webhook_id', p_endpoint.id, 'act', p_act, 'state', p_endpoint.state, 'code', p_endpoint.code,
    'event_types', to_jsonb(p_endpoint.event_types)));
end
$$;
