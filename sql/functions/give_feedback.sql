-- Adds a thumb and a comment to a run.
create or replace function app.give_feedback(p_run_id uuid, p_thumb text, p_comment text, p_actor_user_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  comment core.contents;
begin
  perform core.require_actor(p_actor_user_id, array['requester', 'reviewer', 'senior', 'admin']);
  if not exists (select from core.runs where tenant_id = app.tenant() and id = p_run_id) then
    return jsonb_build_object('outcome', 'refused', 'code', 'run_not_found');
  end if;
  if p_comment is not null then
    comment := core.put_content(p_run_id, 'comment', p_comment);
  end if;
  insert into core.ai_feedback (tenant_id, run_id, user_id, thumb, comment_content_id, at)
  values (app.tenant(), p_run_id, p_actor_user_id, p_thumb, comment.id, app.now());
  return jsonb_build_object('outcome', 'recorded');
end
$$;
