-- Pages operations: one open page, and one notice, for a cause, however often it recurs.
create or replace function core.page(p_cause text, p_code text, p_run_id uuid) returns void
  language plpgsql set search_path = core, app, pg_temp
as $$
declare
  opened boolean;
begin
  insert into core.pages (tenant_id, cause, code, run_id, opened_at) values (app.tenant(), p_cause, p_code, p_run_id, app.now())
  on conflict (tenant_id, cause) where acknowledged_at is null do update set count = core.pages.count + 1
  returning xmax = 0 into opened;
  if opened then
    insert into core.outbox (tenant_id, topic, run_id, created_at) values (app.tenant(), 'ops.page', p_run_id, app.now());
    perform core.emit('ops.page', 'system', null, p_run_id, jsonb_build_object('code', p_code));
  end if;
end
$$;
