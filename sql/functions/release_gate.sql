-- Gives a claimed gate back. Releasing what is not mine, or no longer, changes nothing that anybody holds.
create or replace function app.release_gate(p_gate_id uuid, p_actor_user_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
begin
  perform core.require_actor(p_actor_user_id, null);
  update core.gates set claimed_by = null, claimed_until = null
  where tenant_id = app.tenant() and id = p_gate_id and claimed_by = p_actor_user_id and claimed_until > app.now();
  return jsonb_build_object('outcome', case when found then 'released' else 'not_held' end);
end
$$;
