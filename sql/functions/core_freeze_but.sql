-- Freezes a row but for the columns named by the first argument, and those too once the column named by the second one
-- is set. DELETE is refused.
create or replace function core.freeze_but() returns trigger
  language plpgsql set search_path = core, app, pg_temp
as $$
declare
  free text[] := string_to_array(tg_argv[0], ' ');
begin
  if tg_op <> 'UPDATE' then
    raise exception 'core.% keeps its rows: % refused', tg_table_name, tg_op using errcode = 'ZC002';
  end if;
  if to_jsonb(new) - free is distinct from to_jsonb(old) - free
     or (tg_nargs > 1 and to_jsonb(old) -> tg_argv[1] <> 'null' and new is distinct from old) then
    raise exception 'core.% is frozen', tg_table_name using errcode = 'ZC008';
  end if;
  return new;
end
$$;
