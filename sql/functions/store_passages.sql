-- Stores the passages that a document was split into, once. p_reading: {pages, characters, passages: [{page, start, end,
-- text}]}. Answers {outcome: stored | kept | closed}.
create or replace function app.store_passages(p_document_id uuid, p_reading jsonb) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  document core.documents;
begin
  select * into document from core.documents where tenant_id = app.tenant() and id = p_document_id for no key update;
  if not found or document.state <> 'pending' then
    return jsonb_build_object('outcome', 'closed');
  end if;
  if document.passages is not null then
    return jsonb_build_object('outcome', 'kept');
  end if;
  insert into core.passages (tenant_id, document_id, ordinal, page, start_at, end_at, text)
  select app.tenant(), p_document_id, p.place - 1, (p.passage ->> 'page')::integer, (p.passage ->> 'start')::integer,
    (p.passage ->> 'end')::integer, p.passage ->> 'text'
  from jsonb_array_elements(p_reading -> 'passages') with ordinality as p (passage, place);
  update core.documents set pages = (p_reading ->> 'pages')::integer, characters = (p_reading ->> 'characters')::bigint,
    passages = jsonb_array_length(p_reading -> 'passages'), changed_at = app.now()
  where tenant_id = app.tenant() and id = p_document_id;
  return jsonb_build_object('outcome', 'stored');
end
$$;
