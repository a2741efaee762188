-- The next data keys of the tenant that was entered that another master key than p_master_key_id wraps, by run, at most
-- p_limit of them after p_after. Version 0 is a key that stands before each value of its run, of when there was no row for
-- it; such a value comes along as p_sealed, hex. Null data keys stand for values that a master key sealed itself.
create or replace function app.stale_data_keys(p_master_key_id text, p_after uuid, p_limit integer)
  returns table (run_id uuid, version integer, master_key_id text, wrapped_key bytea, sealed_value bytea)
  language sql stable security definer set search_path = core, app, pg_temp
as $$
  select s.run_id, s.version, s.master_key_id, s.wrapped_key, s.sealed_value
  from (
    (select d.run_id, d.version, d.master_key_id, d.wrapped_key, null::bytea as sealed_value
     from core.data_keys d
     where d.tenant_id = app.tenant() and d.master_key_id <> p_master_key_id and d.run_id > p_after
     order by d.run_id limit p_limit)
    union all
    (select distinct on (t.run_id) t.run_id, 0, null, null, t.sealed_value
     from core.scrub_tokens t
     where t.tenant_id = app.tenant() and t.run_id > p_after
       and not exists (select from core.data_keys d where d.tenant_id = t.tenant_id and d.run_id = t.run_id)
     order by t.run_id limit p_limit)) s
  order by s.run_id limit p_limit
$$;
