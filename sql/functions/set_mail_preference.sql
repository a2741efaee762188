-- How a member wants to be written to: none, digest or each. Everybody for themselves.
create or replace function app.set_mail_preference(p_preference text, p_actor_user_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
begin
  perform core.require_actor(p_actor_user_id, null);
  insert into core.mail_preferences (tenant_id, user_id, preference, changed_at)
  values (app.tenant(), p_actor_user_id, p_preference, app.now())
  on conflict (tenant_id, user_id) do update set preference = excluded.preference, changed_at = excluded.changed_at;
  perform core.note_told();
  return jsonb_build_object('outcome', 'saved');
end
$$;
