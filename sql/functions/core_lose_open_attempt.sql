-- An attempt that never answered may have been billed: it is charged at its worst case, and its late answer is refused.
create or replace function core.lose_open_attempt(p_ai_run_id uuid) returns void
  language plpgsql set search_path = core, app, pg_temp
as $$
declare
  open_attempt core.ai_run_attempts;
begin
  select * into open_attempt from core.ai_run_attempts
  where tenant_id = app.tenant() and ai_run_id = p_ai_run_id and state = 'open';
  if found then
    perform core.end_attempt(p_ai_run_id, open_attempt.attempt, 'lost', open_attempt.held_nano_usd, 'attempt_lost');
  end if;
end
$$;
