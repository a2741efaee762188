-- Notes whether the tenant wants to be told of anything, after what it is told by has changed. Two changes at once wait for one
-- another, so that the later one sees what the earlier one has written.
create or replace function core.note_told() returns void
  language plpgsql set search_path = core, app, pg_temp
as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('told ' || app.tenant(), 0));
  if exists (select from core.webhook_endpoints where tenant_id = app.tenant() and state = 'active') then
    insert into core.told_tenants (tenant_id, told_since) values (app.tenant(), app.now()) on conflict do nothing;
  else
    delete from core.told_tenants where tenant_id = app.tenant();
  end if;
end
$$;
