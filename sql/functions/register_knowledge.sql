-- Brings the shared knowledge to what the packs declare: [{name, title, publisher, address, text}]. What is new or has
-- changed is read by a worker; what no pack declares any more is deleted. By the owner, in `__global__`, which at the first
-- time gets what every model call asks for: an account, a secret and a policy. Answers {added, removed, unchanged}.
create or replace function app.register_knowledge(p_items jsonb, p_daily_budget_nano_usd bigint) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  item record;
  known core.documents;
  gone uuid;
  reason core.contents;
  added integer := 0;
  removed integer := 0;
  unchanged integer := 0;
begin
  if app.tenant() is distinct from '__global__' then
    raise exception 'the shared knowledge is registered in __global__' using errcode = 'ZC003';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('knowledge', 0));
  insert into core.accounts (tenant_id, balance_credits, ledger_seq, day, held_nano_usd, spent_nano_usd)
  values (app.tenant(), 0, 0, (app.now() at time zone 'UTC')::date, 0, 0) on conflict do nothing;
  insert into core.tenant_secrets (tenant_id, call_key_secret)
  values (app.tenant(), sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))) on conflict do nothing;
  if not exists (select from core.ai_policy_controls where tenant_id = app.tenant()) then
    reason := core.put_content(null, 'reason', 'What embedding the shared knowledge may cost a day.');
    insert into core.ai_policy_controls (tenant_id, version, autonomy_tier, auto_categories, record_autonomy,
      require_human_review_for_phi_extraction, block_ai_committee_response_drafts, require_advisor_for_low_confidence,
      daily_token_budget_nano_usd, paused, paused_purposes, paused_vendors, reason_content_id, set_at)
    values (app.tenant(), 1, 'suggest', '{}', '{}', true, true, true, p_daily_budget_nano_usd, false, '{}', '{}', reason.id, app.now());
  end if;

  for item in select * from jsonb_to_recordset(p_items) as i (name text, title text, publisher text, address text, text text) loop
    select * into known from core.documents
    where tenant_id = app.tenant() and request_key = item.name and state <> 'deleted' for no key update;
    if found and exists (
        select from core.document_contents c
        where c.tenant_id = app.tenant() and c.document_id = known.id and c.bytes = convert_to(item.text, 'UTF8')
          and (c.title, c.publisher, c.address) is not distinct from (item.title, item.publisher, item.address)) then
      unchanged := unchanged + 1;
      continue;
    end if;
    if known.id is not null then
      perform core.drop_document(known.id);
      removed := removed + 1;
    end if;
    perform core.put_document('document', 'text/plain', item.title, convert_to(item.text, 'UTF8'), null, item.name, null, item.publisher, item.address);
    added := added + 1;
  end loop;
  for gone in
    select d.id from core.documents d
    where d.tenant_id = app.tenant() and d.state <> 'deleted'
      and d.request_key not in (select i.name from jsonb_to_recordset(p_items) as i (name text)) for no key update
  loop
    perform core.drop_document(gone);
    removed := removed + 1;
  end loop;
  return jsonb_build_object('added', added, 'removed', removed, 'unchanged', unchanged);
end
$$;
