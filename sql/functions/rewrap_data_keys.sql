-- Stores data keys of the tenant that was entered, wrapped anew under p_master_key_id. p_keys: [{run_id, version,
-- wrapped_key}], hex, with the version that was read (0: the run has none in a row of its own yet); one that another has
-- wrapped since is left as it is. Answers how many were stored, and notes it in the chain.
create or replace function app.rewrap_data_keys(p_master_key_id text, p_keys jsonb) returns integer
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  rewrapped integer;
begin
  with given as (
    select run_id, version, decode(wrapped_key, 'hex') as wrapped_key
    from jsonb_to_recordset(p_keys) as k (run_id uuid, version integer, wrapped_key text)),
  renewed as (
    update core.data_keys d set version = d.version + 1, master_key_id = p_master_key_id, wrapped_key = g.wrapped_key, wrapped_at = app.now()
    from given g where d.tenant_id = app.tenant() and d.run_id = g.run_id and d.version = g.version
    returning 1),
  taken_out as (
    insert into core.data_keys (tenant_id, run_id, version, master_key_id, wrapped_key, wrapped_at)
    select app.tenant(), g.run_id, 1, p_master_key_id, g.wrapped_key, app.now() from given g where g.version = 0
    on conflict do nothing
    returning 1)
  select (select count(*) from renewed) + (select count(*) from taken_out) into rewrapped;
  if rewrapped > 0 then
    perform core.emit('vault.rewrapped', 'system', null, null, jsonb_build_object(
      'master_key_id', p_master_key_id, 'data_keys', rewrapped::text));
  end if;
  return rewrapped;
end
$$;
