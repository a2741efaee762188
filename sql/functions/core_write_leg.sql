-- Moves the balance and writes its leg. The account is locked by the caller; the balance can't pass below zero.
create or replace function core.write_leg(p_kind text, p_run_id uuid, p_amount bigint, p_actor_user_id uuid,
    p_reserved bigint, p_actual bigint, p_deducted bigint, p_shortfall bigint) returns void
  language plpgsql set search_path = core, app, pg_temp
as $$
declare
  account core.accounts;
begin
  update core.accounts set balance_credits = balance_credits + p_amount, ledger_seq = ledger_seq + 1
  where tenant_id = app.tenant() returning * into strict account;
  insert into core.credit_ledger (tenant_id, seq, kind, run_id, amount_credits, balance_after, actor_user_id, at,
    reserved_credits, actual_credits, deducted_credits, shortfall_credits)
  values (app.tenant(), account.ledger_seq, p_kind, p_run_id, p_amount, account.balance_credits, p_actor_user_id, app.now(),
    p_reserved, p_actual, p_deducted, p_shortfall);
end
$$;
