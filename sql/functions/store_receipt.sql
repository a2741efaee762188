-- Stores what a source said, by its adapter. Answers {receipt_id}.
create or replace function app.store_receipt(p_source text, p_subject_id text, p_body text, p_fetched_at timestamptz, p_valid_until timestamptz) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  body core.contents := core.put_content(null, 'receipt', p_body);
  receipt uuid := app.new_id();
begin
  insert into core.source_receipts (tenant_id, id, source, subject_id, content_id, content_hash, fetched_at, valid_until)
  values (app.tenant(), receipt, p_source, p_subject_id, body.id, body.commitment, p_fetched_at, p_valid_until);
  return jsonb_build_object('outcome', 'stored', 'receipt_id', receipt);
end
$$;
