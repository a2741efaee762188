-- Deletes what a document says, its passages and their vectors; its row stays and says that it was there. The row is locked
-- by the caller.
create or replace function core.drop_document(p_document_id uuid) returns void
  language plpgsql set search_path = core, app, pg_temp
as $$
begin
  update core.documents set state = 'deleted', code = null, changed_at = app.now() where tenant_id = app.tenant() and id = p_document_id;
  delete from core.embeddings where tenant_id = app.tenant() and source_id = p_document_id;
  delete from core.passages where tenant_id = app.tenant() and document_id = p_document_id;
  delete from core.document_contents where tenant_id = app.tenant() and document_id = p_document_id;
  delete from core.worklist where kind = 'document' and tenant_id = app.tenant() and ref_id = p_document_id;
  update core.memories m set deleted_at = app.now()
  from core.documents d where d.tenant_id = app.tenant() and d.id = p_document_id and m.tenant_id = d.tenant_id and m.id = d.memory_id
    and m.deleted_at is null;
  perform core.emit('document.deleted', core.actor_kind(), core.actor(), null, jsonb_build_object('document_id', p_document_id));
end
$$;
