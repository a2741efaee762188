-- Says whether there is a server to send mail by, from a worker's settings at its start; where that has changed, which tenants
-- are told of anything is looked at anew. Answers whether it has.
create or replace function app.set_mail_channel(p_is_on boolean) returns boolean
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  one text;
begin
  insert into core.channels as c (name, is_on, changed_at) values ('mail', p_is_on, app.now())
  on conflict (name) do update set is_on = excluded.is_on, changed_at = excluded.changed_at where c.is_on <> excluded.is_on;
  if not found then
    return false;
  end if;
  for one in select d.tenant_id from core.tenant_directory d order by d.tenant_id loop
    perform set_config('app.tenant', one, true);
    perform core.note_told();
  end loop;
  perform set_config('app.tenant', '', true);
  return true;
end
$$;
