-- Takes a document of the tenant, to be read by a worker; once by the caller's key. Answers {outcome: accepted | replayed,
-- document_id} or {outcome: refused, code}.
create or replace function app.add_document(p_key text, p_media_type text, p_title text, p_bytes bytea, p_actor_user_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  known core.documents;
begin
  perform core.require_actor(p_actor_user_id, array['reviewer', 'senior', 'admin']);
  -- Two requests with one key wait for one another.
  perform pg_advisory_xact_lock(hashtextextended('document ' || app.tenant() || ' ' || p_key, 0));
  select * into known from core.documents where tenant_id = app.tenant() and request_key = p_key and source_type = 'document';
  if not found then
    known := core.put_document('document', p_media_type, p_title, p_bytes, p_actor_user_id, p_key);
    return jsonb_build_object('outcome', 'accepted', 'document_id', known.id);
  end if;
  -- What was deleted can't be compared any more.
  if known.state <> 'deleted' and not exists (
      select from core.document_contents c
      where c.tenant_id = app.tenant() and c.document_id = known.id and c.title = p_title and known.media_type = p_media_type
        and known.commitment = sha256(c.salt || p_bytes)) then
    return jsonb_build_object('outcome', 'refused', 'code', 'key_reused');
  end if;
  return jsonb_build_object('outcome', 'replayed', 'document_id', known.id);
end
$$;
