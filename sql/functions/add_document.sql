-- Takes a document of the tenant, or the summary of a conversation, to be read by a worker; once by the caller's key, and as
-- many and as large as a tenant may have: facts that people confirm at gates are not counted, since no decision may fail for
-- them. Answers {outcome: accepted | replayed,
-- document_id} or {outcome: refused, code}.
drop function if exists app.add_document(text, text, text, bytea, uuid);
create or replace function app.add_document(p_key text, p_media_type text, p_title text, p_bytes bytea, p_actor_user_id uuid,
    p_source_type text default 'document') returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  -- DOCUMENTS_MAX and DOCUMENTS_BYTES_MAX of contract/document.ts; a test compares them.
  documents_max constant integer := 10000;
  bytes_max constant bigint := 1073741824;
  known core.documents;
  is_full boolean;
begin
  perform core.require_actor(p_actor_user_id, array['reviewer', 'senior', 'admin']);
  -- Two requests with one key wait for one another.
  perform pg_advisory_xact_lock(hashtextextended('document ' || app.tenant() || ' ' || p_key, 0));
  select * into known from core.documents where tenant_id = app.tenant() and request_key = p_key and source_type <> 'memory';
  if not found then
    -- Whoever adds at the same time waits, so that both are counted.
    perform pg_advisory_xact_lock(hashtextextended('documents ' || app.tenant(), 0));
    select count(*) >= documents_max or coalesce(sum(size_bytes), 0) + octet_length(p_bytes) > bytes_max into is_full
    from core.documents where tenant_id = app.tenant() and state <> 'deleted' and source_type <> 'memory';
    if is_full then
      return jsonb_build_object('outcome', 'refused', 'code', 'documents_full');
    end if;
    known := core.put_document(p_source_type, p_media_type, p_title, p_bytes, p_actor_user_id, p_key);
    return jsonb_build_object('outcome', 'accepted', 'document_id', known.id);
  end if;
  -- What was deleted can't be compared any more.
  if known.state <> 'deleted' and not exists (
      select from core.document_contents c
      where c.tenant_id = app.tenant() and c.document_id = known.id and c.title = p_title and known.media_type = p_media_type
        and known.source_type = p_source_type
        and known.commitment = sha256(c.salt || p_bytes)) then
    return jsonb_build_object('outcome', 'refused', 'code', 'key_reused');
  end if;
  return jsonb_build_object('outcome', 'replayed', 'document_id', known.id);
end
$$;
