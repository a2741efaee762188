-- Sends messages of an endpoint again, each under the id that it had: one of them, whatever became of it, or those that failed
-- and were made within a time, the oldest first and a thousand at most. By an admin. Answers {outcome: queued, messages} or
-- {outcome: refused, code}.
create or replace function app.replay_deliveries(p_webhook_id uuid, p_delivery_id uuid, p_from timestamptz, p_until timestamptz,
    p_actor_user_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  messages_max constant integer := 1000;
  endpoint core.webhook_endpoints;
  delivery core.webhook_deliveries;
  messages integer := 0;
begin
  perform core.require_actor(p_actor_user_id, array['admin']);
  select * into endpoint from core.webhook_endpoints where tenant_id = app.tenant() and id = p_webhook_id and state <> 'deleted' for no key update;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'webhook_not_found');
  end if;
  if endpoint.state <> 'active' then
    return jsonb_build_object('outcome', 'refused', 'code', 'webhook_disabled');
  end if;
  if p_delivery_id is not null and not exists (
      select from core.webhook_deliveries where tenant_id = app.tenant() and id = p_delivery_id and endpoint_id = p_webhook_id) then
    return jsonb_build_object('outcome', 'refused', 'code', 'delivery_not_found');
  end if;
  for delivery in
    select * from core.webhook_deliveries
    where tenant_id = app.tenant() and endpoint_id = p_webhook_id
      and case when p_delivery_id is null then state = 'failed' and created_at >= p_from and created_at < p_until else id = p_delivery_id end
    order by created_at, id limit messages_max for no key update
  loop
    -- One that waits for its turn is sent now, and its schedule stays where it is.
    update core.webhook_deliveries set state = 'pending', code = null, round = round + case when state = 'pending' then 0 else 1 end,
      next_at = app.now(), changed_at = app.now()
    where tenant_id = app.tenant() and id = delivery.id;
    perform core.queue_delivery(delivery.id);
    messages := messages + 1;
  end loop;
  if messages > 0 then
    perform core.emit('webhook.replayed', core.actor_kind(), core.actor(), null, jsonb_build_object(
      'webhook_id', p_webhook_id, 'delivery_id', p_delivery_id, 'messages', messages::text, 'from', app.utc(p_from), 'until', app.utc(p_until)));
  end if;
  return jsonb_build_object('outcome', 'queued', 'messages', messages);
end
$$;
