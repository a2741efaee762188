-- At commit, an account's balance is what its last leg says: nothing moves it without a leg. SECURITY DEFINER for the
-- same reason as core.seal.
create or replace function core.check_balance() returns trigger
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
begin
  if exists (
    select from core.accounts a left join core.credit_ledger l on l.tenant_id = a.tenant_id and l.seq = a.ledger_seq
    where a.tenant_id = new.tenant_id and (a.balance_credits, a.ledger_seq) is distinct from (coalesce(l.balance_after, 0), coalesce(l.seq, 0))) then
    raise exception 'the balance is not what the ledger says' using errcode = 'ZC011';
  end if;
  return null;
end
$$;
