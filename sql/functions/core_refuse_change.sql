-- Refuses UPDATE, DELETE and TRUNCATE of what is append-only.
create or replace function core.refuse_change() returns trigger
  language plpgsql set search_path = core, app, pg_temp
as $$
begin
  raise exception 'core.% is append-only: % refused', tg_table_name, tg_op using errcode = 'ZC002';
end
$$;
