-- The claim before a passage of a document is embedded, as begin_call is for a run: its row is the first durable write, and
-- each attempt holds its worst case against today before a socket opens. No credit is held: what a run asks for is paid in
-- credits, what a tenant keeps in cost alone. Answers
--   {state: call, ai_run_id, attempt, billed_before, troubled, prompt, ...}  the prompt that was claimed, also by an earlier attempt
--   {state: answered}                 the passage has its vector of this model
--   {state: waiting, retry_after_ms}  the model has failed so often that nobody asks it for a while; nothing is held
--   {state: refused, code}            by policy, matrix, price or budget
--   {state: closed}                   the document was deleted, refused or is ready
create or replace function app.begin_passage(p_passage_id uuid, p_call_key bytea, p_text text, p_vendor text, p_model text, p_region text)
  returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  account core.accounts := core.lock_account();
  document core.documents;
  feature text;
  claim core.ai_runs;
  prompt core.contents;
  offer record;
  next_attempt integer := 1;
begin
  select d.* into document from core.passages p join core.documents d on d.tenant_id = p.tenant_id and d.id = p.document_id
  where p.tenant_id = app.tenant() and p.id = p_passage_id for no key update of d;
  if not found or document.state <> 'pending' then
    return jsonb_build_object('state', 'closed');
  end if;
  if exists (select from core.embeddings where tenant_id = app.tenant() and id = p_passage_id and model = p_model) then
    return jsonb_build_object('state', 'answered');
  end if;
  feature := document.source_type || '.embedding';
  select * into claim from core.ai_runs where tenant_id = app.tenant() and call_key = p_call_key and status = 'claimed' for no key update;
  if found then
    perform core.lose_open_attempt(claim.id);
    account := core.lock_account();
    select * into strict prompt from core.contents where tenant_id = app.tenant() and id = claim.prompt_content_id;
    select coalesce(max(attempt), 0) + 1 into next_attempt from core.ai_run_attempts where tenant_id = app.tenant() and ai_run_id = claim.id;
  end if;

  -- No model counts more tokens than a text has bytes, but for those that it puts around it.
  offer := core.weigh_attempt(account, feature, false, p_vendor, p_model, p_region,
    octet_length(coalesce(convert_from(prompt.bytes, 'UTF8'), p_text)) + 16, 0);
  if offer.refusal is not null then
    -- A document that waits is asked about again and again, and tells of it once.
    if document.code is distinct from offer.refusal then
      if offer.is_violation then
        perform core.emit('policy_violation', 'system', null, null, jsonb_build_object(
          'code', offer.refusal, 'purpose', feature, 'vendor', p_vendor, 'model', p_model, 'region', p_region));
      end if;
      perform core.page(core.refusal_cause(offer.refusal, feature, p_vendor, p_model, p_region), offer.refusal, null);
    end if;
    if claim.id is not null then
      perform core.fail_call(claim.id, offer.refusal);
    end if;
    return jsonb_build_object('state', 'refused', 'code', offer.refusal);
  end if;
  if offer.wait_ms > 0 then
    return jsonb_build_object('state', 'waiting', 'retry_after_ms', offer.wait_ms);
  end if;

  if claim.id is null then
    prompt := core.put_content(null, 'prompt', p_text);
    insert into core.ai_runs (tenant_id, document_id, kind, feature, vendor, model, region, status, call_key, requested_by,
      prompt_content_id, prompt_hash, claimed_at)
    values (app.tenant(), document.id, 'embedding', feature, p_vendor, p_model, p_region, 'claimed', p_call_key, document.added_by,
      prompt.id, prompt.commitment, app.now())
    returning * into claim;
  end if;
  return core.open_attempt(claim, next_attempt, account.day, offer.worst_nano_usd, offer.price_valid_from, offer.wait_ms)
    || jsonb_build_object('purpose', feature, 'purpose_version', 0, 'max_output_tokens', '0');
end
$$;
