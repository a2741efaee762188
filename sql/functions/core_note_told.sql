-- Notes whether the tenant wants to be told of anything, after what it is told by has changed: an active webhook, or, where mail
-- is on, somebody who is written to. Two changes at once wait for one another, so that the later one sees what the earlier one
-- has written.
create or replace function core.note_told() returns void
  language plpgsql set search_path = core, app, pg_temp
as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('told ' || app.tenant(), 0));
  if exists (select from core.webhook_endpoints where tenant_id = app.tenant() and state = 'active')
      or (exists (select from core.channels where name = 'mail' and is_on) and exists (
        select from core.members m left join core.mail_preferences p on p.tenant_id = m.tenant_id and p.user_id = m.user_id
        where m.tenant_id = app.tenant() and m.active and m.kind = 'person' and m.email is not null and p.preference is distinct from 'none')) then
    insert into core.told_tenants (tenant_id, told_since) values (app.tenant(), app.now()) on conflict do nothing;
  else
    delete from core.told_tenants where tenant_id = app.tenant();
  end if;
end
$$;
