-- The nearest passages of the tenant and of the shared knowledge, by vectors of the same model, exact, never another
-- tenant's.
drop function if exists app.similar_passages(text, integer);
create or replace function app.similar_passages(p_embedding text, p_model text, p_limit integer) returns jsonb
  language sql stable security definer set search_path = core, app, public, pg_temp
as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', n.id, 'source_type', n.source_type, 'text', p.text) order by n.distance, n.id), '[]')
  from (
    select e.tenant_id, e.id, e.source_type, e.embedding <=> p_embedding::vector as distance
    from core.embeddings e
    where e.tenant_id in (app.tenant(), '__global__') and e.model = p_model
    order by distance, e.id limit p_limit) n
  join core.passages p on p.tenant_id = n.tenant_id and p.id = n.id
$$;
