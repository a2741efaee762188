-- Promotes a fact to tier 4 (source-verified) by a receipt that is fresh now; by the adapters' role alone.
create or replace function app.verify_trust_record(p_id uuid, p_receipt_id uuid, p_verified_until timestamptz) returns jsonb
  language plpgsql security definer set search_path = core, app, pg_temp
as $$
begin
  update core.worker_trust_records set tier = greatest(tier, 4), source_receipt_id = p_receipt_id,
    last_verified_at = app.now(), verified_until = p_verified_until, changed_at = app.now()
  where tenant_id = app.tenant() and id = p_id and retracted_by_decision_id is null;
  return jsonb_build_object('outcome', case when found then 'verified' else 'refused' end, 'code', case when not found then 'trust_record_not_found' end);
end
$$;
