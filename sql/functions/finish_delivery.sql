-- Ends an attempt at a message: delivered (p_code is null), or failed with that code, the endpoint's status if it gave one and
-- the pause that it asked for. What failed is tried again by the schedule of the Standard Webhooks specification, each pause up
-- to a tenth longer by chance, and later still where the endpoint asked for that, a day at most. After the last attempt the
-- message has failed and operations are paged; `sink_gone` disables the endpoint at once. An attempt that ended already, because a
-- later one took over, changes nothing. Answers {outcome: wait, pause_ms} or {outcome: over, state, code}.
create or replace function app.finish_delivery(p_delivery_id uuid, p_attempt integer, p_code text, p_status integer,
    p_retry_after_seconds integer) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  pauses constant interval[] := array['5 seconds', '5 minutes', '30 minutes', '2 hours', '5 hours', '10 hours', '14 hours', '20 hours', '24 hours'];
  pause_max constant interval := '24 hours';
  endpoint core.webhook_endpoints;
  delivery core.webhook_deliveries;
  tried integer;
  pause interval;
  now constant timestamptz := app.now();
begin
  select e.* into strict endpoint from core.webhook_endpoints e join core.webhook_deliveries d on d.tenant_id = e.tenant_id and d.endpoint_id = e.id
  where d.tenant_id = app.tenant() and d.id = p_delivery_id for no key update of e;
  select * into strict delivery from core.webhook_deliveries where tenant_id = app.tenant() and id = p_delivery_id for no key update;
  update core.webhook_attempts set state = case when p_code is null then 'delivered' else 'failed' end, code = p_code, status = p_status, ended_at = now
  where tenant_id = app.tenant() and delivery_id = p_delivery_id and attempt = p_attempt and state = 'open';
  if found and delivery.state = 'pending' then
    select count(*) into tried from core.webhook_attempts where tenant_id = app.tenant() and delivery_id = p_delivery_id and round = delivery.round;
    pause := greatest(pauses[tried] * (1 + random() / 10), least(make_interval(secs => coalesce(p_retry_after_seconds, 0)), pause_max));
    update core.webhook_deliveries set changed_at = now,
      state = case when p_code is null then 'delivered' when p_code = 'sink_gone' or pauses[tried] is null then 'failed' else 'pending' end,
      code = case when p_code = 'sink_gone' or pauses[tried] is null then p_code end,
      next_at = case when p_code is null or p_code = 'sink_gone' or pauses[tried] is null then null else now + pause end
    where tenant_id = app.tenant() and id = p_delivery_id
    returning * into delivery;
    if delivery.state = 'pending' then
      update core.worklist set due_at = delivery.next_at + interval '1 minute', failures = 0, failed_at = null
      where kind = 'delivery' and tenant_id = app.tenant() and ref_id = p_delivery_id;
    else
      delete from core.worklist where kind = 'delivery' and tenant_id = app.tenant() and ref_id = p_delivery_id;
    end if;
    if p_code = 'sink_gone' and endpoint.state = 'active' then
      update core.webhook_endpoints set state = 'disabled', code = p_code, changed_at = now where tenant_id = app.tenant() and id = endpoint.id
      returning * into endpoint;
      perform core.end_deliveries(endpoint.id);
      perform core.note_told();
      perform core.note_webhook(endpoint, 'disabled');
      perform core.page('sink_gone ' || endpoint.id, 'sink_gone', null);
    elsif delivery.state = 'failed' then
      perform core.page('webhook_exhausted ' || endpoint.id, 'webhook_exhausted', null);
    end if;
  end if;
  if delivery.state = 'pending' then
    return jsonb_build_object('outcome', 'wait', 'pause_ms', greatest(0, ceil(extract(epoch from delivery.next_at - now) * 1000))::bigint);
  end if;
  return jsonb_build_object('outcome', 'over', 'state', delivery.state, 'code', delivery.code);
end
$$;
