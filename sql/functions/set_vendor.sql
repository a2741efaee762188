-- Saves the next version of a matrix entry, by the platform, if p_expected_version (0 for a new one) is the present one.
create or replace function app.set_vendor(p_vendor text, p_model text, p_region text, p_entry jsonb, p_expected_version integer, p_actor_user_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  present integer;
begin
  if app.tenant() is distinct from '__platform__' then
    raise exception 'the vendor matrix is the platform''s' using errcode = 'ZC003';
  end if;
  perform core.require_actor(p_actor_user_id, array['platform_admin']);
  perform pg_advisory_xact_lock(hashtextextended('vendor ' || p_vendor || ' ' || p_model || ' ' || p_region, 0));
  select coalesce(max(version), 0) into present from core.ai_vendor_baa_matrix where vendor = p_vendor and model = p_model and region = p_region;
  if present <> p_expected_version then
    return jsonb_build_object('outcome', 'refused', 'code', 'version_stale', 'version', present);
  end if;
  insert into core.ai_vendor_baa_matrix (vendor, model, region, version, listed, baa_active, baa_expires_at, baa_sha256, zdr_active,
    retention_mode, leaves_perimeter, notes, set_by, set_at)
  values (p_vendor, p_model, p_region, present + 1, (p_entry ->> 'listed')::boolean, (p_entry ->> 'baa_active')::boolean,
    (p_entry ->> 'baa_expires_at')::timestamptz, decode(p_entry ->> 'baa_sha256', 'hex'), (p_entry ->> 'zdr_active')::boolean,
    p_entry ->> 'retention_mode', (p_entry ->> 'leaves_perimeter')::boolean, p_entry ->> 'notes', p_actor_user_id, app.now());
  return jsonb_build_object('outcome', 'saved', 'version', present + 1);
end
$$;
