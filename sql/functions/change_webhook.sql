-- Changes what an endpoint is told of, enables, disables or deletes it (p_state); null leaves what it is. By an admin. Messages
-- that wait for one that is disabled or deleted end with it. Answers {outcome: changed} or {outcome: refused, code}.
create or replace function app.change_webhook(p_id uuid, p_event_types text[], p_state text, p_actor_user_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  endpoint core.webhook_endpoints;
begin
  perform core.require_actor(p_actor_user_id, array['admin']);
  select * into endpoint from core.webhook_endpoints where tenant_id = app.tenant() and id = p_id and state <> 'deleted' for no key update;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'webhook_not_found');
  end if;
  update core.webhook_endpoints set event_types = coalesce(p_event_types, event_types), state = coalesce(p_state, state),
    code = case when coalesce(p_state, state) = endpoint.state then code end, changed_at = app.now()
  where tenant_id = app.tenant() and id = p_id
  returning * into endpoint;
  if endpoint.state <> 'active' then
    perform core.end_deliveries(p_id);
  end if;
  perform core.note_told();
  perform core.note_webhook(endpoint, case coalesce(p_state, '') when '' then 'types' when 'active' then 'enabled' else p_state end);
  return jsonb_build_object('outcome', 'changed');
end
$$;
