-- The separation that a gate asks for: its record type's, and never less than a second person where a hospital's
-- clinical record is decided.
create or replace function core.gate_separation(p_type core.record_types) returns text
  language sql stable set search_path = core, app, pg_temp
as $$
  select case
    when (p_type).separation = 'none' and (p_type).class = 'clinical' and (select kind from core.tenants where id = app.tenant()) = 'hospital'
      then 'second_person'
    else (p_type).separation
  end
$$;
