-- Gives a new tenant its account, its secret and its first policy, by the defaults of its kind: autonomy draft; a hospital
-- reviews extractions by hand and asks the advisor on low confidence. By a person of the platform; repeatable.
drop function if exists app.open_tenant(bigint);
create or replace function app.open_tenant(p_daily_token_budget_nano_usd bigint, p_actor_user_id uuid) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
declare
  tenant core.tenants;
  reason core.contents;
begin
  perform core.require_actor(p_actor_user_id, array['platform_admin'], '__platform__');
  select * into strict tenant from core.tenants where id = app.tenant();
  -- Two that open one tenant at once wait for one another.
  perform pg_advisory_xact_lock(hashtextextended('policy ' || tenant.id, 0));
  insert into core.accounts (tenant_id, balance_credits, ledger_seq, day, held_nano_usd, spent_nano_usd)
  values (tenant.id, 0, 0, (app.now() at time zone tenant.time_zone)::date, 0, 0) on conflict do nothing;
  insert into core.tenant_secrets (tenant_id, call_key_secret)
  values (tenant.id, sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))) on conflict do nothing;
  if not exists (select from core.ai_policy_controls where tenant_id = tenant.id) then
    reason := core.put_content(null, 'reason', 'The defaults of this kind of tenant.');
    insert into core.ai_policy_controls (tenant_id, version, autonomy_tier, auto_categories, record_autonomy,
      require_human_review_for_phi_extraction, block_ai_committee_response_drafts, require_advisor_for_low_confidence,
      daily_token_budget_nano_usd, paused, paused_purposes, paused_vendors, reason_content_id, set_at)
    values (tenant.id, 1, 'draft', '{}', '{}', tenant.kind = 'hospital', false, tenant.kind = 'hospital',
      p_daily_token_budget_nano_usd, false, '{}', '{}', reason.id, app.now());
  end if;
  return jsonb_build_object('outcome', 'opened');
end
$$;
