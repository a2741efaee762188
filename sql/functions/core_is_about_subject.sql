-- Whether a payload is about the very person whom its run is about. Always so where the run is about nobody, or records of
-- the type name no subject.
create or replace function core.is_about_subject(p_run core.runs, p_type core.record_types, p_content core.contents) returns boolean
  language sql stable set search_path = core, app, pg_temp
as $$
  select (p_run).subject_id is null or (p_type).definition ->> 'subject_field' is null
    or coalesce(convert_from((p_content).bytes, 'UTF8')::jsonb ->> ((p_type).definition ->> 'subject_field') = (p_run).subject_id, false)
$$;
