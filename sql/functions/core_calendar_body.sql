-- A calendar as the chain holds it, where numbers are text; null where there is none.
create or replace function core.calendar_body(p_calendar jsonb) returns jsonb
  language sql immutable set search_path = core, app, pg_temp
as $$
  select p_calendar || jsonb_build_object('weekdays', (select jsonb_agg(d.day) from jsonb_array_elements_text(p_calendar -> 'weekdays') as d (day)))
$$;
