-- Locks the tenant's account and opens today on it. Today never goes back when a tenant moves its time zone west.
create or replace function core.lock_account() returns core.accounts
  language plpgsql set search_path = core, app, pg_temp
as $$
declare
  account core.accounts;
  today date;
begin
  select * into account from core.accounts where tenant_id = app.tenant() for no key update;
  if not found then
    raise exception 'tenant has no account' using errcode = 'ZC010';
  end if;
  select greatest(account.day, (app.now() at time zone t.time_zone)::date) into today from core.tenants t where t.id = app.tenant();
  if today > account.day then
    update core.accounts set day = today, held_nano_usd = 0, spent_nano_usd = 0 where tenant_id = app.tenant() returning * into account;
  end if;
  return account;
end
$$;
