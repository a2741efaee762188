-- Takes a run back: every open gate is withdrawn; a run that has none yet stops at its next step. Before the terminal
-- commit it compensates, after it nothing changes. By whoever asked for it, an admin, or the system (null).
-- Answers {outcome: withdrawn | too_late | closed}.
create or replace function app.withdraw_run(p_run_id uuid, p_actor_user_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  run core.runs;
  actor core.members := core.require_actor(p_actor_user_id, array['requester', 'reviewer', 'senior', 'admin']);
  gate core.gates;
  decided boolean;
begin
  select * into run from core.runs where tenant_id = app.tenant() and id = p_run_id for no key update;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'run_not_found');
  end if;
  if run.requested_by <> actor.user_id and not 'admin' = any (actor.roles) then
    raise exception 'the run is somebody else''s' using errcode = 'ZC012';
  end if;
  -- The run first, then its gates, as deciding does; a draft that was just being written is seen by now.
  perform from core.gates where tenant_id = app.tenant() and run_id = p_run_id order by id for no key update;
  if run.state = 'closed' then
    return jsonb_build_object('outcome', 'closed', 'run_outcome', run.outcome);
  end if;
  if run.withdrawn_at is not null then
    return jsonb_build_object('outcome', 'withdrawn');
  end if;
  select exists (select from core.gates where tenant_id = app.tenant() and run_id = p_run_id) into decided;
  if decided and not exists (select from core.gates where tenant_id = app.tenant() and run_id = p_run_id and closed_at is null) then
    return jsonb_build_object('outcome', 'too_late');
  end if;
  update core.runs set withdrawn_by = p_actor_user_id, withdrawn_at = app.now() where tenant_id = app.tenant() and id = p_run_id;
  for gate in select * from core.gates where tenant_id = app.tenant() and run_id = p_run_id and closed_at is null order by id loop
    perform core.close_gate(gate, 'withdrawn', null, core.actor_kind(), p_actor_user_id);
  end loop;
  perform core.after_gate(p_run_id);
  return jsonb_build_object('outcome', 'withdrawn');
end
$$;
