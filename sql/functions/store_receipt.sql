-- Stores what a source said, by its adapter; once by id, which packets may name. Answers {outcome: stored | exists, receipt_id}.
drop function if exists app.store_receipt(text, text, text, timestamptz, timestamptz);
create or replace function app.store_receipt(p_id uuid, p_source text, p_subject_id text, p_body text, p_fetched_at timestamptz,
    p_valid_until timestamptz) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  body core.contents;
begin
  if exists (select from core.source_receipts where tenant_id = app.tenant() and id = p_id) then
    return jsonb_build_object('outcome', 'exists', 'receipt_id', p_id);
  end if;
  body := core.put_content(null, 'receipt', p_body);
  insert into core.source_receipts (tenant_id, id, source, subject_id, content_id, content_hash, fetched_at, valid_until)
  values (app.tenant(), p_id, p_source, p_subject_id, body.id, body.commitment, p_fetched_at, p_valid_until);
  return jsonb_build_object('outcome', 'stored', 'receipt_id', p_id);
end
$$;
