-- Whom an input is about, by what its purpose declares: id and member, as text, each null when the purpose declares none
-- or the input leaves it out.
create or replace function core.read_subject(p_purpose core.purposes, p_input text, out subject_id text, out subject_user_id text)
  language sql stable set search_path = core, app, pg_temp
as $$
  select nullif(p_input::jsonb #>> string_to_array((p_purpose).definition ->> 'subject_id_field', '.'), ''),
    nullif(p_input::jsonb #>> string_to_array((p_purpose).definition ->> 'subject_field', '.'), '')
$$;
