-- The claim before a model call: its row is the first durable write, and each attempt holds its own worst case against
-- today before a socket opens. p_kind is primary or advisor (prompt and key as scrub stored them) or embedding
-- (p_call_key and p_text given). Answers
--   {state: call, ai_run_id, attempt, billed_before, troubled, prompt, vendor, model, region, max_output_tokens}
--   {state: answered, ai_run_id, output}  a stored answer with the same call key: nothing is called; output of embeddings only
--   {state: in_flight}               another run is calling with the same call key
--   {state: waiting, retry_after_ms} the model has failed so often that nobody asks it for a while; nothing is held
--   {state: refused, code}           by policy, matrix, price or budget
--   {state: failed, code}            the call of this kind has failed for good, now or before: six attempts are all
--   {state: closed}                  the run has ended, is settled or is withdrawn
create or replace function app.begin_call(p_run_id uuid, p_kind text, p_call_key bytea default null, p_text text default null,
    p_vendor text default null, p_model text default null, p_region text default null) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  -- ATTEMPTS_MAX.retry of contract/model.ts; a test compares them.
  attempts_max constant integer := 6;
  account core.accounts := core.lock_account();
  run core.runs;
  purpose core.purposes;
  known core.ai_runs;
  claim core.ai_runs;
  prompt core.contents;
  offer record;
  ref_vendor text; ref_model text; ref_region text;
  key bytea;
  parent uuid;
  refusal text;
  next_attempt integer;
begin
  select * into strict run from core.runs where tenant_id = app.tenant() and id = p_run_id for no key update;
  if run.state = 'closed' or run.withdrawn_at is not null or run.settled_at is not null then
    return jsonb_build_object('state', 'closed');
  end if;
  -- Paid for before it starts.
  if run.reserved_credits = 0 then
    raise exception 'run % holds no credit', p_run_id using errcode = 'ZC004';
  end if;
  select * into strict purpose from core.purposes where name = run.purpose and version = run.purpose_version;
  if p_kind = 'primary' then
    ref_vendor := purpose.vendor; ref_model := purpose.model; ref_region := purpose.region; key := run.prompt_call_key;
  elsif p_kind = 'advisor' then
    ref_vendor := purpose.advisor_vendor; ref_model := purpose.advisor_model; ref_region := purpose.advisor_region; key := run.advisor_call_key;
    select c.id into parent from core.run_calls l join core.ai_runs c on c.tenant_id = l.tenant_id and c.id = l.ai_run_id
    where l.tenant_id = app.tenant() and l.run_id = p_run_id and c.kind = 'primary' and c.status = 'succeeded';
  else
    ref_vendor := p_vendor; ref_model := p_model; ref_region := p_region; key := p_call_key;
  end if;
  if key is null or ref_vendor is null then
    raise exception 'a call of kind % has no key or no model', p_kind using errcode = 'ZC004';
  end if;

  select * into known from core.ai_runs where tenant_id = app.tenant() and call_key = key and status <> 'failed' for no key update;
  if found and known.status = 'succeeded' then
    insert into core.run_calls (tenant_id, run_id, ai_run_id, billed) values (app.tenant(), p_run_id, known.id, false) on conflict do nothing;
    if p_kind in ('primary', 'advisor') then
      update core.runs set step = 'evaluate' where tenant_id = app.tenant() and id = p_run_id;
    end if;
    return jsonb_build_object('state', 'answered', 'ai_run_id', known.id,
      'output', case when p_kind = 'embedding' then core.bound_text(known.output_content_id, known.output_hash) end);
  end if;
  if found and known.run_id <> p_run_id then
    return jsonb_build_object('state', 'in_flight');
  end if;
  if known.id is null then
    select c.error_code into refusal from core.ai_runs c
    where c.tenant_id = app.tenant() and c.run_id = p_run_id and c.kind = p_kind and c.call_key = key and c.status = 'failed';
    if found then
      return jsonb_build_object('state', 'failed', 'code', refusal);
    end if;
  else
    perform core.lose_open_attempt(known.id);
    account := core.lock_account();
    -- Attempts are counted where they began: a task that a worker took and never carried out is none.
    select max(attempt) into next_attempt from core.ai_run_attempts where tenant_id = app.tenant() and ai_run_id = known.id;
    if next_attempt >= attempts_max then
      select case error_code when 'attempt_lost' then 'step_failed' else error_code end into strict refusal from core.ai_run_attempts
      where tenant_id = app.tenant() and ai_run_id = known.id and attempt = next_attempt;
      perform core.fail_call(known.id, refusal);
      return jsonb_build_object('state', 'failed', 'code', refusal);
    end if;
  end if;

  offer := core.weigh_attempt(account, run.purpose, purpose.phi, ref_vendor, ref_model, ref_region,
    purpose.max_input_tokens, case when p_kind = 'embedding' then 0 else purpose.max_output_tokens end);
  if offer.refusal is not null then
    if offer.is_violation then
      perform core.violate_policy(p_run_id, offer.refusal, run.purpose, ref_vendor, ref_model, ref_region);
    end if;
    perform core.page(core.refusal_cause(offer.refusal, run.purpose, ref_vendor, ref_model, ref_region), offer.refusal, p_run_id);
    if known.id is not null then
      perform core.fail_call(known.id, offer.refusal);
    end if;
    return jsonb_build_object('state', 'refused', 'code', offer.refusal);
  end if;
  if offer.wait_ms > 0 then
    return jsonb_build_object('state', 'waiting', 'retry_after_ms', offer.wait_ms);
  end if;

  if known.id is null then
    if p_kind in ('primary', 'advisor') then
      select * into strict prompt from core.contents where tenant_id = app.tenant() and id = run.prompt_content_id;
    else
      prompt := core.put_content(p_run_id, 'prompt', p_text);
    end if;
    insert into core.ai_runs (tenant_id, run_id, kind, feature, vendor, model, region, status, call_key, parent_id, requested_by,
      prompt_content_id, prompt_hash, claimed_at)
    values (app.tenant(), p_run_id, p_kind, run.purpose, ref_vendor, ref_model, ref_region, 'claimed', key, parent, run.requested_by,
      prompt.id, prompt.commitment, app.now())
    returning * into claim;
    insert into core.run_calls (tenant_id, run_id, ai_run_id, billed) values (app.tenant(), p_run_id, claim.id, true);
  else
    claim := known;
  end if;
  return core.open_attempt(claim, coalesce(next_attempt, 0) + 1, account.day, offer.worst_nano_usd, offer.price_valid_from, offer.wait_ms)
    || jsonb_build_object('purpose', run.purpose, 'purpose_version', run.purpose_version, 'max_output_tokens', purpose.max_output_tokens::text);
end
$$;
