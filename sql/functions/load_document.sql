-- What reading a document needs: its bytes while they are not split yet, its passages that have no vector of the model yet, and what
-- scrubbing asks of its tenant, of what that knows what is new since p_known_mark. No row: it is deleted, or never was.
-- Content: for the worker only.
drop function if exists app.load_document(uuid);
drop function if exists app.load_document(uuid, text);
create or replace function app.load_document(p_document_id uuid, p_model text, p_known_mark text default null)
  returns table (state text, media_type text, bytes bytea, is_split boolean, passages jsonb, known jsonb, places jsonb, call_key_secret bytea)
  language sql stable security definer set search_path = core, app, pg_temp
as $$
  select d.state, d.media_type, case when d.passages is null then c.bytes end, d.passages is not null,
    coalesce((select jsonb_agg(jsonb_build_object('id', p.id, 'ordinal', p.ordinal, 'text', p.text) order by p.ordinal)
      from core.passages p where p.tenant_id = d.tenant_id and p.document_id = d.id
        and not exists (select from core.embeddings e where e.tenant_id = p.tenant_id and e.id = p.id and e.model = p_model)), '[]'),
    core.known_since(p_known_mark),
    to_jsonb(t.places), s.call_key_secret
  from core.documents d
    join core.document_contents c on c.tenant_id = d.tenant_id and c.document_id = d.id
    join core.tenants t on t.id = d.tenant_id
    join core.tenant_secrets s on s.tenant_id = d.tenant_id
  where d.tenant_id = app.tenant() and d.id = p_document_id and d.state <> 'deleted'
$$;
