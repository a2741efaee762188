-- The nearest passages of the tenant and of the shared knowledge, by vectors of the same model, never another tenant's.
-- Exact, unless the tenant has so many that it got an index of its own: its name stands in the statement as a literal, so
-- that the planner can tell whose index may serve.
drop function if exists app.similar_passages(text, integer);
create or replace function app.similar_passages(p_embedding text, p_model text, p_limit integer) returns jsonb
  language plpgsql stable security definer set search_path = core, app, public, pg_temp
as $$
declare
  owner text;
  near jsonb := '[]';
  found jsonb;
begin
  foreach owner in array array[app.tenant(), '__global__'] loop
    execute format(
      'select coalesce(jsonb_agg(to_jsonb(n)), ''[]'') from (
         select e.tenant_id, e.id, e.source_type, e.embedding <=> $1 as distance from core.embeddings e
         where e.tenant_id = %L and e.model = %L order by e.embedding <=> $1 limit $2) n', owner, p_model)
    into found using p_embedding::vector, p_limit;
    near := near || found;
  end loop;
  return coalesce((
    select jsonb_agg(jsonb_build_object('id', n.id, 'source_type', n.source_type, 'text', p.text) order by n.distance, n.id)
    from (
      select * from jsonb_to_recordset(near) as r (tenant_id text, id uuid, source_type text, distance float8)
      order by distance, id limit p_limit) n
      join core.passages p on p.tenant_id = n.tenant_id and p.id = n.id), '[]');
end
$$;
