-- Why a model must not be called for this tenant and purpose at this moment; null when it may. Checked in a fixed
-- order, when credits are held and again right before each attempt.
create or replace function core.call_refusal(p_purpose text, p_phi boolean, p_vendor text, p_model text, p_region text) returns text
  language plpgsql volatile set search_path = core, app, pg_temp
as $$
declare
  policy core.ai_policy_controls;
  entry core.ai_vendor_baa_matrix;
  tenant core.tenants;
begin
  select * into strict tenant from core.tenants where id = app.tenant();
  select * into policy from core.ai_policy_controls where tenant_id = app.tenant() order by version desc limit 1;
  if not found then return 'policy_missing'; end if;
  if policy.paused then return 'tenant_paused'; end if;
  if p_purpose = any (policy.paused_purposes) then return 'purpose_paused'; end if;
  if p_vendor = any (policy.paused_vendors) then return 'vendor_paused'; end if;
  if policy.block_ai_committee_response_drafts and p_purpose = 'credentialing.committee_response' then
    return 'purpose_blocked';
  end if;
  select * into entry from core.ai_vendor_baa_matrix
  where vendor = p_vendor and model = p_model and region = p_region order by version desc limit 1;
  if not found or not entry.listed then return 'model_not_listed'; end if;
  -- What leaves the perimeter with health data needs a live agreement and zero retention; nothing else does.
  if entry.leaves_perimeter and (p_phi or tenant.kind = 'hospital') then
    if not entry.baa_active then return 'agreement_inactive'; end if;
    if entry.baa_expires_at is not null and entry.baa_expires_at <= app.now() then return 'agreement_expired'; end if;
    if not entry.zdr_active then return 'retention_not_zero'; end if;
  end if;
  if not exists (select from core.ai_prices where vendor = p_vendor and model = p_model and region = p_region
      and valid_from <= app.now() and (valid_until is null or valid_until > app.now())) then
    return 'price_missing';
  end if;
  return null;
end
$$;
