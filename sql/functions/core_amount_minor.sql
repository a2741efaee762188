-- What a payload is about in minor units of the tenant's currency; null where its type names no amount, or it can't be told:
-- it is left out, is no text of digits, or is in another currency.
create or replace function core.amount_minor(p_type core.record_types, p_payload jsonb) returns bigint
  language sql stable set search_path = core, app, pg_temp
as $$
  select case
    when jsonb_typeof(p_payload -> (a.declared ->> 'field')) = 'string' and p_payload ->> (a.declared ->> 'field') ~ '^[0-9]{1,18}$'
      and (a.declared ->> 'currency_field' is null
        or p_payload ->> (a.declared ->> 'currency_field') = (select t.currency from core.tenants t where t.id = app.tenant()))
    then (p_payload ->> (a.declared ->> 'field'))::bigint
  end
  from (select (p_type).definition -> 'amount' as declared) a
$$;
