-- Closes a replay with its event. Whoever compared has set what came of it.
create or replace function core.end_replay(p_replay core.replays, p_outcome text, p_code text, p_compared jsonb default '{}') returns void
  language plpgsql set search_path = core, app, pg_temp
as $$
declare
  ended core.replays;
begin
  update core.replays set state = 'closed', outcome = p_outcome, code = p_code, closed_at = app.now(),
    agreement = p_compared ->> 'agreement', fields_compared = (p_compared ->> 'fields_compared')::integer,
    fields_differing = (p_compared ->> 'fields_differing')::integer,
    differing = case when p_compared ? 'differing' then array(select jsonb_array_elements_text(p_compared -> 'differing')) end
  where tenant_id = app.tenant() and id = p_replay.id
  returning * into strict ended;
  delete from core.worklist where kind = 'replay' and tenant_id = app.tenant() and ref_id = ended.id;
  perform core.emit('replay.closed', 'system', null, ended.run_id, jsonb_build_object(
    'replay_id', ended.id, 'call_id', ended.call_id, 'replay_call_id', ended.replay_call_id, 'outcome', ended.outcome, 'code', ended.code,
    'agreement', ended.agreement, 'fields_compared', ended.fields_compared::text, 'fields_differing', ended.fields_differing::text,
    'differing', to_jsonb(ended.differing)));
end
$$;
