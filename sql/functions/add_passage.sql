-- Stores a passage of the tenant (or, by the platform, of the shared knowledge) with its vector, in one transaction.
create or replace function app.add_passage(p_source_type text, p_source_id uuid, p_text text, p_model text, p_embedding text) returns jsonb
  language plpgsql security definer set search_path = core, app, public, pg_temp
as $$
declare
  passage core.contents := core.put_content(null, 'memory', p_text);
  new_id uuid := app.new_id();
begin
  insert into core.embeddings (tenant_id, id, source_type, source_id, content_id, model, embedding, created_at)
  values (app.tenant(), new_id, p_source_type, p_source_id, passage.id, p_model, p_embedding::vector, app.now());
  return jsonb_build_object('outcome', 'stored', 'id', new_id);
end
$$;
