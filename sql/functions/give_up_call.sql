-- When attempts at a call are exhausted: the claim is failed, what may have been billed stays charged, the call key is free.
-- For a primary call the credit hold is released, because manual gates open without an answer.
create or replace function app.give_up_call(p_run_id uuid, p_kind text, p_code text) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  account core.accounts := core.lock_account();
  claimed uuid;
begin
  perform from core.runs where tenant_id = app.tenant() and id = p_run_id for no key update;
  for claimed in select id from core.ai_runs where tenant_id = app.tenant() and run_id = p_run_id and kind = p_kind and status = 'claimed' loop
    perform core.lose_open_attempt(claimed);
    perform core.fail_call(claimed, p_code);
  end loop;
  if p_kind = 'primary' and not exists (
      select from core.run_calls l join core.ai_runs c on c.tenant_id = l.tenant_id and c.id = l.ai_run_id
      where l.tenant_id = app.tenant() and l.run_id = p_run_id and c.kind = 'primary' and c.status = 'succeeded') then
    -- An outage is the platform's one page already, and not one more of each tenant.
    if not exists (
        select from core.runs r join core.purposes p on p.name = r.purpose and p.version = r.purpose_version
          join core.vendor_breakers b on b.vendor = p.vendor and b.model = p.model and b.region = p.region
        where r.tenant_id = app.tenant() and r.id = p_run_id and b.open_until is not null) then
      perform core.page('model ' || p_code, p_code, p_run_id);
    end if;
    perform core.settle(p_run_id);
    return jsonb_build_object('outcome', 'released');
  end if;
  return jsonb_build_object('outcome', 'given_up');
end
$$;
