-- Deletes a document of the tenant with its passages and vectors: no later run finds it. What a call has sent stays as the
-- evidence of that call, scrubbed. Answers {outcome: deleted} or {outcome: refused, code}.
create or replace function app.delete_document(p_document_id uuid, p_actor_user_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
begin
  perform core.require_actor(p_actor_user_id, array['reviewer', 'senior', 'admin']);
  perform from core.documents where tenant_id = app.tenant() and id = p_document_id and state <> 'deleted' for no key update;
  if not found then
    return jsonb_build_object('outcome', 'refused', 'code', 'document_not_found');
  end if;
  perform core.drop_document(p_document_id);
  return jsonb_build_object('outcome', 'deleted');
end
$$;
