-- Notes that the caller is shown contents that have identifiers back. In the transaction that reads them: when this can't be
-- written, they are not shown.
create or replace function app.note_reidentified(p_content_ids uuid[], p_actor_user_id uuid) returns void
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
begin
  perform core.require_actor(p_actor_user_id, array['requester', 'reviewer', 'senior', 'admin', 'auditor', 'operator']);
  perform core.note_reidentified(p_content_ids, p_actor_user_id);
end
$$;
