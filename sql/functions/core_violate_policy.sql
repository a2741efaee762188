-- Notes that a call was refused by policy, matrix or price, once for a run and cause, however often it is tried again.
create or replace function core.violate_policy(p_run_id uuid, p_code text, p_feature text, p_vendor text, p_model text, p_region text) returns void
  language plpgsql set search_path = core, app, pg_temp
as $$
declare
  told jsonb := jsonb_build_object('code', p_code, 'purpose', p_feature, 'vendor', p_vendor, 'model', p_model, 'region', p_region);
begin
  if p_run_id is null or not exists (
      select from core.audit_log where tenant_id = app.tenant() and run_id = p_run_id and type = 'policy_violation'
        and payload::jsonb -> 'body' @> told) then
    perform core.emit('policy_violation', 'system', null, p_run_id, told);
  end if;
end
$$;
