-- Says what became of reading a document: ready, when each passage has its vector of the model; refused for good with a code; or, while
-- it is still pending, the code of what it waits for. Answers {outcome: ready | refused | pending | closed}.
drop function if exists app.close_document(uuid, text, boolean);
create or replace function app.close_document(p_document_id uuid, p_model text, p_code text, p_final boolean) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  document core.documents;
  next_state text;
begin
  select * into document from core.documents where tenant_id = app.tenant() and id = p_document_id for no key update;
  if not found or document.state <> 'pending' then
    return jsonb_build_object('outcome', 'closed');
  end if;
  next_state := case when p_code is null then 'ready' when p_final then 'refused' else 'pending' end;
  if next_state = 'ready' and (document.passages is null or exists (
      select from core.passages p where p.tenant_id = app.tenant() and p.document_id = p_document_id
        and not exists (select from core.embeddings e where e.tenant_id = p.tenant_id and e.id = p.id and e.model = p_model))) then
    raise exception 'document % has passages without a vector', p_document_id using errcode = 'ZC004';
  end if;
  update core.documents set state = next_state, code = p_code, changed_at = app.now() where tenant_id = app.tenant() and id = p_document_id;
  if next_state = 'pending' then
    -- Soon, while it is new: an installation lists its models after its worker is up. Then ever more rarely.
    update core.worklist set due_at = app.now() + least(interval '10 minutes', greatest(interval '30 seconds', (app.now() - document.created_at) / 2))
    where kind = 'document' and tenant_id = app.tenant() and ref_id = p_document_id;
  else
    delete from core.worklist where kind = 'document' and tenant_id = app.tenant() and ref_id = p_document_id;
    perform core.emit(case when p_code is null then 'document.ready' else 'document.refused' end, 'system', null, null, jsonb_build_object(
      'document_id', p_document_id, 'code', p_code, 'passages', document.passages::text));
  end if;
  return jsonb_build_object('outcome', next_state);
end
$$;
