-- Registers a purpose of a pack, at start, by name, version and content hash. A version that is registered never changes.
-- Answers {outcome: registered | unchanged} or {outcome: refused, code}.
create or replace function app.register_purpose(p_purpose jsonb) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  known bytea;
begin
  select content_hash into known from core.purposes where name = p_purpose ->> 'name' and version = (p_purpose ->> 'version')::integer;
  if found then
    return case when known = decode(p_purpose ->> 'content_hash', 'hex') then jsonb_build_object('outcome', 'unchanged')
      else jsonb_build_object('outcome', 'refused', 'code', 'purpose_version_changed') end;
  end if;
  insert into core.purposes (name, version, content_hash, definition, vendor, model, region, advisor_vendor, advisor_model, advisor_region,
    max_input_tokens, max_output_tokens, price_primary, price_advisor, confidence_threshold_permille, phi, manual_record_type, registered_at)
  values (p_purpose ->> 'name', (p_purpose ->> 'version')::integer, decode(p_purpose ->> 'content_hash', 'hex'), p_purpose -> 'definition',
    p_purpose ->> 'vendor', p_purpose ->> 'model', p_purpose ->> 'region',
    p_purpose ->> 'advisor_vendor', p_purpose ->> 'advisor_model', p_purpose ->> 'advisor_region',
    (p_purpose ->> 'max_input_tokens')::bigint, (p_purpose ->> 'max_output_tokens')::bigint,
    (p_purpose ->> 'price_primary')::bigint, (p_purpose ->> 'price_advisor')::bigint,
    (p_purpose ->> 'confidence_threshold_permille')::integer, (p_purpose ->> 'phi')::boolean, p_purpose ->> 'manual_record_type', app.now());
  insert into core.purpose_record_types (purpose, purpose_version, record_type)
  select p_purpose ->> 'name', (p_purpose ->> 'version')::integer, jsonb_array_elements_text(p_purpose -> 'record_types');
  return jsonb_build_object('outcome', 'registered');
end
$$;
