-- What is due of a kind, across tenants: ids only. What is handed out is due again after p_lease, so that several
-- workers share the work and none of it is lost with one of them.
create or replace function app.due_work(p_kind text, p_limit integer, p_lease interval) returns table (tenant_id text, ref_id uuid)
  language sql volatile security definer set search_path = core, app, pg_temp
as $$
  update core.worklist w set due_at = app.now() + p_lease
  from (select kind, tenant_id, ref_id from core.worklist where kind = p_kind and due_at <= (select app.now())
    order by due_at limit p_limit for update skip locked) as due
  where w.kind = due.kind and w.tenant_id = due.tenant_id and w.ref_id = due.ref_id
  returning w.tenant_id, w.ref_id
$$;
