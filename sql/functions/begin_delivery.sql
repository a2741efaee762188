-- Begins the next attempt at a message, as a row, before it is sent. An attempt that never ended, because its worker was killed,
-- is lost from then on, and the same message is sent again. Answers {outcome: send, attempt, url, body, timestamp, secrets:
-- [{ordinal, sealing_key_id, sealed_secret}]} with every secret that signs now, {outcome: wait, pause_ms} before its time, or
-- {outcome: over, state, code}.
create or replace function app.begin_delivery(p_delivery_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  endpoint core.webhook_endpoints;
  delivery core.webhook_deliveries;
  now constant timestamptz := app.now();
begin
  -- The endpoint first: whoever disables it ends its deliveries.
  select e.* into strict endpoint from core.webhook_endpoints e join core.webhook_deliveries d on d.tenant_id = e.tenant_id and d.endpoint_id = e.id
  where d.tenant_id = app.tenant() and d.id = p_delivery_id for no key update of e;
  if endpoint.state <> 'active' then
    perform core.end_deliveries(endpoint.id);
  end if;
  select * into strict delivery from core.webhook_deliveries where tenant_id = app.tenant() and id = p_delivery_id for no key update;
  if delivery.state <> 'pending' then
    return jsonb_build_object('outcome', 'over', 'state', delivery.state, 'code', delivery.code);
  end if;
  if delivery.next_at > now then
    return jsonb_build_object('outcome', 'wait', 'pause_ms', ceil(extract(epoch from delivery.next_at - now) * 1000)::bigint);
  end if;
  update core.webhook_attempts set state = 'lost', code = 'delivery_lost', ended_at = now
  where tenant_id = app.tenant() and delivery_id = p_delivery_id and state = 'open';
  insert into core.webhook_attempts (tenant_id, delivery_id, attempt, round, state, started_at)
  values (app.tenant(), p_delivery_id, delivery.attempts + 1, delivery.round, 'open', now);
  update core.webhook_deliveries set attempts = attempts + 1, changed_at = now where tenant_id = app.tenant() and id = p_delivery_id;
  -- Its workflow is expected to end it by then; else the sweep has it tried again.
  update core.worklist set due_at = now + interval '2 minutes' where kind = 'delivery' and tenant_id = app.tenant() and ref_id = p_delivery_id;
  return jsonb_build_object('outcome', 'send', 'attempt', delivery.attempts + 1, 'endpoint_id', endpoint.id, 'url', endpoint.url, 'body', delivery.body,
    'timestamp_seconds', floor(extract(epoch from now))::bigint,
    'secrets', (select jsonb_agg(jsonb_build_object('ordinal', s.ordinal, 'sealing_key_id', s.sealing_key_id,
        'sealed_secret', encode(s.sealed_secret, 'hex')) order by s.ordinal desc)
      from core.webhook_secrets s
      where s.tenant_id = app.tenant() and s.endpoint_id = endpoint.id and (s.expires_at is null or s.expires_at > now)));
end
$$;
