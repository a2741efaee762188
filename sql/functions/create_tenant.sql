-- Creates a tenant, by the platform. Answers {outcome: created | exists}; open_tenant, in the tenant's own transaction, follows.
create or replace function app.create_tenant(p_id text, p_kind text, p_name text, p_currency text, p_units text, p_time_zone text,
    p_places text[], p_actor_user_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
begin
  if app.tenant() is distinct from '__platform__' then
    raise exception 'only the platform creates tenants' using errcode = 'ZC003';
  end if;
  perform core.require_actor(p_actor_user_id, array['platform_admin']);
  if not exists (select from pg_timezone_names where name = p_time_zone) then
    return jsonb_build_object('outcome', 'refused', 'code', 'time_zone_unknown');
  end if;
  insert into core.tenants (id, kind, name, currency, units, time_zone, places, created_at, created_by)
  values (p_id, p_kind, p_name, p_currency, p_units, p_time_zone, p_places, app.now(), p_actor_user_id)
  on conflict (id) do nothing;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'tenant_exists');
  end if;
  insert into core.tenant_directory (tenant_id) values (p_id);
  return jsonb_build_object('outcome', 'created');
end
$$;
