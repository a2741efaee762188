-- Whether a payload has every field without which its record must not be written.
create or replace function core.is_complete(p_type core.record_types, p_content core.contents) returns boolean
  language sql stable set search_path = core, app, pg_temp
as $$
  select not exists (
    select from unnest((p_type).required_fields) as field
    where coalesce(convert_from((p_content).bytes, 'UTF8')::jsonb -> field, 'null') = 'null')
$$;
