-- Acknowledges a page, so that its cause pages again.
create or replace function app.acknowledge_page(p_page_id uuid, p_actor_user_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
begin
  perform core.require_actor(p_actor_user_id, array['admin', 'operator', 'platform_admin']);
  update core.pages set acknowledged_by = p_actor_user_id, acknowledged_at = app.now()
  where tenant_id = app.tenant() and id = p_page_id and acknowledged_at is null;
  return jsonb_build_object('outcome', case when found then 'acknowledged' else 'refused' end, 'code', case when not found then 'page_not_found' end);
end
$$;
