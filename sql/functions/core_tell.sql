-- Puts a row of the outbox on the worklist, in the transaction that wrote it. Only where core.is_told().
create or replace function core.tell() returns trigger
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
begin
  insert into core.worklist (kind, tenant_id, ref_id, due_at) values ('notice', new.tenant_id, new.id, app.now());
  return null;
end
$$;
