-- Says which member a subject is, or with a null p_user_id that nobody is. By an admin. Whoever is the subject can't take
-- the map's word off themselves: somebody else does. Answers {outcome: saved} or {outcome: refused, code}.
create or replace function app.set_subject_member(p_subject_id text, p_user_id uuid, p_actor_user_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
begin
  perform core.require_actor(p_actor_user_id, array['admin']);
  perform pg_advisory_xact_lock(hashtextextended('subject ' || app.tenant() || ' ' || p_subject_id, 0));
  if p_user_id is not null and not exists (
      select from core.members where tenant_id = app.tenant() and user_id = p_user_id and kind = 'person') then
    return jsonb_build_object('outcome', 'refused', 'code', 'subject_unknown');
  end if;
  if core.subject_member(p_subject_id) = p_actor_user_id and p_user_id is distinct from p_actor_user_id then
    return jsonb_build_object('outcome', 'refused', 'code', 'subject_is_you');
  end if;
  perform core.put_subject_member(p_subject_id, p_user_id, p_actor_user_id, null);
  return jsonb_build_object('outcome', 'saved');
end
$$;
