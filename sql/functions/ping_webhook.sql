-- Sends an endpoint a message that tells of nothing, whatever its types are. By an admin. Answers {outcome: queued, delivery_id}
-- or {outcome: refused, code}.
create or replace function app.ping_webhook(p_id uuid, p_actor_user_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  endpoint core.webhook_endpoints;
  delivery_id uuid := app.new_id();
begin
  perform core.require_actor(p_actor_user_id, array['admin']);
  select * into endpoint from core.webhook_endpoints where tenant_id = app.tenant() and id = p_id and state <> 'deleted' for no key update;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'webhook_not_found');
  end if;
  if endpoint.state <> 'active' then
    return jsonb_build_object('outcome', 'refused', 'code', 'webhook_disabled');
  end if;
  insert into core.webhook_deliveries (tenant_id, id, endpoint_id, type, body, state, next_at, occurred_at, created_at, changed_at)
  values (app.tenant(), delivery_id, p_id, 'webhook.ping',
    core.message_text('webhook.ping', app.now(), json_build_object('webhook_id', p_id)), 'pending', app.now(), app.now(), app.now(), app.now());
  perform core.queue_delivery(delivery_id);
  return jsonb_build_object('outcome', 'queued', 'delivery_id', delivery_id);
end
$$;
