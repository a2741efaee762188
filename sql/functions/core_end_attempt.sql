-- Ends an open attempt and turns its hold into actual cost on the day it was held. The account is locked by the caller.
create or replace function core.end_attempt(p_ai_run_id uuid, p_attempt integer, p_state text, p_cost bigint, p_error_code text) returns void
  language plpgsql set search_path = core, app, pg_temp
as $$
declare
  ended core.ai_run_attempts;
begin
  update core.ai_run_attempts set state = p_state, cost_nano_usd = p_cost, error_code = p_error_code, ended_at = app.now()
  where tenant_id = app.tenant() and ai_run_id = p_ai_run_id and attempt = p_attempt and state = 'open'
  returning * into strict ended;
  -- Yesterday's hold was yesterday's budget: the row of the attempt keeps it.
  update core.accounts set held_nano_usd = held_nano_usd - ended.held_nano_usd, spent_nano_usd = spent_nano_usd + p_cost
  where tenant_id = app.tenant() and day = ended.day;
end
$$;
