-- Row level security, forced also for the owner, on every table with a tenant; it asks one function. Repeatable.
-- Exempt, because they hold ids for work across tenants and no roles may read them: tenant_directory, key_directory,
-- worklist. Shared by all tenants by nature, without a tenant column: purposes, record_types, the vendor matrix, prices,
-- breakers, warnings of agreements.
do $$
declare
  t text;
begin
  for t in
    select c.table_name from information_schema.columns c join information_schema.tables k using (table_schema, table_name)
    where c.table_schema = 'core' and c.column_name = 'tenant_id' and k.table_type = 'BASE TABLE'
      and c.table_name not in ('tenant_directory', 'key_directory', 'worklist')
  loop
    execute format('alter table core.%I enable row level security', t);
    execute format('alter table core.%I force row level security', t);
    execute format('drop policy if exists tenant_only on core.%I', t);
    execute format('create policy tenant_only on core.%I using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()))', t);
  end loop;
end
$$;

-- The shared knowledge may be read by every tenant that was entered, and written by none of them.
do $$
declare
  t text;
begin
  foreach t in array array['embeddings', 'contents', 'memories', 'documents', 'document_contents', 'passages'] loop
    execute format('drop policy if exists shared_knowledge on core.%I', t);
    execute format('create policy shared_knowledge on core.%I for select using (tenant_id = ''__global__'' and (select app.tenant()) is not null)', t);
  end loop;
end
$$;

-- A tenant sees itself; the platform sees and makes them all.
alter table core.tenants enable row level security;
alter table core.tenants force row level security;
drop policy if exists tenant_only on core.tenants;
create policy tenant_only on core.tenants
  using (id = (select app.tenant()) or (select app.tenant()) = '__platform__')
  with check ((select app.tenant()) = '__platform__');
