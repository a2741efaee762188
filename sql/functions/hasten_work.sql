-- Puts runs before their turn whose workflow has ended, each once for every time that it did: what comes of looking at one,
-- its lease and its pauses after failures, holds from then on. Runs that are closed have no work. Ids only, across tenants.
create or replace function app.hasten_work(p_tenant_ids text[], p_run_ids uuid[], p_ended_at timestamptz[]) returns void
  language sql volatile security definer set search_path = core, app, pg_temp
as $$
  update core.worklist w set due_at = least(w.due_at, app.now()), hastened_at = app.now()
  from (select tenant_id, run_id, max(ended_at) as ended_at
    from unnest(p_tenant_ids, p_run_ids, p_ended_at) as e (tenant_id, run_id, ended_at) group by tenant_id, run_id) as ended
  where w.kind = 'run' and w.tenant_id = ended.tenant_id and w.ref_id = ended.run_id
    and (w.hastened_at is null or w.hastened_at < ended.ended_at)
$$;
