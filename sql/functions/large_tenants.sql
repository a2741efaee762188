-- Tenants that have at least so many vectors of one model, and no index of their own for them: what the migrator makes one
-- for. By the owner, who enters each tenant.
create or replace function app.large_tenants(p_vectors_min bigint) returns table (tenant_id text, model text, index_name text)
  language plpgsql volatile security definer set search_path = core, app, pg_temp
as $$
declare
  entered text := current_setting('app.tenant', true);
  one text;
begin
  for one in select d.tenant_id from core.tenant_directory d union all select '__global__' loop
    perform set_config('app.tenant', one, true);
    return query
      select e.tenant_id, e.model, 'embeddings_of_' || left(encode(sha256(convert_to(e.tenant_id || ' ' || e.model, 'UTF8')), 'hex'), 24)
      from core.embeddings e where e.tenant_id = one group by e.tenant_id, e.model
      having count(*) >= p_vectors_min and not exists (
        select from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_index i on i.indexrelid = c.oid
        where n.nspname = 'core' and i.indisvalid
          and c.relname = 'embeddings_of_' || left(encode(sha256(convert_to(e.tenant_id || ' ' || e.model, 'UTF8')), 'hex'), 24));
  end loop;
  perform set_config('app.tenant', coalesce(entered, ''), true);
end
$$;
