-- The nearest passages of the tenant and of the shared knowledge, exact, never another tenant's.
create or replace function app.similar_passages(p_embedding text, p_limit integer) returns jsonb
  language sql stable security definer set search_path = core, app, public, pg_temp
as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', n.id, 'source_type', n.source_type, 'text', n.text) order by n.distance), '[]')
  from (
    select e.id, e.source_type, convert_from(c.bytes, 'UTF8') as text, e.embedding <=> p_embedding::vector as distance
    from core.embeddings e join core.contents c on c.tenant_id = e.tenant_id and c.id = e.content_id
    where e.tenant_id in (app.tenant(), '__global__')
    order by distance limit p_limit) n
$$;
