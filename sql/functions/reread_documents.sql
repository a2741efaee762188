-- Puts documents back on the worklist that have a passage without a vector of the model: after the installation has chosen
-- another one. What they said before is found by vectors of the old model alone, so by nobody, until they are read. Answers
-- how many.
create or replace function app.reread_documents(p_model text) returns bigint
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  one uuid;
  count bigint := 0;
begin
  for one in
    select d.id from core.documents d
    where d.tenant_id = app.tenant() and d.state = 'ready' and exists (
      select from core.passages p where p.tenant_id = d.tenant_id and p.document_id = d.id
        and not exists (select from core.embeddings e where e.tenant_id = p.tenant_id and e.id = p.id and e.model = p_model))
    for no key update of d
  loop
    update core.documents set state = 'pending', changed_at = app.now() where tenant_id = app.tenant() and id = one;
    insert into core.worklist (kind, tenant_id, ref_id, due_at) values ('document', app.tenant(), one, app.now()) on conflict do nothing;
    count := count + 1;
  end loop;
  return count;
end
$$;
