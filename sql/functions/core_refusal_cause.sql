-- The cause under which a refusal pages: what is wrong with a model pages once, however many purposes ask it.
create or replace function core.refusal_cause(p_code text, p_purpose text, p_vendor text, p_model text, p_region text) returns text
  language sql immutable set search_path = core, app, pg_temp
as $$
  select p_code || ' ' || case
    when p_code in ('model_not_listed', 'agreement_inactive', 'agreement_expired', 'retention_not_zero', 'price_missing')
      then p_vendor || ' ' || p_model || ' ' || p_region
    else p_purpose end
$$;
