-- The roles of the cluster. The owner holds tables and functions, never logs in, and neither is superuser nor bypasses
-- row level security; everybody else gets functions and views by grant. Repeatable.
do $$
declare
  role_name text;
begin
  if not exists (select from pg_roles where rolname = 'countersign_owner') then
    create role countersign_owner nologin noinherit nocreatedb nocreaterole nobypassrls;
  end if;
  foreach role_name in array array['countersign_migrator', 'countersign_worker', 'countersign_api', 'countersign_adapter', 'countersign_auditor'] loop
    if not exists (select from pg_roles where rolname = role_name) then
      execute format('create role %I login noinherit nocreatedb nocreaterole nobypassrls', role_name);
    end if;
  end loop;
  if not exists (select from pg_roles where rolname = 'countersign_backup') then
    begin
      create role countersign_backup login noinherit bypassrls;
    exception when insufficient_privilege then
      raise notice 'countersign_backup needs BYPASSRLS, which this login may not give: create it by hand';
    end;
  end if;
end
$$;
grant countersign_owner to countersign_migrator;
