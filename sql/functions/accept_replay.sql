-- Takes the wish to have a run's call repeated: of the call that is named, or of the one whose answer rules. Once by the
-- caller's key. An admin's act: it sends what was scrubbed to a vendor again and is paid from the tenant's budget. Answers
-- {outcome: accepted | replayed, replay_id} or {outcome: refused, code}.
create or replace function app.accept_replay(p_run_id uuid, p_call_id uuid, p_key text, p_actor_user_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  known core.replays;
  original uuid;
  run_state text;
begin
  perform core.require_actor(p_actor_user_id, array['admin']);
  -- Two requests with one key wait for one another.
  perform pg_advisory_xact_lock(hashtextextended('replay ' || app.tenant() || ' ' || p_key, 0));
  select state into run_state from core.runs where tenant_id = app.tenant() and id = p_run_id;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'run_not_found');
  end if;
  select c.id into original
  from core.run_calls l join core.ai_runs c on c.tenant_id = l.tenant_id and c.id = l.ai_run_id
  where l.tenant_id = app.tenant() and l.run_id = p_run_id and c.kind in ('primary', 'advisor') and c.status = 'succeeded'
    and (p_call_id is null or c.id = p_call_id)
  order by (c.kind = 'advisor') desc limit 1;
  select * into known from core.replays where tenant_id = app.tenant() and request_key = p_key;
  if found then
    if known.run_id <> p_run_id or known.call_id <> coalesce(p_call_id, known.call_id) then
      return jsonb_build_object('outcome', 'refused', 'code', 'key_reused');
    end if;
    return jsonb_build_object('outcome', 'replayed', 'replay_id', known.id);
  end if;
  -- While it is at work its own calls come first.
  if original is null or run_state not in ('waiting', 'closed') then
    return jsonb_build_object('outcome', 'refused', 'code', 'not_replayable');
  end if;
  insert into core.replays (tenant_id, run_id, call_id, requested_by, request_key, state, created_at)
  values (app.tenant(), p_run_id, original, p_actor_user_id, p_key, 'accepted', app.now())
  returning * into known;
  -- The start is repeated from here if it is lost.
  insert into core.worklist (kind, tenant_id, ref_id, due_at) values ('replay', app.tenant(), known.id, app.now() + interval '5 seconds');
  perform core.emit('replay.asked', core.actor_kind(), core.actor(), p_run_id, jsonb_build_object(
    'replay_id', known.id, 'call_id', original, 'requested_by', p_actor_user_id));
  return jsonb_build_object('outcome', 'accepted', 'replay_id', known.id);
end
$$;
