-- Whether a content is no longer what was hashed: by its own commitment, or by a hash that something else is bound to it by.
create or replace function core.is_altered(p_content core.contents) returns boolean
  language sql stable set search_path = core, app, pg_temp
as $$
  select p_content.commitment <> sha256(p_content.salt || p_content.bytes)
    or exists (select from core.ai_runs where tenant_id = app.tenant() and (
      (prompt_content_id = p_content.id and prompt_hash <> p_content.commitment)
      or (output_content_id = p_content.id and output_hash <> p_content.commitment)))
    or exists (select from core.proposals where tenant_id = app.tenant() and payload_content_id = p_content.id and hash <> p_content.commitment)
    or exists (select from core.records where tenant_id = app.tenant() and content_id = p_content.id and content_hash <> p_content.commitment)
    or exists (select from core.source_receipts where tenant_id = app.tenant() and content_id = p_content.id and content_hash <> p_content.commitment)
$$;
