-- Opens an attempt at a claimed call and holds its worst case against today. Answers what whoever calls the model is told.
-- The account is locked by the caller, who has weighed the attempt just now.
create or replace function core.open_attempt(p_claim core.ai_runs, p_attempt integer, p_day date, p_worst_nano_usd bigint,
    p_price_valid_from timestamptz, p_wait_ms integer) returns jsonb
  language plpgsql set search_path = core, app, pg_temp
as $$
begin
  insert into core.ai_run_attempts (tenant_id, ai_run_id, attempt, state, day, held_nano_usd, price_valid_from, started_at)
  values (app.tenant(), p_claim.id, p_attempt, 'open', p_day, p_worst_nano_usd, p_price_valid_from, app.now());
  update core.accounts set held_nano_usd = held_nano_usd + p_worst_nano_usd where tenant_id = app.tenant();
  return jsonb_build_object('state', 'call', 'ai_run_id', p_claim.id, 'attempt', p_attempt,
    -- Attempts that a vendor may have billed already, and whether the model's answer is news to the other workers.
    'billed_before', case when p_attempt = 1 then 0 else (select count(*) from core.ai_run_attempts
      where tenant_id = app.tenant() and ai_run_id = p_claim.id and state in ('maybe_billed', 'lost')) end,
    'troubled', p_wait_ms is not null,
    'prompt', core.bound_text(p_claim.prompt_content_id, p_claim.prompt_hash),
    'vendor', p_claim.vendor, 'model', p_claim.model, 'region', p_claim.region);
end
$$;
