-- Stores a document that is still to be read, and puts it on the worklist.
create or replace function core.put_document(p_source_type text, p_media_type text, p_title text, p_bytes bytea, p_added_by uuid,
    p_request_key text default null, p_memory_id uuid default null, p_publisher text default null, p_address text default null)
  returns core.documents
  language plpgsql set search_path = core, app, pg_temp
as $$
declare
  stored core.documents;
  fresh_salt bytea := sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
begin
  insert into core.documents (tenant_id, source_type, media_type, size_bytes, commitment, state, added_by, memory_id, request_key,
    created_at, changed_at)
  values (app.tenant(), p_source_type, p_media_type, octet_length(p_bytes), sha256(fresh_salt || p_bytes), 'pending', p_added_by, p_memory_id,
    p_request_key, app.now(), app.now())
  returning * into stored;
  insert into core.document_contents (tenant_id, document_id, title, publisher, address, salt, bytes)
  values (app.tenant(), stored.id, p_title, p_publisher, p_address, fresh_salt, p_bytes);
  insert into core.worklist (kind, tenant_id, ref_id, due_at) values ('document', app.tenant(), stored.id, app.now());
  perform core.emit('document.added', core.actor_kind(), core.actor(), null, jsonb_build_object(
    'document_id', stored.id, 'source_type', p_source_type, 'media_type', p_media_type, 'size_bytes', stored.size_bytes::text,
    'document_hash', encode(stored.commitment, 'hex'), 'added_by', p_added_by, 'memory_id', p_memory_id));
  return stored;
end
$$;
