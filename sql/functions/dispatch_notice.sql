-- Makes a row of the outbox into one message to each endpoint that is to be told of it, and mails to whom it concerns, and takes it off the worklist. Two that
-- dispatch one row wait for one another, and the second makes nothing. Answers {messages: how many}.
create or replace function app.dispatch_notice(p_outbox_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  notice core.outbox;
  delivery_id uuid;
  messages integer := 0;
begin
  select * into notice from core.outbox where tenant_id = app.tenant() and id = p_outbox_id for no key update;
  if notice.delivered_at is null and found then
    for delivery_id in
      insert into core.webhook_deliveries (tenant_id, endpoint_id, outbox_id, type, body, state, next_at, occurred_at, created_at, changed_at)
      select app.tenant(), e.id, notice.id, notice.topic, core.message_text(notice.topic, notice.created_at, core.notice_data(notice)),
        'pending', app.now(), notice.created_at, app.now(), app.now()
      from core.webhook_endpoints e
      where e.tenant_id = app.tenant() and e.state = 'active' and notice.topic = any (e.event_types) and e.created_at <= notice.created_at
      returning id
    loop
      perform core.queue_delivery(delivery_id);
      messages := messages + 1;
    end loop;
    if exists (select from core.channels where name = 'mail' and is_on) then
      perform core.mail_notice(notice);
    end if;
    update core.outbox set delivered_at = app.now() where tenant_id = app.tenant() and id = p_outbox_id;
  end if;
  delete from core.worklist where kind = 'notice' and tenant_id = app.tenant() and ref_id = p_outbox_id;
  return jsonb_build_object('messages', messages);
end
$$;
