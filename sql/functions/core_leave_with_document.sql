-- What a document says never changes, and leaves only with the document: as the rows of a deleted one. The first argument
-- names the column with the document's id.
create or replace function core.leave_with_document() returns trigger
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
begin
  if tg_op <> 'DELETE' or not exists (
      select from core.documents d
      where d.tenant_id = old.tenant_id and d.id = (to_jsonb(old) ->> tg_argv[0])::uuid and d.state = 'deleted') then
    raise exception 'core.% leaves with its document: % refused', tg_table_name, tg_op using errcode = 'ZC002';
  end if;
  return old;
end
$$;
