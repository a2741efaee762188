-- A wrapped data key may be wrapped again, which is its next version, and nothing else: no DELETE, no other run.
create or replace function core.rewrap_only() returns trigger
  language plpgsql set search_path = core, app, pg_temp
as $$
begin
  if tg_op <> 'UPDATE' then
    raise exception 'core.% keeps its rows: % refused', tg_table_name, tg_op using errcode = 'ZC002';
  end if;
  if (new.tenant_id, new.run_id, new.version) is distinct from (old.tenant_id, old.run_id, old.version + 1)
      or new.wrapped_key = old.wrapped_key then
    raise exception 'core.% is frozen', tg_table_name using errcode = 'ZC008';
  end if;
  return new;
end
$$;
