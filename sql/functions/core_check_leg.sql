-- A leg follows the one before it without a gap, and moves the balance by its amount: the account says the same.
create or replace function core.check_leg() returns trigger
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
begin
  if new.balance_after <> new.amount_credits + coalesce(
       (select balance_after from core.credit_ledger where tenant_id = new.tenant_id and seq = new.seq - 1), 0)
     or (new.seq > 1 and not exists (select from core.credit_ledger where tenant_id = new.tenant_id and seq = new.seq - 1))
     or not exists (select from core.accounts
       where tenant_id = new.tenant_id and ledger_seq = new.seq and balance_credits = new.balance_after) then
    raise exception 'leg % does not follow from the ledger', new.seq using errcode = 'ZC011';
  end if;
  return null;
end
$$;
