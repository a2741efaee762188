-- Whether another record stands for this one already, or says that nothing does. Never so of none.
create or replace function core.is_compensated(p_record_id uuid) returns boolean
  language sql stable set search_path = core, app, pg_temp
as $$
  select p_record_id is not null and exists (
    select from core.records where tenant_id = app.tenant() and compensates_record_id = p_record_id)
$$;
