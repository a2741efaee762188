-- Says what came of a replay. p_result: {fields_compared, fields_differing, differing: [pointer]} when both answers were
-- compared as JSON, or {code} when there is nothing to compare. That they are the same byte by byte the database sees for
-- itself. An answer that differs pages operations; the stored one stays the one that counts. Once: answers
-- {outcome: compared | failed | closed}.
create or replace function app.close_replay(p_replay_id uuid, p_result jsonb) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  account core.accounts := core.lock_account();
  replay core.replays;
  original core.ai_runs;
  again core.ai_runs;
  is_exact boolean;
  agreed text;
begin
  select * into strict replay from core.replays where tenant_id = app.tenant() and id = p_replay_id for no key update;
  if replay.state = 'closed' then
    return jsonb_build_object('outcome', 'closed');
  end if;
  select * into again from core.ai_runs where tenant_id = app.tenant() and id = replay.replay_call_id for no key update;
  if p_result ? 'code' then
    if again.status = 'claimed' then
      perform core.lose_open_attempt(again.id);
      perform core.fail_call(again.id, p_result ->> 'code');
    end if;
    perform core.end_replay(replay, 'failed', p_result ->> 'code');
    return jsonb_build_object('outcome', 'failed');
  end if;
  if again.status is distinct from 'succeeded' then
    raise exception 'replay % has no answer to compare', p_replay_id using errcode = 'ZC004';
  end if;
  select * into strict original from core.ai_runs where tenant_id = app.tenant() and id = replay.call_id;
  is_exact := core.bound_text(original.output_content_id, original.output_hash) = core.bound_text(again.output_content_id, again.output_hash);
  if is_exact and p_result ->> 'fields_differing' <> '0' then
    raise exception 'the answers of replay % are the same', p_replay_id using errcode = 'ZC004';
  end if;
  agreed := case when is_exact then 'exact' when p_result ->> 'fields_differing' = '0' then 'canonical' else 'differs' end;
  perform core.end_replay(replay, 'compared', null, p_result || jsonb_build_object('agreement', agreed));
  if agreed = 'differs' then
    perform core.page('replay_differs ' || original.feature || ' ' || original.vendor || ' ' || original.model, 'replay_differs', replay.run_id);
  end if;
  return jsonb_build_object('outcome', 'compared');
end
$$;
