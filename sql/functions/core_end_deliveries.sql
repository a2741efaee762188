-- Ends what waits for an endpoint that is told of nothing any more. The endpoint is locked by the caller, as it is before each
-- of its deliveries.
create or replace function core.end_deliveries(p_endpoint_id uuid) returns void
  language plpgsql set search_path = core, app, pg_temp
as $$
begin
  with ended as (
    update core.webhook_deliveries set state = 'failed', code = 'webhook_disabled', next_at = null, changed_at = app.now()
    where tenant_id = app.tenant() and endpoint_id = p_endpoint_id and state = 'pending'
    returning id)
  delete from core.worklist where kind = 'delivery' and tenant_id = app.tenant() and ref_id in (select id from ended);
end
$$;
