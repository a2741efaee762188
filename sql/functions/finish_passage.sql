-- Ends the call for a passage with its vector, in one transaction, so that no vector is paid for and lost. The call keeps
-- the vector's hash and not the vector, which leaves with its document. p_result as finish_call takes an answer, without
-- its output. Answers {state: finished | fenced}.
create or replace function app.finish_passage(p_passage_id uuid, p_ai_run_id uuid, p_attempt integer, p_embedding text, p_result jsonb)
  returns jsonb
  language plpgsql security definer set search_path = core, app, public, pg_temp
as $$
declare
  finished jsonb;
begin
  finished := app.finish_call(p_ai_run_id, p_attempt, p_result || jsonb_build_object('output', jsonb_build_object(
    'passage_id', p_passage_id, 'dimensions', vector_dims(p_embedding::vector),
    'vector_sha256', encode(sha256(convert_to(p_embedding, 'UTF8')), 'hex'))::text));
  if finished ->> 'state' = 'finished' then
    -- None when the document was deleted while the model answered: the call is charged all the same.
    insert into core.embeddings (tenant_id, id, source_type, source_id, ai_run_id, model, embedding, created_at)
    select app.tenant(), p.id, d.source_type, d.id, c.id, c.model, p_embedding::vector, app.now()
    from core.passages p join core.documents d on d.tenant_id = p.tenant_id and d.id = p.document_id
      join core.ai_runs c on c.tenant_id = p.tenant_id and c.id = p_ai_run_id and c.document_id = d.id
    where p.tenant_id = app.tenant() and p.id = p_passage_id
    on conflict (tenant_id, id, model) do nothing;
  end if;
  return finished;
end
$$;
