-- Puts a message to an endpoint on the worklist, to be sent now.
create or replace function core.queue_delivery(p_id uuid) returns void
  language sql set search_path = core, app, pg_temp
as $$
  insert into core.worklist (kind, tenant_id, ref_id, due_at) values ('delivery', app.tenant(), p_id, app.now())
  on conflict (kind, tenant_id, ref_id) do update set due_at = excluded.due_at
$$;
