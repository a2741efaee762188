-- Adds a comment to a gate.
create or replace function app.comment_on_gate(p_gate_id uuid, p_text text, p_actor_user_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  gate core.gates;
  comment core.contents;
  new_id uuid := app.new_id();
begin
  perform core.require_actor(p_actor_user_id, array['requester', 'reviewer', 'senior', 'admin']);
  select * into gate from core.gates where tenant_id = app.tenant() and id = p_gate_id;
  if not found then return jsonb_build_object('outcome', 'refused', 'code', 'gate_not_found'); end if;
  comment := core.put_content(gate.run_id, 'comment', p_text);
  insert into core.gate_comments (tenant_id, id, gate_id, user_id, comment_content_id, at)
  values (app.tenant(), new_id, p_gate_id, p_actor_user_id, comment.id, app.now());
  return jsonb_build_object('outcome', 'commented', 'id', new_id);
end
$$;
