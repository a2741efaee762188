-- Finishes a claimed call as failed. Its attempts' costs are summed; its call key is free again.
create or replace function core.fail_call(p_ai_run_id uuid, p_error_code text) returns void
  language sql set search_path = core, app, pg_temp
as $$
  update core.ai_runs c set status = 'failed', error_code = p_error_code, finished_at = app.now(),
    latency_ms = (extract(epoch from app.now() - c.claimed_at) * 1000)::bigint,
    cost_nano_usd = (select coalesce(sum(a.cost_nano_usd), 0) from core.ai_run_attempts a where a.tenant_id = c.tenant_id and a.ai_run_id = c.id)
  where c.tenant_id = app.tenant() and c.id = p_ai_run_id and c.status = 'claimed'
$$;
