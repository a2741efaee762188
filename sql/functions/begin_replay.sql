-- The claim before a call is repeated, as begin_call is for a run: its row is the first durable write, under a key that no
-- other call has, and each attempt holds its worst case against today. It is asked of the same model with the same prompt,
-- which is read, with the stored answer, before anything is sent: what is not what was hashed raises. No credit is held.
-- Answers
--   {state: call, ai_run_id, attempt, ...}   as begin_call
--   {state: answered, output, stored, purpose, purpose_version}  it has answered: what is left is to compare
--   {state: waiting, retry_after_ms}         the model has failed so often that nobody asks it for a while; nothing is held
--   {state: closed}                          the replay has ended, now or before
create or replace function app.begin_replay(p_replay_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  -- ATTEMPTS_MAX.retry of contract/model.ts; a test compares them.
  attempts_max constant integer := 6;
  account core.accounts := core.lock_account();
  replay core.replays;
  original core.ai_runs;
  purpose core.purposes;
  claim core.ai_runs;
  offer record;
  stored text;
  refusal text;
  last_attempt integer := 0;
begin
  select * into replay from core.replays where tenant_id = app.tenant() and id = p_replay_id for no key update;
  if not found then
    raise exception 'no such replay' using errcode = 'ZC010';
  end if;
  if replay.state = 'closed' then
    return jsonb_build_object('state', 'closed');
  end if;
  select * into strict original from core.ai_runs where tenant_id = app.tenant() and id = replay.call_id;
  select p.* into strict purpose from core.runs r join core.purposes p on p.name = r.purpose and p.version = r.purpose_version
  where r.tenant_id = app.tenant() and r.id = original.run_id;
  perform core.bound_text(original.prompt_content_id, original.prompt_hash);
  stored := core.bound_text(original.output_content_id, original.output_hash);

  select * into claim from core.ai_runs where tenant_id = app.tenant() and id = replay.replay_call_id for no key update;
  if claim.status = 'succeeded' then
    return jsonb_build_object('state', 'answered', 'output', core.bound_text(claim.output_content_id, claim.output_hash), 'stored', stored,
      'purpose', purpose.name, 'purpose_version', purpose.version);
  elsif claim.status = 'failed' then
    perform core.end_replay(replay, 'failed', claim.error_code);
    return jsonb_build_object('state', 'closed');
  elsif claim.id is not null then
    perform core.lose_open_attempt(claim.id);
    account := core.lock_account();
    select max(attempt) into strict last_attempt from core.ai_run_attempts where tenant_id = app.tenant() and ai_run_id = claim.id;
    if last_attempt >= attempts_max then
      select case error_code when 'attempt_lost' then 'step_failed' else error_code end into strict refusal from core.ai_run_attempts
      where tenant_id = app.tenant() and ai_run_id = claim.id and attempt = last_attempt;
      perform core.fail_call(claim.id, refusal);
      perform core.end_replay(replay, 'failed', refusal);
      return jsonb_build_object('state', 'closed');
    end if;
  end if;

  offer := core.weigh_attempt(account, purpose.name, purpose.phi, original.vendor, original.model, original.region,
    purpose.max_input_tokens, purpose.max_output_tokens);
  if offer.refusal is not null then
    if offer.is_violation then
      perform core.emit('policy_violation', 'system', null, replay.run_id, jsonb_build_object('code', offer.refusal, 'replay_id', replay.id,
        'purpose', purpose.name, 'vendor', original.vendor, 'model', original.model, 'region', original.region));
    end if;
    perform core.page(core.refusal_cause(offer.refusal, purpose.name, original.vendor, original.model, original.region), offer.refusal, replay.run_id);
    if claim.id is not null then
      perform core.fail_call(claim.id, offer.refusal);
    end if;
    perform core.end_replay(replay, 'refused', offer.refusal);
    return jsonb_build_object('state', 'closed');
  end if;
  if offer.wait_ms > 0 then
    return jsonb_build_object('state', 'waiting', 'retry_after_ms', offer.wait_ms);
  end if;

  if claim.id is null then
    insert into core.ai_runs (tenant_id, run_id, kind, feature, vendor, model, region, status, call_key, parent_id, requested_by,
      prompt_content_id, prompt_hash, claimed_at)
    values (app.tenant(), replay.run_id, 'replay', original.feature, original.vendor, original.model, original.region, 'claimed',
      sha256(original.call_key || uuid_send(replay.id)), original.id, replay.requested_by,
      original.prompt_content_id, original.prompt_hash, app.now())
    returning * into claim;
    insert into core.run_calls (tenant_id, run_id, ai_run_id, billed) values (app.tenant(), replay.run_id, claim.id, true);
    update core.replays set replay_call_id = claim.id where tenant_id = app.tenant() and id = replay.id;
  end if;
  return core.open_attempt(claim, last_attempt + 1, account.day, offer.worst_nano_usd, offer.price_valid_from, offer.wait_ms)
    || jsonb_build_object('purpose', purpose.name, 'purpose_version', purpose.version, 'max_output_tokens', purpose.max_output_tokens::text);
end
$$;
